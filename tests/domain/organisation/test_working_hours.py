"""A unit's hours: stated, inherited down the tree, refused when nobody could work by them."""

from datetime import date, time

import pytest

import builders
from governance.core.actors import INSTALLER
from governance.core.errors import Invalid, NotAllowed, NotFound
from governance.organisation import services
from governance.organisation.calendars import calendar_of, heads_above, hours_row
from governance.organisation.roles import Role
from governance.organisation.working_time import WorkingCalendar

pytestmark = pytest.mark.django_db
AT = builders.AT


@pytest.fixture
def group(db):
    return builders.organisation()


@pytest.fixture
def claims(group):
    return builders.unit("Claims", parent=group)


@pytest.fixture
def desk(claims):
    return builders.unit("Desk", parent=claims, time_zone="America/New_York")


def state(unit, *, days=(1, 2, 3, 4), opens=time(8), closes=time(16), country="", by=INSTALLER):
    return services.set_working_hours(
        unit_id=unit.pk, days=list(days), opens=opens, closes=closes, country=country, by=by, at=AT
    )


def close(unit, first=date(2026, 12, 24), last=date(2026, 12, 26), reason="Year's end", by=INSTALLER):
    return services.add_closure(unit_id=unit.pk, first_date=first, last_date=last, reason=reason, by=by, at=AT)


def test_without_a_word_the_week_is_monday_to_friday_nine_to_five(claims):
    assert calendar_of(claims.path) == WorkingCalendar(time_zone="Europe/Zurich")


def test_hours_come_from_the_nearest_unit_that_states_them_and_the_zone_from_its_own(group, claims, desk):
    state(group, days=(1, 2, 3, 4, 5), country="CH")
    state(claims)
    calendar = calendar_of(desk.path)
    assert (calendar.time_zone, calendar.days, calendar.opens) == ("America/New_York", {1, 2, 3, 4}, time(8))
    assert (calendar.country, hours_row(desk.pk, on=AT.date()).stated_by) == ("", "Claims")


def test_closures_add_up_down_the_tree(group, claims, desk):
    close(group)
    close(desk, date(2026, 7, 3), date(2026, 7, 3), "Local feast")
    assert len(calendar_of(desk.path).closed) == 4
    assert len(calendar_of(claims.path).closed) == 3
    assert [row.own for row in hours_row(desk.pk, on=AT.date()).closures] == [True, False]


def test_a_unit_with_no_working_day_is_refused(claims):
    with pytest.raises(Invalid) as refused:
        state(claims, days=())
    assert refused.value.field == "days"


@pytest.mark.parametrize(
    ("first", "last", "reason", "field"),
    [
        pytest.param(date(2026, 5, 2), date(2026, 5, 1), "x", "last_date", id="ends before it begins"),
        pytest.param(date(2026, 5, 1), date(2026, 8, 1), "x", "last_date", id="a quarter of a year"),
        pytest.param(date(2026, 5, 1), date(2026, 5, 1), "  ", "reason", id="no reason"),
    ],
)
def test_a_closure_out_of_bounds_is_refused(claims, first, last, reason, field):
    with pytest.raises(Invalid) as refused:
        close(claims, first, last, reason)
    assert refused.value.field == field


def test_a_closure_taken_back_leaves_the_day_open(claims):
    services.remove_closure(closure_id=close(claims).pk, by=INSTALLER, at=AT)
    assert calendar_of(claims.path).closed == frozenset()


def test_a_head_closes_their_own_unit_and_no_other(claims, group):
    head = builders.actor_with(Role.UNIT_HEAD, claims)
    close(claims, by=head)
    with pytest.raises(NotAllowed):
        close(group, by=head)


def test_a_dissolved_or_unknown_unit_is_not_found(claims):
    with pytest.raises(NotFound):
        services.add_closure(
            unit_id=INSTALLER.person or builders.person().pk,
            first_date=AT.date(),
            last_date=AT.date(),
            reason="x",
            by=INSTALLER,
            at=AT,
        )


def test_every_change_of_hours_is_one_event(claims, recorded):
    state(claims)
    services.remove_closure(closure_id=close(claims).pk, by=INSTALLER, at=AT)
    assert [body["kind"].split(".")[1] for body in recorded.bodies] == [
        "working_hours_set",
        "closure_added",
        "closure_removed",
    ]


def test_heads_are_named_from_the_deepest_unit_up_and_a_unit_without_one_is_passed_over(group, claims, desk):
    top = builders.person(Role.UNIT_HEAD, group, name="Hugo Berg")
    near = builders.person(Role.UNIT_HEAD, desk, name="Ana Keller")
    assert [person for _, person in heads_above([desk.path], at=AT)] == [near, top]


def test_a_closure_of_a_unit_one_does_not_look_after_is_not_there(claims, retail):
    other = builders.actor_with(Role.UNIT_HEAD, retail)
    with pytest.raises(NotFound):
        services.remove_closure(closure_id=close(claims).pk, by=other, at=AT)
