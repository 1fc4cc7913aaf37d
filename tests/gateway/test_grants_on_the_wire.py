"""The gateway's own statement and the rule of remits say the same of every grant."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection

import sending
from governance.catalogue.models import Dataset
from governance.core.clock import now
from governance.core.vocabulary import Mode
from governance.destinations.models import Destination
from governance.destinations.rules import DestinationState
from governance.gateway.selectors.access import WORDS
from governance.gateway.selectors.standing import STANDING
from governance.initiatives.rules import InitiativeState
from governance.organisation.models import Key
from governance.remits.models import Grant, Remit
from governance.remits.rules import GrantState, GrantValues, RemitState, usable

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
BEGINS = [None, -MINUTE, timedelta(0), MINUTE]
ENDS = [2 * MINUTE, timedelta(0), MINUTE * 3]


@pytest.fixture
def who():
    return sending.builder()


@pytest.fixture
def granted(who):
    return sending.grant(who, sending.destination("https://quill.example/v1"))


def stands(who, granted, at, mode=Mode.PROMPT):
    with connection.cursor() as cursor:
        values = {"key": who.key_id, "grants": [granted.pk], "at": at, "relaxed_by": None, "mode": mode}
        cursor.execute(f"WITH {STANDING} SELECT holds FROM standing", values)  # noqa: S608 - a constant
        return cursor.fetchone()[0]


def test_statement_and_rule_agree_in_every_case(who, granted):
    at, seen = now(), set()
    for state, begins, ends, place in product(GrantState, BEGINS, ENDS, DestinationState):
        starts_at = None if begins is None else at + begins
        if starts_at is not None and at + ends <= starts_at:
            continue  # the database holds no grant that ends before it begins
        Grant.objects.filter(pk=granted.pk).update(state=state, starts_at=starts_at, ends_at=at + ends)
        Destination.objects.filter(pk=granted.destination_id).update(state=place)
        expected = usable(GrantValues(state, starts_at, at + ends, place), at)
        assert stands(who, granted, at) is expected, (state, begins, ends, place)
        seen.add(expected)
    assert seen == {True, False}


@pytest.mark.parametrize("state", [state for state in RemitState if state is not RemitState.APPROVED])
def test_a_grant_of_a_remit_that_is_not_in_force_opens_nothing(who, granted, state):
    Remit.objects.filter(pk=granted.remit_id).update(state=state)
    assert stands(who, granted, now()) is False


def test_a_grant_of_a_retired_dataset_opens_nothing(who, granted):
    Dataset.objects.filter(pk=granted.dataset_id).update(retired_at=now())
    assert stands(who, granted, now()) is False


def test_a_grant_for_another_mode_opens_nothing(who, granted):
    assert stands(who, granted, now(), Mode.FINE_TUNE) is False
    Grant.objects.filter(pk=granted.pk).update(mode=Mode.FINE_TUNE)
    assert stands(who, granted, now()) is False
    assert stands(who, granted, now(), Mode.FINE_TUNE) is True


def test_a_revoked_or_ended_key_opens_nothing(who, granted):
    assert stands(who, granted, now()) is True
    assert stands(who, granted, now() + timedelta(days=31)) is False
    Key.objects.filter(pk=who.key_id).update(revoked_at=now())
    assert stands(who, granted, now()) is False


def test_states_of_initiatives_that_may_send_are_those_that_run():
    assert set(WORDS["running"]) == {InitiativeState.PROPOSED, InitiativeState.ACTIVE}
