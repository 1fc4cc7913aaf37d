"""The ways one text is read: as it is, with its spelling folded, and decoded. Every view maps its places back to the original.

A detector that only sees the raw text misses a key that was percent-encoded or a name spelt with look-alike letters; stock
recognisers find almost none of those. Views other than the raw one are windows around what changed, so they cost in
proportion to the disguise and nothing on plain text.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial

from .decoding import LIST_SIGNS, UnpacksTooLarge, unlist_edits, unpack_edits
from .edits import Edit, Piece, windows
from .escapes import BACKSLASH_SIGNS, ESCAPE_SIGNS, backslash_edits, unescape_edits
from .expressions import Expressions, ends_in
from .folding import fold_edits, one_to_one
from .limits import TooMuch
from .spelling import SPELLINGS, Undo

DECODE_DEPTH = 3
# Views together may hold this many characters per character of text, and this many besides: beyond it lies a decompression bomb.
GROWTH, ALLOWANCE, LARGEST = 8, 1 << 20, 1 << 26
_MOST_EDITS, _CHECK_EVERY = 1 << 20, 1024  # of one way of undoing on one view
_TOO_LONG = (
    f"what it decodes and unfolds to has more than {GROWTH} times its length and {ALLOWANCE:,} characters besides,"
    f" or more than {LARGEST + ALLOWANCE:,}; send such text in parts, or as it reads"
)
_TOO_MANY = f"more than {_MOST_EDITS:,} of its places are encoded or disguised; send it in parts, or as it reads"
_TOO_DEEP = f"it is packed more than {DECODE_DEPTH} times, one encoding in another; send it unpacked"


Step = Callable[[str], Iterable[Edit]]
Check = Callable[[], None]  # raises when nobody waits any more


class Kind(StrEnum):
    RAW = "raw"
    FOLDED = "folded"
    DECODED = "decoded"
    RESPELT = (
        "respelt"  # put together from letters apart, pieces, words: only values of a fixed form are worth a look there
    )
    JOINED = "joined"
    LINED = "lined"  # neighbouring texts below one another: only what is compared with something registered is looked for there


# What a detector reads that looks for values of a fixed form.
OF_ONE_TEXT_OR_A_SEAM = frozenset(Kind) - {Kind.LINED}


_UNDOINGS: tuple[tuple[Undo, Kind, tuple[str, ...]], ...] = (
    (unescape_edits, Kind.DECODED, ESCAPE_SIGNS),
    (backslash_edits, Kind.DECODED, BACKSLASH_SIGNS),
    (unlist_edits, Kind.DECODED, LIST_SIGNS),
    *((undo, Kind.RESPELT, (sign,)) for undo, sign in SPELLINGS),
)
_UNDOING_OF_SIGN = [undo for undo, _, signs in _UNDOINGS for _ in signs]
# What is undone lies this near to its sign; signs that follow one another are one stretch.
_NEAR, _SIGNS_APART = 256, 64


class ViewsTooLarge(TooMuch):
    """The text unfolds into more than we are ready to read. The report is then incomplete."""


class ViewsTooDeep(TooMuch):
    """What was unpacked DECODE_DEPTH times holds something packed again. The report is then incomplete."""


@dataclass(frozen=True, slots=True)
class Place:
    """Code points of the original, end exclusive. `exact` is False when only the encoded run around the hit is known."""

    start: int
    end: int
    exact: bool


@dataclass(frozen=True, slots=True)
class View:
    """`pieces` say where each stretch of `text` came from in the parent view; None means it is the original, place by place.

    `cut_start` and `cut_end` tell whether text was left out before and after: a hit that touches such an edge may be half a value.
    """

    text: str
    kind: Kind
    pieces: tuple[Piece, ...] | None = None
    parent: "View | None" = None
    cut_start: bool = False
    cut_end: bool = False

    def place(self, start: int, end: int) -> Place:
        """Return where `text[start:end]` is in the original."""
        if self.pieces is None:
            return Place(start, end, exact=True)
        first = self.pieces[bisect_right(self.pieces, start, key=lambda piece: piece.view_start) - 1]
        last = self.pieces[bisect_right(self.pieces, end - 1, key=lambda piece: piece.view_start) - 1]
        exact = first.whole_or_linear(start, end) and last.whole_or_linear(start, end)
        before = first.start + (start - first.view_start if first.linear else 0)
        after = last.start + (end - last.view_start) if last.linear else last.end
        if self.parent is None:
            return Place(before, after, exact)
        outer = self.parent.place(before, after)
        return Place(outer.start, outer.end, exact and outer.exact)

    def is_cut(self, start: int, end: int) -> bool:
        """Return whether `text[start:end]` touches an edge where text was left out."""
        return (self.cut_start and start == 0) or (self.cut_end and end == len(self.text))


def _never() -> None:
    """Look at no clock."""


def views_of(text: str, check: Check = _never) -> list[View]:
    """Return the views of `text`, the raw one first.

    The raw view has curly quotes, odd spaces, control characters and lone surrogates replaced one for one, so its places
    are those of the original. `check` is called now and then, and may raise.

    Raises:
        ViewsTooLarge: when the text unfolds into more than GROWTH times itself plus ALLOWANCE, or than LARGEST.
        ViewsTooDeep: when it is packed more than DECODE_DEPTH times.
    """
    raw = View(one_to_one(text), Kind.RAW)
    views, seen = [raw], {(raw.text, raw.place(0, len(text)))}
    unfolding = _Unfolding(min(GROWTH * len(text), LARGEST) + ALLOWANCE, check)
    for view in filter(lambda each: each.text, unfolding.of(raw, text)):
        # Two ways of undoing give one view; the same text at another place is a value of its own.
        shown = (view.text, view.place(0, len(view.text)))
        if shown not in seen:
            seen.add(shown)
            views.append(view)
    return views


@dataclass
class _Unfolding:
    """The views of one text in the making: `room` is how many more characters they may hold."""

    room: int
    check: Check

    def of(self, raw: View, text: str) -> Iterator[View]:
        folded = list(self._derived(raw, text, fold_edits, Kind.FOLDED))
        yield from folded
        layer = [raw, *folded]
        for _ in range(DECODE_DEPTH):
            layer = [found for view in layer for found in self._decoded(view)]
            yield from layer
        if any(self._is_packed(view) for view in layer):
            raise ViewsTooDeep(_TOO_DEEP)

    def _decoded(self, view: View) -> Iterator[View]:
        kind = Kind.RESPELT if view.kind is Kind.RESPELT else Kind.DECODED
        steps = [*_steps_of(view.text), (kind, self._unpacked)]
        for of_step, step in steps:
            found_kind = Kind.RESPELT if Kind.RESPELT in (kind, of_step) else kind
            for found in self._derived(view, view.text, step, found_kind):
                yield found
                yield from self._derived(found, found.text, fold_edits, found_kind)

    def _unpacked(self, text: str) -> Iterator[Edit]:
        return unpack_edits(text, room=self.room)

    def _is_packed(self, view: View) -> bool:
        """Return whether the whole of what was undone last is still packed; a word that unpacks by accident stands among others."""
        return view.parent is not None and any(
            2 * (edit.end - edit.start) >= len(view.text) for edit in self._unpacked(view.text)
        )

    def _derived(self, parent: View, text: str, step: Step, kind: Kind) -> Iterator[View]:
        for window in windows(text, self._edits(step(text))):
            self.room -= len(window.text)
            if self.room < 0:
                raise ViewsTooLarge(_TOO_LONG)
            yield View(window.text, kind, window.pieces, parent, cut_start=window.cut_start, cut_end=window.cut_end)

    def _edits(self, edits: Iterable[Edit]) -> list[Edit]:
        kept: list[Edit] = []
        size = 0
        try:
            for count, edit in enumerate(edits, start=1):
                kept.append(edit)
                size += len(edit.text)
                if count % _CHECK_EVERY == 0:
                    self.check()
                if size > self.room:
                    raise ViewsTooLarge(_TOO_LONG)
                if count > _MOST_EDITS:
                    raise ViewsTooLarge(_TOO_MANY)
        except UnpacksTooLarge as error:
            raise ViewsTooLarge(error.why) from error
        return kept


def _steps_of(text: str) -> list[tuple[Kind, Step]]:
    """Return the ways of undoing of which the text shows signs, each over the stretches that show them.

    One fast pass looks for all signs; most texts show none.
    """
    stretches: dict[Undo, list[tuple[int, int]]] = {}
    for sign, end in ends_in(text, _signs(), apart=_SIGNS_APART):
        near = stretches.setdefault(_UNDOING_OF_SIGN[sign], [])
        low, high = max(0, end - _NEAR), min(len(text), end + _NEAR + _SIGNS_APART)
        if near and low <= near[-1][1]:
            near[-1] = (near[-1][0], high)
        else:
            near.append((low, high))
    return [(kind, partial(_over, undo, stretches[undo])) for undo, kind, _ in _UNDOINGS if undo in stretches]


def _over(undo: Undo, stretches: Sequence[tuple[int, int]], text: str) -> Iterator[Edit]:
    return (edit for low, high in stretches for edit in undo(text, low, high))


@cache
def _signs() -> Expressions:
    return Expressions.of([sign for _, _, signs in _UNDOINGS for sign in signs])
