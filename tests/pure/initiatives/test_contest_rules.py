"""Who owns meanwhile, who rules, by when, and who may appeal."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.initiatives.rules import (
    APPEAL_WITHIN,
    CONTEST_MOVES,
    LIVE_CONTEST,
    Basis,
    ContestState,
    Side,
    choose_arbiter,
    due_at,
    half_way,
    interim_unit,
    may_appeal,
    may_move_contest,
    may_rule,
)
from governance.initiatives.rules.contests import common_path

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
TOP, DIVISION, CLAIMS, MOTOR, SALES = "/t/", "/t/d/", "/t/d/c/", "/t/d/c/m/", "/t/s/"


@dataclass(frozen=True)
class Somebody:
    person: UUID
    name: str
    held_on: str
    belongs_to: frozenset[str] = field(default_factory=frozenset)


TOP_ONE, TOP_TWO = Somebody(ONE, "Ada", TOP), Somebody(TWO, "Bo", TOP)
NEAR = Somebody(THREE, "Cem", DIVISION)


@pytest.mark.parametrize(
    ("standing", "sides", "owner"),
    [
        pytest.param(ONE, [(TWO, "run", 0)], ONE, id="the standing owner"),
        pytest.param(None, [(ONE, "budget", 0), (TWO, "run", 1)], TWO, id="else who runs it"),
        pytest.param(None, [(ONE, "run", 1), (TWO, "run", 0)], TWO, id="of two who run it, who said so first"),
        pytest.param(None, [(ONE, "budget", 1), (TWO, "data", 0)], TWO, id="else the earliest claim"),
        pytest.param(None, [(TWO, "data", 0), (ONE, "data", 0)], ONE, id="and one of two at the same moment"),
    ],
)
def test_interim_unit(standing, sides, owner):
    assert interim_unit(standing, [Side(unit, Basis(basis), AT + day * DAY) for unit, basis, day in sides]) == owner


@pytest.mark.parametrize(
    ("paths", "shared"),
    [
        pytest.param([CLAIMS, SALES], TOP, id="two branches"),
        pytest.param([CLAIMS, MOTOR], CLAIMS, id="one below the other"),
        pytest.param([CLAIMS], CLAIMS, id="one alone"),
        pytest.param(["/x/", "/y/"], "/", id="nothing in common"),
    ],
)
def test_common_path(paths, shared):
    assert common_path(paths) == shared


@pytest.mark.parametrize(
    ("candidates", "sides", "more", "chosen"),
    [
        pytest.param([TOP_ONE, NEAR], [CLAIMS, "/t/d/x/"], {}, NEAR, id="the nearest above both"),
        pytest.param([TOP_ONE, NEAR], [CLAIMS, SALES], {}, TOP_ONE, id="not one above only one of them"),
        pytest.param([TOP_TWO, TOP_ONE], [CLAIMS, SALES], {}, TOP_ONE, id="by name when two are as near"),
        pytest.param([TOP_TWO, TOP_ONE], [CLAIMS, SALES], {"kept": TWO}, TOP_TWO, id="who was named before stays"),
        pytest.param([Somebody(ONE, "Ada", TOP, frozenset({MOTOR}))], [CLAIMS, SALES], {}, None, id="nobody of a side"),
        pytest.param([NEAR, TOP_ONE], [CLAIMS, "/t/d/x/"], {"below": DIVISION}, TOP_ONE, id="an appeal goes up"),
        pytest.param([TOP_ONE], [CLAIMS, SALES], {"apart": ONE}, None, id="and to somebody else"),
        pytest.param([TOP_ONE, TOP_TWO], [CLAIMS, SALES], {"below": TOP}, None, id="nobody is above the top"),
        pytest.param([], [CLAIMS, SALES], {}, None, id="nobody at all"),
    ],
)
def test_choose_arbiter(candidates, sides, more, chosen):
    assert choose_arbiter(candidates, sides, **more) == chosen


@given(st.lists(st.sampled_from([TOP_ONE, TOP_TWO, NEAR]), max_size=4), st.sampled_from([ONE, TWO, THREE]))
def test_whoever_is_set_apart_never_rules(candidates, apart):
    chosen = choose_arbiter(candidates, [CLAIMS, "/t/d/x/"], apart=apart)
    assert chosen is None or chosen.person != apart


@pytest.mark.parametrize(
    ("start", "days", "zone", "due"),
    [
        pytest.param("2026-03-02T09:00+00:00", 1, "UTC", "2026-03-04T00:00+00:00", id="the whole next day"),
        pytest.param("2026-03-06T09:00+00:00", 1, "UTC", "2026-03-10T00:00+00:00", id="after Friday comes Monday"),
        pytest.param("2026-03-07T09:00+00:00", 1, "UTC", "2026-03-10T00:00+00:00", id="from a Saturday too"),
        pytest.param("2026-03-02T23:30+00:00", 1, "Europe/Zurich", "2026-03-04T23:00+00:00", id="days of the zone"),
        pytest.param("2026-03-27T09:00+00:00", 1, "Europe/Zurich", "2026-03-30T22:00+00:00", id="over a clock change"),
        pytest.param("2026-03-02T09:00+00:00", 20, "UTC", "2026-03-31T00:00+00:00", id="four weeks"),
    ],
)
def test_due_at(start, days, zone, due):
    assert due_at(datetime.fromisoformat(start), days, zone, lambda day: day.weekday() < 5) == datetime.fromisoformat(
        due
    )


def test_half_way_is_in_the_middle():
    assert half_way(AT, AT + 10 * DAY) == AT + 5 * DAY


@pytest.mark.parametrize("state", ContestState)
@pytest.mark.parametrize("to", ContestState)
def test_a_contest_moves_only_along_its_diagram(state, to):
    allowed = {("open", "ruled"), ("open", "ended"), ("ruled", "appealed"), ("ruled", "final")}
    allowed |= {("appealed", "final"), ("appealed", "ended")}
    assert bool(may_move_contest(state, to)) == ((state, to) in allowed)


def test_a_live_contest_still_has_somewhere_to_go():
    assert all(CONTEST_MOVES[state] for state in LIVE_CONTEST)


@pytest.mark.parametrize(
    ("state", "person", "code"),
    [
        pytest.param(ContestState.OPEN, ONE, None, id="the arbiter"),
        pytest.param(ContestState.APPEALED, ONE, None, id="on an appeal too"),
        pytest.param(ContestState.OPEN, TWO, "not_the_arbiter", id="nobody else"),
        pytest.param(ContestState.RULED, ONE, "not_open", id="only once"),
    ],
)
def test_may_rule(state, person, code):
    assert getattr(may_rule(state, arbiter=ONE, person=person), "code", None) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({}, None, id="a side that lost, in time, with reasons"),
        pytest.param({"is_side": False}, "not_a_loser", id="nobody else"),
        pytest.param({"lost": False}, "not_a_loser", id="not the winner"),
        pytest.param({"state": ContestState.FINAL}, "not_appealable", id="not twice"),
        pytest.param({"at": AT + APPEAL_WITHIN}, "appeal_too_late", id="not after 30 days"),
        pytest.param({"reasons": " "}, "no_reasons", id="not without reasons"),
    ],
)
def test_may_appeal(change, code):
    facts = {"ruled_at": AT, "at": AT + DAY, "is_side": True, "lost": True, "reasons": "It overlooked the contract."}
    asked = {"state": ContestState.RULED, **facts, **change}
    assert getattr(may_appeal(asked.pop("state"), **asked), "code", None) == code
