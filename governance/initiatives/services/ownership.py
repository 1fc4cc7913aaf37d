"""Who answers for it: handed over in one place, so that the history and the present never disagree."""

from datetime import datetime

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.initiatives.locks import Owned, heads, link_to, naming, told
from governance.initiatives.models import Accountability, Claim, Initiative, Transfer
from governance.initiatives.rules import ClaimState, Through, TransferState
from governance.notices.services import notify
from governance.organisation.models import Unit
from governance.work.consequences import follow


@transaction.atomic
def hand_over(*, owned: Owned, to: Unit, through: Through, by: Actor, at: datetime) -> None:
    """Make `to` accountable from `at` on. `owned` is locked by the caller, who has asked whether this may be.

    Grants, keys and requests go on: whoever follows "initiatives.owner_changed" tells them of their new unit. An offer to
    hand it over and an earlier owner's claim lose their object.
    """
    before = owned.accountable_unit
    if before == to:
        return
    owned.accountable_unit = to
    owned.save(update_fields=["accountable_unit"])
    _write_period(owned, to, through, at)
    for_it = naming(owned)
    Claim.objects.filter(**for_it, state=ClaimState.OWNER).exclude(unit=to).update(state=ClaimState.WITHDRAWN)
    left = str(before.pk) if before else ""
    record(EventKind.OWNER_CHANGED, **told(owned, by, at), before=left, after=str(to.pk), through=through)
    units = [to, *([before] if before else [])]
    text, kind = "Another unit answers for an initiative or capability of yours now.", "initiatives.owner_changed"
    notify(people=heads(units, at=at), kind=kind, text=text, link=link_to(owned), by=by, at=at)
    if isinstance(owned, Initiative) and before is not None:
        Transfer.objects.filter(initiative=owned, state=TransferState.OFFERED).exclude(to_unit=to).update(
            state=TransferState.WITHDRAWN
        )
        follow("initiatives.owner_changed", initiative_id=owned.pk, unit_id=to.pk, by=by, at=at)


def _write_period(owned: Owned, unit: Unit, through: Through, at: datetime) -> None:
    """Begin a period. One that began at this very moment never held, so it is overwritten."""
    for_it = naming(owned)
    last = Accountability.objects.filter(**for_it).order_by("-since").first()
    since = max(at, last.since) if last else at
    Accountability.objects.update_or_create(**for_it, since=since, defaults={"unit": unit, "through": through})
