"""When a dataset may be marked, and how a round may be awarded."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from governance.remits.allocations import EntryState, Lot, RoundState, may_award, may_enter, may_mark, may_state_case

CLOSES = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
ONE, OTHER, STEWARD = UUID(int=1), UUID(int=2), UUID(int=9)
NOT = Lot(awarded=False, reason="The other helps more.")
GETS = Lot(awarded=True)


def turn(first, last):
    return Lot(awarded=True, starts=date(2026, 4, first), ends=date(2026, 4, last))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({}, None, id="with a reason"),
        pytest.param({"why": ""}, "no_reasons", id="without one"),
        pytest.param({"scarcity": "rare"}, "unknown_scarcity", id="in a word that is none"),
        pytest.param({"until": date(2026, 3, 1)}, "ends_in_the_past", id="until a day that has passed"),
        pytest.param({"until": date(2026, 3, 2)}, None, id="until today"),
        pytest.param({"round_days": 0}, "bad_round", id="with a round that never opens"),
        pytest.param({"round_days": 61}, "bad_round", id="with a round that never ends"),
    ],
)
def test_may_mark(changed, code):
    usual = {"scarcity": "scarce", "why": "One licence.", "until": None, "on": date(2026, 3, 2), "round_days": 14}
    assert getattr(may_mark(**(usual | changed)), "code", None) == code


@pytest.mark.parametrize(
    ("division", "lots", "code"),
    [
        pytest.param("shared", [GETS, GETS], None, id="shared by all"),
        pytest.param("shared", [GETS, NOT], None, id="shared by some"),
        pytest.param("shared", [NOT, NOT], "nobody_awarded", id="nobody gets it"),
        pytest.param("shared", [GETS, Lot(awarded=False)], "no_reason_for_refusal", id="a refusal without a word"),
        pytest.param("exclusive", [turn(1, 30), NOT], None, id="exclusive until a day"),
        pytest.param("exclusive", [GETS, NOT], "not_exclusive", id="exclusive for ever"),
        pytest.param("exclusive", [turn(1, 9), turn(10, 20)], "not_exclusive", id="exclusive for two"),
        pytest.param("sequence", [turn(1, 9), turn(10, 20)], None, id="one after the other"),
        pytest.param("sequence", [turn(10, 20), turn(1, 9)], None, id="the later request first"),
        pytest.param("sequence", [turn(1, 10), turn(10, 20)], "turns_overlap", id="both on one day"),
        pytest.param("sequence", [turn(1, 9), GETS], "no_turns", id="a turn without days"),
        pytest.param("sequence", [turn(1, 9), NOT], "no_turns", id="a sequence of one"),
        pytest.param("sequence", [turn(9, 1), turn(10, 20)], "ends_before_start", id="a turn that runs backwards"),
        pytest.param("split", [Lot(awarded=True, share="2024"), Lot(awarded=True, share="2025")], None, id="by rows"),
        pytest.param("split", [Lot(awarded=True, share="2024"), GETS], "no_share", id="a part that nobody named"),
        pytest.param("raffle", [GETS, NOT], "unknown_division", id="in a way that is none"),
    ],
)
def test_a_division_fits_its_lots(division, lots, code):
    assert code_of(division=division, lots=dict(zip((ONE, OTHER), lots, strict=True))) == code


def code_of(**changed):
    usual = {
        "state": RoundState.CLOSED,
        "at": CLOSES,
        "closes_at": CLOSES,
        "awarder": STEWARD,
        "authors": frozenset({ONE}),
        "waiting": frozenset({ONE, OTHER}),
        "division": "shared",
        "reasons": "Weighed.",
        "lots": {ONE: GETS, OTHER: NOT},
    }
    return getattr(may_award(**(usual | changed)), "code", None)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({"state": RoundState.AWARDED}, "awarded_already", id="a second time"),
        pytest.param({"at": CLOSES - timedelta(seconds=1)}, "still_open", id="before it closes"),
        pytest.param({"awarder": ONE}, "own_request", id="by who asked"),
        pytest.param({"reasons": " "}, "no_reasons", id="without reasons"),
        pytest.param({"lots": {ONE: GETS}}, "requests_moved", id="with a request left out"),
        pytest.param({"lots": {ONE: GETS, OTHER: NOT, STEWARD: NOT}}, "requests_moved", id="with one that left"),
    ],
)
def test_may_not_award(changed, code):
    assert code_of(**changed) == code


def test_a_round_is_entered_until_the_moment_it_closes():
    assert may_enter(RoundState.OPEN, at=CLOSES - timedelta(seconds=1), closes_at=CLOSES)
    assert not may_enter(RoundState.OPEN, at=CLOSES, closes_at=CLOSES)


@pytest.mark.parametrize("state", list(EntryState))
def test_a_case_is_made_only_while_it_waits(state):
    assert bool(may_state_case(RoundState.CLOSED, state)) is (state is EntryState.WAITING)
