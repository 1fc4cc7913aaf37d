"""Scans that could not be done in time are not begun; a handful always is, whatever the last one took."""

from contextlib import ExitStack

import pytest

from governance.core.errors import Busy
from governance.core.pace import Pace
from governance.core.shares import Shares
from governance.scanning.backlog import BYTES_A_SCAN, LEAST_SCANS, Backlog

SLOW_S_A_BYTE = 1.0


def filled(stack: ExitStack, scans: int) -> Backlog:
    backlog = Backlog(Pace(SLOW_S_A_BYTE))
    for _ in range(scans):
        stack.enter_context(backlog.scan_of(1000, deadline_s=2, sharer="crowd"))
    return backlog


def test_a_handful_is_tried_however_slow_the_last_one_was():
    with ExitStack() as stack:
        assert filled(stack, LEAST_SCANS).scans.held == LEAST_SCANS


def test_one_more_that_could_not_be_in_time_is_refused_and_leaves_no_trace():
    with ExitStack() as stack:
        backlog = filled(stack, LEAST_SCANS)
        with pytest.raises(Busy) as refused:
            stack.enter_context(backlog.scan_of(1000, deadline_s=2, sharer="crowd"))
        assert (refused.value.code, backlog.scans.held) == ("scans_behind", LEAST_SCANS)


def test_one_more_that_has_the_time_is_let_in():
    with ExitStack() as stack:
        backlog = filled(stack, LEAST_SCANS)
        stack.enter_context(backlog.scan_of(1000, deadline_s=1e6, sharer="crowd"))
        assert backlog.scans.held == LEAST_SCANS + 1


@pytest.mark.parametrize(
    "deadline_s",
    [
        pytest.param(1.5 * LEAST_SCANS * (1000 + BYTES_A_SCAN), id="of the time until the deadline"),
        pytest.param(2, id="of the handful, where there is no time for anybody"),
    ],
)
def test_who_fills_half_has_no_more_and_another_has_a_share_of_the_rest(deadline_s):
    with ExitStack() as stack:
        backlog = filled(stack, LEAST_SCANS)
        with pytest.raises(Busy):
            stack.enter_context(backlog.scan_of(1000, deadline_s=deadline_s, sharer="crowd"))
        stack.enter_context(backlog.scan_of(1000, deadline_s=deadline_s, sharer="quiet"))
        assert backlog.scans.held == LEAST_SCANS + 1


def test_a_scan_that_failed_gives_its_place_back_and_teaches_no_pace():
    backlog = Backlog(Pace(SLOW_S_A_BYTE))
    with pytest.raises(TimeoutError), backlog.scan_of(1000, deadline_s=2, sharer="crowd"):
        raise TimeoutError
    left = (backlog.scans, backlog.bytes, backlog.pace.under_way, backlog.pace.each_s)
    assert left == (Shares(), Shares(), 0, SLOW_S_A_BYTE)


def test_a_scan_that_was_done_teaches_the_pace():
    backlog = Backlog(Pace(SLOW_S_A_BYTE))
    with backlog.scan_of(1000, deadline_s=2, sharer="crowd"):
        pass
    assert backlog.pace.each_s < SLOW_S_A_BYTE
