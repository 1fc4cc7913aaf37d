"""State machines of an approval, and who may decide what. Pure: values in, a verdict out."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple
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
DECIDED_STAGE = frozenset({StageState.SATISFIED, StageState.REJECTED})


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
    """A slot of an open stage. `frozen` are the people named when the stage opened, `eligible` hold its role today.

    `deputies` are those who may sit for some of `people` today, each with whom they may sit for. Seats of one `family`
    ask the same role of several units: whoever holds it on more than one of them answers once for all of theirs.
    """

    slot: UUID
    label: str
    frozen: frozenset[UUID]
    eligible: frozenset[UUID]
    filled_by: str = ""  # the name of who decided it, "" while it is free
    deputies: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    family: Hashable = None
    unit: UUID | None = None
    group: str = ""  # the side it speaks for

    @property
    def people(self) -> frozenset[UUID]:
        return self.frozen & self.eligible

    def givers(self, person: UUID) -> frozenset[UUID]:
        """Return whom `person` may decide for here."""
        return self.deputies.get(person, frozenset()) & self.people


@dataclass(frozen=True, slots=True)
class Taking:
    """A person takes `seats` with one decision: one, or all of theirs in a family. `on_behalf_of` None: their own."""

    seats: tuple[Seat, ...]
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True)
class DecisionStanding:
    """What the rule needs to know of a request: its state, its current digest, who wrote it, who has spoken."""

    state: RequestState
    digest: str
    requester: UUID
    authors: frozenset[UUID]  # everybody who edited a revision or drafted the subject
    voices: frozenset[UUID]  # who has decided this revision, themselves or by a deputy
    seats: tuple[Seat, ...]  # of the open stages
    close: frozenset[UUID] = frozenset()  # deputies of the requester or an author since the request was opened


# The request moved under the reader's hands: not a question of permission, so the page offers to reload.
MOVED = frozenset({"not_in_review", "digest_moved", "seat_taken"})


def may_take_part(
    requester: UUID, authors: frozenset[UUID], person: UUID, close: frozenset[UUID] = frozenset()
) -> Verdict:
    """Say whether `person` stands far enough from the request to decide it. `close`: see DecisionStanding."""
    if person == requester:
        return Denied("own_request", "You cannot decide your own request.", "Another person in the stage decides.")
    if person in authors:
        return Denied("own_edit", "You wrote part of what is asked, so you cannot decide it.")
    if person in close:
        return Denied("own_deputy", "You decide in place of somebody who asked this, so you cannot decide it.")
    return Allowed()


def may_decide(standing: DecisionStanding, person: UUID, digest: str) -> Verdict:
    """Say whether `person` may now decide what has `digest`."""
    if standing.state is not RequestState.IN_REVIEW:
        return Denied("not_in_review", f"This request is {_spoken(standing.state)}; nothing is to decide.")
    if digest != standing.digest:
        return Denied("digest_moved", "The request changed after you opened it.", "Read the new version, then decide.")
    apart = may_take_part(standing.requester, standing.authors, person, standing.close)
    if isinstance(apart, Denied):
        return apart
    if person in standing.voices:
        return Denied("already_spoken", "You have already decided this version; one person has one voice.")
    return _may_take_a_seat(standing, person)


def _may_take_a_seat(standing: DecisionStanding, person: UUID) -> Verdict:
    named = [seat for seat in standing.seats if person in seat.frozen or seat.givers(person)]
    if not named:
        return Denied("not_asked", "You are not among the people asked in this stage.")
    held = [seat for seat in named if person in seat.people or seat.givers(person) - standing.voices]
    if not held:
        ended = any(person in seat.frozen for seat in named)
        given = "Whoever you would decide for has decided already."
        return (
            Denied("role_ended", "You no longer hold the role in which you were asked.")
            if ended
            else Denied("already_spoken", given)
        )
    if all(seat.filled_by for seat in held):
        return Denied("seat_taken", f"{held[0].filled_by} has already decided as {held[0].label}.")
    return Allowed()


def who_can_take(standing: DecisionStanding, seat: Seat) -> frozenset[UUID]:
    """Return who can fill `seat` now, holders and deputies: just those of whom `may_decide` says so."""
    if standing.state is not RequestState.IN_REVIEW or seat.filled_by:
        return frozenset()
    sitting = {deputy for deputy in seat.deputies if seat.givers(deputy) - standing.voices}
    return (seat.people | sitting) - {standing.requester, *standing.authors, *standing.close, *standing.voices}


def taking_of(standing: DecisionStanding, person: UUID) -> Taking:
    """Return what `person` takes: a seat of their own before one of somebody they are deputy of.

    Of several, the one that leaves the others most likely to be filled, and with it the free seats of its family that
    the same person holds. Shape: `may_decide` allowed this person, so at least one seat is free for them.
    """
    free = [seat for seat in standing.seats if not seat.filled_by]
    holder = person
    mine = [seat for seat in free if person in seat.people]
    if not mine:
        givers = sorted({giver for seat in free for giver in seat.givers(person) - standing.voices})
        holder = givers[0]
        mine = [seat for seat in free if holder in seat.givers(person)]

    def leaves_all_fillable(seat: Seat) -> bool:
        rest = [other.people - {holder} for other in free if other is not seat]
        return can_be_filled([(len(rest), rest)])

    first = min(mine, key=lambda seat: (not leaves_all_fillable(seat), len(seat.people), seat.label, seat.slot))
    return Taking((first, *_beside(first, mine)), None if holder == person else holder)


def _beside(first: Seat, mine: Sequence[Seat]) -> list[Seat]:
    """Return the seats of the family of `first` that its holder takes along: one for each other unit."""
    if first.family is None:
        return []
    others = {seat.unit: seat for seat in mine if seat.family == first.family and seat.unit != first.unit}
    return list(others.values())


def fewest_people(seats: Sequence[Seat], spoken: frozenset[UUID]) -> list[frozenset[UUID]]:
    """Return who could fill free `seats` when one person answers for all their seats of a family.

    Seats are put together while somebody holds them all; the smallest circles first, so that those are met.
    """
    circles: list[tuple[Seat, set[UUID | None], frozenset[UUID]]] = []
    for seat in sorted(seats, key=lambda seat: (len(seat.people), seat.label, seat.slot)):
        people = seat.people - spoken
        for place, (first, units, shared) in enumerate(circles):
            both = people & shared
            if both and first.family is not None and first.family == seat.family and seat.unit not in units:
                circles[place] = (first, {*units, seat.unit}, both)
                break
        else:
            circles.append((seat, {seat.unit}, people))
    return [people for _, _, people in circles]


def needed_of(quorum: Quorum, needed: int, slots: int) -> int:
    """Return how many approvals satisfy a stage of `slots` slots."""
    match quorum:
        case Quorum.ALL:
            return slots
        case Quorum.ANY:
            return 1
        case Quorum.AT_LEAST:
            return needed


def is_satisfied(needed: int, seats: Sequence[tuple[str, bool]]) -> bool:
    """Say whether a stage has what it needs: enough seats filled, and one of each side.

    Shape: for each seat the group it speaks for ("" for none), and whether it is filled.
    """
    filled = [group for group, is_filled in seats if is_filled]
    return len(filled) >= needed and {group for group, _ in seats if group} <= set(filled)


class Wanted(NamedTuple):
    """What a stage still needs: how many of `seats` must be filled (each the people who could), one of each of `sides`.

    A side is the indices of its seats; it is listed while nobody has spoken for it.
    """

    needed: int
    seats: Sequence[frozenset[UUID]]
    sides: Sequence[frozenset[int]] = ()


def can_be_filled(stages: Sequence[tuple[int, Sequence[frozenset[UUID]]] | Wanted]) -> bool:
    """Say whether distinct people can give every stage the approvals it needs. One person fills one seat in all.

    Source: this is a maximum flow, stage -> seat -> person, found by augmenting paths (Ford and Fulkerson). A side draws
    one unit of its own through its seats, before the rest may come from anywhere.
    """
    edges: dict[Hashable, dict[Hashable, int]] = {}
    wanted = [Wanted(*stage) for stage in stages]
    for stage, (needed, seats, sides) in enumerate(wanted):
        for side, members in enumerate(sides):
            _link(edges, "source", ("side", stage, side), 1)
            for seat in members:
                _link(edges, ("side", stage, side), ("seat", stage, seat), 1)
        _link(edges, "source", ("stage", stage), max(0, needed - len(sides)))
        for seat, people in enumerate(seats):
            _link(edges, ("stage", stage), ("seat", stage, seat), 1)
            _link(edges, ("seat", stage, seat), ("filled", stage, seat), 1)
            for person in people:
                _link(edges, ("filled", stage, seat), person, 1)
                _link(edges, person, "sink", 1)
    return all(_augment(edges, "source", set()) for _ in range(sum(max(w.needed, len(w.sides)) for w in wanted)))


def wanted_of(needed: int, seats: Sequence[Seat], spoken: frozenset[UUID]) -> Wanted:
    """Return what a stage of these seats still needs of people who have not spoken yet."""
    free = [seat for seat in seats if not seat.filled_by]
    heard = {seat.group for seat in seats if seat.filled_by}
    unheard = sorted({seat.group for seat in free if seat.group} - heard)
    return Wanted(
        needed=max(0, needed - (len(seats) - len(free))),
        seats=[seat.people - spoken for seat in free],
        sides=[frozenset(i for i, seat in enumerate(free) if seat.group == group) for group in unheard],
    )


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
