"""The grants of a remit that is being decided, and those that an override lets through for a day."""

from datetime import datetime

from governance.remits.body import GrantBody, RemitBody, conditions_json
from governance.remits.models import Grant, Remit
from governance.remits.rules import GrantState, end_of_day
from governance.remits.selectors.world import Named, terms_ids


def _lay_grants(remit: Remit, body: RemitBody, named: Named) -> datetime:
    """Write a pending grant for each one asked and return the end of the remit. It gives no right before activation."""
    Grant.objects.bulk_create([_grant(remit, asked, named) for asked in body.grants])
    return end_of_day(body.ends, named.time_zone)


def _lay_for_a_day(remit: Remit, body: RemitBody, named: Named, *, at: datetime, until: datetime) -> list[Grant]:
    """Write grants beside the asked ones that hold over [at, until), or less where less was asked."""
    grants = [_grant(remit, asked, named) for asked in body.grants]
    for grant in grants:
        grant.by_override, grant.state = True, GrantState.ACTIVE
        grant.starts_at, grant.ends_at = at, min(until, grant.ends_at)
    return Grant.objects.bulk_create(grants)


def _grant(remit: Remit, asked: GrantBody, named: Named) -> Grant:
    return Grant(
        remit=remit,
        initiative_id=remit.initiative_id,
        dataset=named.datasets[asked.dataset],
        purpose=asked.purpose,
        mode=asked.mode,
        destination_id=named.destinations[asked.destination].id,
        terms_id=terms_ids(named)[asked.destination],
        conditions=conditions_json(asked.conditions),
        state=GrantState.PENDING,
        ends_at=end_of_day(asked.ends, named.time_zone),
    )
