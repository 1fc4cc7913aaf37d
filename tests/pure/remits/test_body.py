"""The body of a remit is read strictly; its refusals name the field and the remedy."""

import pytest
from hypothesis import given

from governance.core.canonical import digest
from governance.core.errors import Invalid
from governance.core.vocabulary import Technique
from governance.remits.answers import with_option
from governance.remits.body import MODES_OF, check_draft, parse_body
from remit_bodies import BODIES, body

WHOLE = body().to_json()
GRANT = WHOLE["grants"][0]


def with_grant(**changed):
    return WHOLE | {"grants": [GRANT | changed]}


def read_back(written):
    """Return the digest of what was read, or the field that was refused."""
    try:
        return digest(parse_body(written).to_json())
    except Invalid as refused:
        return refused.field


@given(BODIES)
def test_what_was_written_is_read_back_or_refused_by_name(asked):
    written = asked.to_json()
    outcome = read_back(written)
    assert outcome == digest(written) or outcome.split("[")[0] in written


@pytest.mark.parametrize(
    ("value", "field", "code"),
    [
        pytest.param(WHOLE | {"title": " "}, "title", "missing", id="a blank title"),
        pytest.param(WHOLE | {"title": "x" * 121}, "title", "too_long", id="a long title"),
        pytest.param(WHOLE | {"title": "a\x00b"}, "title", "not_unicode", id="a NUL"),
        pytest.param(WHOLE | {"title": "\ud800"}, "title", "not_unicode", id="a lone surrogate"),
        pytest.param(WHOLE | {"title": 7}, "title", "not_a_text", id="a number for a text"),
        pytest.param(WHOLE | {"tier": "huge"}, "tier", "not_in_list", id="an unknown tier"),
        pytest.param(WHOLE | {"tier": ["low"]}, "tier", "not_in_list", id="a list for a word"),
        pytest.param(WHOLE | {"ends": "31.12.2026"}, "ends", "not_a_day", id="a day in another form"),
        pytest.param(WHOLE | {"ends": "2026-02-30"}, "ends", "not_a_day", id="a day that is none"),
        pytest.param(WHOLE | {"grants": []}, "grants", "no_grant", id="no grant"),
        pytest.param(WHOLE | {"grants": {}}, "grants", "not_a_list", id="an object for a list"),
        pytest.param(WHOLE | {"grants": [GRANT, GRANT]}, "grants[1]", "grant_twice", id="the same grant twice"),
        pytest.param(WHOLE | {"colour": "red"}, "body", "unknown_field", id="an unknown field"),
        pytest.param(with_grant(terms="abc"), "grants[0].terms", "not_a_digest", id="half a digest"),
        pytest.param(with_grant(ends="2030-01-01"), "grants[0].ends", "ends_too_late", id="a grant outlives the remit"),
        pytest.param(
            with_grant(mode="train"), "grants[0].mode", "mode_not_of_technique", id="a mode of another technique"
        ),
        pytest.param(
            with_grant(conditions={"redact": ["person"]}),
            "grants[0].conditions.redact[0]",
            "not_a_type",
            id="a type in lower case",
        ),
        pytest.param(
            with_grant(conditions={"calls_per_day": 0}),
            "grants[0].conditions.calls_per_day",
            "out_of_range",
            id="no calls at all",
        ),
        pytest.param(
            with_grant(conditions={"redakt": []}), "grants[0].conditions", "unknown_field", id="a misspelt condition"
        ),
        pytest.param(
            WHOLE | {"tier": "high", "human_oversight": ""},
            "human_oversight",
            "oversight_missing",
            id="high, unwatched",
        ),
        pytest.param(WHOLE | {"oversight": {}}, "oversight.share", "missing", id="figures without a share"),
        pytest.param(WHOLE | {"oversight": {"share": 0}}, "oversight.share", "out_of_range", id="a promise of nothing"),
        pytest.param(
            WHOLE | {"oversight": {"share": 5, "speed": 1}}, "oversight", "unknown_field", id="an unknown figure"
        ),
    ],
)
def test_a_broken_body_names_its_fault(value, field, code):
    with pytest.raises(Invalid) as refused:
        parse_body(value)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_body_without_figures_of_oversight_is_hashed_as_before_there_were_any():
    assert parse_body(WHOLE).to_json() == parse_body(WHOLE | {"oversight": None}).to_json()
    assert "oversight" not in parse_body(WHOLE).to_json()


def test_figures_of_oversight_are_read_back():
    written = parse_body(WHOLE | {"oversight": {"share": 30, "least_seconds": 20}}).to_json()
    assert written["oversight"] == {"share": 30, "least_seconds": 20, "reviewers": "", "verified_only": False}
    assert parse_body(written).to_json() == written


@pytest.mark.parametrize("key", sorted(WHOLE))
def test_every_field_is_asked_for(key):
    with pytest.raises(Invalid) as refused:
        parse_body({name: value for name, value in WHOLE.items() if name != key})
    assert (refused.value.field, refused.value.code) == (key, "missing")


@pytest.mark.parametrize("key", sorted(GRANT))
def test_every_field_of_a_grant_is_asked_for(key):
    part = {name: value for name, value in GRANT.items() if name != key}
    with pytest.raises(Invalid) as refused:
        parse_body(WHOLE | {"grants": [part]})
    assert (refused.value.field, refused.value.code) == (f"grants[0].{key}", "missing")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({}, id="nothing yet"),
        pytest.param({"title": "", "grants": [{}]}, id="empty answers"),
        pytest.param({"grants": [{"dataset": "letters", "terms": ""}]}, id="half a grant"),
        pytest.param(WHOLE, id="everything"),
    ],
)
def test_a_draft_may_be_unfinished(value):
    check_draft(value)


@pytest.mark.parametrize(
    ("value", "field"),
    [
        pytest.param({"tier": "huge"}, "tier", id="a wrong word"),
        pytest.param({"grants": [{"mode": "guess"}]}, "grants[0].mode", id="a wrong word in a grant"),
        pytest.param({"grants": 7}, "grants", id="a number for a list"),
        pytest.param({"colour": "red"}, "body", id="an unknown field"),
        pytest.param([], "body", id="a list for a body"),
        pytest.param({"title": []}, "title", id="a list for a text"),
    ],
)
def test_a_draft_may_not_be_wrong(value, field):
    with pytest.raises(Invalid) as refused:
        check_draft(value)
    assert refused.value.field == field


@pytest.mark.parametrize("technique", list(Technique))
def test_choosing_an_option_makes_every_mode_fit_the_technique(technique):
    chosen = with_option(WHOLE, "public", "c" * 64, technique)
    assert {grant["mode"] for grant in chosen["grants"]} <= MODES_OF[technique]
    assert parse_body(chosen).grants[0].destination == "public"
