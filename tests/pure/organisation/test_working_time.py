"""Working time: half-open hours, weekends, holidays, closures, zones, and the days on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.core.errors import Invalid
from governance.organisation.working_time import (
    WorkingCalendar,
    calendar_fault,
    due_after,
    public_holidays,
    working_hours_between,
)

ZURICH = ZoneInfo("Europe/Zurich")
OFFICE = WorkingCalendar(time_zone="Europe/Zurich")
ROUND_THE_CLOCK = WorkingCalendar("Europe/Zurich", frozenset(range(1, 8)), time(0), time(0))
NEW_YORK = WorkingCalendar(time_zone="America/New_York")
SWISS = WorkingCalendar(time_zone="Europe/Zurich", country="CH-ZH")
CLOSED_MONDAY = WorkingCalendar(time_zone="Europe/Zurich", closed=frozenset({date(2026, 3, 9)}))


def local(day: int, hour: int, minute: int = 0, *, month: int = 3, zone: ZoneInfo = ZURICH) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("calendar", "start", "hours", "due"),
    [
        pytest.param(OFFICE, local(2, 9), 4, local(2, 13), id="within a day"),
        pytest.param(OFFICE, local(2, 9), 8, local(2, 17), id="a full day ends with the day, not the next morning"),
        pytest.param(OFFICE, local(2, 9), 8.5, local(3, 9, 30), id="half an hour more is due the next day"),
        pytest.param(OFFICE, local(2, 6), 1, local(2, 10), id="before opening counts from opening"),
        pytest.param(OFFICE, local(2, 17), 1, local(3, 10), id="the closing moment is outside"),
        pytest.param(OFFICE, local(6, 16), 2, local(9, 10), id="over a weekend"),
        pytest.param(OFFICE, local(7, 12), 1, local(9, 10), id="begun on a Saturday"),
        pytest.param(OFFICE, local(2, 12), 0, local(2, 12), id="nothing to wait for is due at once"),
        pytest.param(CLOSED_MONDAY, local(6, 16), 2, local(10, 10), id="over a closure"),
        pytest.param(SWISS, local(2, 16, month=4), 2, local(7, 10, month=4), id="over Good Friday and Easter Monday"),
        pytest.param(OFFICE, local(2, 16, month=4), 2, local(3, 10, month=4), id="no country, no holiday"),
        pytest.param(OFFICE, local(27, 16), 2, local(30, 10), id="over the night the clocks go forward"),
        pytest.param(
            ROUND_THE_CLOCK, local(28, 20), 8, datetime(2026, 3, 29, 3, tzinfo=UTC), id="an hour that is not there"
        ),
        pytest.param(
            ROUND_THE_CLOCK, local(24, 20, month=10), 8, datetime(2026, 10, 25, 2, tzinfo=UTC), id="an hour twice"
        ),
        pytest.param(
            NEW_YORK, local(2, 9), 1, local(2, 10, zone=ZoneInfo("America/New_York")), id="hours of another zone"
        ),
    ],
)
def test_due_after(calendar, start, hours, due):
    assert due_after(start, hours, calendar) == due


@pytest.mark.parametrize(
    ("calendar", "start", "end", "hours"),
    [
        pytest.param(OFFICE, local(2, 9), local(2, 17), 8, id="a day"),
        pytest.param(OFFICE, local(2, 8), local(2, 20), 8, id="outside hours count nothing"),
        pytest.param(OFFICE, local(6, 16), local(9, 10), 2, id="a weekend"),
        pytest.param(OFFICE, local(2, 12), local(2, 12), 0, id="no time at all"),
        pytest.param(OFFICE, local(3, 12), local(2, 12), 0, id="the wrong way round"),
        pytest.param(CLOSED_MONDAY, local(6, 9), local(10, 17), 16, id="a closure"),
        pytest.param(ROUND_THE_CLOCK, local(29, 0), local(30, 0), 23, id="the day that has 23 hours"),
        pytest.param(ROUND_THE_CLOCK, local(25, 0, month=10), local(26, 0, month=10), 25, id="the day that has 25"),
    ],
)
def test_working_hours_between(calendar, start, end, hours):
    assert working_hours_between(start, end, calendar) == timedelta(hours=hours)


@given(
    minutes=st.integers(0, 60 * 24 * 300),
    hours=st.floats(0, 60, allow_nan=False),
    calendar=st.sampled_from([OFFICE, ROUND_THE_CLOCK, NEW_YORK, SWISS, CLOSED_MONDAY]),
)
def test_what_is_due_after_some_hours_has_just_these_hours_before_it(minutes, hours, calendar):
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    worked = working_hours_between(start, due_after(start, hours, calendar), calendar)
    assert abs(worked - timedelta(hours=hours)) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("days", "opens", "closes", "country", "field"),
    [
        pytest.param(frozenset(), time(9), time(17), "", "days", id="no working day"),
        pytest.param(frozenset({8}), time(9), time(17), "", "days", id="an eighth day"),
        pytest.param(frozenset({1}), time(17), time(9), "", "closes", id="ends before it begins"),
        pytest.param(frozenset({1}), time(9), time(9), "", "closes", id="no hour at all"),
        pytest.param(frozenset({1}), time(9), time(17), "XX", "country", id="a country nobody knows"),
        pytest.param(frozenset({1}), time(9), time(17), "CH-XX", "country", id="a part nobody knows"),
    ],
)
def test_a_calendar_nobody_can_work_by_is_refused(days, opens, closes, country, field):
    fault = calendar_fault(days, opens, closes, country)
    assert fault is not None
    assert fault[0] == field


def test_hours_up_to_midnight_are_fine():
    assert calendar_fault(frozenset({1}), time(0), time(0), "CH-ZH") is None


def test_a_calendar_closed_for_a_year_answers_instead_of_searching_for_ever():
    closed = frozenset(date(2026, 1, 1) + timedelta(days=day) for day in range(800))
    with pytest.raises(Invalid, match="too few working hours"):
        due_after(local(2, 9), 1, WorkingCalendar(closed=closed))


def test_public_holidays_differ_between_the_parts_of_a_country():
    assert public_holidays("CH-ZH", 2026) != public_holidays("CH", 2026)
