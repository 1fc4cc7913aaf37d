"""The organisation's own words and patterns: found whole, surer beside their context, bounded whatever the pattern or the text."""

import itertools
import time
from dataclasses import replace

import pytest

from governance.core.errors import Invalid
from governance.detection.detector import Budget, OutOfTime
from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.recognisers import MOST_PLACES, Compiled, Recogniser, checked
from governance.detection.ruleset import Ruleset

CASES = Recogniser("case-number", "CASE_NUMBER", 0.8, (), (r"CL-\d{6}",), (), "Case CL-204417 is closed.")
WORDS = Recogniser("code-names", "CODE_NAME", 0.9, ("Blue Heron", "Ærø", "C++Next"), (), (), "Blue Heron starts.")


def found(text, *recognisers):
    options = {"recognisers": [each.to_dict() for each in recognisers]}
    engine = Engine.load(Ruleset.of({"version": 1, "detectors": {"recognisers": options}}), key=b"k" * 16)
    report = engine.scan(Document.of({"": text}), deadline=20)
    assert report.complete
    return [text[finding.start : finding.end] for finding in report.findings]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("About cl-204417 and CL-204418.", ["CL-204418"]),
        ("we call it BLUE HERON here", ["BLUE HERON"]),
        ("blue herons, and a seablue heron", []),
        ("auf ÆRØ, nicht Ærøskøbing", ["ÆRØ"]),
        ("in C++Next, not C++Nextra", ["C++Next"]),
        ("😀é CL-204417", ["CL-204417"]),
        ("half \ud83d a pair CL-204417", ["CL-204417"]),
    ],
)
def test_words_are_found_whole_and_patterns_as_written(text, told):
    assert found(text, CASES, WORDS) == told


def test_a_word_of_context_makes_it_sure_enough():
    weak = replace(CASES, score=0.3, patterns=(r"\d{6}",), context=("case",), example="case 204417")
    assert (found("204417", weak), found("the case is 204417", weak)) == ([], ["204417"])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"patterns": (r"(?=secret)x",)}, "bad_pattern", id="look-around"),
        pytest.param({"patterns": (r"(a)\1",)}, "bad_pattern", id="a back reference"),
        pytest.param({"patterns": ("(a{1000}){1000}",)}, "bad_pattern", id="a repetition that grows too large"),
        pytest.param({"patterns": ("((((a{100}){100})",)}, "bad_pattern", id="a bracket that stays open"),
        pytest.param({"patterns": ("x*",)}, "matches_nothing", id="nothing at all"),
        pytest.param({"patterns": (".",)}, "too_broad", id="everything"),
        pytest.param({"patterns": (r"\w+ly|\w+",)}, "too_broad", id="every word"),
        pytest.param({"patterns": (), "deny": ()}, "nothing_to_find", id="nothing to look for"),
        pytest.param({"type": "case"}, "bad_type", id="a type in small letters"),
        pytest.param({"type": "SECRET"}, "type_taken", id="a type of another detector"),
        pytest.param({"score": 0.0}, "bad_score", id="no score"),
        pytest.param({"score": 0.2}, "example_missed", id="never sure enough"),
        pytest.param({"example": "nothing in it"}, "example_missed", id="an example without it"),
        pytest.param({"deny": tuple(f"word{n}" for n in range(1001))}, "too_many", id="too many words"),
        pytest.param({"deny": ("x",)}, "too_long", id="one letter"),
        pytest.param({"patterns": ("a" * 501,)}, "too_long", id="a pattern too long"),
        pytest.param({"deny": ("half \ud83d a pair",)}, "too_long", id="half a surrogate pair"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(change, code):
    with pytest.raises(Invalid) as refused:
        checked(replace(CASES, **change))
    assert (refused.value.code, bool(refused.value.field)) == (code, True)


@pytest.mark.parametrize("pattern", [r"(a|aa)+$", r"(a*)*b", r"(.*a){12}", r"(x+x+)+y"])
def test_a_hostile_pattern_takes_time_that_grows_with_the_text(pattern):
    hostile = replace(CASES, patterns=(pattern,), example="x")

    def took(size):
        began = time.process_time()
        found("ax" * size, replace(hostile, example="aab" + "xxy" + "a" * 12))
        return time.process_time() - began

    assert took(40_000) < 20 * max(took(10_000), 0.05)


@pytest.mark.parametrize("pattern", [r"\b(?:a.*b)?", r"a.*b|a"])
def test_a_pattern_that_looks_ahead_at_every_word_ends_with_its_budget(pattern):
    ticks = itertools.count()
    greedy = Compiled(replace(CASES, patterns=(pattern,)))
    with pytest.raises(OutOfTime):
        greedy.find("a " * 500, Budget.of(100, clock=lambda: float(next(ticks))))


def test_places_beyond_number_become_one():
    many = " ".join(["CL-204417"] * (MOST_PLACES + 5))
    (whole,) = found(many, CASES)
    assert whole == many


def test_the_ruleset_changes_with_a_recogniser():
    documents = [
        {"version": 1, "detectors": {"recognisers": {"recognisers": [each.to_dict()]}}} for each in (CASES, WORDS)
    ]
    assert len({Ruleset.of(document).digest for document in documents}) == 2
