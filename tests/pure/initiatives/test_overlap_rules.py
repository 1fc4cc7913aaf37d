"""What makes two initiatives alike, in words, and how an overlap may be resolved. The labelled pairs are frozen."""

import hashlib
from pathlib import Path
from uuid import UUID

import pytest

from governance.initiatives.rules.overlaps import (
    MOST_TERMS,
    Described,
    JoinState,
    is_another_purpose,
    may_answer,
    may_resolve,
    resemblance,
    terms_of,
)

DATA = Path(__file__).parents[2] / "data"
ONE, OTHER = UUID(int=1), UUID(int=2)
LETTERS = "Draft replies to letters from claimants, which a handler corrects and signs."


def described(text, **uses):
    return Described(terms_of(text), **uses)


def test_the_labelled_pairs_are_those_that_were_frozen():
    digest, name = (DATA / "overlap_pairs.sha256").read_text().split()
    assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == digest


def test_words_meet_by_their_beginning_and_common_words_do_not_count():
    assert set(terms_of("The claims of the claimants")) == set(terms_of("claim"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("the of and", id="only common words"),
        pytest.param("🙂 … 123 ½", id="no words at all"),
    ],
)
def test_what_says_nothing_is_like_nothing(text):
    assert resemblance(described(text), described(text)).score == 0


def test_other_scripts_and_forms_are_read():
    assert set(terms_of("\uff24\uff52\uff41\uff46\uff54")) == set(terms_of("draft"))
    assert len(terms_of("Schadensmeldungen prüfen")) == 2


def test_a_very_long_purpose_counts_up_to_a_limit():
    assert len(terms_of(" ".join(f"w{number}ord" for number in range(5000)))) <= MOST_TERMS


def test_a_resemblance_says_what_both_share():
    used = {"purposes": {"assist_staff"}, "datasets": {"claims": "Claims correspondence"}}
    found = resemblance(
        described(LETTERS, **used, destinations={"eu": "Northwind EU"}),
        described("Answer claimants' letters; the handler signs every draft reply.", **used),
    )
    assert found.is_likely
    assert found.signals() == {
        "words": ["claimants", "handler", "letters", "draft", "signs"],
        "purposes": ["assist_staff"],
        "datasets": ["Claims correspondence"],
    }


def test_sharing_everything_but_words_is_no_overlap():
    used = {"purposes": {"analyse"}, "techniques": {"prompt"}, "datasets": {"a": "A"}, "destinations": {"b": "B"}}
    first = described("Forecast demand for fresh food per branch and article.", **used)
    second = described("Explain why a building needed more energy than last week.", **used)
    assert not resemblance(first, second).is_likely


def test_resemblance_does_not_depend_on_who_is_first():
    first, second = described(LETTERS), described("Sort claimants' letters by urgency and send them to a handler.")
    assert resemblance(first, second).score == resemblance(second, first).score


@pytest.mark.parametrize(
    ("after", "another"),
    [
        pytest.param(LETTERS, False, id="the same words"),
        pytest.param(f"{LETTERS} It is used in spring.", False, id="a sentence more"),
        pytest.param("Forecast demand for fresh food per branch and article.", True, id="another purpose"),
    ],
)
def test_a_purpose_is_another_one_when_most_of_its_words_are(after, another):
    assert is_another_purpose(terms_of(LETTERS), terms_of(after)) is another


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        pytest.param({}, None, id="with reasons"),
        pytest.param({"reasons": " "}, "no_reasons", id="without a reason"),
        pytest.param({"reasons": "x" * 4001}, "no_reasons", id="with a novel"),
        pytest.param({"resolution": "ignore"}, "unknown_resolution", id="in a way that is none"),
        pytest.param({"resolution": "merge"}, "no_remaining", id="a merge that names nobody"),
        pytest.param({"resolution": "merge", "remains": UUID(int=3)}, "no_remaining", id="a merge into a third"),
        pytest.param({"resolution": "merge", "remains": ONE}, None, id="a merge into one of them"),
        pytest.param({"resolved": "share"}, "resolved_already", id="a second time"),
    ],
)
def test_may_resolve(asked, code):
    usual = {"resolved": "", "resolution": "distinct", "reasons": "Other customers.", "remains": None}
    verdict = may_resolve(**(usual | asked), pair={ONE, OTHER})
    assert getattr(verdict, "code", None) == code


@pytest.mark.parametrize("state", list(JoinState))
def test_a_request_to_join_is_answered_once(state):
    assert bool(may_answer(state)) is (state == JoinState.ASKED)
