"""The pending grants of a remit that is being decided."""

from datetime import datetime

from governance.remits.body import RemitBody, conditions_json
from governance.remits.models import Grant, Remit
from governance.remits.rules import GrantState, end_of_day
from governance.remits.selectors.world import Named, terms_ids


def _lay_grants(remit: Remit, body: RemitBody, named: Named) -> datetime:
    """Write a pending grant for each one asked and return the end of the remit. It gives no right before activation."""
    terms = terms_ids(named)
    Grant.objects.bulk_create(
        [
            Grant(
                remit=remit,
                initiative_id=remit.initiative_id,
                dataset=named.datasets[asked.dataset],
                purpose=asked.purpose,
                mode=asked.mode,
                destination_id=named.destinations[asked.destination].id,
                terms_id=terms[asked.destination],
                conditions=conditions_json(asked.conditions),
                state=GrantState.PENDING,
                ends_at=end_of_day(asked.ends, named.time_zone),
            )
            for asked in body.grants
        ]
    )
    return end_of_day(body.ends, named.time_zone)
