"""The states of remits, grants and patterns, as one table each."""

import pytest

from governance.remits.rules import (
    GRANT_MOVES,
    LIVE_GRANT,
    PATTERN_MOVES,
    REMIT_MOVES,
    USABLE_GRANT,
    GrantState,
    PatternState,
    RemitState,
    may_move_pattern,
    may_move_remit,
    states_before,
)


@pytest.mark.parametrize(
    ("state", "to", "allowed"),
    [
        ("submitted", "approved", True),
        ("submitted", "draft", True),
        ("draft", "approved", False),
        ("approved", "superseded", True),
        ("approved", "draft", False),
        ("revoked", "approved", False),
        ("rejected", "submitted", False),
    ],
)
def test_moves_of_a_remit(state, to, allowed):
    assert bool(may_move_remit(RemitState(state), RemitState(to))) is allowed


@pytest.mark.parametrize(
    ("state", "to", "allowed"),
    [("submitted", "approved", True), ("draft", "approved", False), ("retired", "approved", False)],
)
def test_moves_of_a_pattern(state, to, allowed):
    assert bool(may_move_pattern(PatternState(state), PatternState(to))) is allowed


@pytest.mark.parametrize("moves", [REMIT_MOVES, GRANT_MOVES, PATTERN_MOVES], ids=["remit", "grant", "pattern"])
def test_no_state_leads_to_itself_and_every_state_but_the_first_is_reached(moves):
    states = set(type(next(iter(moves))))
    reached = {to for following in moves.values() for to in following}
    assert all(state not in following for state, following in moves.items())
    assert len(states - reached) <= 1


def test_an_ended_grant_never_comes_back():
    for ended in set(GrantState) - LIVE_GRANT - {GrantState.PENDING}:
        assert ended not in GRANT_MOVES
    assert states_before(GrantState.ACTIVE) == {GrantState.PENDING, GrantState.GRACE, GrantState.SUSPENDED}


def test_what_may_be_used_is_live():
    assert USABLE_GRANT < LIVE_GRANT
