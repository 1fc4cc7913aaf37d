"""What a claim needs, and along which states it moves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from governance.initiatives.rules import (
    CLAIM_AGAIN_AFTER,
    CLAIM_MOVES,
    OPEN_CLAIM,
    ClaimFacts,
    ClaimState,
    InitiativeState,
    may_claim,
    may_move_claim,
    may_withdraw,
)

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
SOUND = ClaimFacts(InitiativeState.ACTIVE, "budget", "Cost centre 4711", vouched=True, at=AT)
MOVES = {  # the diagram of the papers, as words
    "asserted": "uncontested contested withdrawn",
    "uncontested": "owner contested withdrawn",
    "owner": "contested withdrawn",
    "contested": "uncontested ruled withdrawn",
    "ruled": "appealed",
    "appealed": "ruled withdrawn",
    "withdrawn": "",
}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({}, None, id="a ground, something to show for it, and a head"),
        pytest.param({"state": None}, None, id="a capability has no state"),
        pytest.param({"basis": "seniority"}, "unknown_basis", id="grounds come from a list"),
        pytest.param({"evidence": " "}, "no_evidence", id="saying so is not enough"),
        pytest.param({"vouched": False}, "not_the_head", id="its head stands for it"),
        pytest.param({"claimed_already": True}, "claimed_already", id="once for each unit"),
        pytest.param({"state": InitiativeState.RETIRED}, "ended", id="what has ended has no owner to find"),
        pytest.param({"settled_until": AT + DAY}, "just_ruled", id="a ruling is appealed, not claimed against"),
        pytest.param({"lost_at": AT - DAY}, "lost_lately", id="not again within 90 days of losing"),
        pytest.param({"lost_at": AT - DAY, "new_evidence": " "}, "lost_lately", id="blank evidence is not new"),
        pytest.param({"lost_at": AT - DAY, "new_evidence": "A contract."}, None, id="unless something is new"),
        pytest.param({"lost_at": AT - CLAIM_AGAIN_AFTER}, None, id="after 90 days"),
    ],
)
def test_may_claim(change, code):
    assert getattr(may_claim(replace(SOUND, **change)), "code", None) == code


@pytest.mark.parametrize("state", ClaimState)
@pytest.mark.parametrize("to", ClaimState)
def test_a_claim_moves_only_along_its_diagram(state, to):
    assert bool(may_move_claim(state, to)) == (to in MOVES[state].split())


def test_an_open_claim_still_has_somewhere_to_go():
    assert all(CLAIM_MOVES[state] for state in OPEN_CLAIM)


@pytest.mark.parametrize("state", ClaimState)
def test_a_claim_that_was_ruled_on_is_not_withdrawn(state):
    assert bool(may_withdraw(state)) == (state in {"asserted", "uncontested", "owner", "contested"})
