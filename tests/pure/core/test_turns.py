"""Who had fewer turns than others comes first, and who asks for little is never held back by those who want everything."""

from collections import Counter, deque
from math import inf
from random import Random
from statistics import mean

import pytest

from governance.core.turns import MEMORY_S, Turns

ROOM = 8
CROWD = [f"crowd {number}" for number in range(8)]


def served(wanted: dict[str, float], *, capacity: int, before: int = 0) -> tuple[dict[str, float], float]:
    """Return of each sharer which part of its calls was let in, and how many were at work in the mean, of a house with ROOM places.

    `wanted` is what each asks for, of `capacity` calls a second, all at random moments for twenty seconds; `before` are turns that the
    first of the crowd had alone.
    """
    turns, random, at, next_done = Turns(), Random(7), 0.0, inf
    for _ in range(before):
        turns.take(CROWD[0], at=0.0)
    asked, had, at_work, seen = Counter(), Counter(), deque(), []
    while at < 20:
        at += random.expovariate(capacity * sum(wanted.values()))
        while next_done <= at:
            at_work.popleft()
            next_done = next_done + random.expovariate(capacity) if at_work else inf
        [who] = random.choices(list(wanted), wanted.values())
        asked[who] += 1
        places = len(at_work)
        if places < ROOM or (places < 2 * ROOM and turns.is_behind(who, Counter(at_work))):
            turns.take(who, at=at)
            had[who] += 1
            at_work.append(who)
            next_done = min(next_done, at + random.expovariate(capacity))
        seen.append(places)
    return {who: had[who] / asked[who] for who in wanted}, mean(seen)


@pytest.mark.parametrize("before", [0, 300], ids=["from the beginning", "after one of them had everything"])
@pytest.mark.parametrize("capacity", [30, 100], ids=["30 a second", "100 a second"])
def test_a_quiet_key_beside_a_crowd_has_what_it_asks_for_and_the_queue_stays_short(capacity, before):
    had, at_work = served({**dict.fromkeys(CROWD, 10 / 8), "quiet": 0.08}, capacity=capacity, before=before)
    assert had["quiet"] >= 0.9
    assert at_work <= 1.1 * ROOM


def test_those_who_all_want_everything_have_the_same():
    had, _ = served(dict.fromkeys(CROWD, 10 / 8), capacity=60)
    assert min(had.values()) >= 0.8 * max(had.values())


def test_a_hundred_who_hardly_ask_take_nothing_from_one_who_asks_for_a_share():
    turns = Turns()
    for number in range(100):
        turns.take(f"rare {number}", at=number / 100)
    for number in range(1000):
        turns.take(CROWD[number % 8], at=1 + number / 1000)
    for number in range(50):
        turns.take("quiet", at=2 + number / 1000)
    at_work = dict.fromkeys(CROWD, 1)
    assert turns.is_behind("quiet", at_work)
    assert not turns.is_behind(CROWD[0], at_work)


def test_one_that_has_every_place_is_not_behind_itself_and_a_newcomer_is():
    turns = Turns()
    for _ in range(ROOM):
        turns.take("one", at=1.0)
    assert not turns.is_behind("one", {"one": ROOM})
    assert turns.is_behind("newcomer", {"one": ROOM})


def test_nobody_is_behind_in_an_empty_house():
    assert not Turns().is_behind("one", {})


def test_turns_fade_and_are_forgotten():
    turns = Turns()
    for _ in range(10):
        turns.take("early", at=0.0)
    turns.take("late", at=10 * MEMORY_S)
    assert set(turns._of) == {"late"}


@pytest.mark.parametrize("at", [0.0, 1e6], ids=["soon", "after days"])
def test_a_turn_now_weighs_more_than_one_before(at):
    turns = Turns()
    turns.take("before", at=at)
    turns.take("now", at=at + MEMORY_S)
    assert turns.is_behind("before", {"now": 1})
    assert not turns.is_behind("now", {"before": 1})
