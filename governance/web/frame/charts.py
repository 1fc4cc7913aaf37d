"""Small charts: spans of waits, columns of weeks, strips of states. Pure; lengths are in per cent of the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

LEVELS = 4
LEAST_COLUMNS = 8  # so that the bars of a first week are bars and no walls


@dataclass(frozen=True, slots=True)
class Span:
    """A wait on a scale: `half` is the strong bar, `most` the faint one around it."""

    half: float
    most: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a strip: how much, as what, in which tone, from `x` on."""

    x: float
    width: float
    tone: str
    about: str


@dataclass(frozen=True, slots=True)
class Column:
    """Two bars of one week side by side: where they begin, how wide each is, and how high both are."""

    x: float
    width: float
    first: float
    second: float

    @property
    def second_x(self) -> float:
        return round(self.x + self.width, 2)

    @property
    def first_y(self) -> float:
        return round(100 - self.first, 2)

    @property
    def second_y(self) -> float:
        return round(100 - self.second, 2)


def share(part: float, whole: float) -> float:
    """Return `part` in per cent of `whole`, at most 100; 0 of nothing."""
    return round(min(part / whole, 1) * 100, 2) if whole > 0 else 0.0


def span(half: float, most: float, longest: float) -> Span:
    """Return a wait as drawn beside others of which the longest is `longest`."""
    return Span(share(half, longest), share(most, longest))


def strip(parts: Sequence[tuple[str, str, int]], whole: int) -> list[Piece]:
    """Return (tone, about, number) as pieces of one strip, on a scale on which `whole` is all of it."""
    pieces, x = [], 0.0
    for tone, about, number in parts:
        width = share(number, whole)
        if width:
            pieces.append(Piece(round(x, 2), width, tone, about))
        x += width
    return pieces


def columns(pairs: Sequence[tuple[int, int]]) -> list[Column]:
    """Return each pair as two bars side by side, the highest of all as high as the drawing.

    Fewer than LEAST_COLUMNS stand at the right end, where the newest always is, as wide as if there were that many.
    """
    highest = max((number for pair in pairs for number in pair), default=0)
    room = max(len(pairs), LEAST_COLUMNS)
    step, empty = 100 / room, room - len(pairs)
    return [
        Column(round(i * step + step * 0.1, 2), round(step * 0.4, 2), share(first, highest), share(second, highest))
        for i, (first, second) in enumerate(pairs, empty)
    ]


def level(part: float, whole: float) -> int:
    """Return how dark a cell is: 0 for nothing, then 1 to LEVELS by quarter of the highest."""
    return 0 if part <= 0 or whole <= 0 else min(LEVELS, 1 + int(part / whole * LEVELS * 0.999))
