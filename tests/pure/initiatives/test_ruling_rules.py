"""What a ruling may say: always exactly one accountable unit for everything."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.initiatives.rules import (
    Involvement,
    Outcome,
    Part,
    Plan,
    RulingFacts,
    Share,
    TransferState,
    may_date,
    may_plan,
    may_reason,
    owners_after,
)
from governance.initiatives.rules.transfers import TRANSFER_MOVES, may_answer, may_offer

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
ONE, TWO, OTHER, ITSELF = (UUID(int=number) for number in (1, 2, 3, 9))
FACTS = RulingFacts(frozenset({ONE, TWO}), is_capability=False, itself=ITSELF, today=TODAY)
PART = Part("Portal replies", "Answer in the portal.", TWO, ("d1",))
CONSULTED = Share(TWO, Involvement.CONSULTED)


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        pytest.param(Plan(Outcome.AWARD, ONE), None, id="one unit gets it"),
        pytest.param(Plan(Outcome.AWARD, OTHER), "not_a_side", id="which claimed it"),
        pytest.param(Plan(Outcome.AWARD), "not_a_side", id="and is named"),
        pytest.param(Plan(Outcome.SPLIT, ONE, (PART,)), None, id="parts with units of their own"),
        pytest.param(Plan(Outcome.SPLIT, ONE), "no_parts", id="a split has parts"),
        pytest.param(Plan(Outcome.SPLIT, None, (PART,)), "not_a_side", id="the rest has an owner too"),
        pytest.param(Plan(Outcome.SPLIT, ONE, (replace(PART, unit=OTHER),)), "not_a_side", id="parts go to sides"),
        pytest.param(Plan(Outcome.SPLIT, ONE, (replace(PART, title=" "),)), "bad_title", id="parts have titles"),
        pytest.param(Plan(Outcome.SPLIT, ONE, (replace(PART, purpose_text=""),)), "no_purpose", id="and purposes"),
        pytest.param(Plan(Outcome.SPLIT, ONE, (PART, PART)), "dataset_twice", id="a right goes to one part"),
        pytest.param(Plan(Outcome.SPLIT, ONE, (replace(PART, datasets=()),) * 11), "no_parts", id="not eleven parts"),
        pytest.param(Plan(Outcome.MERGE, into=OTHER), None, id="into another initiative"),
        pytest.param(Plan(Outcome.MERGE, into=ITSELF), "no_target", id="not into itself"),
        pytest.param(Plan(Outcome.MERGE), "no_target", id="not into nothing"),
        pytest.param(Plan(Outcome.SHARE, ONE, shares=(CONSULTED,)), None, id="one accountable, others with parts"),
        pytest.param(Plan(Outcome.SHARE, ONE), "no_shares", id="sharing takes two"),
        pytest.param(Plan(Outcome.SHARE, TWO, shares=(CONSULTED,)), "unit_twice", id="one part for each unit"),
        pytest.param(Plan(Outcome.SHARE, ONE, shares=(CONSULTED,) * 2), "unit_twice", id="and no unit twice"),
        pytest.param(Plan(Outcome.CONFIRM, ONE), "not_for_people", id="silence is not chosen"),
    ],
)
def test_may_plan(plan, code):
    assert getattr(may_plan(plan, FACTS), "code", None) == code


@pytest.mark.parametrize("outcome", [Outcome.SPLIT, Outcome.MERGE])
def test_a_capability_is_neither_split_nor_merged(outcome):
    plan = Plan(outcome, ONE, (PART,), into=OTHER)
    assert may_plan(plan, replace(FACTS, is_capability=True)).code == "not_for_capability"


@pytest.mark.parametrize(
    ("effective", "review", "code"),
    [
        pytest.param(0, 180, None, id="today, looked at again in half a year"),
        pytest.param(-1, 180, "bad_effective_date", id="nothing takes effect in the past"),
        pytest.param(366, 400, "bad_effective_date", id="nor after a year"),
        pytest.param(10, 10, "bad_review_date", id="the review comes later"),
        pytest.param(0, 731, "bad_review_date", id="but not years later"),
    ],
)
def test_may_date(effective, review, code):
    assert getattr(may_date(TODAY + effective * DAY, TODAY + review * DAY, TODAY), "code", None) == code


@pytest.mark.parametrize("reasons", ["", " ", "x" * 8001])
def test_a_ruling_gives_reasons(reasons):
    assert may_reason(reasons).code == "no_reasons"


@pytest.mark.parametrize(
    ("plan", "owners"),
    [
        pytest.param(Plan(Outcome.AWARD, ONE), {ONE}, id="who gets it"),
        pytest.param(Plan(Outcome.SPLIT, ONE, (PART,)), {ONE, TWO}, id="who gets a part"),
        pytest.param(Plan(Outcome.MERGE, into=OTHER), {OTHER}, id="who owns what it joins"),
        pytest.param(Plan(Outcome.SHARE, ONE, shares=(CONSULTED,)), {ONE}, id="not who is merely consulted"),
    ],
)
def test_owners_after(plan, owners):
    assert owners_after(plan, target=plan.into) == owners


UNITS = st.uuids(version=4)
PLANS = st.builds(
    Plan,
    outcome=st.sampled_from(Outcome),
    unit=st.none() | UNITS,
    parts=st.lists(st.builds(Part, st.text(), st.text(), UNITS, st.lists(st.text()).map(tuple)), max_size=3).map(tuple),
    into=st.none() | UNITS,
    shares=st.lists(st.builds(Share, UNITS, st.sampled_from(Involvement)), max_size=3).map(tuple),
)


@given(PLANS)
def test_a_plan_is_kept_whole(plan):
    assert Plan.of_json(plan.to_json()) == plan


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({}, None, id="an owner that wants to give it away"),
        pytest.param({"ended": True}, "ended", id="not what has ended"),
        pytest.param({"contested": True}, "contested", id="not past an arbiter"),
        pytest.param({"same_unit": True}, "same_unit", id="not to itself"),
        pytest.param({"offered_already": True}, "offered_already", id="not to two at once"),
    ],
)
def test_may_offer(change, code):
    facts = {"ended": False, "contested": False, "same_unit": False, "offered_already": False}
    assert getattr(may_offer(**facts | change), "code", None) == code


@pytest.mark.parametrize("state", TransferState)
def test_an_offer_is_answered_once(state):
    assert bool(TRANSFER_MOVES[state]) == (state == "offered")


def test_whoever_made_the_offer_does_not_accept_it():
    at = datetime(2026, 3, 2, tzinfo=UTC)
    facts = {"expires_at": at + DAY, "at": at, "contested": False, "offered_by": ONE}
    assert may_answer(TransferState.OFFERED, person=ONE, **facts).code == "own_offer"
    assert may_answer(TransferState.OFFERED, person=TWO, **facts)
    assert may_answer(TransferState.OFFERED, person=TWO, **facts | {"expires_at": at}).code == "not_open"
