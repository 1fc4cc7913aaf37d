import pytest

from governance.approvals.rules import DecisionKind, RequestState, StageState
from governance.core.vocabulary import Classification, Hosting, Mode, Purpose, Technique, WeightsOwner
from governance.destinations.rules import DestinationState
from governance.detection.type_names import FINDINGS
from governance.gateway.rules import ExchangeState, Provenance
from governance.initiatives.rules import (
    AiActClass,
    Basis,
    ClaimState,
    ContestState,
    InitiativeState,
    Involvement,
    Through,
    Tier,
)
from governance.remits.rules import GrantState, RemitState
from governance.training.rules import TrainingSetState
from governance.web.frame import sayings, words

STATES = [
    InitiativeState, ClaimState, ContestState, RemitState, GrantState, RequestState, StageState, DecisionKind, DestinationState,
    ExchangeState, TrainingSetState, Classification,
]  # fmt: skip
VOCABULARIES = [
    Tier,
    AiActClass,
    Basis,
    Involvement,
    Through,
    Mode,
    Technique,
    Purpose,
    Hosting,
    WeightsOwner,
    Provenance,
]


@pytest.mark.parametrize("kind", STATES)
def test_every_state_is_said_in_its_own_vocabulary(kind):
    assert all(words.state(kind, value.value).text for value in kind)


@pytest.mark.parametrize("kind", VOCABULARIES)
def test_every_word_of_a_vocabulary_can_be_chosen(kind):
    assert [value for value, label in words.choices(kind) if label] == [value.value for value in kind]


def test_states_that_share_a_value_keep_their_own_meaning():
    assert words.state(RequestState, "approved").text == "Approved"
    assert words.state(RemitState, "approved").text == "In force"


def test_a_lead_never_meets_the_words_of_the_machine_room():
    shown = [said.text for _, said in sayings.STATES] + [said for _, said in sayings.WORDS] + list(FINDINGS.values())
    assert not [text for text in shown if {"permit", "receipt", "digest"} & set(text.lower().split())]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        pytest.param("PERSON", "name of a person", id="a known type"),
        pytest.param("SECRET:aws-access-key", "secret key (aws access key)", id="a type with a sub-type"),
        pytest.param("NEW_TYPE", "new type", id="a type nobody has named yet"),
        pytest.param(
            "SOURCE:Pricing engine:a/tariff-table.py:6-20",
            "registered source (Pricing engine: a/tariff-table.py, lines 6 to 20)",
            id="a passage of a register",
        ),
        pytest.param("MARKING", "marking such as “confidential”", id="any marking"),
        pytest.param("MARKING:restricted", "marking as restricted", id="a marking of a level"),
        pytest.param("MARKING:restricted:board-papers", "marking as restricted (board papers)", id="a marking of ours"),
        pytest.param("MARKING:canary:merger-plan", "planted token (merger plan)", id="a planted token"),
    ],
)
def test_a_finding_is_named(kind, said):
    assert words.finding(kind) == said


@pytest.mark.parametrize(
    ("items", "said"),
    [
        pytest.param([], "none", id="nothing"),
        pytest.param(["a"], "a", id="one"),
        pytest.param(["a", "b", "c"], "a, b and c", id="three"),
    ],
)
def test_a_list_is_joined_as_in_speech(items, said):
    assert words.joined(items) == said
