"""States and codes of initiatives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.initiatives.rules import (
    MOVES,
    RESERVED_CODES,
    AiActClass,
    InitiativeState,
    Tier,
    free_code,
    may_describe,
    may_edit,
    may_move,
)

ALLOWED = {
    ("idea", "proposed"),
    ("idea", "rejected"),
    ("proposed", "active"),
    ("proposed", "rejected"),
    ("active", "suspended"),
    ("active", "retired"),
    ("suspended", "active"),
    ("suspended", "retired"),
}


def code_of(verdict):
    return getattr(verdict, "code", None)


@pytest.mark.parametrize("state", InitiativeState)
@pytest.mark.parametrize("to", InitiativeState)
def test_an_initiative_moves_only_along_its_diagram(state, to):
    assert bool(may_move(state, to)) == ((state, to) in ALLOWED)


def test_every_state_has_its_moves():
    assert set(MOVES) == set(InitiativeState)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({}, None, id="a title, a purpose, a tier and a class are enough"),
        pytest.param({"title": " "}, "bad_title", id="a title says something"),
        pytest.param({"title": "x" * 201}, "bad_title", id="a title is short"),
        pytest.param({"purpose_text": ""}, "no_purpose", id="a purpose is stated"),
        pytest.param({"tier": "enormous"}, "unknown_tier", id="tiers come from a list"),
        pytest.param({"ai_act_class": "none"}, "unknown_ai_act_class", id="classes come from a list"),
        pytest.param({"ai_act_class": AiActClass.PROHIBITED}, "prohibited", id="what the law forbids is no initiative"),
        pytest.param({"ai_act_class": AiActClass.HIGH}, "tier_too_low", id="high risk in law is high risk here"),
        pytest.param({"ai_act_class": AiActClass.HIGH, "tier": Tier.HIGH}, None, id="and the high tier will do"),
    ],
)
def test_may_describe(change, code):
    facts = {
        "title": "Summaries",
        "purpose_text": "Shorten calls.",
        "tier": Tier.LOW,
        "ai_act_class": AiActClass.MINIMAL,
    }
    assert code_of(may_describe(**(facts | change))) == code


@pytest.mark.parametrize("state", InitiativeState)
def test_the_record_of_what_ended_stays(state):
    assert bool(may_edit(state)) == (state not in {"retired", "rejected"})


@pytest.mark.parametrize(
    ("stem", "taken", "code"),
    [
        pytest.param("summaries", [], "summaries", id="the first one has the bare name"),
        pytest.param("summaries", ["summaries"], "summaries-2", id="the second one a number"),
        pytest.param("summaries", ["summaries", "summaries-3"], "summaries-2", id="a gap is filled"),
        pytest.param("new", [], "new-2", id="an address of a page is no code"),
    ],
)
def test_free_code(stem, taken, code):
    assert free_code(stem, taken) == code


@given(st.sets(st.sampled_from(["a", "a-2", "a-3", "a-4", "new", "new-2"])), st.sampled_from(["a", "new"]))
def test_a_free_code_is_free(taken, stem):
    code = free_code(stem, taken)
    assert code not in taken | RESERVED_CODES
    assert code.startswith(stem)
