"""When a grant may be used, when a remit may be asked for, when it ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from governance.core.vocabulary import Classification, Hosting, WeightsOwner
from governance.destinations.rules import DestinationState
from governance.remits.rules import GrantState, GrantValues, end_of_day, is_worse, may_ask, usable
from remit_bodies import TERMS, TODAY, TWO, WORLD, body, destination, grant

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
HELD = GrantValues(GrantState.ACTIVE, NOW - HOUR, NOW + HOUR, DestinationState.OPEN)


@pytest.mark.parametrize(
    ("grant_values", "expected"),
    [
        pytest.param(HELD, True, id="active"),
        pytest.param(replace(HELD, state=GrantState.GRACE), True, id="in grace"),
        pytest.param(replace(HELD, state=GrantState.SUSPENDED), False, id="suspended"),
        pytest.param(replace(HELD, state=GrantState.PENDING, starts_at=None), False, id="pending"),
        pytest.param(replace(HELD, starts_at=NOW), True, id="begins now"),
        pytest.param(replace(HELD, starts_at=NOW + HOUR), False, id="not begun"),
        pytest.param(replace(HELD, ends_at=NOW), False, id="ends now: intervals are half-open"),
        pytest.param(replace(HELD, destination_state=DestinationState.SUSPENDED), False, id="destination suspended"),
    ],
)
def test_usable(grant_values, expected):
    assert usable(grant_values, NOW) is expected


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("UTC", "2026-04-01T00:00:00+00:00"),
        ("Europe/Zurich", "2026-03-31T22:00:00+00:00"),
        ("America/Los_Angeles", "2026-04-01T07:00:00+00:00"),
        ("Pacific/Kiritimati", "2026-03-31T10:00:00+00:00"),
    ],
)
def test_a_day_ends_where_the_unit_is(zone, moment):
    last_day = datetime(2026, 3, 31, tzinfo=UTC).date()
    assert end_of_day(last_day, zone).astimezone(UTC).isoformat() == moment


def world_with(**facts):
    return replace(WORLD, destinations={**WORLD.destinations, "tenant": destination("tenant", **facts)})


def world_with_data(**facts):
    return replace(WORLD, datasets={**WORLD.datasets, "handbook": replace(WORLD.datasets["handbook"], **facts)})


@pytest.mark.parametrize(
    ("asked", "world", "code"),
    [
        pytest.param(body(), WORLD, None, id="all stands"),
        pytest.param(body(ends=TODAY - timedelta(days=1)), WORLD, "ends_in_the_past", id="over already"),
        pytest.param(body(ends=TODAY + timedelta(days=731)), WORLD, "ends_too_late", id="more than two years"),
        pytest.param(body(grant(terms=TWO)), WORLD, "terms_moved", id="other terms"),
        pytest.param(body(), world_with(terms=None, digest=""), "terms_moved", id="no terms"),
        pytest.param(body(), world_with(state=DestinationState.SUSPENDED), "destination_closed", id="suspended"),
        pytest.param(body(), world_with_data(retired=True), "dataset_retired", id="retired data"),
        pytest.param(
            body(), world_with_data(classification=Classification.RESTRICTED), "not_cleared", id="data too high"
        ),
        pytest.param(
            body(),
            world_with_data(classification=Classification.RESTRICTED, synthetic=True),
            None,
            id="synthetic data is public",
        ),
        pytest.param(
            body(), world_with(terms=replace(TERMS, trains_on_inputs=True)), "trains_on_inputs", id="trains on inputs"
        ),
        pytest.param(body(), world_with(hosting=Hosting.PUBLIC_API), None, id="internal data at a public API"),
    ],
)
def test_may_ask(asked, world, code):
    assert getattr(may_ask(asked, world), "code", None) == code


@pytest.mark.parametrize(
    ("changed", "worse"),
    [
        pytest.param({}, False, id="the same"),
        pytest.param({"retention_days": 31}, True, id="kept longer"),
        pytest.param({"retention_days": 0}, False, id="kept shorter"),
        pytest.param({"trains_on_inputs": True}, True, id="trains"),
        pytest.param({"cleared_for": Classification.INTERNAL}, True, id="cleared for less"),
        pytest.param({"cleared_for": Classification.RESTRICTED}, False, id="cleared for more"),
        pytest.param({"weights_owner": WeightsOwner.PROVIDER}, True, id="the weights go to another"),
        pytest.param({"price_in": 9_000_000}, False, id="dearer"),
    ],
)
def test_worse_terms(changed, worse):
    assert is_worse(TERMS, replace(TERMS, **changed)) is worse
