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

from .decoding import LIST_SIGNS, unlist_edits, unpack_edits
from .edits import Edit, Piece, windows
from .escapes import BACKSLASH_SIGNS, ESCAPE_SIGNS, backslash_edits, unescape_edits
from .expressions import Expressions, ends_in
from .folding import fold_edits, one_to_one
from .spelling import SPELLINGS, Undo

DECODE_DEPTH = 2
# Views together may hold this many characters per character of text, and this many besides: beyond it lies a decompression bomb.
GROWTH, ALLOWANCE = 8, 1 << 20


Step = Callable[[str], Iterable[Edit]]


class Kind(StrEnum):
    RAW = "raw"
    FOLDED = "folded"
    DECODED = "decoded"
    RESPELT = (
        "respelt"  # put together from letters apart, pieces, words: only values of a fixed form are worth a look there
    )
    JOINED = "joined"


_UNDOINGS: tuple[tuple[Undo, Kind, tuple[str, ...]], ...] = (
    (unescape_edits, Kind.DECODED, ESCAPE_SIGNS),
    (backslash_edits, Kind.DECODED, BACKSLASH_SIGNS),
    (unlist_edits, Kind.DECODED, LIST_SIGNS),
    *((undo, Kind.RESPELT, (sign,)) for undo, sign in SPELLINGS),
)
_UNDOING_OF_SIGN = [undo for undo, _, signs in _UNDOINGS for _ in signs]
# What is undone lies this near to its sign; signs that follow one another are one stretch.
_NEAR, _SIGNS_APART = 256, 64


class ViewsTooLarge(Exception):
    """The text unfolds into more than we are ready to read. The report is then incomplete."""


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


def views_of(text: str) -> list[View]:
    """Return the views of `text`, the raw one first.

    The raw view has curly quotes, odd spaces, control characters and lone surrogates replaced one for one, so its places
    are those of the original.

    Raises:
        ViewsTooLarge: when the text unfolds into more than GROWTH times itself plus ALLOWANCE.
    """
    raw = View(one_to_one(text), Kind.RAW)
    limit = GROWTH * len(text) + ALLOWANCE
    views, seen = [raw], {(raw.text, raw.place(0, len(text)))}
    for view in filter(lambda each: each.text, _unfold(raw, text, limit)):
        # Two ways of undoing give one view; the same text at another place is a value of its own.
        shown = (view.text, view.place(0, len(view.text)))
        if shown not in seen:
            seen.add(shown)
            views.append(view)
    return views


def _unfold(raw: View, text: str, limit: int) -> Iterator[View]:
    folded = list(_derive(raw, text, fold_edits, Kind.FOLDED))
    yield from folded
    layer, size = [raw, *folded], sum(len(view.text) for view in folded)
    for _ in range(DECODE_DEPTH):
        layer = [found for view in layer for found in _decoded(view, limit - size)]
        size += sum(len(view.text) for view in layer)
        if size > limit:
            raise ViewsTooLarge
        yield from layer


def _decoded(view: View, room: int) -> Iterator[View]:
    kind = Kind.RESPELT if view.kind is Kind.RESPELT else Kind.DECODED
    steps = [*_steps_of(view.text), (kind, lambda text: unpack_edits(text, room=room))]
    for of_step, step in steps:
        found_kind = Kind.RESPELT if Kind.RESPELT in (kind, of_step) else kind
        for found in _derive(view, view.text, step, found_kind):
            yield found
            yield from _derive(found, found.text, fold_edits, found_kind)


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


def _over(undo: Undo, stretches: Sequence[tuple[int, int]], text: str) -> list[Edit]:
    return [edit for low, high in stretches for edit in undo(text, low, high)]


@cache
def _signs() -> Expressions:
    return Expressions.of([sign for _, _, signs in _UNDOINGS for sign in signs])


def _derive(parent: View, text: str, step: Step, kind: Kind) -> Iterator[View]:
    try:
        edits = list(step(text))
    except OverflowError as error:
        raise ViewsTooLarge from error
    for window in windows(text, edits):
        yield View(window.text, kind, window.pieces, parent, cut_start=window.cut_start, cut_end=window.cut_end)
