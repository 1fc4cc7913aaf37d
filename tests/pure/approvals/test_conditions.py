"""Conditions are refused when they are written if they can be; what they cannot know is an error, never a "no"."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.approvals.conditions import Stated, parse_condition
from governance.approvals.facts import FACTS, ORDERS, example_facts, wrong_facts
from governance.core.errors import Invalid
from governance.initiatives.rules import AiActClass, Tier


def holds(expression, **changed):
    return parse_condition(expression, "when").holds(Stated(example_facts() | changed))


@pytest.mark.parametrize(
    ("expression", "changed", "answer"),
    [
        pytest.param('classification.at_least("confidential")', {}, True, id="at_least holds at its bound"),
        pytest.param('classification.at_least("restricted")', {}, False, id="and fails below it"),
        pytest.param('ai_act_class.at_least("high")', {"ai_act_class": "high"}, True, id="each word in its own order"),
        pytest.param('"public_api" in hostings', {"hostings": ["public_api"]}, True, id="a word in a list"),
        pytest.param('tier in ["low", "medium"]', {}, True, id="one of several words"),
        pytest.param("datasets.exists(d, d.crown_jewel)", {}, False, id="a field of each dataset"),
        pytest.param('datasets.exists(d, d.personal_data.exists(k, k == "health"))', {}, True, id="a list in an entry"),
        pytest.param("destinations.all(d, d.retention_days <= 30)", {}, True, id="a number of a destination"),
        pytest.param("cost > 5.0 && !contest_open", {}, True, id="a price and a truth"),
        pytest.param("size(datasets) == 0", {"datasets": []}, True, id="how many there are"),
        pytest.param('"claims" in unit_refs', {}, True, id="the unit and all above it"),
    ],
)
def test_a_condition_answers(expression, changed, answer):
    assert holds(expression, **changed) is answer


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        pytest.param('teir == "high"', "character 1: there is no fact teir; did you mean tier?", id="no such fact"),
        pytest.param("cost > 3", "character 6: > does not fit", id="a whole number beside a price"),
        pytest.param("tier && true", "does not fit", id="a text as a truth"),
        pytest.param("classification", "must be true or false", id="no question"),
        pytest.param(
            'tier ==\n  "high" && foo', "line 2, character 13: there is no fact foo", id="the line of a fault"
        ),
        pytest.param(
            "datasets.exists(d, d.clasification == 'x')", "character 22: datasets have no field", id="no field"
        ),
        pytest.param(
            "datasets.exists(d, d.classification == 3)", "character 37: == does not fit", id="type of a field"
        ),
        pytest.param("datasets.exists(d, d == 1)", "say which field of d", id="an entry as a value"),
        pytest.param('datasets[0].ref == "x"', "go through datasets", id="the first of a list without order"),
        pytest.param(
            "datasets.filter(d, d.synthetic).exists(e, e.ref == '')", "by its own name", id="a list of a list"
        ),
        pytest.param("datasets.exists(d, destinations.exists(d, true))", "is taken", id="one name for two loops"),
        pytest.param('tier == "hgh"', 'character 9: no such word: "hgh"', id="a word no fact has"),
        pytest.param('classification.at_least("secret")', "no such word", id="a bound outside the order"),
        pytest.param('"cloud" in hostings', "no such word", id="a word no list has"),
        pytest.param("1 +", "ends too early", id="half a condition"),
        pytest.param("(" * 900, "too large or nested", id="nested deeply"),
        pytest.param("x" * 2001, "longer than 2000", id="longer than a condition is"),
        pytest.param("é", "token recognition", id="a letter CEL does not know"),
    ],
)
def test_what_is_wrong_is_said_when_it_is_written(expression, said):
    with pytest.raises(Invalid) as refused:
        parse_condition(expression, "stages[0].when[0].if")
    assert said in refused.value.reason
    assert refused.value.field == "stages[0].when[0].if"


@pytest.mark.parametrize(
    ("expression", "left_out", "named"),
    [
        pytest.param('tier == "low"', "tier", "tier", id="a fact nobody stated"),
        pytest.param('false && tier == "low"', "tier", "tier", id="also where CEL would not look"),
        pytest.param("contest_open || cost > 1.0", "cost", "cost", id="on either side of an or"),
    ],
)
def test_a_fact_that_is_not_stated_is_named_and_never_read_as_no(expression, left_out, named):
    stated = {name: value for name, value in example_facts().items() if name != left_out}
    with pytest.raises(Invalid) as refused:
        parse_condition(expression, "when").holds(Stated(stated))
    assert (refused.value.code, refused.value.field) == ("fact_missing", named)


def test_a_field_that_one_entry_does_not_state_is_named():
    priceless = {**example_facts()["destinations"][0]}
    del priceless["price"]
    with pytest.raises(Invalid) as refused:
        holds("destinations.exists(d, d.price > 1.0)", destinations=[priceless])
    assert refused.value.field == "destinations.price"


@pytest.mark.parametrize(
    ("expression", "changed"),
    [
        pytest.param(
            'classification.at_least("internal")', {"classification": "secret"}, id="a word outside the order"
        ),
        pytest.param('tier == "low"', {"tier": 3}, id="a fact of another type"),
        pytest.param("1 / size(datasets) == 1", {"datasets": []}, id="a division by nothing"),
    ],
)
def test_what_cannot_be_answered_is_an_error(expression, changed):
    with pytest.raises(Invalid) as refused:
        holds(expression, **changed)
    assert refused.value.code == "condition_failed"


@given(st.text(max_size=80) | st.text(alphabet="datse.xi()[]{}\"'&|=<>!,0 1\n", max_size=80))
def test_no_text_makes_the_reader_of_conditions_fall_over(expression):
    with contextlib.suppress(Invalid):
        parse_condition(expression, "when")


def test_the_words_of_the_facts_are_those_of_the_product():
    assert ORDERS[1:] == (tuple(Tier), tuple(AiActClass))
    assert FACTS["tier"].words == tuple(Tier)


def test_the_examples_are_of_their_types_and_wrong_ones_are_told():
    assert wrong_facts(example_facts()) == []
    wrong = {"tier": 3, "datasets": [{"crown_jewel": "yes", "colour": "red"}], "cost": True, "shape": 1}
    assert wrong_facts(wrong) == [
        "tier must be: text.",
        "datasets[0].crown_jewel must be: true or false.",
        "datasets[0].colour is no fact.",
        "cost must be: number with decimals.",
        "shape is no fact.",
    ]
