"""A person's word on calls in an answer that waits, the notice that one is wanted, and its end by time. Called by web and clock."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotFound
from governance.core.verdict import require
from governance.core.wording import length_as_read
from governance.gateway.confirming import LEAST_REASON, LONGEST_REASON, ConfirmationState, may_answer
from governance.gateway.held_copies import held_folder
from governance.gateway.models import Confirmation
from governance.initiatives.selectors import is_member, members_of
from governance.notices.services import notify
from governance.organisation.permissions import may
from governance.organisation.selectors import authorize, standing_of
from governance.work.batches import each_row

PERMISSION = "gateway:call:confirm"
MOST_TENDED = 200


@transaction.atomic
def answer_confirmation(*, exchange_id: UUID, confirm: bool, reason: str = "", by: Actor, at: datetime) -> Confirmation:
    """Confirm or refuse what an answer would call. A refusal says why.

    Raises:
        NotFound: `no_such_confirmation`.
        Conflict: `already_answered`, `confirmation_over`. NotAllowed: `not_a_member`, or no permission.
        Invalid: `reason_too_short`, `reason_too_long`.
    """
    found = Confirmation.objects.select_for_update(of=("self",)).select_related("exchange__unit")
    asked = found.filter(exchange_id=exchange_id).first()
    if asked is None or by.person is None:
        raise NotFound("no_such_confirmation", "Nothing of this call waits for a person.")
    authorize(by, PERMISSION, None)
    member = is_member(asked.initiative_id, by.person)
    verdict = may_answer(is_member=member, state=asked.state, expires_at=asked.expires_at, at=at)
    require(verdict, Conflict) if member else require(verdict)
    said = reason.strip()
    if not confirm and length_as_read(said) < LEAST_REASON:
        raise Invalid("reason_too_short", f"Say why in at least {LEAST_REASON} characters.", field="reason")
    if len(said) > LONGEST_REASON:
        raise Invalid("reason_too_long", f"A reason has at most {LONGEST_REASON} characters.", field="reason")
    asked.state = ConfirmationState.CONFIRMED if confirm else ConfirmationState.REFUSED
    asked.answered_by_id, asked.answered_at, asked.reason = by.person, at, said
    asked.save(update_fields=["state", "answered_by", "answered_at", "reason"])
    kind = EventKind.CALL_CONFIRMED if confirm else EventKind.CALL_REFUSED
    _record(kind, asked, by=by, at=at)
    if not confirm:
        transaction.on_commit(lambda: held_folder().delete(asked.storage_ref))
    return asked


def tend_confirmations(*, by: Actor, at: datetime) -> int:
    """Tell the members of what newly waits for one of them, and end what nobody answered. Return how many were tended."""
    waiting = Confirmation.objects.filter(state=ConfirmationState.WAITING)
    new = waiting.filter(told_at=None, expires_at__gt=at).order_by("asked_at", "id").values_list("pk", flat=True)
    told = each_row("tell_of_calls", [(key,) for key in new[:MOST_TENDED]], lambda row: _tell(row[0], by=by, at=at))
    over = Confirmation.objects.filter(expires_at__lte=at, served_at=None)
    over = over.filter(state__in=[ConfirmationState.WAITING, ConfirmationState.CONFIRMED])
    keys = [(key,) for key in over.order_by("expires_at", "id").values_list("pk", flat=True)[:MOST_TENDED]]
    return told + each_row("end_confirmations", keys, lambda row: _end(row[0], by=by, at=at))


@transaction.atomic
def _tell(confirmation_id: UUID, *, by: Actor, at: datetime) -> bool:
    asked = _locked(confirmation_id)
    if asked.told_at is not None or asked.state != ConfirmationState.WAITING:
        return False
    asked.told_at = at
    asked.save(update_fields=["told_at"])
    title = asked.initiative.title
    text = f"{title} waits for one of you: a model wants to call {', '.join(asked.tools)}."
    people = [each for each in members_of(asked.initiative_id) if may(standing_of(each), PERMISSION, None)]
    notify(people=people, kind="gateway.call_waits", text=text, link=f"/exchanges/{asked.exchange_id}/", by=by, at=at)
    return True


@transaction.atomic
def _end(confirmation_id: UUID, *, by: Actor, at: datetime) -> bool:
    asked = _locked(confirmation_id)
    if asked.served_at is not None or asked.expires_at > at:
        return False
    asked.state = ConfirmationState.ENDED
    asked.save(update_fields=["state"])
    _record(EventKind.CALL_OVER, asked, by=by, at=at)
    transaction.on_commit(lambda: held_folder().delete(asked.storage_ref))
    return True


def _locked(confirmation_id: UUID) -> Confirmation:
    return (
        Confirmation.objects.select_for_update(of=("self",))
        .select_related("initiative", "exchange__unit")
        .get(pk=confirmation_id)
    )


def _record(kind: EventKind, asked: Confirmation, *, by: Actor, at: datetime) -> None:
    path = asked.exchange.unit.path if asked.exchange.unit else ""
    record(kind, subject=f"exchange:{asked.exchange_id}", by=by, at=at, unit_path=path, confirmation=str(asked.pk))
