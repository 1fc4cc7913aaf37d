"""Which parts of a text are in a register, and which lines of which file they came from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .idioms import idiom_grams
from .keywords import among
from .points import Points
from .public import PublicText, spread_of
from .register import Matches, Register
from .table import Numbers
from .winnow import RENAMED, SAID, Grams, excerpt_grams, weight
from .wordings import is_an_address, is_everybodys

_DRIFT = 4  # lines put in or left out between two matches of one passage
_LEAST_WEIGHT_TOGETHER, _LEAST_THREES_TOGETHER = 72, 20  # of renamed code and of what is said in it
_LEAST_WEIGHT_APART = 56  # of text as it is and, twice, of what is said beside it
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


def passages(text: str, registers: Sequence[Register], public: Sequence[PublicText] = ()) -> list[Passage]:
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
    asked = _own(list(excerpt_grams(raw)), public)
    for register in registers:
        matches = register.matches(asked)
        looked = [_Looked(grams, register, each, line_ends) for grams, each in zip(asked, matches, strict=True)]
        found = [part for one in looked for part in _told(one) if not _is_nobodys(raw, part)]
        # Only where no layer says enough by itself: what is found is refused in any case, and a copied text has thousands of chains.
        yield from found or _told_together(looked, raw)


def _is_nobodys(raw: bytes, part: Passage) -> bool:
    return is_everybodys(raw[part.start : part.end]) or is_an_address(raw, part.start, part.end)


def _own(asked: Sequence[Grams], public: Sequence[PublicText]) -> list[Grams]:
    """Return the grams that are not everybody's. All layers are asked about at once: for a prompt, calls cost more than grams."""
    lengths = [len(grams.hashes) for grams in asked]
    hashes, spread = (
        np.concatenate([grams.hashes for grams in asked]),
        np.repeat([spread_of(grams.layer) for grams in asked], lengths),
    )
    own = ~np.logical_or.reduce(
        [np.zeros(len(hashes), dtype=bool), *(listed.holds(hashes, spread) for listed in public)]
    )
    kept = []
    for grams, part in zip(asked, np.split(own, np.cumsum(lengths)[:-1]), strict=True):
        telling = part & ~among(idiom_grams(), grams.hashes) if grams.layer is RENAMED else part
        kept.append(Grams(grams.layer, grams.hashes[telling], grams.places[telling], grams.tokens))
    return kept


@dataclass(frozen=True, slots=True)
class _Looked:
    """The grams of a text in one layer, and where a register has them; `line_ends` are those of the text."""

    grams: Grams
    register: Register
    matches: Matches
    line_ends: Numbers

    def chains(self, least: int, files: Numbers | None = None) -> Iterator["_Chain"]:
        """Yield what of each file follows one another, at least so many matches, along lines that keep their distance."""
        grams, matches = self.grams, self.matches
        chosen = np.arange(len(matches.grams)) if files is None else np.flatnonzero(np.isin(matches.files, files))
        if len(chosen) < least:
            return
        places = grams.places[matches.grams]
        shift = matches.lines - np.searchsorted(self.line_ends, grams.tokens.starts[places])
        order = chosen[np.lexsort((places[chosen], shift[chosen], matches.files[chosen]))]
        ends = (np.diff(matches.files[order]) != 0) | (np.diff(shift[order]) > _DRIFT)
        for band in _parts(order, ends, least):
            line = band[np.argsort(places[band], kind="stable")]
            broken = np.diff(places[line]) > grams.layer.gap
            if grams.layer.strict:
                broken |= np.abs(np.diff(shift[line])) > _DRIFT
            for members in _parts(line, broken, least):
                yield _Chain.of(self, members, int(shift[members[0]]))


def _parts(row: Numbers, ends: NDArray[np.bool_], least: int) -> Iterator[Numbers]:
    """Yield the parts of a row that have at least so many members; `ends[i]` says that one ends with member i."""
    bounds = np.concatenate(([0], np.flatnonzero(ends) + 1, [len(row)]))
    for part in np.flatnonzero(np.diff(bounds) >= least):
        yield row[bounds[part] : bounds[part + 1]]


@dataclass(frozen=True, slots=True)
class _Chain:
    """Matches `members` of `looked`, whose lines are `shift` further on in the file. `places` are those of its different grams, in order.

    Different ones: a list of like lines repeats one gram for ever and says little.
    """

    looked: _Looked
    members: Numbers
    places: Numbers
    shift: int

    @classmethod
    def of(cls, looked: _Looked, members: Numbers, shift: int) -> "_Chain":
        asked = looked.matches.grams[members]
        _, firsts = np.unique(looked.grams.hashes[asked], return_index=True)
        return cls(looked, members, np.unique(looked.grams.places[asked[firsts]]), shift)

    @property
    def covered(self) -> int:
        return self.looked.grams.covered(self.places)

    @property
    def ends(self) -> tuple[int, int]:
        """The first and the last token."""
        places = self.looked.grams.places[self.looked.matches.grams[self.members]]
        return int(places.min()), int(places.max()) + self.looked.grams.layer.width - 1

    @property
    def stretch(self) -> tuple[int, int]:
        """The bytes of the text from the first token to the last."""
        first, last = self.ends
        return int(self.looked.grams.tokens.starts[first]), int(self.looked.grams.tokens.ends[last])

    @property
    def file(self) -> int:
        return int(self.looked.matches.files[self.members[0]])

    def is_telling(self) -> bool:
        grams, covered = self.looked.grams, self.covered
        if len(self.places) < grams.layer.least_grams or covered < grams.layer.least_tokens:
            return False
        words = grams.unusual(self.places)
        worth_it = grams.layer.least_threes and words.all >= grams.layer.least_words
        threes = grams.threes(*self.ends) if worth_it else 0
        return grams.layer.is_telling(covered, words, threes)

    def weight(self) -> int:
        return weight(self.covered, self.looked.grams.unusual(self.places))

    def passage(self) -> Passage:
        looked, lines, (first, last) = self.looked, self.looked.matches.lines[self.members], self.ends
        tokens = looked.grams.tokens
        start, end = int(tokens.starts[last - looked.grams.layer.width + 1]), int(tokens.ends[last])
        return Passage(
            start=int(tokens.starts[first]),
            end=end,
            register=looked.register.id,
            name=looked.register.names[self.file],
            first=int(lines.min()),
            # A register knows where a gram begins: the lines that the last one goes on for are those of the text.
            last=int(lines.max()) + int(np.diff(np.searchsorted(looked.line_ends, (start, end)))[0]),
            tokens=self.covered,
            renamed=looked.grams.layer.strict,
        )


def _told(looked: _Looked) -> Iterator[Passage]:
    for chain in looked.chains(looked.grams.layer.least_grams):
        if chain.is_telling():
            yield chain.passage()


def _told_together(looked: Sequence[_Looked], raw: bytes) -> Iterator[Passage]:
    """Yield what is said in code, with the code around it, where both are of the same lines of a file and say enough together.

    The code is either renamed, or stands as it is beside what is said: names in quotes stay when others change.
    """
    exact = looked[0]
    for code, said in pairwise(looked):
        if said.grams.layer is not SAID:
            continue
        for one, other in [*_of_same_lines(code, said, _are_telling), *_of_same_lines(exact, said, _are_telling_apart)]:
            joined = _joined(one, other)
            if not _is_nobodys(raw, joined):
                yield joined


def _of_same_lines(
    code: _Looked, said: _Looked, telling: Callable[[_Chain, _Chain], bool]
) -> Iterator[tuple[Passage, Passage]]:
    files = np.intersect1d(code.matches.files, said.matches.files)
    sayings = list(said.chains(1, files)) if len(files) else []
    for chain in code.chains(1, files) if sayings else ():
        for saying in sayings:
            if abs(chain.shift - saying.shift) <= _DRIFT and chain.file == saying.file and telling(chain, saying):
                yield chain.passage(), saying.passage()


def _are_telling(code: _Chain, saying: _Chain) -> bool:
    enough = code.weight() + saying.weight() >= _LEAST_WEIGHT_TOGETHER
    return enough and code.looked.grams.threes(*code.ends) >= _LEAST_THREES_TOGETHER


def _are_telling_apart(text: _Chain, saying: _Chain) -> bool:
    """Of different places of the text: one sentence in both layers says no more than itself."""
    (start, end), (first, last) = text.stretch, saying.stretch
    return (end <= first or last <= start) and text.weight() + 2 * saying.weight() >= _LEAST_WEIGHT_APART


def _joined(one: Passage, other: Passage) -> Passage:
    return replace(
        one,
        start=min(one.start, other.start),
        end=max(one.end, other.end),
        first=min(one.first, other.first),
        last=max(one.last, other.last),
        tokens=one.tokens + other.tokens,
    )


def _told_once(found: Sequence[Passage], length: int) -> Iterator[Passage]:
    taken = np.zeros(length, dtype=bool)
    for part in sorted(found, key=lambda p: (-p.tokens, p.renamed, p.start, p.register, p.name)):
        if not taken[part.start : part.end].any():
            taken[part.start : part.end] = True
            yield part
