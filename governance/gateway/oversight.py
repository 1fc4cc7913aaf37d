"""What people did with the answers against what was promised, and what looks like stamping them through. Pure.

A shortfall is told only when chance does not explain it: the bounds below are Wilson's for 95 of 100 cases (E. B. Wilson,
"Probable inference, the law of succession, and statistical inference", JASA 22, 1927).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from governance.core.percent import percent
from governance.core.verdict import Allowed, Denied, Verdict
from governance.remits.promise import Promise

WINDOW = timedelta(days=7)
SETTLES = timedelta(days=1)  # an answer is counted once people had a day to look at it
GRACE = timedelta(days=7)  # from the warning to the rest, for doing what was promised
LEAST_ANSWERS = 50  # fewer never lead to a warning, nor to a rest
LEAST_TIMED = 20
HASTE_BORNE = 0.10  # so many looks in a hundredth part may be quicker than promised
Z95 = 1.96

LEAST_ALIKE = 50  # looks of one reviewer of which all were accepted
LEAST_READABLE, UNREAD_BORNE = 20, 0.25
READ_TOKENS = 50  # shorter answers are read at a glance
TOKENS_A_SECOND = 15  # about 700 words a minute: faster than anybody reads and understands
BURST, BURST_SECONDS = 15, 60
MOST_CITED = 5


class Standing(StrEnum):
    """How an initiative stands to what it promised, over one window."""

    UNPROMISED = "unpromised"
    TOO_FEW = "too_few"
    KEPT = "kept"
    SHORT = "short"


class Stamping(StrEnum):
    ALL_ACCEPTED = "all_accepted"
    UNREAD = "unread"
    BURST = "burst"


class ShortfallState(StrEnum):
    WARNED = "warned"
    MET = "met"
    RESTING = "resting"
    LIFTED = "lifted"
    OVERTAKEN = "overtaken"


_S = ShortfallState
OPEN_SHORTFALL = frozenset({_S.WARNED, _S.RESTING})
SHORTFALL_MOVES = {
    _S.WARNED: frozenset({_S.MET, _S.RESTING, _S.OVERTAKEN}),
    _S.RESTING: frozenset({_S.LIFTED, _S.OVERTAKEN}),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """Looks at the answers of one period.

    `looked` counts answers that somebody looked at, as the promise wants it; `quick` those of them that took less than promised.
    `half` and `most` are the seconds within which half and nine in ten were decided, None without any.
    """

    answers: int = 0
    looked: int = 0
    accepted: int = 0
    edited: int = 0
    rejected: int = 0
    verified: int = 0
    quick: int = 0
    half: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Habit:
    """How one reviewer looks.

    `unread` of `readable` answers were decided faster than anybody reads; `pace` is the most decisions within a minute. Each
    `..._cited` are exchanges to look at.
    """

    reviewer: str
    verified: bool
    looks: int
    accepted: int
    edited: int
    rejected: int
    half: float
    readable: int = 0
    unread: int = 0
    pace: int = 0
    cited: tuple[UUID, ...] = ()
    unread_cited: tuple[UUID, ...] = ()
    pace_cited: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look into, in words, with what it is counted over and calls that show it. A flag decides nothing."""

    rule: Stamping
    sentence: str
    base: int
    exchanges: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """`sentences` say in what it falls short; none unless it does."""

    standing: Standing
    sentences: tuple[str, ...] = ()


def judge(promise: Promise | None, tally: Tally) -> Judgement:
    """Say how one window stands to the promise."""
    if promise is None:
        return Judgement(Standing.UNPROMISED)
    if tally.answers < LEAST_ANSWERS:
        return Judgement(Standing.TOO_FEW)
    short = tuple(filter(None, (_share_short(promise, tally), _time_short(promise, tally))))
    return Judgement(Standing.SHORT if short else Standing.KEPT, short)


def _share_short(promise: Promise, tally: Tally) -> str:
    if upper_bound(tally.looked, tally.answers) >= promise.share / 100:
        return ""
    seen = f"{tally.looked} of {tally.answers} answers ({percent(tally.looked, tally.answers)})"
    return f"{seen} were looked at; {percent(promise.share, 100)} was promised."


def _time_short(promise: Promise, tally: Tally) -> str:
    if tally.looked < LEAST_TIMED or lower_bound(tally.quick, tally.looked) <= HASTE_BORNE:
        return ""
    seen = f"{tally.quick} of {tally.looked} looks ({percent(tally.quick, tally.looked)})"
    return f"{seen} took less than the {promise.least_seconds} seconds that were promised."


def flags_of(habits: Iterable[Habit]) -> list[tuple[Habit, Flag]]:
    """Return what looks like stamping through, reviewer by reviewer, in the order they come."""
    return [(habit, flag) for habit in habits for flag in _flags(habit)]


def _flags(habit: Habit) -> Iterable[Flag]:
    if habit.looks >= LEAST_ALIKE and habit.accepted == habit.looks:
        said = f"Accepted every one of {habit.looks} answers. Noted from {LEAST_ALIKE} on."
        yield Flag(Stamping.ALL_ACCEPTED, said, habit.looks, habit.cited)
    if habit.readable >= LEAST_READABLE and habit.unread > habit.readable * UNREAD_BORNE:
        said = (
            f"Decided {habit.unread} of {habit.readable} longer answers ({percent(habit.unread, habit.readable)}) faster than anybody "
            f"reads. Noted above {percent(UNREAD_BORNE)}, from {LEAST_READABLE} on."
        )
        yield Flag(Stamping.UNREAD, said, habit.readable, habit.unread_cited)
    if habit.pace >= BURST:
        said = f"Decided {habit.pace} answers within a minute. Noted from {BURST} on."
        yield Flag(Stamping.BURST, said, habit.looks, habit.pace_cited)


def upper_bound(part: int, whole: int) -> float:
    """Return the highest share that `part` of `whole` leaves likely; 1 of nothing."""
    return 1.0 if part >= whole else _wilson(part, whole, 1)


def lower_bound(part: int, whole: int) -> float:
    """Return the lowest share that `part` of `whole` leaves likely; 0 of nothing."""
    return 0.0 if part <= 0 else _wilson(part, whole, -1)


def _wilson(part: int, whole: int, side: int) -> float:
    share, squared = part / whole, Z95 * Z95
    middle = share + squared / (2 * whole)
    spread = Z95 * math.sqrt(share * (1 - share) / whole + squared / (4 * whole * whole))
    return (middle + side * spread) / (1 + squared / whole)


def may_move_shortfall(state: ShortfallState, to: ShortfallState) -> Verdict:
    if to in SHORTFALL_MOVES.get(state, frozenset()):
        return Allowed()
    return Denied("not_resting", f"Nothing rests for this: it is {state}.")


def may_lift(person: UUID, builders: frozenset[UUID], author: UUID) -> Verdict:
    """Whoever promised, and whoever builds with it, does not say that it may go on without."""
    if person == author or person in builders:
        return Denied("own_promise", "You made this promise or build with it.", "Somebody else lets it go on.")
    return Allowed()
