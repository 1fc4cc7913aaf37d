"""What a remit allows a run of an agent."""

from dataclasses import replace

import pytest

from governance.core.errors import Invalid
from governance.remits.body import parse_body
from governance.remits.changes import material_diff
from governance.remits.rules import covers, outside_field
from governance.remits.runs import USUAL_CAPS, RunCaps, allows_more, caps_in_words, parse_caps
from tests.remit_bodies import WORLD, body, grant, pattern

NARROW = RunCaps(depth=2, fan_out=3, calls=40, spend=2_500_000, must_be_named=True)


@pytest.mark.parametrize(
    ("change", "more"),
    [
        pytest.param({}, False, id="the same"),
        pytest.param({"depth": 3}, True, id="deeper"),
        pytest.param({"fan_out": 4}, True, id="wider"),
        pytest.param({"calls": 41}, True, id="more calls"),
        pytest.param({"spend": 2_500_001}, True, id="more money"),
        pytest.param({"must_be_named": False}, True, id="calls of no run"),
        pytest.param({"depth": 1, "fan_out": 0, "calls": 1, "spend": 1}, False, id="less of everything"),
    ],
)
def test_what_lets_a_run_do_more(change, more):
    assert allows_more(NARROW, replace(NARROW, **change)) is more


@pytest.mark.parametrize(
    ("value", "field"),
    [
        pytest.param([], "runs", id="no mapping"),
        pytest.param({"breadth": 1}, "runs", id="a cap there is not"),
        pytest.param({"depth": 0}, "runs.depth", id="no level at all"),
        pytest.param({"calls": True}, "runs.calls", id="no number"),
        pytest.param({"spend": 10**13}, "runs.spend", id="ten million euro"),
        pytest.param({"must_be_named": 1}, "runs.must_be_named", id="no truth"),
    ],
)
def test_caps_that_cannot_be_read(value, field):
    with pytest.raises(Invalid) as refused:
        parse_caps(value, "runs")
    assert refused.value.field == field


def test_what_a_remit_leaves_out_is_as_usual():
    assert parse_caps({"calls": 40}, "runs") == replace(USUAL_CAPS, calls=40)


def test_a_body_with_usual_caps_is_written_as_before_there_were_any():
    assert "runs" not in body().to_json()
    assert parse_body(body(runs=NARROW).to_json()).runs == NARROW


def test_more_for_a_run_is_a_material_change_and_less_is_not():
    wide, narrow = body(grant()), body(grant(), runs=NARROW)
    assert [(row.field, row.material) for row in material_diff(narrow, wide)] == [("Runs of agents", True)]
    assert [(row.field, row.material) for row in material_diff(wide, narrow)] == [("Runs of agents", False)]


def test_no_pattern_covers_more_than_usual():
    assert covers(pattern(), body(runs=NARROW), WORLD)
    assert outside_field(covers(pattern(), body(runs=replace(USUAL_CAPS, calls=501)), WORLD)) == "runs"


def test_people_read_what_a_run_may_do():
    said = "at most 40 calls and € 2.50 in a run with all below it, 2 deep, 3 begun by one, every call names its run"
    assert caps_in_words(NARROW) == said
