"""States of a confirmation: a person's word on calls of tools in an answer, which waits for it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from governance.core.verdict import Allowed, Denied, Verdict

WAIT_S = 300.0  # that an answer waits on its way; afterwards it is refused, and serves the same request sent again
CONFIRMATION_LIFE = timedelta(hours=24)
LEAST_REASON, LONGEST_REASON = 10, 2000


class ConfirmationState(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    ENDED = "ended"  # by a stop, a revocation or time


@dataclass(frozen=True, slots=True)
class Mark:
    """Code points [start, end) of a value hold something of the type `kind`."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Argument:
    """One value that a tool would be called with. `name` leads to it, such as "order.lines[0].text"; `marks` are in their order."""

    name: str
    value: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedCall:
    tool: str
    arguments: tuple[Argument, ...]

    def to_json(self) -> dict[str, Any]:
        marked = [[each.name, each.value, [[m.start, m.end, m.kind] for m in each.marks]] for each in self.arguments]
        return {"tool": self.tool, "arguments": marked}

    @classmethod
    def of_json(cls, value: Any) -> "AskedCall":
        read = [Argument(name, text, tuple(Mark(*mark) for mark in marks)) for name, text, marks in value["arguments"]]
        return cls(value["tool"], tuple(read))


def waited_for_until(asked_at: datetime) -> datetime:
    """Return until when the application waits for the word of a person; later it has to ask again."""
    return asked_at + timedelta(seconds=WAIT_S)


def may_answer(*, is_member: bool, state: str, expires_at: datetime, at: datetime) -> Verdict:
    """Say whether a person may confirm or refuse."""
    if not is_member:
        return Denied("not_a_member", "Only a builder of the initiative can confirm what it does.", "Ask one of them.")
    if state != ConfirmationState.WAITING:
        return Denied("already_answered", f"This is {state} already.", "Look at the page again.")
    if at >= expires_at:
        return Denied("confirmation_over", "The time to confirm it is over.", "Let the application ask again.")
    return Allowed()
