"""What an answer would call and waits for a person, as its members see it: the values with what was found in them masked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from governance.core import strict_json
from governance.core.errors import DomainError
from governance.core.paging import Page, count_up_to, page_window
from governance.gateway.confirming import Argument, AskedCall, ConfirmationState, may_answer, waited_for_until
from governance.gateway.held_copies import held_folder
from governance.gateway.models import Confirmation
from governance.gateway.selectors.holds import Piece
from governance.initiatives.models import Member
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


@dataclass(frozen=True, slots=True)
class CallRow:
    """An answer that waits, or waited, for a builder of an initiative. `due_at`: until then its application waits for it."""

    exchange: UUID
    initiative: str
    initiative_title: str
    tools: list[str]
    state: str
    asked_at: datetime
    due_at: datetime
    expires_at: datetime
    answered_by: str


def calls_of(
    standing: Standing, *, at: datetime, state: str = "", sort: str = "-asked", page: int = 1, size: int = 50
) -> Page[CallRow]:
    """Return the answers whose calls the reader may confirm, or might have: those of the initiatives they build."""
    found = _of_reader(standing)
    if state == ConfirmationState.WAITING:
        found = found.filter(state=state, expires_at__gt=at)
    elif state:
        found = found.filter(state=state)
    start, end = page_window(page, size)
    total = count_up_to(found.order_by())
    order = ("asked_at", "id") if sort == "asked" else ("-asked_at", "-id")
    rows = found.select_related("initiative", "answered_by").order_by(*order)[start:end]
    return Page([_call_row(each) for each in rows], total.number, max(page, 1), end - start, total.more)


def calls_waiting(standing: Standing, *, at: datetime) -> int:
    """Return how many answers wait for the reader or another builder."""
    return _of_reader(standing).filter(state=ConfirmationState.WAITING, expires_at__gt=at).count()


def _of_reader(standing: Standing) -> QuerySet[Confirmation]:
    if not may(standing, CONFIRM, None):
        return Confirmation.objects.none()
    building = Member.objects.filter(person_id=standing.person, until=None).values("initiative_id")
    return Confirmation.objects.filter(initiative_id__in=building)


def _call_row(found: Confirmation) -> CallRow:
    return CallRow(
        exchange=found.exchange_id,
        initiative=found.initiative.code,
        initiative_title=found.initiative.title,
        tools=found.tools,
        state=found.state,
        asked_at=found.asked_at,
        due_at=waited_for_until(found.asked_at),
        expires_at=found.expires_at,
        answered_by=found.answered_by.name if found.answered_by else "",
    )


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
