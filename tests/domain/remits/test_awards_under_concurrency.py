"""Two stewards award one round at the same moment: one award stands, the other is told so."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

import asking
import builders
import scope
from governance.core.errors import Conflict
from governance.organisation.roles import Role
from governance.remits import services
from governance.remits.allocations import Lot
from governance.remits.models import Entry

AT = builders.AT
CLOSED = AT + timedelta(days=15)


def award(entry, by, reasons):
    lots = {entry.pk: Lot(awarded=True)}
    told = {"division": "shared", "reasons": reasons, "lots": lots}
    try:
        return services.award(allocation_id=entry.allocation_id, **told, by=by, at=CLOSED).reasons
    except Conflict as refused:
        return refused.code
    finally:
        connection.close()


@pytest.mark.usefixtures("committed_db")
def test_of_two_awards_at_once_one_stands():
    unit = builders.unit("Claims")
    stewards = [builders.actor_with(Role.DATA_STEWARD) for _ in range(2)]
    letters, place = scope.dataset(ref="letters"), scope.destination(**asking.OUR_TENANT)
    told = {"scarcity": "scarce", "why": "One licence.", "until": None, "round_days": 14}
    services.mark_dataset(dataset_id=letters.pk, **told, by=stewards[0], at=AT)
    lead = builders.actor_with(Role.REQUESTER, unit)
    asking.sent(scope.initiative(unit, by=lead), [asking.grant(letters, place)], by=lead)
    entry = Entry.objects.get()
    with ThreadPoolExecutor(max_workers=2) as pool:
        said = sorted(pool.map(lambda each: award(entry, *each), zip(stewards, ["One.", "Two."], strict=True)))
    assert said in (["One.", "awarded_already"], ["Two.", "awarded_already"])
