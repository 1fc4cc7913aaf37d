"""One text of an answer as it grows: what of it is scanned next, and how far it may be passed on. Pure.

Where one scan ends and the next begins depends on the text alone, never on how it was cut into frames, so an answer that is streamed
is passed on as the same text whatever its pieces were.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from governance.detection.edits import Edit
from governance.detection.redact import unfinished
from governance.gateway.replies.questions import Asked, Marks, Pace, Question

# Something may be begun and not end for so long; then it is decided as it stands.
LONGEST_OPEN = 16 * 1024
_KEY_BLOCK = re.compile(r"-----BEGIN (?!.*?-----END )", re.DOTALL)
_TOKEN = re.compile(r"[A-Za-z0-9+/=_.~%-]+")


@dataclass(frozen=True, slots=True)
class _Window:
    """Code points [start, end) are scanned, and what stands before `goal` is to be passed on. `last`: nothing will follow."""

    start: int
    goal: int
    end: int
    last: bool


@dataclass(slots=True)
class Growing:
    path: str
    place: str
    fixed: bool = False
    text: str = ""
    clear: int = 0
    closed: bool = False
    # What was said right before it, and had ended: its end is read again with our beginning.
    before: "Growing | None" = None
    edits: list[Edit] = field(default_factory=list)
    _further: int = 0  # how much more than a step is looked at, because something begun has not ended

    def add(self, piece: str) -> None:
        self.text += piece

    def close(self) -> None:
        self.closed = True

    def question(self, pace: Pace) -> Question | None:
        window = self._window(pace)
        if window is None:
            return None
        text, read = self.text[window.start : window.end], self.clear - window.start
        asked = Asked(self.path, self.place, text, window.start, read, self.fixed)
        ahead = self._ahead(pace) if window.start == 0 else ()
        return Question((*ahead, asked), partial(self._settle, window, pace))

    def _ahead(self, pace: Pace) -> tuple[Asked, ...]:
        """Return the end of what was said before, which has been passed on."""
        if self.before is None or not pace.context:
            return ()
        text = self.before.text[-pace.context :]
        start = len(self.before.text) - len(text)
        return (Asked(f"{self.path}.before", self.before.place, text, start, len(text)),)

    def _window(self, pace: Pace) -> _Window | None:
        length, start = len(self.text), max(0, self.clear - pace.context)
        goal = self.clear + pace.step + self._further
        if pace.step and goal + pace.hold <= length:
            return _Window(start, goal, goal + pace.hold, last=False)
        if self.clear < length and (self.closed or not pace.step):
            return _Window(start, length, length, last=self.closed)
        return None

    def _settle(self, window: _Window, pace: Pace, marks: Sequence[Marks]) -> None:
        edits, spans = marks[-1]
        moved = [Edit(each.start + window.start, each.end + window.start, each.text) for each in edits]
        border = window.goal
        if not window.last:
            whole = [(start + window.start, end + window.start) for start, end in spans]
            border = _before(border, [*whole, *self._open(window, pace)])
        if border <= self.clear and not window.last:
            if not pace.step:
                return
            self._further = 2 * self._further + pace.step
            if self._further <= LONGEST_OPEN:
                return
            border = max([window.goal, *(each.end for each in moved if each.start < window.goal)])
        self._put(moved, border)

    def _put(self, edits: Sequence[Edit], border: int) -> None:
        for each in edits:
            if self.clear < each.end and each.start < border:
                self.edits.append(Edit(max(each.start, self.clear), each.end, each.text))
        self.clear, self._further = border, 0

    def _open(self, window: _Window, pace: Pace) -> list[tuple[int, int]]:
        """Return what the border may not cut although no detector has named it: what has begun and may go on."""
        text = self.text[window.start : window.end]
        found = [unfinished(text)]
        if pace.step and (block := _KEY_BLOCK.search(text)):
            found.append(block.start())
        opened = [(start + window.start, window.end + 1) for start in found if start is not None]
        return [*opened, *self._token(window)]

    def _token(self, window: _Window) -> list[tuple[int, int]]:
        """Return the one word, number or key that the border would cut."""
        if not window.start < window.goal < window.end:
            return []
        for match in _TOKEN.finditer(self.text, max(self.clear, window.goal - LONGEST_OPEN), window.end):
            if match.end() > window.goal:
                return [match.span()] if match.start() < window.goal else []
        return []

    def rewritten(self, start: int, end: int) -> str:
        parts, at = [], start
        for edit in self.edits:
            if edit.end <= start or edit.start >= end:
                continue
            parts.append(self.text[at : max(at, edit.start)])
            if edit.start >= start:
                parts.append(edit.text)
            at = max(at, min(edit.end, end))
        return "".join([*parts, self.text[at:end]])


def _before(border: int, spans: Sequence[tuple[int, int]]) -> int:
    """Return the last place up to `border` that lies inside none of `spans`."""
    while crossed := [start for start, end in spans if start < border < end]:
        border = min(crossed)
    return border
