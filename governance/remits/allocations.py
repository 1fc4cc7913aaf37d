"""Rules of a round: rival requests for a scarce dataset, compared and awarded with reasons. Pure."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from governance.core.verdict import Allowed, Denied, Verdict
from governance.core.wording import says_nothing

LONGEST_TEXT = 4000
SHORTEST_ROUND_DAYS, LONGEST_ROUND_DAYS, USUAL_ROUND_DAYS = 1, 60, 14
FEWEST_RIVALS_OF_A_SEQUENCE = 2


class Scarcity(StrEnum):
    """How little of a dataset there is: SCARCE for a few at once, EXCLUSIVE for one at a time."""

    SCARCE = "scarce"
    EXCLUSIVE = "exclusive"


class RoundState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    AWARDED = "awarded"


class EntryState(StrEnum):
    WAITING = "waiting"
    AWARDED = "awarded"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Division(StrEnum):
    """How a dataset is divided among those who asked."""

    SHARED = "shared"
    EXCLUSIVE = "exclusive"
    SEQUENCE = "sequence"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Lot:
    """What one request gets. `starts` and `ends` are days, both included; `share` names the fields or rows of a split."""

    awarded: bool
    reason: str = ""
    starts: date | None = None
    ends: date | None = None
    share: str = ""


def may_mark(*, scarcity: str, why: str, until: date | None, on: date, round_days: int) -> Verdict:
    """Say whether a dataset can be marked so."""
    if scarcity not in list(Scarcity):
        return Denied("unknown_scarcity", f"Choose one of: {', '.join(Scarcity)}.")
    if says_nothing(why) or len(why) > LONGEST_TEXT:
        return Denied("no_reasons", f"Say why, in at most {LONGEST_TEXT} characters.")
    if until is not None and until < on:
        return Denied("ends_in_the_past", "The day until which it is scarce has passed.", "Choose a later day.")
    if not SHORTEST_ROUND_DAYS <= round_days <= LONGEST_ROUND_DAYS:
        return Denied("bad_round", f"A round is open {SHORTEST_ROUND_DAYS} to {LONGEST_ROUND_DAYS} days.")
    return Allowed()


def may_enter(state: RoundState, *, at: datetime, closes_at: datetime) -> bool:
    return state is RoundState.OPEN and at < closes_at


def may_state_case(state: RoundState, entry: EntryState) -> Verdict:
    """Requesters make their case until the award: what is compared must not change afterwards."""
    if state is RoundState.AWARDED or entry is not EntryState.WAITING:
        return Denied("decided_already", "This round is decided.")
    return Allowed()


def may_award(
    *,
    state: RoundState,
    at: datetime,
    closes_at: datetime,
    awarder: UUID,
    authors: frozenset[UUID],
    waiting: frozenset[UUID],
    division: str,
    reasons: str,
    lots: Mapping[UUID, Lot],
) -> Verdict:
    """Say whether a round can be awarded so; `waiting` are its entries, `authors` all who wrote one of their requests."""
    faults = (
        (state is RoundState.AWARDED, Denied("awarded_already", "This round is decided.", "Look at it again.")),
        (at < closes_at, Denied("still_open", "Others may still ask.", "Decide when the round has closed.")),
        (awarder in authors, Denied("own_request", "You wrote one of the requests, so somebody else decides.")),
        (division not in list(Division), Denied("unknown_division", f"Choose one of: {', '.join(Division)}.")),
        (_says_nothing(reasons), Denied("no_reasons", f"Say why, in at most {LONGEST_TEXT} characters.")),
        (
            lots.keys() != waiting,
            Denied("requests_moved", "The requests in this round have changed.", "Look at them again."),
        ),
    )
    found = _first(faults)
    return _lots_fit(Division(division), list(lots.values())) if found is None else found


def _says_nothing(text: str) -> bool:
    return says_nothing(text) or len(text) > LONGEST_TEXT


def _first(faults: Iterable[tuple[bool, Denied]]) -> Denied | None:
    return next((denied for fault, denied in faults if fault), None)


def _lots_fit(division: Division, lots: Sequence[Lot]) -> Verdict:
    won = [lot for lot in lots if lot.awarded]
    alone = len(won) == 1 and won[0].ends is not None
    faults = (
        (
            any(not lot.awarded and _says_nothing(lot.reason) for lot in lots),
            Denied("no_reason_for_refusal", "Say to each request that is refused why."),
        ),
        (
            any(lot.starts and lot.ends and lot.ends < lot.starts for lot in won),
            Denied("ends_before_start", "A lot ends on or after the day it starts."),
        ),
        (not won, Denied("nobody_awarded", "Award it to at least one request.")),
        (
            division is Division.EXCLUSIVE and not alone,
            Denied("not_exclusive", "Exclusive use goes to one request, until a day."),
        ),
        (
            division is Division.SPLIT and any(_says_nothing(lot.share) for lot in won),
            Denied("no_share", "Say which fields or rows each of them gets."),
        ),
    )
    found = _first(faults)
    if found is not None:
        return found
    return _in_turn(won) if division is Division.SEQUENCE else Allowed()


def _in_turn(won: Sequence[Lot]) -> Verdict:
    days = sorted((lot.starts, lot.ends) for lot in won if lot.starts and lot.ends)
    if len(won) < FEWEST_RIVALS_OF_A_SEQUENCE or len(days) < len(won):
        return Denied("no_turns", "In sequence at least two use it, each from a day to a day.")
    if any(later[0] <= earlier[1] for earlier, later in itertools.pairwise(days)):
        return Denied("turns_overlap", "One turn ends before the next begins.")
    return Allowed()
