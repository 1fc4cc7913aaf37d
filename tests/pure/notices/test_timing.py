"""When an e-mail may leave: at once, after quiet hours, in the morning; on the clock of the person's own wall."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from governance.notices.timing import BACK_OFF_S, MOST_TRIES, MailWish, QuietHours, after_quiet, back_off, mail_due

ZURICH, UTC_ZONE, KIRITIMATI = ZoneInfo("Europe/Zurich"), ZoneInfo("UTC"), ZoneInfo("Pacific/Kiritimati")
NIGHT, NOON = QuietHours(time(22), time(7)), QuietHours(time(12), time(13, 30))


def local(text, zone=ZURICH, fold=0):
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


def due(wish, at, *, quiet=None, zone=ZURICH, urgent=False):
    moment = mail_due(wish, urgent=urgent, quiet=quiet, zone=zone, at=at)
    return moment and moment.astimezone(zone).isoformat()


@pytest.mark.parametrize(
    ("wish", "quiet", "told", "leaves"),
    [
        pytest.param("at_once", None, "2026-03-03T10:00", "2026-03-03T10:00:00+01:00", id="at once"),
        pytest.param("at_once", NIGHT, "2026-03-03T21:59", "2026-03-03T21:59:00+01:00", id="just before the quiet hours"),
        pytest.param("at_once", NIGHT, "2026-03-03T22:00", "2026-03-04T07:00:00+01:00", id="as they begin"),
        pytest.param("at_once", NIGHT, "2026-03-04T06:59", "2026-03-04T07:00:00+01:00", id="after midnight"),
        pytest.param("at_once", NIGHT, "2026-03-04T07:00", "2026-03-04T07:00:00+01:00", id="as they end"),
        pytest.param("at_once", NOON, "2026-03-03T12:10", "2026-03-03T13:30:00+01:00", id="over noon"),
        pytest.param("daily", None, "2026-03-03T07:59", "2026-03-03T08:00:00+01:00", id="daily, this morning"),
        pytest.param("daily", None, "2026-03-03T08:00", "2026-03-04T08:00:00+01:00", id="daily, the next morning"),
        pytest.param("daily", QuietHours(time(20), time(9)), "2026-03-03T15:00", "2026-03-04T09:00:00+01:00", id="a late riser"),
        pytest.param("weekly", None, "2026-03-03T15:00", "2026-03-09T08:00:00+01:00", id="weekly, on Monday"),
        pytest.param("weekly", None, "2026-03-02T08:00", "2026-03-09T08:00:00+01:00", id="weekly, the Monday after"),
        pytest.param("never", None, "2026-03-03T15:00", None, id="never"),
        pytest.param("at_once", NIGHT, "2026-03-28T23:00", "2026-03-29T07:00:00+02:00", id="over the night the clock goes on"),
        pytest.param("at_once", NIGHT, "2026-10-24T23:00", "2026-10-25T07:00:00+01:00", id="over the night the clock goes back"),
        pytest.param("daily", None, "2026-03-28T09:00", "2026-03-29T08:00:00+02:00", id="a morning after 23 hours"),
        pytest.param("weekly", None, "2026-10-19T09:00", "2026-10-26T08:00:00+01:00", id="a week of 169 hours"),
    ],
)  # fmt: skip
def test_an_email_leaves_when_its_person_wants_it(wish, quiet, told, leaves):
    assert due(MailWish(wish), local(told), quiet=quiet) == leaves


@pytest.mark.parametrize("wish", ["at_once", "daily", "weekly"])
def test_what_is_urgent_goes_through(wish):
    at = local("2026-03-03T23:30")
    assert mail_due(MailWish(wish), urgent=True, quiet=NIGHT, zone=ZURICH, at=at) == at


def test_what_is_urgent_is_not_forced_on_those_who_want_no_email():
    assert due(MailWish.NEVER, local("2026-03-03T10:00"), urgent=True) is None


@pytest.mark.parametrize(
    ("quiet", "told", "ends"),
    [
        pytest.param(
            QuietHours(time(1), time(2, 30)),
            local("2026-03-29T01:30"),
            "2026-03-29T03:30:00+02:00",
            id="an end that the clock skips",
        ),
        pytest.param(
            QuietHours(time(1), time(2, 30)),
            local("2026-10-25T02:10", fold=1),
            "2026-10-25T02:30:00+01:00",
            id="an end that the clock shows twice, told in the second hour",
        ),
        pytest.param(
            QuietHours(time(1), time(2, 30)),
            local("2026-10-25T02:10"),
            "2026-10-25T02:30:00+02:00",
            id="the same, told in the first",
        ),
    ],
)
def test_quiet_hours_end_when_the_clock_changes(quiet, told, ends):
    assert after_quiet(told.astimezone(UTC), quiet=quiet, zone=ZURICH).astimezone(ZURICH).isoformat() == ends


def test_the_morning_is_the_persons_own():
    at = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
    assert due(MailWish.DAILY, at, zone=KIRITIMATI) == "2026-03-04T08:00:00+14:00"
    assert due(MailWish.DAILY, at, zone=UTC_ZONE) == "2026-03-04T08:00:00+00:00"


def test_no_due_time_lies_in_quiet_hours_or_in_the_past():
    at = datetime(2026, 3, 28, 0, 0, tzinfo=UTC)
    for hour in range(24 * 8):
        told = at + timedelta(hours=hour)
        for wish in (MailWish.AT_ONCE, MailWish.DAILY, MailWish.WEEKLY):
            moment = mail_due(wish, urgent=False, quiet=NIGHT, zone=ZURICH, at=told)
            assert moment >= told
            assert not NIGHT.holds(moment.astimezone(ZURICH))
            assert moment - told <= timedelta(days=7, hours=1)


def test_tries_are_spread_over_days_and_then_end():
    waits = [back_off(number, jitter=0.0) for number in range(1, MOST_TRIES)]
    assert [wait.total_seconds() for wait in waits] == list(BACK_OFF_S)
    assert sum(waits, timedelta()) > timedelta(days=2)
    assert back_off(MOST_TRIES, jitter=0.0) is None


def test_jitter_only_ever_waits_longer():
    assert back_off(2, jitter=0.999) < timedelta(seconds=BACK_OFF_S[1] * 1.2)
    assert back_off(2, jitter=0.5) > back_off(2, jitter=0.0)
