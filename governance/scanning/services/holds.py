"""What is held for two people, and what they do about it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Invalid, NotFound
from governance.core.verdict import require
from governance.scanning.models import Hold
from governance.scanning.rules import (
    HOLD_LIFE,
    RELEASES_NEEDED,
    HoldAct,
    HoldState,
    is_held,
    may_act_on_hold,
    reason_fault,
)


@transaction.atomic
def hold(*, subject: str, unit_id: UUID, digest: str, storage_ref: str, reason: str, by: Actor, at: datetime) -> Hold:
    """Hold something for two people. Its sealed content lies in storage already, under `storage_ref`."""
    held = Hold.objects.create(
        subject=subject,
        unit_id=unit_id,
        digest=digest,
        storage_ref=storage_ref,
        reason=reason,
        held_at=at,
        expires_at=at + HOLD_LIFE,
    )
    record(EventKind.HELD, subject=subject, by=by, at=at, unit_path=held.unit.path, hold=str(held.pk), reason=reason)
    return held


@transaction.atomic
def act_on_hold(*, subject: str, act: HoldAct, reason: str, sender: UUID | None, by: Actor, at: datetime) -> Hold:
    """Reveal, release or discard something held; `sender` is whoever sent it. Two people's releases release it.

    Raises:
        NotFound: `no_such_hold`.
        NotAllowed: `own_request`, `already_released`, `hold_over`.
        Invalid: `reason_too_short`.
    """
    held = Hold.objects.select_for_update(of=("self",)).select_related("unit").filter(subject=subject).first()
    if held is None or by.person is None:
        raise NotFound("no_such_hold", "There is no such hold.")
    if fault := reason_fault(reason):
        raise Invalid("reason_too_short", fault, field="reason")
    released_by = set(held.acts.filter(kind=HoldAct.RELEASE).values_list("person_id", flat=True))
    waits = is_held(state=held.state, expires_at=held.expires_at, at=at)
    require(may_act_on_hold(person=by.person, sender=sender, released_by=released_by, held=waits, act=act))
    held.acts.create(person_id=by.person, kind=act, reason=reason.strip(), at=at)
    if act is HoldAct.DISCARD:
        held.state = HoldState.DISCARDED
    elif act is HoldAct.RELEASE and len(released_by) + 1 >= RELEASES_NEEDED:
        held.state = HoldState.RELEASED
    held.save(update_fields=["state"])
    record(HOLD_EVENTS[act], subject=subject, by=by, at=at, unit_path=held.unit.path, state=str(held.state))
    return held


@transaction.atomic
def end_hold(*, subject: str, by: Actor, at: datetime) -> Hold | None:
    """End what nobody decided about in time, and return it; None when it has not come to that, or was decided."""
    over = Hold.objects.select_for_update(of=("self",)).select_related("unit")
    held = over.filter(subject=subject, state=HoldState.HELD, expires_at__lte=at).first()
    if held is None:
        return None
    held.state = HoldState.EXPIRED
    held.save(update_fields=["state"])
    record(EventKind.HOLD_OVER, subject=subject, by=by, at=at, unit_path=held.unit.path, hold=str(held.pk))
    return held


HOLD_EVENTS = {
    HoldAct.REVEAL: EventKind.HOLD_REVEALED,
    HoldAct.RELEASE: EventKind.HOLD_RELEASED,
    HoldAct.DISCARD: EventKind.HOLD_DISCARDED,
}
