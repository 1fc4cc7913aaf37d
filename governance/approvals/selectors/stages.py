"""The stages of a request, ready to show: who is asked, who sits in for whom, who answered, how long it usually takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from governance.approvals.models import Request, Revision, Slot, Stage
from governance.approvals.rules import LIVE_STAGE, DecisionStanding, RequestState, StageState, who_can_take
from governance.approvals.selectors.ladder import NextStep, TakenStep, free_among, holders_of, next_step, steps_taken
from governance.approvals.selectors.seats import Roster
from governance.approvals.selectors.waiting import waiting_stats
from governance.organisation.models import Person

Sitting = list[tuple[UUID, UUID]]  # who sits in, and for whom


@dataclass(frozen=True, slots=True)
class Seated:
    """A slot with who could fill it at this moment, themselves or for whom; `able` is None while nobody is asked."""

    slot: Slot
    able: frozenset[UUID] | None = None
    sitting: Sitting = field(default_factory=list)

    @classmethod
    def of(cls, slot: Slot, standing: DecisionStanding) -> "Seated":
        seat = next((seat for seat in standing.seats if seat.slot == slot.pk), None)
        if seat is None or seat.filled_by or standing.state is not RequestState.IN_REVIEW:
            return cls(slot)
        able = who_can_take(standing, seat)
        sitting = [
            (deputy, giver) for deputy in sorted(able) for giver in sorted(seat.givers(deputy) - standing.voices)
        ]
        return cls(slot, able, sitting)


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A seat of a stage: as what, on which unit, who can fill it, who did.

    `candidates` are empty until it opens. While it is asked they are just those who could fill it themselves at this
    moment; before and after, whoever was named when it opened.
    """

    label: str
    role: str
    unit: str
    candidates: tuple[str, ...]
    decided_by: str
    carried: bool  # decided in an earlier version that differs in nothing material
    on_behalf_of: str  # whom the decider is deputy of, "" for a decision of their own
    deputies: tuple[str, ...]  # who can decide today in place of somebody who is away: "Dana for Ines"


@dataclass(frozen=True, slots=True)
class StageRow:
    """One step of the route. `usual_hours` is None while there is no history; `remedy` says how to free it."""

    name: str
    position: int
    state: StageState
    reason: str
    needed: int
    slots: tuple[SlotRow, ...]
    opened_at: datetime | None
    due_at: datetime | None
    usual_hours: float | None
    asked: bool  # it waits for people at this moment: those of its seats
    mine: bool  # the reader is one of them
    remedy: str
    taken: tuple[TakenStep, ...] = ()  # what silence has led to so far
    following: NextStep | None = None  # and what it leads to next; None once the stage is over


@dataclass(frozen=True, slots=True)
class Review:
    """A version of a request under a reader's eyes: all its slots, what a decision needs to know, and who can decide."""

    request: Request
    revision: Revision
    slots: Sequence[Slot]
    standing: DecisionStanding
    roster: Roster


def stages_of(review: Review, reader: UUID) -> tuple[StageRow, ...]:
    """Return the stages of a version in their order, as `reader` sees them."""
    request, roster, standing = review.request, review.roster, review.standing
    stages, names = list(review.revision.stages.all()), Names()
    usual = waiting_stats((stage.name for stage in stages), at=roster.at)
    seats: dict[UUID, list[Seated]] = {stage.pk: [] for stage in stages}
    for slot in review.slots:
        seats[slot.stage_id].append(Seated.of(slot, standing))
    names.learn(seat.sitting for each in seats.values() for seat in each)
    taken = steps_taken(review.revision) if any(stage.next_step for stage in stages) else {}
    in_review = request.state == RequestState.IN_REVIEW
    if in_review:
        roster.learn_heads(holder for slot in free_among(review.slots) for holder in holders_of(slot))
    apart = frozenset({standing.requester, *standing.authors, *standing.close, *standing.voices})
    return tuple(
        replace(
            _stage_row(each, seats[each.pk], names, reader, usual[each.name].hours if each.name in usual else None),
            asked=in_review and each.state == StageState.OPEN,
            taken=taken.get(each.pk, ()),
            following=next_step(each, (seat.slot for seat in seats[each.pk]), apart=apart, roster=roster)
            if in_review and each.state in LIVE_STAGE
            else None,
        )
        for each in stages
    )


def _stage_row(stage: Stage, seats: list[Seated], names: "Names", reader: UUID, usual_hours: float | None) -> StageRow:
    rows = tuple(_slot_row(seat, names.pairs(seat.sitting)) for seat in seats)
    return StageRow(
        name=stage.name,
        position=stage.position,
        state=StageState(stage.state),
        reason=stage.reason,
        needed=stage.needed,
        slots=rows,
        opened_at=stage.opened_at,
        due_at=stage.due_at,
        usual_hours=usual_hours,
        asked=False,
        mine=any(reader in (seat.able or ()) for seat in seats),
        remedy=_remedy(rows) if stage.state == StageState.UNREACHABLE else "",
    )


def _remedy(slots: tuple[SlotRow, ...]) -> str:
    short = [slot for slot in slots if not slot.decided_by and len(slot.candidates) <= 1] or list(slots)
    wanted = "; ".join(f"{slot.role.replace('_', ' ')} on {slot.unit}" for slot in short if slot.role)
    said = "Too few people can decide this stage: nobody decides twice, or decides what they asked or wrote. "
    if not wanted:
        return f"{said}The workflow names who decides here, so a policy admin names others for the next request."
    return f"{said}A platform admin gives somebody else the role {wanted}; then this stage opens by itself."


class Names:
    """The names of people met by id, asked of the database once."""

    def __init__(self) -> None:
        self._known: dict[UUID, str] = {}

    def learn(self, pairs: Iterable[Sitting]) -> None:
        ids = {person for some in pairs for pair in some for person in pair}
        self._known |= dict(Person.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}

    def pairs(self, sitting: Sitting) -> tuple[str, ...]:
        return tuple(f"{self._known[deputy]} for {self._known[giver]}" for deputy, giver in sitting)


def _slot_row(seat: Seated, deputies: tuple[str, ...]) -> SlotRow:
    slot, able = seat.slot, seat.able
    named = [candidate.person for candidate in slot.candidates.all()]
    shown = named if able is None else [person for person in named if person.pk in able]
    given = next(iter(slot.decisions.all()), slot.carried)
    carried = slot.carried is not None and slot.carried.revision_id != slot.stage.revision_id
    return SlotRow(
        label=slot.label,
        role=slot.role,
        unit=slot.unit.name,
        candidates=tuple(sorted(person.name for person in shown)),
        decided_by=given.actor.name if given else "",
        carried=carried,
        on_behalf_of=given.on_behalf_of.name if given and given.on_behalf_of else "",
        deputies=deputies,
    )
