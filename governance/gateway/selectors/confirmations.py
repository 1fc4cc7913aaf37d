"""What an answer would call and waits for a person, as its members see it: the values with what was found in them masked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.core import strict_json
from governance.core.errors import DomainError
from governance.gateway.confirming import Argument, AskedCall, ConfirmationState, may_answer
from governance.gateway.held_copies import held_folder
from governance.gateway.models import Confirmation
from governance.gateway.selectors.holds import Piece
from governance.initiatives.selectors import is_member
from governance.organisation.permissions import Standing, may

CONFIRM = "gateway:call:confirm"
LONGEST_SHOWN = 2000


@dataclass(frozen=True, slots=True)
class ShownArgument:
    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ShownCall:
    tool: str
    arguments: tuple[ShownArgument, ...]


@dataclass(frozen=True, slots=True)
class ConfirmationRow:
    """`tools` are lines of the remit's list. `calls` is empty for who is no member, and once it was answered."""

    id: UUID
    state: str
    tools: list[str]
    asked_at: datetime
    expires_at: datetime
    answered_by: str
    answered_at: datetime | None
    reason: str
    served_at: datetime | None
    calls: tuple[ShownCall, ...]
    may_answer: bool


def confirmation_of(exchange_id: UUID, *, standing: Standing, at: datetime) -> ConfirmationRow | None:
    """Return what of an exchange waits or waited for a person, None when nothing did. The reader may see the exchange."""
    asked = Confirmation.objects.filter(exchange_id=exchange_id).select_related("answered_by").first()
    if asked is None:
        return None
    member = is_member(asked.initiative_id, standing.person) and bool(may(standing, CONFIRM, None))
    return ConfirmationRow(
        id=asked.pk,
        state=asked.state,
        tools=asked.tools,
        asked_at=asked.asked_at,
        expires_at=asked.expires_at,
        answered_by=asked.answered_by.name if asked.answered_by else "",
        answered_at=asked.answered_at,
        reason=asked.reason,
        served_at=asked.served_at,
        calls=_calls(asked.storage_ref) if member and asked.state == ConfirmationState.WAITING else (),
        may_answer=bool(may_answer(is_member=member, state=asked.state, expires_at=asked.expires_at, at=at)),
    )


def _calls(storage_ref: str) -> tuple[ShownCall, ...]:
    try:
        with held_folder().reader(storage_ref) as reader:
            told = strict_json.loads(reader.read())
    except DomainError:
        return ()  # given out or ended a moment ago
    return tuple(_shown(AskedCall.of_json(each)) for each in told["calls"])


def _shown(call: AskedCall) -> ShownCall:
    return ShownCall(call.tool, tuple(ShownArgument(each.name, tuple(_pieces(each))) for each in call.arguments))


def _pieces(argument: Argument) -> Iterator[Piece]:
    at, text = 0, argument.value
    for mark in argument.marks:
        if mark.start < at:
            continue
        yield Piece(text[at : mark.start][:LONGEST_SHOWN])
        yield Piece("", mark.kind)
        at = mark.end
    rest = text[at:]
    yield Piece(rest if len(rest) <= LONGEST_SHOWN else rest[:LONGEST_SHOWN] + " …")
