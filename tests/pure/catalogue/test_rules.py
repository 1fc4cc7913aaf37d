"""What may stand in the catalogue."""

from dataclasses import replace

import phonenumbers
import pytest

from governance.catalogue.rules import JURISDICTIONS, DatasetFacts, is_raised, may_catalogue, may_edit

TICKETS = DatasetFacts(
    ref="tickets", title="Tickets", classification="internal", personal_data=("names",), jurisdictions=("DE", "EU")
)


def code_of(verdict):
    return getattr(verdict, "code", None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({}, None, id="names of people are internal or higher"),
        pytest.param({"classification": "public"}, "personal_data_public", id="people are never public"),
        pytest.param({"classification": "public", "synthetic": True}, None, id="unless nobody is real"),
        pytest.param({"classification": "public", "personal_data": ()}, None, id="or nobody is in it"),
        pytest.param({"personal_data": ("health",)}, "special_data_too_low", id="health is at least confidential"),
        pytest.param(
            {"personal_data": ("health",), "classification": "confidential"}, None, id="and confidential will do"
        ),
        pytest.param({"personal_data": ("names", "shoe_size")}, "unknown_personal_data", id="kinds come from a list"),
        pytest.param({"jurisdictions": ("DE", "ZZ")}, "unknown_jurisdiction", id="countries come from a list"),
        pytest.param({"classification": "secret"}, "unknown_classification", id="there are four classifications"),
        pytest.param({"title": "  "}, "bad_title", id="a title says something"),
        pytest.param({"title": "x" * 201}, "bad_title", id="a title is short"),
        pytest.param({"ref": "Tickets 2026"}, "bad_ref", id="a reference has no blanks"),
        pytest.param({"ref": "tickets-"}, "bad_ref", id="a reference ends in a letter or digit"),
        pytest.param({"ref": "a" * 65}, "bad_ref", id="a reference has at most 64 characters"),
        pytest.param({"ref": "tickets\n"}, "bad_ref", id="a line break is no part of a reference"),
    ],
)
def test_may_catalogue(change, code):
    assert code_of(may_catalogue(replace(TICKETS, **change))) == code


@pytest.mark.parametrize(
    ("built_in", "retired", "code"),
    [
        pytest.param(False, False, None, id="a dataset in use can be changed"),
        pytest.param(True, False, "built_in", id="what staff type stays as it is"),
        pytest.param(False, True, "retired", id="a retired dataset stays as it was"),
    ],
)
def test_may_edit(built_in, retired, code):
    assert code_of(may_edit(built_in=built_in, retired=retired)) == code


def test_only_upward_counts_as_raised():
    assert is_raised("internal", "restricted")
    assert not is_raised("internal", "internal")
    assert not is_raised("restricted", "public")


def test_every_country_with_a_telephone_is_a_jurisdiction():
    # Kosovo, Ascension and Tristan da Cunha have prefixes but no code in the standard.
    assert set(phonenumbers.SUPPORTED_REGIONS) - JURISDICTIONS <= {"XK", "AC", "TA"}
