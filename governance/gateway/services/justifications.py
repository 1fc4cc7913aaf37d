"""A person's reason for exactly one request, and the look at it afterwards. Called by the web process."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Invalid, NotAllowed, NotFound
from governance.core.verdict import require
from governance.gateway.models import Exchange, Justification
from governance.gateway.rules import (
    JUSTIFICATION_LIFE,
    JustificationOutcome,
    may_justify,
    may_review,
)
from governance.initiatives.selectors import is_member
from governance.organisation.selectors import authorize
from governance.scanning.rules import reason_fault


@transaction.atomic
def justify(*, exchange_id: UUID, reason: str, by: Actor, at: datetime) -> Justification:
    """Give a reason for a refused request: the same request, to the byte, passes once within fifteen minutes.

    Raises:
        NotAllowed: `not_a_member`, `not_justifiable`, or no permission.
        Invalid: `reason_too_short`.
    """
    exchange = _locked(exchange_id)
    if exchange.unit is None or exchange.initiative_id is None or by.person is None:
        raise NotAllowed("not_justifiable", "A reason does not open the way for this request.")
    authorize(by, "gateway:exchange:justify", None)
    member, digest = is_member(exchange.initiative_id, by.person), exchange.keyed_digest
    has_digest = digest is not None
    require(may_justify(is_member=member, verdict=exchange.verdict, state=exchange.state, has_digest=has_digest))
    if fault := reason_fault(reason):
        raise Invalid("reason_too_short", fault, field="reason")
    made = Justification.objects.create(
        exchange=exchange,
        initiative_id=exchange.initiative_id,
        person_id=by.person,
        keyed_digest=bytes(digest or b""),
        reason=reason.strip(),
        made_at=at,
        expires_at=at + JUSTIFICATION_LIFE,
    )
    subject, path = f"exchange:{exchange.pk}", exchange.unit.path
    record(EventKind.JUSTIFIED, subject=subject, by=by, at=at, unit_path=path, justification=str(made.pk))
    return made


@transaction.atomic
def review_justification(
    *, justification_id: UUID, outcome: JustificationOutcome, by: Actor, at: datetime
) -> Justification:
    """Say afterwards whether a reason was fine.

    Raises:
        NotAllowed: `own_reason`, `already_reviewed`, or no permission.
    """
    made = Justification.objects.select_for_update().filter(pk=justification_id).first()
    if made is None or made.exchange.unit is None or by.person is None:
        raise NotFound("no_such_justification", "There is no such reason.")
    path = made.exchange.unit.path
    authorize(by, "gateway:exchange:review", path)
    require(may_review(reviewer=by.person, justified_by=made.person_id, reviewed=made.reviewed_at is not None))
    made.reviewed_by_id, made.reviewed_at, made.outcome = by.person, at, outcome
    made.save(update_fields=["reviewed_by", "reviewed_at", "outcome"])
    subject = f"exchange:{made.exchange_id}"
    record(EventKind.JUSTIFICATION_REVIEWED, subject=subject, by=by, at=at, unit_path=path, outcome=str(outcome))
    return made


def _locked(exchange_id: UUID) -> Exchange:
    found = Exchange.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=exchange_id).first()
    if found is None:
        raise NotFound("no_such_exchange", "There is no such exchange.")
    return found
