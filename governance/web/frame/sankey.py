"""Where the bands of a flow chart lie: things on the left, things on the right, a band for each pair. Pure.

Lengths are in units of the drawing, WIDTH across; the page scales it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 960
LABEL = 250  # room for names on either side
NODE = 10  # how wide the bar of a thing is
LEAST_BANDS, MOST_BANDS, BANDS_EACH = 90, 320, 60  # the height that all bands share, by how many things they join
GAP = 14
LEAST_ROW = 22  # a name needs so much height
LEAST_BAND = 1.5
LONGEST_NAME = 34  # characters that fit into LABEL
LEFT_X, RIGHT_X = LABEL, WIDTH - LABEL - NODE


@dataclass(frozen=True, slots=True)
class End:
    """A thing on one side. Ends with the same `key` are the same; the lowest `rank` stands on top."""

    key: str
    name: str
    url: str = ""
    tone: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """So much (`value`, above 0) from `start` to `end`. `about` says it in words; with a `url` it can be followed."""

    start: End
    end: End
    value: int
    about: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A thing as drawn: its bar, and where its name stands."""

    end: End
    x: float
    y: float
    height: float
    label_x: float
    anchor: str  # which end of the name is at `label_x`: the value of SVG's text-anchor

    @property
    def label_y(self) -> float:
        return round(self.y + self.height / 2, 1)

    @property
    def name(self) -> str:
        name = self.end.name
        return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Band:
    """`path` is the outline of the band, ready for the `d` of an SVG path."""

    link: Link
    path: str


@dataclass(frozen=True, slots=True)
class Sankey:
    height: float
    nodes: tuple[Node, ...]
    bands: tuple[Band, ...]
    width: int = WIDTH


def lay_out(links: Sequence[Link]) -> Sankey:
    """Return where everything lies. Heights are proportional to values, but no band is too thin to be seen."""
    total = sum(link.value for link in links)
    things = max(len({link.start.key for link in links}), len({link.end.key for link in links}))
    bands = min(max(LEAST_BANDS, things * BANDS_EACH), MOST_BANDS)
    thick = [max(LEAST_BAND, link.value / total * bands) for link in links]
    left, left_height = _stack([link.start for link in links], thick)
    right, right_height = _stack([link.end for link in links], thick)
    height = max(left_height, right_height)
    left = {key: top + (height - left_height) / 2 for key, top in left.items()}
    right = {key: top + (height - right_height) / 2 for key, top in right.items()}
    starts = _attach([(link.start.key, right[link.end.key]) for link in links], thick, left)
    ends = _attach([(link.end.key, left[link.start.key]) for link in links], thick, right)
    return Sankey(
        height=round(height, 1),
        nodes=(
            *_nodes([link.start for link in links], thick, left, x=LEFT_X, label_x=LEFT_X - GAP / 2, anchor="end"),
            *_nodes(
                [link.end for link in links], thick, right, x=RIGHT_X, label_x=RIGHT_X + NODE + GAP / 2, anchor="start"
            ),
        ),
        bands=tuple(Band(link, _outline(*each)) for link, *each in zip(links, starts, ends, thick, strict=True)),
    )


def _heights(ends: Sequence[End], thick: Sequence[float]) -> dict[End, float]:
    heights: defaultdict[End, float] = defaultdict(float)
    for end, band in zip(ends, thick, strict=True):
        heights[end] += band
    return heights


def _stack(ends: Sequence[End], thick: Sequence[float]) -> tuple[dict[str, float], float]:
    """Return the top of each thing of one side by key, the first from above at 0, and the height of them all."""
    heights, tops, below = _heights(ends, thick), {}, 0.0
    for end in sorted(heights, key=lambda each: (each.rank, -heights[each], each.key)):
        row = max(heights[end], LEAST_ROW)
        tops[end.key] = below + (row - heights[end]) / 2
        below += row + GAP
    return tops, max(below - GAP, 0.0)


def _attach(ends: Sequence[tuple[str, float]], thick: Sequence[float], tops: dict[str, float]) -> list[float]:
    """Return where each band begins at its thing: in the order of what lies at its other end, so that few cross."""
    free, found = dict(tops), [0.0] * len(ends)
    for i in sorted(range(len(ends)), key=lambda i: (ends[i][1], i)):
        key = ends[i][0]
        found[i], free[key] = free[key], free[key] + thick[i]
    return found


def _nodes(
    ends: Sequence[End], thick: Sequence[float], tops: dict[str, float], *, x: float, label_x: float, anchor: str
) -> list[Node]:
    heights = _heights(ends, thick)
    return [Node(end, x, round(tops[end.key], 1), round(heights[end], 1), label_x, anchor) for end in heights]


def _outline(start: float, end: float, thick: float) -> str:
    """Return a band from the left bar to the right one, with level ends."""
    left, right = LEFT_X + NODE, RIGHT_X
    middle = (left + right) / 2
    return (
        f"M{left} {start:.1f}C{middle} {start:.1f} {middle} {end:.1f} {right} {end:.1f}"
        f"V{end + thick:.1f}C{middle} {end + thick:.1f} {middle} {start + thick:.1f} {left} {start + thick:.1f}Z"
    )
