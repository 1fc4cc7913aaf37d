"""What is asked of a scanner about an answer, and what becomes of the text. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from governance.detection.edits import Edit


@dataclass(frozen=True, slots=True)
class Pace:
    """How a growing text is scanned, in code points: `step` at a time, not before `hold` more stand behind, with `context` before.

    A step of 0 takes whatever there is, at once. `whole`: nothing is asked before the answer has ended, and then all of it together.
    """

    step: int
    hold: int
    context: int
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One text of a question.

    `path` is what the scanner is told, `place` what is stored and shown. The text begins at `start` of what `place` names, and its
    first `read` code points have been passed on already: they are there to be read with the rest.
    `fixed` marks what nothing can be put in the place of.
    """

    path: str
    place: str
    text: str
    start: int = 0
    read: int = 0
    fixed: bool = False


class Marks(NamedTuple):
    """What a scan says of one text, in its code points: what to put where, and every place that may not be cut in two."""

    edits: tuple[Edit, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """`settle` takes the marks of each of `texts`, in their order."""

    texts: tuple[Asked, ...]
    settle: Callable[[Sequence[Marks]], None]


class Readable(Protocol):
    """A text of an answer. What stands before `clear` may be passed on, as `rewritten` gives it."""

    @property
    def text(self) -> str: ...
    @property
    def clear(self) -> int: ...
    @property
    def closed(self) -> bool: ...

    def add(self, piece: str) -> None: ...

    def close(self) -> None:
        """Say that nothing more will be added."""

    def question(self, pace: Pace) -> Question | None:
        """Return what has to be known next, None while nothing can be asked."""

    def rewritten(self, start: int, end: int) -> str:
        """Return what is passed on for code points [start, end). What is put in a place stands where that place begins."""
