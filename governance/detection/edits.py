"""Replacing parts of a text while remembering where every stretch came from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

# Characters kept on either side of a change: enough for a keyword, its quotes and the value behind it.
REACH = 160


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `text` in the place of [start, end). `linear` says that both have the same length, character for character."""

    start: int
    end: int
    text: str
    linear: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a view, [view_start, view_end), that came from [start, end); linear: character for character."""

    view_start: int
    view_end: int
    start: int
    end: int
    linear: bool

    def whole_or_linear(self, start: int, end: int) -> bool:
        """Return whether the part of the view's [start, end) inside this piece has a precise place."""
        return self.linear or (start <= self.view_start and self.view_end <= end)


@dataclass(frozen=True, slots=True)
class Window:
    text: str
    pieces: tuple[Piece, ...]
    cut_start: bool
    cut_end: bool


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with `edits` done, which are in order and do not overlap."""
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])


def windows(text: str, edits: Sequence[Edit]) -> Iterator[Window]:
    """Yield the changed parts of `text` with REACH characters around them; neighbouring changes share a window.

    `edits` are in order and do not overlap.
    """
    group: list[Edit] = []
    for edit in edits:
        if group and edit.start - group[-1].end > 2 * REACH:
            yield _window(text, group)
            group = []
        group.append(edit)
    if group:
        yield _window(text, group)


def _window(text: str, edits: list[Edit]) -> Window:
    low = _start_of_word(text, edits[0].start - REACH)
    high = _end_of_word(text, edits[-1].end + REACH)
    parts: list[str] = []
    pieces: list[Piece] = []
    at, length = low, 0
    # The stretch without a gap that is growing: where it began in the view and in the text, and how far it reaches there.
    view_start, start, reach = 0, low, low
    for edit in edits:
        kept = text[at : edit.start]
        parts += (kept, edit.text)
        length += len(kept)
        reach, at = edit.start, edit.end
        if edit.linear:
            length += len(edit.text)
            reach = at
            continue
        if reach > start:
            pieces.append(Piece(view_start, length, start, reach, linear=True))
        if edit.text:
            pieces.append(Piece(length, length + len(edit.text), edit.start, at, linear=False))
        length += len(edit.text)
        view_start, start, reach = length, at, at
    parts.append(text[at:high])
    if high > start:
        pieces.append(Piece(view_start, length + high - at, start, high, linear=True))
    return Window("".join(parts), tuple(pieces), cut_start=low > 0, cut_end=high < len(text))


def _start_of_word(text: str, at: int) -> int:
    """Move back to the last white space before `at`, at most REACH characters."""
    if at <= 0:
        return 0
    space = max(text.rfind(" ", max(0, at - REACH), at), text.rfind("\n", max(0, at - REACH), at))
    return space + 1 if space >= 0 else at


def _end_of_word(text: str, at: int) -> int:
    """Move on to the next white space after `at`, at most REACH characters."""
    if at >= len(text):
        return len(text)
    found = [space for space in (text.find(" ", at, at + REACH), text.find("\n", at, at + REACH)) if space >= 0]
    return min(found, default=at)
