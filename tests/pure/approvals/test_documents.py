"""A workflow document is read strictly: every fault is found when it is saved, by line and field."""

import contextlib
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.approvals.definitions import check_text, parse_definition
from governance.approvals.document import read_document
from governance.approvals.shipped import shipped_definition, shipped_source
from governance.core.errors import Invalid

DOCUMENT = shipped_definition()
SEAT = {"role": "it_approver", "label": "IT"}


def changed(path, value):
    document = deepcopy(DOCUMENT)
    *steps, last = path
    place = document
    for step in steps:
        place = place[step]
    place[last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        pytest.param(("stages", 0, "quorom"), "any", "stages[0].quorom", id="a misspelt key"),
        pytest.param(("stages", 0, "position"), 1, "stages[0].position", id="a position, where stages say after"),
        pytest.param(("stages", 0, "quorum"), "most", "stages[0].quorum", id="an unknown quorum"),
        pytest.param(("stages", 0, "sla_hours"), "1", "stages[0].sla_hours", id="a number as text"),
        pytest.param(("stages", 0, "sla_hours"), True, "stages[0].sla_hours", id="a truth as number"),
        pytest.param(("stages", 1, "slots"), [], "stages[1].slots", id="a stage that asks nobody"),
        pytest.param(("stages",), [], "stages", id="no stage"),
        pytest.param(("denials", 0, "code"), "", "denials[0].code", id="a denial without a code"),
        pytest.param(("denials", 0, "if"), "teir == 1", "denials[0].if", id="a condition on no fact"),
        pytest.param(("stages", 1, "name"), "Data stewards", "stages[1].name", id="two stages of one name"),
        pytest.param(("stages", 1, "after"), ["Board"], "stages[1].after[0]", id="after a stage that is not there"),
        pytest.param(("stages", 0, "after"), ["Security"], "stages[0].after", id="stages in a circle"),
        pytest.param(("stages", 0, "after"), ["Data stewards"], "stages[0].after", id="a stage after itself"),
        pytest.param(("stages", 1, "needed"), 2, "stages[1].quorum", id="needed without at_least"),
        pytest.param(("stages", 1, "blind"), True, "stages[1].blind", id="a blind review of one"),
        pytest.param(("stages", 1, "slots", 0, "role"), "king", "stages[1].slots[0].role", id="no such role"),
        pytest.param(("stages", 1, "slots", 0, "role"), "executive", "stages[1].slots[0].role", id="who cannot decide"),
        pytest.param(("stages", 1, "slots", 0, "people"), ["ana"], "stages[1].slots[0]", id="two relations at once"),
        pytest.param(("stages", 1, "slots", 0), {"label": "x"}, "stages[1].slots[0]", id="no relation"),
        pytest.param(("stages", 0, "slots", 0, "seats"), 2, "stages[0].slots[0].seats", id="two seats a steward"),
        pytest.param(
            ("stages", 0, "slots", 0, "label"), "of {tier}", "stages[0].slots[0].label", id="not of a steward"
        ),
        pytest.param(("stages", 1, "reason"), "It is {colour}.", "stages[1].reason", id="a sentence with no fact"),
        pytest.param(("attach",), [{"because": "x"}], "attach[0]", id="an attachment of nothing"),
        pytest.param(
            ("attach",), [{"because": "x", "redact": ["Names"]}], "attach[0].redact[0]", id="no type of finding"
        ),
    ],
)
def test_a_broken_workflow_names_its_fault(path, value, field):
    with pytest.raises(Invalid) as refused:
        parse_definition(changed(path, value))
    assert refused.value.field == field


def test_a_quorum_that_no_seats_can_give_is_refused():
    stage = {"name": "IT", "reason": "r", "quorum": "at_least", "needed": 3, "slots": [SEAT, SEAT]}
    with pytest.raises(Invalid, match="needs 3 approvals and has 2 seats"):
        parse_definition({"name": "default", "stages": [stage]})


def test_stages_in_a_circle_are_named():
    with pytest.raises(Invalid, match=r"Security waits for|waits for Security"):
        parse_definition(changed(("stages", 0, "after"), ["Security"]))


def test_every_fault_is_told_with_its_line():
    written = shipped_source().replace('== "prohibited"', '== "forbidden"').replace("[Data stewards, IT]", "[Board]")
    faults = check_text(written).faults
    lines = written.splitlines()
    assert [("forbidden" in lines[fault.line - 1], fault.field) for fault in faults[:1]] == [(True, "denials[0].if")]
    assert {lines[fault.line - 1].strip() for fault in faults[1:]} == {"after: [Board]"}


def test_the_digest_names_the_meaning_not_the_order_of_keys():
    assert parse_definition(dict(reversed(DOCUMENT.items()))).digest == parse_definition(DOCUMENT).digest


@pytest.mark.parametrize(
    ("written", "code"),
    [
        pytest.param("name: a\nname: b", "key_twice", id="a key said twice"),
        pytest.param("stages: [{when: {fact: a, fact: b}}]", "key_twice", id="a key said twice further in"),
        pytest.param("- a", "not_a_mapping", id="a list"),
        pytest.param("", "not_a_mapping", id="nothing"),
        pytest.param("{", "not_yaml", id="half a document"),
        pytest.param("a: 1\n---\nb: 2", "not_yaml", id="two documents"),
        pytest.param("a: !!python/object/apply:os.getcwd []", "not_yaml", id="a tag that would run code"),
        pytest.param("a: &x [1]\nb: [*x, *x]", "reference", id="a reference"),
        pytest.param("a: " + "[" * 99, "too_deep", id="nested deeply"),
        pytest.param("a: 1.5", "not_whole", id="a number with decimals"),
        pytest.param('a: "\\0"', "not_unicode", id="a character no text may hold"),
        pytest.param("? [a]\n: b", "key_not_a_word", id="a list as key"),
        pytest.param("a: b\n" * 10_000, "document_too_long", id="ten thousand lines"),
        pytest.param("a: " + "x" * 70_000, "document_too_long", id="one long line"),
    ],
)
def test_only_a_plain_mapping_is_a_document(written, code):
    with pytest.raises(Invalid) as refused:
        read_document(written)
    assert refused.value.code == code


def test_a_day_stays_the_text_that_was_written():
    assert read_document("a: 2026-03-01") == {"a": "2026-03-01"}


PIECES = st.sampled_from(
    ["name", "stages", ":", " ", "\n", "- ", "[", "]", "{", "}", '"', "'", "&a", "*a", "!!x", "|", "0"]
)


@given(st.text(max_size=60) | st.lists(PIECES, max_size=30).map("".join))
def test_no_text_makes_the_reader_of_documents_fall_over(written):
    checked = check_text(written)
    assert (checked.definition is None) == bool(checked.faults)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "if", "stages", "slots", "role"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from(["stages", "denials", "attach", "name"]), VALUES)
def test_no_value_in_a_document_makes_its_reader_fall_over(key, value):
    with contextlib.suppress(Invalid):
        parse_definition({**DOCUMENT, key: value})
