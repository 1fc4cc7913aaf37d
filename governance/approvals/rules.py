"""State machines of an approval, and who may decide what. Pure: values in, a verdict out."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from governance.core.verdict import Allowed, Denied, Verdict

LONGEST_COMMENT = 4000


class RequestState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    STALE = "stale"


OPEN_REQUEST = frozenset({RequestState.SUBMITTED, RequestState.IN_REVIEW, RequestState.CHANGES_REQUESTED})
REVISABLE = frozenset({RequestState.CHANGES_REQUESTED, RequestState.STALE})


class StageState(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    SATISFIED = "satisfied"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    UNREACHABLE = "unreachable"


PASSED_STAGE = frozenset({StageState.SATISFIED, StageState.SKIPPED})
LIVE_STAGE = frozenset({StageState.OPEN, StageState.UNREACHABLE})


class DecisionKind(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    REQUEST_CHANGES = "request_changes"


NEEDS_REASON = frozenset({DecisionKind.REJECT, DecisionKind.REQUEST_CHANGES})


class Quorum(StrEnum):
    """How many of a stage's slots must be filled."""

    ANY = "any"
    ALL = "all"
    AT_LEAST = "at_least"


REQUEST_MOVES: Mapping[RequestState, frozenset[RequestState]] = {
    RequestState.DRAFT: frozenset({RequestState.SUBMITTED}),
    RequestState.SUBMITTED: frozenset({RequestState.IN_REVIEW, RequestState.WITHDRAWN}),
    RequestState.IN_REVIEW: frozenset(
        {
            RequestState.APPROVED,
            RequestState.REJECTED,
            RequestState.CHANGES_REQUESTED,
            RequestState.STALE,
            RequestState.WITHDRAWN,
        }
    ),
    RequestState.CHANGES_REQUESTED: frozenset({RequestState.SUBMITTED, RequestState.LAPSED, RequestState.WITHDRAWN}),
    RequestState.STALE: frozenset({RequestState.SUBMITTED, RequestState.LAPSED}),
    RequestState.APPROVED: frozenset(),
    RequestState.REJECTED: frozenset(),
    RequestState.WITHDRAWN: frozenset(),
    RequestState.LAPSED: frozenset(),
}


ENDED_REQUEST = frozenset(RequestState) - OPEN_REQUEST - {RequestState.DRAFT}


def may_move(state: RequestState, to: RequestState) -> Verdict:
    """Say whether a request may go from `state` to `to`: the one table that every path goes through."""
    if to in REQUEST_MOVES[state]:
        return Allowed()
    return Denied("wrong_state", f"A request that is {_spoken(state)} cannot become {_spoken(to)}.")


def _spoken(state: RequestState) -> str:
    return state.replace("_", " ")


@dataclass(frozen=True, slots=True)
class DiffRow:
    """One field that differs. `before` and `after` are ready to show; `material` voids earlier decisions."""

    field: str
    before: str
    after: str
    material: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """A slot of an open stage. `frozen` are the people named when the stage opened, `eligible` hold its role today."""

    slot: UUID
    label: str
    frozen: frozenset[UUID]
    eligible: frozenset[UUID]
    filled_by: str = ""  # the name of who decided it, "" while it is free

    @property
    def people(self) -> frozenset[UUID]:
        return self.frozen & self.eligible


@dataclass(frozen=True, slots=True)
class DecisionStanding:
    """What the rule needs to know of a request: its state, its current digest, who wrote it, who has spoken."""

    state: RequestState
    digest: str
    requester: UUID
    authors: frozenset[UUID]  # everybody who edited a revision or drafted the subject
    voices: frozenset[UUID]  # who has decided this revision
    seats: tuple[Seat, ...]  # of the open stages


# The request moved under the reader's hands: not a question of permission, so the page offers to reload.
MOVED = frozenset({"not_in_review", "digest_moved", "seat_taken"})


def may_take_part(requester: UUID, authors: frozenset[UUID], person: UUID) -> Verdict:
    """Say whether `person` stands far enough from the request to decide it."""
    if person == requester:
        return Denied("own_request", "You cannot decide your own request.", "Another person in the stage decides.")
    if person in authors:
        return Denied("own_edit", "You wrote part of what is asked, so you cannot decide it.")
    return Allowed()


def may_decide(standing: DecisionStanding, person: UUID, digest: str) -> Verdict:
    """Say whether `person` may now decide what has `digest`."""
    if standing.state is not RequestState.IN_REVIEW:
        return Denied("not_in_review", f"This request is {_spoken(standing.state)}; nothing is to decide.")
    if digest != standing.digest:
        return Denied("digest_moved", "The request changed after you opened it.", "Read the new version, then decide.")
    apart = may_take_part(standing.requester, standing.authors, person)
    if isinstance(apart, Denied):
        return apart
    if person in standing.voices:
        return Denied("already_spoken", "You have already decided this version; one person has one voice.")
    return _may_take_a_seat(standing.seats, person)


def _may_take_a_seat(seats: tuple[Seat, ...], person: UUID) -> Verdict:
    named = [seat for seat in seats if person in seat.frozen]
    if not named:
        return Denied("not_asked", "You are not among the people asked in this stage.")
    if not any(person in seat.people for seat in named):
        return Denied("role_ended", "You no longer hold the role in which you were asked.")
    free = [seat for seat in named if not seat.filled_by]
    if not free:
        return Denied("seat_taken", f"{named[0].filled_by} has already decided as {named[0].label}.")
    return Allowed()


def seat_for(seats: Sequence[Seat], person: UUID) -> Seat:
    """Return the free seat that `person` fills: the one that leaves the others most likely to be filled.

    Shape: `may_decide` allowed this person, so at least one seat is free for them.
    """
    free = [seat for seat in seats if not seat.filled_by and person in seat.people]

    def leaves_all_fillable(seat: Seat) -> bool:
        rest = [other.people - {person} for other in seats if other is not seat and not other.filled_by]
        return can_be_filled([(len(rest), rest)])

    return min(free, key=lambda seat: (not leaves_all_fillable(seat), len(seat.people), seat.label, seat.slot))


def needed_of(quorum: Quorum, needed: int, slots: int) -> int:
    """Return how many approvals satisfy a stage of `slots` slots."""
    match quorum:
        case Quorum.ALL:
            return slots
        case Quorum.ANY:
            return 1
        case Quorum.AT_LEAST:
            return needed


def can_be_filled(stages: Sequence[tuple[int, Sequence[frozenset[UUID]]]]) -> bool:
    """Say whether distinct people can give every stage the approvals it needs.

    Shape: per stage, how many slots must be filled, and who could fill each slot. One person fills one slot in all.
    Source: this is a maximum flow, stage -> slot -> person, found by augmenting paths (Ford and Fulkerson).
    """
    edges: dict[Hashable, dict[Hashable, int]] = {}
    for stage, (needed, slots) in enumerate(stages):
        _link(edges, "source", ("stage", stage), needed)
        for slot, people in enumerate(slots):
            _link(edges, ("stage", stage), ("slot", stage, slot), 1)
            for person in people:
                _link(edges, ("slot", stage, slot), person, 1)
                _link(edges, person, "sink", 1)
    return all(_augment(edges, "source", set()) for _ in range(sum(needed for needed, _ in stages)))


def _link(edges: dict[Hashable, dict[Hashable, int]], start: Hashable, end: Hashable, room: int) -> None:
    edges.setdefault(start, {})[end] = room
    edges.setdefault(end, {}).setdefault(start, 0)


def _augment(edges: dict[Hashable, dict[Hashable, int]], node: Hashable, seen: set[Hashable]) -> bool:
    if node == "sink":
        return True
    seen.add(node)
    for following, room in edges.get(node, {}).items():
        if room and following not in seen and _augment(edges, following, seen):
            edges[node][following] -= 1
            edges[following][node] += 1
            return True
    return False
