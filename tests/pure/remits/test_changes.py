"""What differs between two versions, and what of it is material."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from governance.core.vocabulary import Mode, Purpose, Technique
from governance.detection.ways import Way
from governance.initiatives.rules import AiActClass, Tier
from governance.remits.body import Conditions, parse_conditions
from governance.remits.changes import classification_rows, conditions_in_words, material_diff
from governance.remits.promise import Promise
from governance.remits.rules import is_looser, strictest
from remit_bodies import BODIES, CONDITIONS, TODAY, TWO, body, grant

DEMANDING = Conditions(("PERSON",), 100, way=Way.PLACEHOLDER)
SOON, LATER = TODAY + timedelta(days=5), TODAY + timedelta(days=50)


@pytest.mark.parametrize(
    ("after", "material"),
    [
        pytest.param(body(grant(), grant(dataset="letters")), True, id="another dataset"),
        pytest.param(body(grant(purpose=Purpose.ANALYSE)), True, id="another purpose"),
        pytest.param(body(grant(mode=Mode.EVALUATE)), True, id="another mode"),
        pytest.param(body(grant(destination="public")), True, id="another destination"),
        pytest.param(body(grant(terms=TWO)), True, id="other terms"),
        pytest.param(body(grant(ends=LATER)), True, id="a grant ends later"),
        pytest.param(body(grant(ends=SOON)), False, id="a grant ends earlier"),
        pytest.param(body(ends=TODAY + timedelta(days=90)), True, id="the remit ends later"),
        pytest.param(body(grant(conditions=Conditions((), 100))), True, id="a type is replaced no more"),
        pytest.param(body(grant(conditions=Conditions(("PERSON", "IBAN_CODE"), 50))), False, id="stricter conditions"),
        pytest.param(body(grant(conditions=Conditions(("PERSON",), 101))), True, id="more calls"),
        pytest.param(body(grant(conditions=DEMANDING)), False, id="a way demanded, where none was"),
        pytest.param(body(technique=Technique.RETRIEVAL), True, id="another technique"),
        pytest.param(body(tier=Tier.HIGH), True, id="another tier"),
        pytest.param(body(ai_act_class=AiActClass.LIMITED), True, id="another class"),
        pytest.param(body(purpose_text="Score applicants."), True, id="another purpose in words"),
        pytest.param(body(purpose_text="draft replies, to letters"), False, id="the same words, other commas"),
        pytest.param(body(human_oversight="Nobody looks."), True, id="other oversight"),
        pytest.param(body(title="Mail assistant"), False, id="a new title"),
        pytest.param(body(oversight=Promise(50)), False, id="figures of oversight, where none were promised"),
    ],
)
def test_what_is_material(after, material):
    rows = material_diff(body(), after)
    assert rows
    assert any(row.material for row in rows) is material


@pytest.mark.parametrize(
    ("way", "material"), [(None, True), (Way.STAND_IN, True), (Way.PLACEHOLDER, False), (Way.HASH, False)]
)
def test_a_way_that_tells_more_is_material_and_said_in_words(way, material):
    before, after = body(grant(conditions=DEMANDING)), body(grant(conditions=replace(DEMANDING, way=way)))
    assert any(row.material for row in material_diff(before, after)) is material
    assert "values replaced only by a placeholder, or a hash" in conditions_in_words(DEMANDING)


def test_a_body_without_a_way_is_written_as_before_there_were_any():
    written = body().to_json()["grants"][0]["conditions"]
    assert set(written) == {"redact", "calls_per_day", "ruleset"}
    assert parse_conditions({**written, "way": "hash"}, "conditions").way is Way.HASH


PROMISE = Promise(50, 10, "clerks", verified_only=True)


@pytest.mark.parametrize(
    ("promised", "material"),
    [
        pytest.param(None, True, id="none any more"),
        pytest.param(replace(PROMISE, share=49), True, id="fewer answers"),
        pytest.param(replace(PROMISE, least_seconds=9), True, id="less time"),
        pytest.param(replace(PROMISE, reviewers="interns"), True, id="other people"),
        pytest.param(replace(PROMISE, verified_only=False), True, id="people nobody vouches for"),
        pytest.param(replace(PROMISE, share=100, least_seconds=20), False, id="more of both"),
    ],
)
def test_promising_less_oversight_is_material(promised, material):
    (row,) = material_diff(body(oversight=PROMISE), body(oversight=promised))
    assert (row.field, row.material) == ("Oversight in figures", material)


def test_a_grant_left_out_is_shown_and_not_material():
    rows = material_diff(body(grant(), grant(dataset="letters")), body())
    assert [(row.before != "", row.after, row.material) for row in rows] == [(True, "", False)]


def test_the_first_version_is_all_new():
    assert all(row.material and row.before == "" for row in material_diff(None, body()))


def test_rows_name_what_refs_stand_for():
    (row,) = material_diff(body(), body(grant(ends=LATER)), {"handbook": "Product handbook", "tenant": "Our model"})
    assert row.field == "Product handbook to Our model, prompt, summarise"
    assert (row.before, row.after) == (
        "until 2026-04-01; name of a person replaced, at most 100 calls a day",
        "until 2026-04-21; name of a person replaced, at most 100 calls a day",
    )


@given(BODIES)
def test_a_version_does_not_differ_from_itself(same):
    assert material_diff(same, same) == []


@given(BODIES, BODIES)
def test_without_a_material_row_nothing_more_is_let_through(before, after):
    if any(row.material for row in material_diff(before, after)):
        return
    held = {each.key: each for each in before.grants}
    for each in after.grants:
        assert each.key in held
        assert each.ends <= held[each.key].ends
        assert not is_looser(held[each.key].conditions, each.conditions)


@given(BODIES)
def test_the_order_of_grants_changes_nothing(asked):
    turned = replace(asked, grants=tuple(reversed(asked.grants)))
    assert material_diff(asked, turned) == []
    assert asked.to_json() == turned.to_json()


@given(CONDITIONS, CONDITIONS)
def test_the_strictest_of_two_is_looser_than_neither(one, other):
    both = strictest([one, other])
    assert not is_looser(one, both)
    assert not is_looser(other, both)


@pytest.mark.parametrize(
    ("before", "after", "material"),
    [("internal", "confidential", [True]), ("confidential", "internal", [False]), ("internal", "internal", [])],
)
def test_a_classification_that_rises_is_material(before, after, material):
    rows = classification_rows({"letters": before}, {"letters": after}, {})
    assert [row.material for row in rows] == material
