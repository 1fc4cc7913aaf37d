"""A burst is let in and worked off; beside a crowd no more than a few are at work, however fast or slow each is."""

import pytest

from governance.gateway.admitting.room import LEAST_AT_WORK, MOST_AT_WORK, STAGES, Room

WAIT_S, EACH_S = 0.25, 0.005
LEAST = 2 * (STAGES + 1)


def filled(room: Room, calls: int, *, at: float = 0.0) -> Room:
    for _ in range(calls):
        room.begin(at=at)
    return room


def worked(room: Room, *, each_s: float, took_s: float, until: float) -> Room:
    """Let one end and one begin every `each_s` seconds, so that as many stay at work."""
    at = each_s
    while at < until:
        room.end(took_s, at=at, done=True)
        room.begin(at=at)
        at += each_s
    return room


def test_a_burst_is_let_in_however_slow_the_last_one_was():
    room = filled(Room(WAIT_S), LEAST_AT_WORK - 1)
    room.pace.each_s = 10.0
    assert room.size(at=WAIT_S / 2) == LEAST_AT_WORK


def test_of_a_crowd_only_as_many_as_are_worked_at_side_by_side():
    room = worked(filled(Room(WAIT_S), 60), each_s=0.015, took_s=0.12, until=1.0)
    assert (room.is_crowded(at=1.0), room.size(at=1.0)) == (True, pytest.approx(2 * 0.12 / 0.015, rel=0.1))


def test_the_shortest_time_one_took_tells_how_many_are_worked_at_side_by_side():
    room = worked(filled(Room(WAIT_S), 20), each_s=0.015, took_s=0.03, until=1.0)
    assert room.size(at=1.0) == LEAST


def test_of_a_crowd_whose_calls_take_long_no_more_than_are_in_time():
    room = worked(filled(Room(WAIT_S), 20), each_s=0.05, took_s=0.06, until=5.0)
    assert room.size(at=5.0) == pytest.approx(WAIT_S / 0.05, rel=0.1)


def test_more_workers_have_more_to_work_at():
    room = worked(filled(Room(WAIT_S, workers=15), 40), each_s=0.003, took_s=0.03, until=1.0)
    assert room.size(at=1.0) == 2 * (STAGES + 15)


@pytest.mark.parametrize("uptime_s", [1.0, 36_000.0, 1e8])
def test_the_clock_may_have_run_for_long(uptime_s):
    # The clock of a process counts from the start of its machine, and nobody may have called for weeks.
    room = filled(Room(WAIT_S), 2, at=uptime_s)
    room.end(0.02, at=uptime_s + 0.02, done=True)
    room.end(0.03, at=2 * uptime_s, done=True)
    assert room.size(at=2 * uptime_s) >= LEAST_AT_WORK


def test_a_crowd_that_was_worked_off_is_none_any_more():
    room = worked(filled(Room(WAIT_S), 20), each_s=0.015, took_s=0.03, until=1.0)
    for _ in range(20 - LEAST // 2):
        room.end(0.03, at=1.0, done=True)
    assert not room.is_crowded(at=1.0 + WAIT_S / 2)
    assert room.size(at=1.0) >= LEAST_AT_WORK


def test_who_comes_after_a_long_silence_meets_no_crowd():
    room = Room(WAIT_S)
    room.begin(at=1000.0)
    assert not room.is_crowded(at=1000.0)


def test_calls_that_take_long_by_themselves_are_many_side_by_side():
    """A commit that takes 60 ms keeps nobody at work: what matters is how many are under way in that time."""
    room = worked(filled(Room(WAIT_S), 80), each_s=0.002, took_s=0.06, until=1.0)
    assert 40 < room.size(at=1.0) <= MOST_AT_WORK


def test_however_long_a_crowd_stays_the_room_does_not_grow_with_its_waiting():
    room = worked(filled(Room(WAIT_S), 20), each_s=0.015, took_s=0.03, until=1.0)
    assert worked(room, each_s=0.015, took_s=0.3, until=600.0).size(at=600.0) == LEAST


def test_a_time_that_was_short_once_is_forgotten():
    room = filled(Room(WAIT_S), 2)
    room.end(0.001, at=0.0, done=True)
    room.end(0.5, at=1000.0, done=True)
    assert room._floor_s == 0.5


def test_in_the_gaps_of_a_crowd_no_burst_is_let_in():
    """Work that shares one processor ends in bunches, and between them hardly anybody is at work, while ten times as many come."""
    room, at_work, ending, seen = Room(WAIT_S), [], 0, []
    filled(room, 1).end(EACH_S, at=EACH_S, done=True)  # so long one takes alone
    for step in range(10, 10_000):
        at = step * 0.0005
        if ending:
            room.end(at - at_work.pop(0), at=at, done=True)
            ending -= 1
        elif len(at_work) < room.size(at=at):
            room.begin(at=at)
            at_work.append(at)
        else:
            room.turn_away(at=at)
            if at >= at_work[0] + EACH_S * len(at_work):
                ending = len(at_work)
        if at > 1.0:
            seen.append(len(at_work))
    assert max(seen) <= LEAST


def test_a_crowd_that_comes_no_more_ends_a_moment_after_the_last_one_turned_away():
    room = worked(filled(Room(WAIT_S), 20), each_s=0.015, took_s=0.03, until=1.0)
    room.turn_away(at=1.0)
    for _ in range(20):
        room.end(0.03, at=1.0, done=True)
    assert room.size(at=1.0 + WAIT_S / 2) == LEAST
    assert room.size(at=1.0 + 2 * WAIT_S) >= LEAST_AT_WORK
