"""What a pattern covers, and that it never covers more."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.core.errors import Invalid
from governance.core.vocabulary import Classification, Mode, Purpose, Technique
from governance.detection.ways import Way
from governance.initiatives.rules import AiActClass, Tier
from governance.remits.body import Conditions
from governance.remits.patterns import parse_pattern, sandbox_body
from governance.remits.rules import covers, is_looser, may_use_pattern, outside_field
from remit_bodies import BODIES, ONE, PATTERNS, TODAY, TWO, WORLD, body, grant, pattern

STRICT = Conditions(("PERSON", "IBAN_CODE"), 10, "strict")


@pytest.mark.parametrize(
    ("bounds", "asked", "field"),
    [
        pytest.param(pattern(), body(), None, id="wholly inside"),
        pytest.param(pattern(), body(grant(conditions=STRICT)), None, id="stricter conditions are inside"),
        pytest.param(pattern(), body(tier=Tier.MEDIUM), "tier", id="never above the tier"),
        pytest.param(pattern(), body(ai_act_class=AiActClass.LIMITED), "ai_act_class", id="never above the class"),
        pytest.param(pattern(units=("retail",)), body(), "unit", id="another unit"),
        pytest.param(pattern(units=("group",)), body(), None, id="a unit below the pattern's"),
        pytest.param(pattern(), body(purpose=Purpose.TRANSLATE), "purpose", id="another purpose"),
        pytest.param(pattern(), body(technique=Technique.RETRIEVAL), "technique", id="another technique"),
        pytest.param(pattern(), body(ends=TODAY + timedelta(days=90)), "ends", id="one day too long"),
        pytest.param(pattern(), body(ends=TODAY + timedelta(days=89)), None, id="the last day"),
        pytest.param(pattern(), body(grant(dataset="letters")), "dataset", id="a dataset it does not name"),
        pytest.param(
            pattern(datasets=("letters",)), body(grant(dataset="letters")), "classification", id="too high a class"
        ),
        pytest.param(pattern(), body(grant(dataset="samples")), None, id="synthetic data counts as public"),
        pytest.param(
            pattern(synthetic=False), body(grant(dataset="samples")), "classification", id="unless the pattern says not"
        ),
        pytest.param(pattern(), body(grant(purpose=Purpose.ANALYSE)), "grant_purpose", id="a grant's other purpose"),
        pytest.param(pattern(), body(grant(mode=Mode.EVALUATE)), "mode", id="another mode"),
        pytest.param(pattern(), body(grant(destination="public")), "destination", id="another destination"),
        pytest.param(pattern(), body(grant(terms=TWO)), "destination", id="other terms"),
        pytest.param(pattern(), body(grant(conditions=Conditions((), 10))), "conditions", id="fewer types replaced"),
        pytest.param(
            pattern(), body(grant(conditions=Conditions(("PERSON",), None))), "conditions", id="no limit on calls"
        ),
        pytest.param(
            pattern(ruleset="strict"), body(), "conditions", id="the standard rules where the strict ones are asked"
        ),
        pytest.param(
            pattern(), body(grant(ends=TODAY + timedelta(days=400)), ends=TODAY), "grant_ends", id="a grant too long"
        ),
        pytest.param(pattern(), body(grant(), grant(mode=Mode.EVALUATE)), "mode", id="one grant of two outside"),
    ],
)
def test_covers_names_the_field_outside(bounds, asked, field):
    assert outside_field(covers(bounds, asked, WORLD)) == field


@settings(max_examples=300)
@given(PATTERNS, BODIES)
def test_a_pattern_never_covers_more_than_its_bounds(bounds, asked):
    if not covers(bounds, asked, WORLD):
        return
    assert list(Tier).index(asked.tier) <= list(Tier).index(bounds.tier)
    assert asked.ai_act_class not in {AiActClass.HIGH, AiActClass.PROHIBITED}
    for each in asked.grants:
        assert (each.destination, each.terms) in bounds.destinations
        assert not is_looser(bounds.promised, each.conditions)
        assert not bounds.datasets or each.dataset in bounds.datasets


@given(BODIES, st.sampled_from(Tier))
def test_raising_only_the_tier_above_the_pattern_is_always_outside(asked, tier):
    bounds = pattern(tier=tier)
    for higher in list(Tier)[list(Tier).index(tier) + 1 :]:
        assert outside_field(covers(bounds, replace(asked, tier=higher), WORLD)) == "tier"


def test_bounds_that_ask_for_no_way_are_written_as_before_it_could_be_asked():
    assert "way" not in pattern().to_json()
    assert pattern(way=Way.HASH).to_json()["way"] == "hash"


def test_nobodys_own_pattern_decides_their_request():
    ana, ben = UUID(int=1), UUID(int=2)
    assert not may_use_pattern(ana, frozenset({ana, ben}))
    assert may_use_pattern(UUID(int=3), frozenset({ana, ben}))


SANDBOX = pattern(
    datasets=("samples",),
    highest_classification=Classification.PUBLIC,
    ruleset="strict",
    calls_per_day=20,
    longest_days=14,
)


def test_a_sandbox_pattern_covers_the_sandbox_it_makes():
    made = sandbox_body(SANDBOX, body(tier=Tier.HIGH), TODAY)
    assert covers(SANDBOX, made, WORLD)
    assert (made.ends - TODAY).days == 13


@given(PATTERNS)
def test_a_pattern_is_read_as_it_was_written(bounds):
    written = bounds.to_json()
    try:
        read = parse_pattern(written)
    except Invalid:
        return
    assert parse_pattern(read.to_json()) == read


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        pytest.param({"tier": "none"}, "tier", id="an unknown tier"),
        pytest.param({"ai_act_class": "high"}, "ai_act_class", id="high-risk requests are decided by people"),
        pytest.param({"datasets": []}, "datasets", id="internal data without naming it"),
        pytest.param({"destinations": []}, "destinations", id="no destination"),
        pytest.param({"destinations": [{"destination": "tenant"}]}, "destinations[0].terms", id="no terms"),
        pytest.param({"longest_days": 0}, "longest_days", id="no day"),
        pytest.param({"longest_days": True}, "longest_days", id="a truth for a number"),
        pytest.param({"way": "mask"}, "way", id="a way that tells too much to be asked for"),
        pytest.param({"extra": 1}, "body", id="an unknown field"),
    ],
)
def test_a_broken_pattern_names_its_fault(changed, field):
    with pytest.raises(Invalid) as refused:
        parse_pattern(pattern().to_json() | changed)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        pytest.param({"datasets": ()}, "datasets", id="no dataset"),
        pytest.param({"highest_classification": Classification.INTERNAL}, "highest_classification", id="internal data"),
        pytest.param({"destinations": (("public", ONE), ("tenant", ONE))}, "destinations", id="two destinations"),
        pytest.param({"ruleset": "standard"}, "ruleset", id="standard rules"),
        pytest.param({"calls_per_day": None}, "calls_per_day", id="calls without end"),
        pytest.param({"longest_days": 15}, "longest_days", id="more than 14 days"),
    ],
)
def test_a_sandbox_is_small(changed, field):
    with pytest.raises(Invalid) as refused:
        parse_pattern(replace(SANDBOX, **changed).to_json(), sandbox=True)
    assert refused.value.field == field
