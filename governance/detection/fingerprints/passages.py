"""Which parts of a text are in a register, and which lines of which file they came from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .licences import is_licence
from .points import Points
from .public import PublicText
from .register import Matches, Register
from .table import Numbers
from .winnow import Grams, excerpt_grams

_DRIFT = 4  # lines put in or left out between two matches of one passage
_PIECE, _OVERLAP = 512 * 1024, 8 * 1024  # bytes looked at together, and again with the next piece


@dataclass(frozen=True, slots=True)
class Passage:
    """Places [start, end) of the text are lines first..last of `name` in the register `register`; `tokens` were matched.

    `renamed` says that names or values differ. Places are code points where this module gives them to others.
    """

    start: int
    end: int
    register: str
    name: str
    first: int
    last: int
    tokens: int
    renamed: bool


def passages(text: str, registers: Sequence[Register], *, public: Sequence[PublicText] = ()) -> list[Passage]:
    """Return the passages of `text` that stand in the registers, each place told once: of two readings the longer."""
    raw = text.encode("utf-8", "replace")
    found = [
        replace(part, start=part.start + low, end=part.end + low)
        for low in range(0, max(1, len(raw) - _OVERLAP), _PIECE)
        for part in _of_piece(raw[low : low + _PIECE + _OVERLAP], registers, public)
    ]
    to_points = Points.of(raw)
    told = [replace(part, start=to_points(part.start), end=to_points(part.end)) for part in _told_once(found, len(raw))]
    return sorted(told, key=lambda part: (part.start, part.end, part.register, part.name))


def _of_piece(raw: bytes, registers: Sequence[Register], public: Sequence[PublicText]) -> Iterator[Passage]:
    line_ends = np.flatnonzero(np.frombuffer(raw, dtype=np.uint8) == ord("\n"))
    for grams in excerpt_grams(raw):
        own = np.ones(len(grams.hashes), dtype=bool)
        for listed in public:
            own &= ~listed.holds(grams.hashes, grams.layer)
        asked = Grams(grams.layer, grams.hashes[own], grams.places[own], grams.tokens)
        for register in registers:
            for part in _chained(asked, register, register.match(asked), line_ends):
                if not is_licence(raw[part.start : part.end]):
                    yield part


def _chained(grams: Grams, register: Register, matches: Matches, line_ends: Numbers) -> Iterator[Passage]:
    """Yield what the matches of each file amount to, chained along lines that keep their distance."""
    if len(matches.grams) < grams.layer.least_grams:
        return
    places = grams.places[matches.grams]
    here = np.searchsorted(line_ends, grams.tokens.starts[places])
    shift = matches.lines - here
    order = np.lexsort((places, shift, matches.files))
    ends = (np.diff(matches.files[order]) != 0) | (np.diff(shift[order]) > _DRIFT)
    for band in np.split(order, np.flatnonzero(ends) + 1):
        if len(band) < grams.layer.least_grams:
            continue
        line = band[np.argsort(places[band], kind="stable")]
        broken = np.diff(places[line]) > grams.layer.gap
        if grams.layer.strict:
            broken |= np.abs(np.diff(shift[line])) > _DRIFT
        for chain in np.split(line, np.flatnonzero(broken) + 1):
            yield from _passage(grams, register, matches, chain, line_ends)


def _passage(
    grams: Grams, register: Register, matches: Matches, chain: Numbers, line_ends: Numbers
) -> Iterator[Passage]:
    """Yield what one chain of matches is, when it says enough; `line_ends` are those of the text."""
    places = grams.places[matches.grams[chain]]
    layer, distinct = grams.layer, np.unique(places)
    first, last = int(distinct[0]), int(distinct[-1]) + layer.width - 1
    covered = grams.covered(distinct)
    # Hashes, not places: a list of like lines repeats one gram for ever and says little.
    different = len(np.unique(grams.hashes[matches.grams[chain]]))
    if different < layer.least_grams or not layer.is_telling(covered, grams.unusual(first, last)):
        return
    if layer.least_threes and grams.threes(first, last) < layer.least_threes:
        return
    lines, (start, end) = matches.lines[chain], (int(grams.tokens.starts[distinct[-1]]), int(grams.tokens.ends[last]))
    yield Passage(
        start=int(grams.tokens.starts[first]),
        end=end,
        register=register.id,
        name=register.names[int(matches.files[chain[0]])],
        first=int(lines.min()),
        # A register knows where a gram begins: the lines that the last one goes on for are those of the text.
        last=int(lines.max()) + int(np.diff(np.searchsorted(line_ends, (start, end)))[0]),
        tokens=covered,
        renamed=layer.strict,
    )


def _told_once(found: Sequence[Passage], length: int) -> Iterator[Passage]:
    taken = np.zeros(length, dtype=bool)
    for part in sorted(found, key=lambda p: (-p.tokens, p.renamed, p.start, p.register, p.name)):
        if not taken[part.start : part.end].any():
            taken[part.start : part.end] = True
            yield part
