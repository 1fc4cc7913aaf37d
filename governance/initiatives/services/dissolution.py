"""A unit is dissolved: what it answered for goes to its successor, and what it claimed is withdrawn."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.initiatives.locks import Owned, lock_capability, lock_contest, lock_initiative, lock_owned, told
from governance.initiatives.models import Capability, Claim, Contest, Initiative, Involved, Transfer
from governance.initiatives.rules import OPEN_CLAIM, UNDECIDED, ClaimState, ContestState, Through, TransferState
from governance.initiatives.services.contests import follow_withdrawal
from governance.initiatives.services.ownership import hand_over
from governance.organisation.models import Unit


@transaction.atomic
def follow_dissolution(*, unit_id: UUID, successor_id: UUID, by: Actor, at: datetime) -> None:
    """Leave no orphan of the unit: hand over what it owns, withdraw what it claims, close its offers and its parts."""
    successor = Unit.objects.get(pk=successor_id)
    sided = Contest.objects.filter(Q(claims__unit_id=unit_id) | Q(standing_unit_id=unit_id), state=ContestState.OPEN)
    concerned = sorted(set(sided.values_list("pk", flat=True)))
    for initiative_id in _ids(Initiative, unit_id):
        _hand_on(lock_initiative(initiative_id), successor, by=by, at=at)
    for capability_id in _ids(Capability, unit_id):
        _hand_on(lock_capability(capability_id), successor, by=by, at=at)
    for claim in Claim.objects.filter(unit_id=unit_id, state__in=OPEN_CLAIM).order_by("pk"):
        owned = lock_owned(claim)
        claim.state = ClaimState.WITHDRAWN
        claim.save(update_fields=["state"])
        record(EventKind.CLAIM_WITHDRAWN, **told(owned, by, at), claim=str(claim.pk), unit=str(unit_id))
    for contest_id in concerned:
        contest, owned = lock_contest(contest_id)
        follow_withdrawal(contest=contest, owned=owned, by=by, at=at)
    offers = Transfer.objects.filter(state=TransferState.OFFERED)
    (offers.filter(to_unit_id=unit_id) | offers.filter(from_unit_id=unit_id)).update(state=TransferState.WITHDRAWN)
    Involved.objects.filter(unit_id=unit_id, until=None).update(until=at)


def _ids(model: type[Initiative] | type[Capability], unit_id: UUID) -> list[UUID]:
    return list(model.objects.filter(accountable_unit_id=unit_id).order_by("pk").values_list("pk", flat=True))


def _hand_on(owned: Owned, successor: Unit, *, by: Actor, at: datetime) -> None:
    """Let the successor take the place of the unit as owner, and in a contest as the one that answers meanwhile."""
    before = owned.accountable_unit
    hand_over(owned=owned, to=successor, through=Through.DISSOLUTION, by=by, at=at)
    contests = owned.contests.filter(state__in=UNDECIDED)
    contests.filter(standing_unit=before).update(standing_unit=successor)
    contests.filter(interim_unit=before).update(interim_unit=successor)
