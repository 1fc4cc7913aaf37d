"""A year offered to a requester is no longer than a pattern of a year allows, wherever the unit is."""

from datetime import UTC, date, datetime

import pytest

from governance.remits.rules import usual_end


@pytest.mark.parametrize(
    ("at", "zone", "ends"),
    [
        pytest.param(datetime(2026, 3, 2, 9, tzinfo=UTC), "UTC", date(2027, 3, 1), id="the first day counts"),
        pytest.param(datetime(2026, 3, 2, 23, 30, tzinfo=UTC), "Europe/Zurich", date(2027, 3, 2), id="tomorrow there"),
        pytest.param(datetime(2026, 3, 2, 1, tzinfo=UTC), "America/New_York", date(2027, 2, 28), id="yesterday there"),
    ],
)
def test_a_year_ends_on_the_day_before(at, zone, ends):
    assert usual_end(at, zone) == ends
