"""What an override lets through: the grants that were asked, for at most a day, beside those that nobody approved."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest, Least

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict
from governance.core.verdict import require
from governance.remits.body import parse_body
from governance.remits.locks import lock_remit, told, told_grant
from governance.remits.models import Remit
from governance.remits.rules import GrantState, may_ask, states_before
from governance.remits.selectors.world import named_in
from governance.remits.services.granting import _lay_for_a_day

_A_MOMENT = timedelta(
    microseconds=1
)  # what a grant holds at least: two clocks may differ, and both acts may fall on one tick


@transaction.atomic
def lend_grants(*, remit_id: UUID, until: datetime, by: Actor, at: datetime) -> Remit:
    """Let the grants of a remit that is not approved hold until `until`. What no approval could allow stays refused.

    Raises:
        Conflict: terms, data or a destination moved since it was asked, or could not be granted at all.
    """
    remit = lock_remit(remit_id)
    body = parse_body(remit.body)
    named = named_in(body, remit.initiative.accountable_unit, at=at)
    require(may_ask(body, named.world), Conflict)
    for grant in _lay_for_a_day(remit, body, named, at=at, until=until):
        record(EventKind.GRANT_LENT, by=by, at=at, ends_at=grant.ends_at.isoformat(), **told_grant(grant))
    return remit


@transaction.atomic
def end_lent_grants(*, remit_id: UUID, by: Actor, at: datetime) -> Remit:
    """End what an override let through: its day is over, or the request came to a decision."""
    remit = lock_remit(remit_id)
    lent = remit.grants.filter(by_override=True, state__in=states_before(GrantState.EXPIRED))
    ends = Greatest(Least("ends_at", Value(at)), F("starts_at") + _A_MOMENT)
    ended = lent.update(state=GrantState.EXPIRED, ends_at=ends)
    record(EventKind.LENT_GRANTS_ENDED, by=by, at=at, grants=ended, **told(remit))
    return remit
