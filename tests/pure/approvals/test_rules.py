"""Who may decide, which seat they fill, and whether a stage can be filled at all."""

from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.approvals.rules import (
    OPEN_REQUEST,
    REQUEST_MOVES,
    DecisionStanding,
    RequestState,
    Seat,
    can_be_filled,
    fewest_people,
    is_satisfied,
    may_decide,
    taking_of,
    who_can_take,
)

OWNER, EDITOR, ANA, BEN, CEM = (UUID(int=n) for n in range(1, 6))


def seat(number, *frozen, eligible=None, filled_by="", **more):
    people = frozenset(frozen)
    held = people if eligible is None else eligible
    return Seat(UUID(int=100 + number), f"seat {number}", people, held, filled_by, **more)


def standing(**changed):
    given_facts = {
        "state": RequestState.IN_REVIEW,
        "digest": "d1",
        "requester": OWNER,
        "authors": frozenset({OWNER, EDITOR}),
        "voices": frozenset(),
        "seats": (seat(1, ANA, BEN, OWNER, EDITOR),),
        **changed,
    }
    return DecisionStanding(**given_facts)


@pytest.mark.parametrize(
    ("case", "person", "digest", "code"),
    [
        pytest.param(standing(), ANA, "d1", None, id="a candidate may"),
        pytest.param(standing(), OWNER, "d1", "own_request", id="nobody decides their own request"),
        pytest.param(standing(), EDITOR, "d1", "own_edit", id="nobody decides what they wrote"),
        pytest.param(standing(), CEM, "d1", "not_asked", id="an outsider may not"),
        pytest.param(standing(), ANA, "d0", "digest_moved", id="a decision binds to the digest that was read"),
        pytest.param(standing(voices=frozenset({ANA})), ANA, "d1", "already_spoken", id="one voice per version"),
        pytest.param(standing(state=RequestState.APPROVED), ANA, "d1", "not_in_review", id="nothing after the end"),
        pytest.param(
            standing(state=RequestState.CHANGES_REQUESTED), ANA, "d1", "not_in_review", id="nothing while it changes"
        ),
        pytest.param(standing(seats=(seat(1, ANA, eligible=frozenset()),)), ANA, "d1", "role_ended", id="role ended"),
        pytest.param(
            standing(seats=(seat(1, ANA, filled_by="Ben"),)), ANA, "d1", "seat_taken", id="somebody was first"
        ),
        pytest.param(
            standing(seats=(seat(1, BEN, eligible=frozenset({ANA, BEN})),)),
            ANA,
            "d1",
            "not_asked",
            id="a role held only since the stage opened does not count",
        ),
    ],
)
def test_may_decide(case, person, digest, code):
    assert getattr(may_decide(case, person, digest), "code", None) == code


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(standing(), id="holders but for who asked or wrote it"),
        pytest.param(standing(voices=frozenset({ANA})), id="nobody who has spoken"),
        pytest.param(standing(close=frozenset({BEN})), id="no deputy of who asked"),
        pytest.param(standing(state=RequestState.CHANGES_REQUESTED), id="nobody while its asker owes an answer"),
        pytest.param(standing(state=RequestState.STALE), id="nobody while it is overtaken"),
        pytest.param(standing(seats=(seat(1, ANA, BEN, eligible=frozenset({BEN})),)), id="nobody whose role ended"),
        pytest.param(standing(seats=(seat(1, ANA, filled_by="Ana"), seat(2, BEN))), id="only free seats"),
        pytest.param(
            standing(seats=(seat(1, ANA, deputies={CEM: frozenset({ANA}), OWNER: frozenset({ANA})}),)), id="deputies"
        ),
        pytest.param(
            standing(seats=(seat(1, ANA, BEN, deputies={CEM: frozenset({ANA})}),), voices=frozenset({ANA})),
            id="no deputy of who has spoken",
        ),
    ],
)
def test_who_is_waited_for_is_just_who_may_decide(case):
    able = frozenset().union(*(who_can_take(case, seat) for seat in case.seats))
    assert able == {person for person in (OWNER, EDITOR, ANA, BEN, CEM) if may_decide(case, person, case.digest)}


def taken(person, *seats, voices=frozenset()):
    return taking_of(standing(seats=seats, voices=voices), person)


def test_a_person_fills_the_seat_that_leaves_the_others_fillable():
    wide, narrow = seat(1, ANA, BEN), seat(2, ANA)
    assert taken(ANA, wide, narrow).seats == (narrow,)
    assert taken(BEN, wide, narrow).seats == (wide,)


def test_a_person_does_not_take_the_seat_that_only_others_cannot_fill():
    shared, own = seat(1, ANA, BEN), seat(2, ANA, BEN, CEM)
    assert taken(ANA, seat(3, BEN), shared, own).seats[0] in (shared, own)


UNIT_A, UNIT_B = UUID(int=201), UUID(int=202)
STEWARDS = {"family": "stewards"}


def test_a_steward_of_two_units_answers_once_for_both():
    first, second = seat(1, ANA, unit=UNIT_A, **STEWARDS), seat(2, ANA, BEN, unit=UNIT_B, **STEWARDS)
    assert taken(ANA, first, second).seats == (first, second)
    assert taken(BEN, first, second).seats == (second,)


def test_two_seats_of_one_unit_take_two_people():
    first, second = (seat(number, ANA, BEN, unit=UNIT_A, **STEWARDS) for number in (1, 2))
    assert len(taken(ANA, first, second).seats) == 1


@pytest.mark.parametrize(
    ("seats", "circles"),
    [
        pytest.param([(UNIT_A, {ANA}), (UNIT_B, {ANA, BEN})], [{ANA}], id="one person holds both"),
        pytest.param([(UNIT_A, {ANA}), (UNIT_B, {BEN})], [{ANA}, {BEN}], id="nobody holds both"),
        pytest.param([(UNIT_A, {ANA, BEN}), (UNIT_A, {ANA, BEN})], [{ANA, BEN}] * 2, id="two seats of one unit"),
    ],
)
def test_the_fewest_people_who_fill_a_family(seats, circles):
    family = [seat(n, *people, unit=unit, **STEWARDS) for n, (unit, people) in enumerate(seats)]
    assert fewest_people(family, frozenset()) == circles


def test_a_deputy_takes_the_seat_of_who_is_away_after_their_own():
    away = seat(1, ANA, deputies={BEN: frozenset({ANA})})
    assert (taken(BEN, away).seats, taken(BEN, away).on_behalf_of) == ((away,), ANA)
    own = seat(2, BEN)
    assert (taken(BEN, away, own).seats, taken(BEN, away, own).on_behalf_of) == ((own,), None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({}, None, id="a deputy decides"),
        pytest.param({"voices": frozenset({ANA})}, "already_spoken", id="not twice for one person"),
        pytest.param({"close": frozenset({BEN})}, "own_deputy", id="not the requester's own deputy"),
        pytest.param({"authors": frozenset({BEN})}, "own_edit", id="not an author"),
        pytest.param({"requester": BEN}, "own_request", id="not the requester"),
    ],
)
def test_may_decide_for_somebody_else(change, code):
    case = standing(seats=(seat(1, ANA, deputies={BEN: frozenset({ANA})}),), **change)
    assert getattr(may_decide(case, BEN, "d1"), "code", None) == code


@pytest.mark.parametrize(
    ("stages", "filled"),
    [
        pytest.param([], True, id="nothing to fill"),
        pytest.param([(1, [set()])], False, id="nobody eligible"),
        pytest.param([(1, [{ANA}]), (1, [{ANA}])], False, id="one person for two stages"),
        pytest.param([(1, [{ANA}]), (1, [{ANA, BEN}])], True, id="the second stage has another"),
        pytest.param([(2, [{ANA}, {ANA}])], False, id="distinct people within a stage"),
        pytest.param([(2, [{ANA, BEN}, {ANA, BEN}, {ANA, BEN}])], True, id="two of three seats"),
        pytest.param([(3, [{ANA, BEN}, {ANA, BEN}, {ANA, BEN}])], False, id="three seats for two people"),
        pytest.param([(1, [set(), {BEN}])], True, id="any of two seats"),
        pytest.param([(1, [{ANA}, {BEN}], [{1}])], True, id="any, but of the second side"),
        pytest.param([(1, [{ANA}, set()], [{1}])], False, id="a side that nobody can speak for"),
        pytest.param([(2, [{ANA}, {ANA}], [{0}, {1}])], False, id="one person for two sides"),
        pytest.param([(3, [{ANA}, {BEN}, {CEM}], [{0}, {1}])], True, id="two sides and one more"),
        pytest.param([(3, [{ANA}, {BEN}, {BEN}], [{0}, {1}])], False, id="two sides and nobody more"),
    ],
)
def test_a_stage_is_reachable_only_with_distinct_people(stages, filled):
    assert can_be_filled(stages) is filled


PEOPLE = st.frozensets(st.sampled_from([ANA, BEN, CEM]))


@given(st.lists(PEOPLE, max_size=4))
def test_the_flow_finds_exactly_what_trying_every_order_finds(slots):
    orders = permutations([ANA, BEN, CEM, None, None, None, None], len(slots))
    tried = any(all(person in slot for person, slot in zip(order, slots, strict=True)) for order in orders)
    assert can_be_filled([(len(slots), slots)]) is tried


@pytest.mark.parametrize(
    ("needed", "seats", "enough"),
    [
        pytest.param(1, [("", True), ("", False)], True, id="any"),
        pytest.param(2, [("", True), ("", False)], False, id="too few"),
        pytest.param(2, [("a", True), ("a", True), ("b", False)], False, id="enough of one side only"),
        pytest.param(2, [("a", True), ("a", False), ("b", True)], True, id="one of each side"),
    ],
)
def test_a_stage_is_satisfied_by_enough_voices_of_every_side(needed, seats, enough):
    assert is_satisfied(needed, seats) is enough


def test_every_open_state_has_a_way_out_and_every_end_has_none():
    assert all(REQUEST_MOVES[state] for state in OPEN_REQUEST)
    ends = {RequestState.APPROVED, RequestState.REJECTED, RequestState.WITHDRAWN, RequestState.LAPSED}
    assert all(not REQUEST_MOVES[state] for state in ends)
