"""How long a queue takes is learnt from what is done while others wait."""

import pytest

from governance.core.pace import Pace


def worked(pace, *, first, each, times, amount=1.0, waiting=3):
    """Let `times` be done, one each `each` seconds, while others wait."""
    for _ in range(waiting):
        pace.begin(amount, at=first)
    for number in range(1, times + 1):
        pace.begin(amount, at=first)
        pace.end(amount, at=first + number * each, done=True)


@pytest.mark.parametrize("amount", [pytest.param(1.0, id="calls"), pytest.param(2048.0, id="bytes")])
def test_as_much_is_done_in_a_time_as_was_before(amount):
    pace = Pace(5.0)
    worked(pace, first=100.0, each=0.02, times=60, amount=amount)
    assert pace.done_in(4 * 0.02) == pytest.approx(4 * amount)


def test_time_in_which_nothing_was_asked_does_not_count():
    pace = Pace(5.0)
    for moment in (0.0, 1000.0, 2000.0):
        pace.begin(1, at=moment)
        pace.end(1, at=moment + 0.1, done=True)
    assert pace.done_in(0.1) == pytest.approx(1)


@pytest.mark.parametrize("waiting", [0, 1], ids=["alone", "while another is worked at"])
def test_what_waited_for_somebody_else_took_only_the_time_before_and_after(waiting):
    pace = Pace(5.0)
    for _ in range(waiting):
        pace.begin(1, at=0.0)
    pace.begin(1, at=0.0)
    pace.pause(1, at=0.1)
    pace.begin(1, at=50.0 if not waiting else 0.3)
    pace.end(1, at=50.1 if not waiting else 0.4, done=True)
    assert pace.each_s == pytest.approx(0.2 if not waiting else 0.4)


def test_what_was_given_up_tells_nothing():
    pace = Pace(0.01)
    pace.begin(1, at=0.0)
    pace.end(1, at=30.0, done=False)
    assert pace.done_in(0.01) == pytest.approx(1)


def test_a_bad_moment_is_forgotten():
    pace = Pace(0.01)
    worked(pace, first=0.0, each=3.0, times=20, waiting=1)
    worked(pace, first=60.0, each=0.01, times=200, waiting=0)
    assert pace.each_s < 0.02


def test_work_that_ends_in_bunches_tells_of_the_pace_of_all_of_it():
    pace = Pace(5.0)
    for bunch in range(1, 5):
        for _ in range(40):
            pace.begin(1, at=bunch - 1.0)
        for number in range(40):  # forty share a second, and end together at its end
            pace.end(1, at=bunch + number / 10_000, done=True)
    assert pace.each_s == pytest.approx(1 / 40, rel=0.2)
