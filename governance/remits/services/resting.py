"""The rights of an initiative rest because people did not look at its answers as it promised, until somebody lets it go on."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.remits.locks import told_grant
from governance.remits.models import Grant
from governance.remits.rules import OVERSIGHT_SHORT, GrantState, states_before
from governance.remits.selectors.promises import resting_for_oversight
from governance.remits.services.endings import _grants


@transaction.atomic
def rest_for_oversight(*, initiative_id: UUID, by: Actor, at: datetime) -> int:
    """Suspend the grants of the remit in force; return how many. Those for trying out go on: nothing was promised of them."""
    found = _grants(states=states_before(GrantState.SUSPENDED), initiative_id=initiative_id, remit__sandbox=False)
    resting = [grant for grant in found if not grant.by_override]
    for grant in resting:
        _set(grant, GrantState.SUSPENDED, [*grant.rests_because, OVERSIGHT_SHORT])
        record(EventKind.GRANT_SUSPENDED, by=by, at=at, because=OVERSIGHT_SHORT, **told_grant(grant))
    return len(resting)


@transaction.atomic
def resume_after_oversight(*, initiative_id: UUID, by: Actor, at: datetime) -> int:
    """Let the grants go on that rest for this alone; return how many. What terms or data have made rest since goes on resting."""
    keys = resting_for_oversight(initiative_id).order_by().values_list("pk", flat=True)
    resumed = 0
    for grant in _grants(states={GrantState.SUSPENDED}, pk__in=list(keys)):
        left = [reason for reason in grant.rests_because if reason != OVERSIGHT_SHORT]
        _set(grant, GrantState.SUSPENDED if left else GrantState.ACTIVE, left)
        record(EventKind.GRANT_RESUMED, by=by, at=at, rests_because=left, **told_grant(grant))
        resumed += not left
    return resumed


def _set(grant: Grant, state: GrantState, because: list[str]) -> None:
    grant.state, grant.rests_because = state, because
    grant.save(update_fields=["state", "rests_because"])
