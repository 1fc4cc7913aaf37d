"""What was promised against what was done: small numbers say nothing, and chance is not held against anybody."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.gateway.oversight import (
    OPEN_SHORTFALL,
    SHORTFALL_MOVES,
    Habit,
    ShortfallState,
    Standing,
    Tally,
    flags_of,
    judge,
    lower_bound,
    may_lift,
    upper_bound,
)
from governance.remits.promise import Promise

ANA, BEN, LEA = UUID(int=1), UUID(int=2), UUID(int=3)
HALF = Promise(50, 10)


@pytest.mark.parametrize(
    ("promise", "tally", "standing"),
    [
        pytest.param(None, Tally(900), Standing.UNPROMISED, id="nothing was promised"),
        pytest.param(HALF, Tally(49), Standing.TOO_FEW, id="49 answers settle nothing"),
        pytest.param(HALF, Tally(50), Standing.SHORT, id="50 answers, none looked at"),
        pytest.param(HALF, Tally(50, looked=20), Standing.KEPT, id="a little below, which chance explains"),
        pytest.param(
            HALF, Tally(5000, looked=2000), Standing.SHORT, id="the same share, which chance does not explain"
        ),
        pytest.param(HALF, Tally(100, looked=60, quick=5), Standing.KEPT, id="a few looks are quick"),
        pytest.param(HALF, Tally(100, looked=60, quick=30), Standing.SHORT, id="half the looks are quick"),
        pytest.param(
            Promise(10, 10), Tally(100, looked=19, quick=19), Standing.KEPT, id="19 quick looks settle nothing"
        ),
        pytest.param(Promise(100), Tally(200, looked=199), Standing.SHORT, id="every answer means every answer"),
        pytest.param(Promise(100), Tally(200, looked=200), Standing.KEPT, id="every answer"),
    ],
)
def test_how_an_initiative_stands(promise, tally, standing):
    judged = judge(promise, tally)
    assert (judged.standing, bool(judged.sentences)) == (standing, standing is Standing.SHORT)


def test_a_shortfall_is_told_with_its_counts():
    assert judge(HALF, Tally(200, looked=40)).sentences == (
        "40 of 200 answers (20 %) were looked at; 50 % was promised.",
    )


HABIT = Habit(
    "Ana", verified=True, looks=60, accepted=50, edited=8, rejected=2, half=20.0, readable=40, unread=5, pace=3
)


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        pytest.param({}, [], id="somebody who looks"),
        pytest.param({"accepted": 60, "edited": 0, "rejected": 0}, ["all_accepted"], id="everything is accepted"),
        pytest.param({"looks": 49, "accepted": 49, "edited": 0, "rejected": 0}, [], id="49 of 49 say nothing"),
        pytest.param({"unread": 11}, ["unread"], id="faster than anybody reads"),
        pytest.param({"readable": 19, "unread": 19}, [], id="19 longer answers say nothing"),
        pytest.param({"pace": 15}, ["burst"], id="fifteen within a minute"),
    ],
)
def test_what_looks_like_stamping(changed, rules):
    assert [flag.rule for _, flag in flags_of([replace(HABIT, **changed)])] == rules


@given(st.integers(1, 5000), st.data())
def test_bounds_hold_what_was_seen(whole, data):
    part = data.draw(st.integers(0, whole))
    assert 0 <= lower_bound(part, whole) <= part / whole <= upper_bound(part, whole) <= 1


@pytest.mark.parametrize(
    ("person", "code"),
    [
        pytest.param(ANA, "own_promise", id="whoever promised it"),
        pytest.param(BEN, "own_promise", id="whoever builds it"),
        pytest.param(LEA, None, id="somebody else"),
    ],
)
def test_who_may_let_it_go_on(person, code):
    assert getattr(may_lift(person, frozenset({BEN}), ANA), "code", None) == code


def test_what_is_closed_stays_closed():
    assert set(SHORTFALL_MOVES) == OPEN_SHORTFALL
    assert set(ShortfallState) > OPEN_SHORTFALL
