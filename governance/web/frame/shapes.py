"""What the components show. Pages build these from the areas' rows; templates only place them."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["", "good", "wait", "bad", "accent", "quiet"]


@dataclass(frozen=True, slots=True)
class Crumb:
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    title: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation. `count` is what waits there, 0 when nothing does; `waits` says it: "2 overlaps to resolve"."""

    title: str
    url: str
    current: bool = False
    count: int = 0
    waits: str = ""
    letter: str = ""  # after G, the key that goes there


@dataclass(frozen=True, slots=True)
class Hat:
    """One of the four things people come for: request, decide, watch, prove."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """The person who is signed in, as the corner of every page shows them."""

    name: str
    about: str

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a guided request. `state` is done, now, wrong or ahead; `url` is set where it may be opened."""

    title: str
    state: Literal["done", "now", "wrong", "ahead"]
    url: str = ""

    @property
    def current(self) -> bool:
        return self.state == "now"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of one side of a difference: unchanged, gone ("was") or new ("now")."""

    text: str
    note: str = ""
    change: Literal["", "was", "now"] = ""

    @property
    def was(self) -> bool:
        return self.change == "was"

    @property
    def now(self) -> bool:
        return self.change == "now"


@dataclass(frozen=True, slots=True)
class DiffRow:
    scope: str
    before: tuple[Part, ...]
    after: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class RouteStage:
    """One stage of the way to a decision: who is asked, why, where it stands, and what was said."""

    title: str
    why: str
    tone: Tone
    label: str
    current: bool = False
    said: str = ""
    timing: str = ""  # what silence has led to, and leads to next, in one sentence


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text. With a `kind` it is marked: replaced ("wait") or refused ("bad"); `kind` says what it is."""

    text: str
    kind: str = ""
    tone: Tone = ""


def changed_parts(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Return both sides of a difference of two lists of (text, note), each part marked as same, gone or new."""
    old = tuple(Part(text, note, "" if (text, note) in after else "was") for text, note in before)
    new = tuple(Part(text, note, "" if (text, note) in before else "now") for text, note in after)
    return old, new
