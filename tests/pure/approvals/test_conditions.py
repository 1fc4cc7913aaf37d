"""Conditions say whether they hold and why; what they cannot know is an error, never a "no"."""

import pytest

from governance.approvals.conditions import parse_condition
from governance.approvals.document import read_document
from governance.core.errors import Invalid

ORDERS = {"classification": ("public", "internal", "confidential", "restricted")}
FACTS = {"classification": "confidential", "hostings": ["public_api"], "datasets": []}


def leaf(**extra):
    return {"fact": "classification", "at_least": "confidential", "because": "high", "otherwise": "low", **extra}


@pytest.mark.parametrize(
    ("document", "holds", "reasons"),
    [
        pytest.param(leaf(), True, ("high",), id="at_least holds at the bound"),
        pytest.param(leaf(at_least="restricted"), False, ("low",), id="at_least fails below it"),
        pytest.param({"fact": "hostings", "contains": "public_api"}, True, (), id="contains looks inside a list"),
        pytest.param({"fact": "datasets", "not_empty": True}, False, (), id="an empty list is empty"),
        pytest.param({"fact": "classification", "in": ["public", "internal"]}, False, (), id="in looks the other way"),
        pytest.param({"any": [leaf(), leaf(at_least="restricted")]}, True, ("high",), id="any needs one"),
        pytest.param({"all": [leaf(), leaf(at_least="restricted")]}, False, ("low",), id="all needs each"),
    ],
)
def test_a_condition_answers_with_its_reasons(document, holds, reasons):
    answer = parse_condition(document, "when").ask(FACTS, ORDERS)
    assert (answer.holds, answer.reasons) == (holds, reasons)


@pytest.mark.parametrize(
    ("document", "facts", "code"),
    [
        pytest.param(leaf(), {}, "fact_missing", id="a fact nobody stated"),
        pytest.param(leaf(), {"classification": "secret"}, "fact_unordered", id="a value outside the order"),
        pytest.param(leaf(at_least="secret"), FACTS, "fact_unordered", id="a bound outside the order"),
    ],
)
def test_what_cannot_be_known_is_an_error(document, facts, code):
    with pytest.raises(Invalid) as refused:
        parse_condition(document, "when").ask(facts, ORDERS)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param(leaf(atleast="x"), "unknown_key", id="a misspelt comparison"),
        pytest.param(leaf(**{"is": "public"}), "comparison_unclear", id="two comparisons at once"),
        pytest.param({"fact": "x"}, "comparison_unclear", id="no comparison"),
        pytest.param({"all": []}, "condition_empty", id="all of nothing would always hold"),
        pytest.param({"any": [leaf()], "all": [leaf()]}, "unknown_key", id="all and any side by side"),
        pytest.param("always", "not_a_mapping", id="a word"),
    ],
)
def test_a_document_is_read_strictly(document, code):
    with pytest.raises(Invalid) as refused:
        parse_condition(document, "when")
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        pytest.param("name: a\nname: b", "key_twice", id="a key said twice"),
        pytest.param("- a", "not_a_mapping", id="a list"),
        pytest.param("{", "not_yaml", id="half a document"),
        pytest.param("a: !!python/object/apply:os.getcwd []", "not_yaml", id="a tag that would run code"),
        pytest.param("stages: [{when: {fact: a, fact: b}}]", "key_twice", id="a key said twice further in"),
    ],
)
def test_only_a_plain_mapping_is_a_document(written, code):
    with pytest.raises(Invalid) as refused:
        read_document(written)
    assert refused.value.code == code
