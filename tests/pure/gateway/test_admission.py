"""Who may begin, and who is turned away before anything of the call is read."""

from contextlib import ExitStack, suppress
from uuid import UUID

import pytest

from governance.core.errors import Busy
from governance.gateway.admitting.admission import LEAST_AT_WORK, Admission, Bounds, Caller
from governance.gateway.dialects.refusals import retry_headers, status_of

HERE, THERE = UUID(int=1), UUID(int=2)
ONE, OTHER = Caller("one", HERE), Caller("other", HERE)
SLOW_S = 10.0  # so that no more than the least may be at work


def admission(*, process=100, unit=100, key=100, body_bytes=1000, each_s=0.001):
    made = Admission.of(Bounds(process, unit, key, body_bytes, 0.25))
    made.room.pace.each_s = each_s
    return made


def let_in(gate, caller, open_calls, *, working=False):
    place = open_calls.enter_context(gate.place_for(caller))
    if not working:
        place.rest(done=False)
    return place


@pytest.mark.parametrize(
    ("bounds", "callers"),
    [
        pytest.param({"process": 2}, [ONE, Caller("far", THERE)], id="of all"),
        pytest.param({"unit": 2}, [ONE, OTHER], id="of a unit, whichever key they come by"),
        pytest.param({"key": 2}, [ONE, ONE], id="of a key"),
    ],
)
def test_as_many_as_may_be_are_under_way(bounds, callers):
    gate = admission(**bounds)
    with ExitStack() as open_calls:
        for caller in callers:
            let_in(gate, caller, open_calls)
        with pytest.raises(Busy), gate.place_for(ONE):
            pass
    with gate.place_for(ONE):
        assert gate.shed == 1


def test_what_cannot_be_done_in_time_is_turned_away():
    gate = admission(each_s=SLOW_S)
    with ExitStack() as open_calls:
        for _ in range(LEAST_AT_WORK):
            let_in(gate, ONE, open_calls, working=True)
        with pytest.raises(Busy) as shed, gate.place_for(ONE):
            pass
    assert (status_of(shed.value), retry_headers(shed.value)) == (503, {"x-should-retry": "true", "retry-after": "1"})


def test_a_call_that_waits_for_its_provider_or_its_client_is_not_at_work():
    gate = admission(each_s=SLOW_S)
    with ExitStack() as open_calls:
        for _ in range(3 * LEAST_AT_WORK):
            let_in(gate, ONE, open_calls)
        place = let_in(gate, ONE, open_calls, working=True)
        with place.listening():
            assert not place.at_work
        assert place.at_work


def test_a_call_whose_answer_has_come_is_at_work_again():
    gate = admission(each_s=SLOW_S)
    with gate.place_for(ONE) as place:
        place.pause()
        assert gate.room.pace.under_way == 0
        place.work()
        assert (gate.room.pace.under_way, gate._at_work) == (1, {ONE.key: 1})


@pytest.mark.parametrize(
    ("caller", "enters"),
    [
        pytest.param(Caller("quiet", THERE), True, id="a key seen before has its share"),
        pytest.param(Caller("new"), True, id="a key that comes for the first time has that of strangers"),
        pytest.param(ONE, False, id="who fills it has no more than a share"),
    ],
)
def test_what_is_full_is_shared(caller, enters):
    gate = admission(each_s=SLOW_S)
    with ExitStack() as open_calls:
        for _ in range(LEAST_AT_WORK):
            let_in(gate, ONE, open_calls, working=True)
        try:
            with gate.place_for(caller):
                entered = True
        except Busy:
            entered = False
    assert entered is enters


def test_many_keys_together_take_no_more_than_twice_the_room():
    gate, entered = admission(each_s=SLOW_S), 0
    with ExitStack() as open_calls:
        for number in range(10 * LEAST_AT_WORK):
            try:
                let_in(gate, Caller(f"key {number}", HERE), open_calls, working=True)
                entered += 1
            except Busy:
                break
    assert entered <= 2 * LEAST_AT_WORK


def test_as_many_keys_as_somebody_invents_have_the_share_of_one():
    gate, entered = admission(each_s=SLOW_S), 0
    with ExitStack() as open_calls:
        for _ in range(LEAST_AT_WORK):
            let_in(gate, ONE, open_calls, working=True)
        for number in range(LEAST_AT_WORK):
            with suppress(Busy):
                let_in(gate, Caller(f"invented {number}"), open_calls, working=True)
                entered += 1
        let_in(gate, Caller("quiet", THERE), open_calls, working=True)
    assert entered == LEAST_AT_WORK / 2


def hold(place, *sizes):
    """Let bytes arrive until they are refused; return how many were counted in."""
    with suppress(Busy):
        for size in sizes:
            place.hold(size)
    return place.body_bytes


def crowd_of(caller, calls, gate, open_calls):
    """Let so many be at work for longer than one of a burst may wait."""
    for _ in range(calls):
        let_in(gate, caller, open_calls, working=True)
    gate.room._low_at = float("-inf")


def test_an_agent_that_is_alone_keeps_a_burst_at_work_for_as_long_as_it_likes():
    gate = admission(each_s=SLOW_S)
    with ExitStack() as open_calls:
        crowd_of(ONE, LEAST_AT_WORK - 1, gate, open_calls)
        let_in(gate, ONE, open_calls, working=True)
        with pytest.raises(Busy), gate.place_for(ONE):
            pass


def test_who_comes_beside_an_agent_that_keeps_all_places_is_let_in_and_then_both_have_shares():
    gate = admission(each_s=SLOW_S)
    with ExitStack() as open_calls:
        crowd_of(ONE, LEAST_AT_WORK - 1, gate, open_calls)
        let_in(gate, OTHER, open_calls, working=True)
        with pytest.raises(Busy), gate.place_for(ONE):
            pass


def test_one_key_alone_fills_half_of_what_may_be_held():
    with admission(body_bytes=1000).place_for(ONE) as place:
        assert hold(place, *[100] * 20) == 500


def test_a_key_that_holds_less_than_its_share_has_room_beside_a_crowd_of_another():
    gate = admission(body_bytes=1000)
    with gate.place_for(ONE) as crowd, gate.place_for(ONE) as more, gate.place_for(OTHER) as quiet:
        hold(crowd, 500)
        assert (hold(more, 1), hold(quiet, 250), hold(quiet, 1)) == (0, 250, 250)


def test_no_number_of_keys_holds_more_than_may_be_held():
    gate = admission(body_bytes=1000)
    with ExitStack() as open_calls:
        for number in range(50):
            hold(open_calls.enter_context(gate.place_for(Caller(f"key {number}", HERE))), *[10] * 50)
        assert 500 < gate.bodies.shares.held <= 1000


@pytest.mark.parametrize("end", [None, Busy("bodies_full", "Too many."), RuntimeError(), KeyboardInterrupt()], ids=repr)
def test_bytes_are_given_back_once_however_a_call_ends(end):
    gate = admission(body_bytes=1000)
    with gate.place_for(OTHER) as beside:
        beside.hold(100)
        with suppress(BaseException), gate.place_for(ONE) as place:
            place.hold(200)
            place.hold(100)
            if end is not None:
                raise end
        assert (gate.bodies.shares.held, gate.bodies.shares._of) == (100, {OTHER.key: 100})


def test_nothing_is_left_of_calls_that_ended():
    gate = admission(each_s=SLOW_S)
    with gate.place_for(ONE), gate.place_for(OTHER):
        pass
    left = (gate._under_way, gate._of_units, gate._at_work, gate.room.pace.under_way)
    assert left == ({}, {}, {}, 0)
