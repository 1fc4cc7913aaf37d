"""States and rules of a contest: who owns meanwhile, who rules, by when, and who may appeal."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from governance.core.verdict import Allowed, Denied, Verdict
from governance.core.wording import says_nothing
from governance.initiatives.rules.claims import Basis

APPEAL_WITHIN = timedelta(days=30)
LONGEST_STATEMENT = 8000
LONGEST_COMMENT = 4000
LONGEST_REASONS = 8000


class ContestState(StrEnum):
    OPEN = "open"
    RULED = "ruled"
    APPEALED = "appealed"
    FINAL = "final"
    ENDED = "ended"


_S = ContestState
CONTEST_MOVES: Mapping[ContestState, frozenset[ContestState]] = {
    _S.OPEN: frozenset({_S.RULED, _S.ENDED}),
    _S.RULED: frozenset({_S.APPEALED, _S.FINAL}),
    _S.APPEALED: frozenset({_S.FINAL, _S.ENDED}),
    _S.FINAL: frozenset(),
    _S.ENDED: frozenset(),
}
UNDECIDED = frozenset({_S.OPEN, _S.APPEALED})
LIVE_CONTEST = frozenset({_S.OPEN, _S.RULED, _S.APPEALED})
FIRST, APPEAL = 1, 2  # levels: there is no third


@dataclass(frozen=True, slots=True)
class Side:
    """An open accountable claim, as far as the interim owner depends on it."""

    unit: UUID
    basis: Basis
    made_at: datetime


def interim_unit(standing: UUID | None, sides: Sequence[Side]) -> UUID:
    """Return who answers for it until a ruling: the standing owner, else who runs it, else the earliest claim.

    Raises:
        ValueError: when nobody owns it and nobody claims it.
    """
    if standing is not None:
        return standing
    earliest = sorted(sides, key=lambda side: (side.made_at, str(side.unit)))
    running = [side for side in earliest if side.basis is Basis.RUN]
    if not earliest:
        raise ValueError("Nobody owns it and nobody claims it.")
    return [*running, *earliest][0].unit


class Candidate(Protocol):
    """Somebody who might rule. Paths are Unit.path."""

    @property
    def person(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def held_on(self) -> str: ...
    @property
    def belongs_to(self) -> frozenset[str]: ...


def common_path(paths: Collection[str]) -> str:
    """Return the path of the nearest unit that is above all of `paths`, or is one of them; "/" when there is none."""
    steps = [path.strip("/").split("/") for path in paths]
    shared = []
    for together in zip(*steps, strict=False):
        if len(set(together)) > 1:
            break
        shared.append(together[0])
    return f"/{'/'.join(shared)}/" if shared and shared[0] else "/"


Someone = TypeVar("Someone", bound=Candidate)


def choose_arbiter(
    candidates: Sequence[Someone],
    sides: Collection[str],
    *,
    below: str = "",
    apart: UUID | None = None,
    kept: UUID | None = None,
) -> Someone | None:
    """Return the nearest candidate above all sides who is of none of them; None when there is nobody.

    `sides` are the paths of the units that claim. For an appeal, `below` is the path of the unit on which the first
    arbiter held the role, which the second must lie above, and `apart` is the first arbiter. `kept` stays as long as the policy allows it.
    """
    shared = common_path(sides)
    fit = [
        each
        for each in candidates
        if shared.startswith(each.held_on)
        and each.person != apart
        and not (below and len(each.held_on) >= len(below))
        and not is_of_a_side(each.belongs_to, sides)
    ]
    return min(fit, key=lambda each: (each.person != kept, *_nearness(each)), default=None)


def _nearness(candidate: Candidate) -> tuple[int, str, str]:
    return -len(candidate.held_on), candidate.name, str(candidate.person)


def is_of_a_side(belongs_to: Collection[str], sides: Collection[str]) -> bool:
    """Say whether somebody who belongs to these units belongs to one that claims, or to a unit below it."""
    return any(path.startswith(side) for path in belongs_to for side in sides)


def due_at(at: datetime, working_days: int, zone: str, works_on: Callable[[date], bool]) -> datetime:
    """Return the end of the last of `working_days` days on which people work, after the day of `at` in `zone`."""
    day = at.astimezone(ZoneInfo(zone)).date()
    left = working_days
    while left:
        day += timedelta(days=1)
        left -= works_on(day)
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone))


def half_way(opened_at: datetime, due: datetime) -> datetime:
    """Return when the arbiter and both sides are reminded."""
    return opened_at + (due - opened_at) / 2


def may_move_contest(state: ContestState, to: ContestState) -> Verdict:
    if to in CONTEST_MOVES[state]:
        return Allowed()
    return Denied("wrong_state", f"A contest that is {state} cannot become {to}.")


def may_state(state: ContestState, text: str) -> Verdict:
    """A side may write and rewrite its statement until the ruling."""
    if state not in UNDECIDED:
        return Denied("not_open", "This contest was ruled on; statements stay as they were.")
    if says_nothing(text) or len(text) > LONGEST_STATEMENT:
        return Denied("bad_statement", f"Say it in 1 to {LONGEST_STATEMENT} characters.")
    return Allowed()


def may_comment(text: str) -> Verdict:
    if says_nothing(text) or len(text) > LONGEST_COMMENT:
        return Denied("bad_comment", f"Say it in 1 to {LONGEST_COMMENT} characters.")
    return Allowed()


def may_rule(state: ContestState, *, arbiter: UUID | None, person: UUID) -> Verdict:
    """Only the arbiter that the policy named rules, and only once on each level."""
    if state not in UNDECIDED:
        return Denied("not_open", "This contest is not waiting for a ruling.")
    if person != arbiter:
        return Denied("not_the_arbiter", "Another person rules on this contest.")
    return Allowed()


def may_appeal(
    state: ContestState, *, ruled_at: datetime | None, at: datetime, is_side: bool, lost: bool, reasons: str
) -> Verdict:
    """A side that lost may appeal once, with reasons, within APPEAL_WITHIN; the second ruling is final."""
    if not is_side or not lost:
        return Denied("not_a_loser", "Only a unit that claimed and lost may appeal.")
    if state is not ContestState.RULED or ruled_at is None:
        return Denied("not_appealable", "There is no ruling that could still be appealed.")
    if at >= ruled_at + APPEAL_WITHIN:
        return Denied("appeal_too_late", f"An appeal must come within {APPEAL_WITHIN.days} days of the ruling.")
    if says_nothing(reasons) or len(reasons) > LONGEST_REASONS:
        return Denied("no_reasons", f"Say in 1 to {LONGEST_REASONS} characters what the ruling got wrong.")
    return Allowed()
