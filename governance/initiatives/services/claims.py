"""Claims: a unit says that an initiative is its own."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotFound
from governance.core.verdict import require
from governance.initiatives.locks import lock_initiative, person_behind, told
from governance.initiatives.models import Claim
from governance.initiatives.rules import ClaimState, InitiativeState, may_claim, may_withdraw
from governance.organisation.selectors import authorize, unit

CLAIM = "initiatives:claim:assert"


@transaction.atomic
def assert_claim(*, initiative_id: UUID, unit_id: UUID, basis: str, evidence: str, by: Actor, at: datetime) -> Claim:
    """Say that a unit owns an initiative, and on what ground. Nothing pauses; a second unit's claim shows as contested.

    Raises:
        NotAllowed: the actor may not speak for the unit. Invalid: "unknown_basis", "no_evidence".
        Conflict: "claimed_already", "ended".
    """
    claimant = unit(unit_id)
    authorize(by, CLAIM, claimant.path)
    # The lock on the initiative makes two claims of one unit wait for each other.
    initiative = lock_initiative(initiative_id)
    claimed = initiative.claims.filter(unit=claimant).exclude(state=ClaimState.WITHDRAWN).exists()
    verdict = may_claim(InitiativeState(initiative.state), basis=basis, evidence=evidence, claimed_already=claimed)
    require(verdict, Conflict if getattr(verdict, "code", "") in {"claimed_already", "ended"} else Invalid)
    claim = initiative.claims.create(
        unit=claimant, basis=basis, evidence=evidence.strip(), made_by_id=person_behind(by), made_at=at
    )
    record(
        EventKind.CLAIM_ASSERTED, **told(initiative, by, at), claim=str(claim.pk), unit=str(claimant.pk), basis=basis
    )
    return claim


@transaction.atomic
def withdraw_claim(*, claim_id: UUID, by: Actor, at: datetime) -> Claim:
    """Take a claim back; the unit may claim again later.

    Raises:
        NotFound: "no_such_claim". NotAllowed: the actor may not speak for the unit. Conflict: "wrong_state".
    """
    claim = _claims().select_for_update(of=("self",)).filter(pk=claim_id).first()
    if claim is None:
        raise NotFound("no_such_claim", "There is no such claim.")
    authorize(by, CLAIM, claim.unit.path)
    require(may_withdraw(ClaimState(claim.state)), Conflict)
    claim.state = ClaimState.WITHDRAWN
    claim.save(update_fields=["state"])
    record(EventKind.CLAIM_WITHDRAWN, **told(claim.initiative, by, at), claim=str(claim.pk), unit=str(claim.unit_id))
    return claim


def _claims() -> QuerySet[Claim]:
    return Claim.objects.select_related("unit", "initiative__accountable_unit")
