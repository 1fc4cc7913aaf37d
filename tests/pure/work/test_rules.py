"""When a job is tried again, given up, and when its workers count as stuck."""

from datetime import UTC, datetime, timedelta

import pytest

from governance.work.rules import JobState, after_failure, back_off, is_stuck

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def ago(seconds):
    return AT - timedelta(seconds=seconds)


@pytest.mark.parametrize(("tries", "state"), [(1, JobState.FAILED), (2, JobState.FAILED), (3, JobState.POISONED)])
def test_the_third_failure_is_the_last(tries, state):
    assert after_failure(tries) is state


@pytest.mark.parametrize(
    ("tries", "jitter", "seconds"), [(1, 0.0, 1), (1, 0.5, 1.5), (2, 0.0, 5), (2, 0.9, 9.5), (3, 0.0, 5), (0, 0.0, 1)]
)
def test_each_failure_waits_longer(tries, jitter, seconds):
    assert back_off(tries, jitter) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("due", "leased", "stuck"),
    [
        pytest.param(None, None, False, id="nothing waits"),
        pytest.param(ago(29), None, False, id="it does not wait long"),
        pytest.param(ago(31), None, True, id="it waits and nothing was ever taken"),
        pytest.param(ago(31), ago(16), True, id="it waits and nothing was taken lately"),
        pytest.param(ago(31), ago(14), False, id="it waits its turn"),
    ],
)
def test_workers_are_stuck_when(due, leased, stuck):
    assert is_stuck(AT, due, leased) is stuck
