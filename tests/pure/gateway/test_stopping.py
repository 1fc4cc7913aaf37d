"""Whom a stop concerns, what it says, and who may lift it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from governance.core.errors import NotAllowed
from governance.gateway.stopping import (
    LIFT_ASK_LIFE,
    InForce,
    Sending,
    StopScope,
    StopState,
    may_ask_lift,
    may_confirm_lift,
    may_keep,
    require_unstopped,
    state_of,
    stop_on,
)

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANA, BEN, LEA, LETTERS, CLOUD, ELSE = (UUID(int=number) for number in range(1, 7))
SENT = Sending(person=LEA, initiative=LETTERS, destination=CLOUD)


def stop(scope, target, reason="A leak."):
    return InForce(UUID(int=99), scope, target, reason)


@pytest.mark.parametrize(
    ("scope", "target", "concerned"),
    [
        pytest.param(StopScope.EVERYTHING, None, True, id="everything concerns all"),
        pytest.param(StopScope.DESTINATION, CLOUD, True, id="where it goes"),
        pytest.param(StopScope.DESTINATION, ELSE, False, id="another destination"),
        pytest.param(StopScope.INITIATIVE, LETTERS, True, id="what it is for"),
        pytest.param(StopScope.INITIATIVE, CLOUD, False, id="another initiative"),
        pytest.param(StopScope.PERSON, LEA, True, id="who made the key"),
        pytest.param(StopScope.PERSON, ANA, False, id="another person"),
    ],
)
def test_a_stop_concerns_what_it_names(scope, target, concerned):
    assert stop(scope, target).concerns(SENT) is concerned


def test_of_several_stops_the_widest_is_told():
    narrow, wide = stop(StopScope.PERSON, LEA), stop(StopScope.DESTINATION, CLOUD)
    assert stop_on([narrow, stop(StopScope.INITIATIVE, ELSE), wide], SENT) is wide
    assert stop_on([stop(StopScope.PERSON, ANA)], SENT) is None


def test_a_refusal_names_the_stop_its_reason_and_the_remedy():
    with pytest.raises(NotAllowed) as refused:
        require_unstopped([stop(StopScope.INITIATIVE, LETTERS, "A leak.")], SENT)
    assert refused.value.code == "stopped"
    assert refused.value.reason == "This initiative sends nothing now. The reason given: A leak."
    assert "two people have to lift the stop" in refused.value.remedy


@pytest.mark.parametrize(
    ("asked_ago", "lifted", "drill", "expected"),
    [
        pytest.param(None, False, False, StopState.IN_FORCE, id="nobody asks"),
        pytest.param(timedelta(hours=1), False, False, StopState.LIFT_ASKED, id="somebody asks"),
        pytest.param(LIFT_ASK_LIFE, False, False, StopState.IN_FORCE, id="nobody confirmed within a day"),
        pytest.param(timedelta(hours=1), True, False, StopState.LIFTED, id="two people lifted it"),
        pytest.param(None, False, True, StopState.DRILL, id="a drill is never in force"),
    ],
)
def test_the_state_of_a_stop_follows_from_its_times(asked_ago, lifted, drill, expected):
    asked_at = None if asked_ago is None else AT - asked_ago
    assert state_of(drill=drill, lifted_at=AT if lifted else None, lift_asked_at=asked_at, at=AT) is expected


@pytest.mark.parametrize(
    ("rule", "state", "person", "code"),
    [
        pytest.param(may_ask_lift, StopState.IN_FORCE, ANA, None, id="one asks"),
        pytest.param(may_ask_lift, StopState.LIFT_ASKED, BEN, "lift_asked_already", id="two do not ask"),
        pytest.param(may_ask_lift, StopState.LIFTED, ANA, "lifted_already", id="what is lifted is over"),
        pytest.param(may_ask_lift, StopState.DRILL, ANA, "only_a_drill", id="a drill is not lifted"),
        pytest.param(may_ask_lift, StopState.IN_FORCE, LEA, "own_stop", id="the stopped person does not ask"),
        pytest.param(may_ask_lift, StopState.IN_FORCE, None, "not_a_person", id="no process asks"),
        pytest.param(may_confirm_lift, StopState.LIFT_ASKED, BEN, None, id="a second confirms"),
        pytest.param(may_confirm_lift, StopState.LIFT_ASKED, ANA, "own_request", id="the first does not"),
        pytest.param(may_confirm_lift, StopState.LIFT_ASKED, LEA, "own_stop", id="the stopped person does not confirm"),
        pytest.param(may_confirm_lift, StopState.IN_FORCE, BEN, "lift_not_asked", id="nothing to confirm"),
        pytest.param(may_confirm_lift, StopState.LIFTED, BEN, "lifted_already", id="it is lifted once"),
        pytest.param(may_keep, StopState.LIFT_ASKED, ANA, None, id="the first takes it back"),
        pytest.param(may_keep, StopState.IN_FORCE, BEN, "lift_not_asked", id="nothing to set aside"),
        pytest.param(may_keep, StopState.LIFT_ASKED, LEA, "own_stop", id="the stopped person sets nothing aside"),
    ],
)
def test_who_may_lift(rule, state, person, code):
    asked = {"asked_by": ANA} if rule is may_confirm_lift else {}
    verdict = rule(state, stopped=LEA, person=person, **asked)
    assert getattr(verdict, "code", None) == code
