from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from governance.web.frame.times import exact, spoken, spoken_length

NOW = datetime(2026, 11, 19, 15, 30, tzinfo=UTC)  # a Thursday, 16:30 in Stockholm
STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        pytest.param(NOW - timedelta(seconds=20), "just now", id="seconds ago"),
        pytest.param(NOW - timedelta(minutes=1), "1 minute ago", id="one minute"),
        pytest.param(NOW - timedelta(minutes=59, seconds=59), "59 minutes ago", id="minutes ago"),
        pytest.param(NOW - timedelta(hours=3), "today 13:30", id="earlier today"),
        pytest.param(NOW + timedelta(minutes=5), "today 16:35", id="a moment ahead is no moment ago"),
        pytest.param(
            NOW + timedelta(hours=7, minutes=30), "tomorrow 00:00", id="tomorrow begins at the reader's midnight"
        ),
        pytest.param(NOW - timedelta(days=1), "yesterday 16:30", id="yesterday"),
        pytest.param(NOW - timedelta(days=6), "last Friday 16:30", id="a weekday behind"),
        pytest.param(NOW + timedelta(days=6), "Wednesday 16:30", id="within a week"),
        pytest.param(NOW + timedelta(days=7), "26 Nov", id="the same weekday next week is a date"),
        pytest.param(NOW + timedelta(days=90), "17 Feb 2027", id="another year"),
    ],
)
def test_a_moment_is_said_as_people_say_it(moment, said):
    assert spoken(moment, now=NOW, zone=STOCKHOLM) == said


def test_the_exact_time_names_its_zone():
    assert exact(NOW, zone=STOCKHOLM) == "Thursday 19 November 2026, 16:30 CET"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        pytest.param(timedelta(seconds=1), "1 second", id="one second"),
        pytest.param(timedelta(minutes=40), "40 minutes", id="minutes"),
        pytest.param(timedelta(hours=1), "1 hour", id="one hour"),
        pytest.param(timedelta(hours=33.6), "1.4 days", id="days and a part"),
        pytest.param(timedelta(seconds=-5), "0 seconds", id="never less than nothing"),
    ],
)
def test_a_length_is_said_in_its_largest_unit(length, said):
    assert spoken_length(length) == said
