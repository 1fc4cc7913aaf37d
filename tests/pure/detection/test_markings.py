"""Notices that a text carries itself. All texts are made for these tests."""

import pytest

from governance.detection.detector import Budget
from governance.detection.markings import Markings


@pytest.fixture(scope="module")
def levels():
    detector = Markings(notices=["Project Heron only"], canaries=["cnry-7f3a91c2"])

    def look(text):
        return {span.subtype for span in detector.find([text], Budget.of(10))[0]}

    return look


@pytest.mark.parametrize(
    ("text", "level"),
    [
        pytest.param("Report\nCLASSIFICATION: RESTRICTED\nText", "restricted", id="a labelled banner"),
        pytest.param("*** STRICTLY CONFIDENTIAL ***\nText", "restricted", id="a banner with stars"),
        pytest.param("CONFIDENTIAL\n\nBoard paper", "confidential", id="a line of its own"),
        pytest.param("Sensitivity: Confidential", "confidential", id="a sensitivity label"),
        pytest.param(
            "This document contains confidential information of the group.", "confidential", id="a notice in a sentence"
        ),
        pytest.param("For internal use only.", "internal", id="internal use"),
        pytest.param("see project heron only, page 2", "restricted", id="a phrase of the organisation"),
        pytest.param("id=cnry-7f3a91c2", "canary", id="a planted token"),
    ],
)
def test_a_marking_is_read(levels, text, level):
    assert level in levels(text)


def test_words_of_two_levels_have_the_higher(levels):
    assert levels("Report\nSTRICTLY CONFIDENTIAL\nText") == {"restricted"}
    assert levels("strictly confidential, project heron only") == {"confidential", "restricted"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The Supplier shall keep confidential all information received.", id="a clause about confidence"),
        pytest.param("Members were reminded of confidentiality.", id="minutes about it"),
        pytest.param("confidential = True", id="code"),
        pytest.param("Which data is internal and which is restricted?", id="a question"),
    ],
)
def test_text_about_markings_is_not_marked(levels, text):
    assert levels(text) == set()
