"""Who is asked next when a seat stays empty, and by whose working hours its time is reckoned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.approvals.models import Reminder, Request, Revision, Slot, Stage
from governance.approvals.selectors.seats import (
    Roster,
    authors_of,
    close_to,
    latest_revision,
    slots_of,
    voices_in,
)
from governance.approvals.timing import ESCALATION, ReminderKind, kind_of, step_due
from governance.organisation.calendars import Calendars
from governance.organisation.models import Person
from governance.organisation.working_time import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Rung:
    """Who a seat goes to, and why. `known` marks somebody named before, who is told again: nobody stands higher."""

    person: Person | None
    reason: str
    known: bool = False


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens to a stage if nobody answers: when, and who is named then ("" when those asked are reminded)."""

    kind: ReminderKind
    at: datetime
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakenStep:
    """A step that silence has led to: when, who was named ("" when those asked were told again), and why them."""

    kind: ReminderKind
    at: datetime
    to: str
    reason: str


def steps_taken(revision: Revision) -> dict[UUID, tuple[TakenStep, ...]]:
    """Return, for each stage of a revision, the steps taken so far; those asked are reminded once, whatever the seats."""
    rows: dict[UUID, list[TakenStep]] = {}
    taken = Reminder.objects.filter(revision=revision, slot__isnull=False).select_related("slot", "person")
    for row in taken.order_by("at", "step", "id"):
        step = TakenStep(ReminderKind(row.kind), row.at, row.person.name if row.person else "", row.reason)
        steps = rows.setdefault(row.slot.stage_id, []) if row.slot else []
        if step not in steps:
            steps.append(step)
    return {stage: tuple(steps) for stage, steps in rows.items()}


def calendars_of(slots: Iterable[Slot]) -> list[WorkingCalendar]:
    """Return the calendars of the units whose people are asked, each once."""
    known = Calendars()
    return [known.of(path) for path in sorted({slot.unit.path for slot in slots})]


def free_slots(stage: Stage) -> list[Slot]:
    """Return the seats of a stage that nobody has filled."""
    return free_among(slots_of([stage]))


def free_among(slots: Iterable[Slot]) -> list[Slot]:
    return [slot for slot in slots if not slot.carried_id and not slot.decisions.all()]


def apart_from(request: Request, *, at: datetime) -> frozenset[UUID]:
    """Return who cannot take a seat: whoever asked, wrote part of it or sits in for one of them, or has spoken."""
    authors = authors_of(request)
    close = close_to(request, authors, at=at)
    return frozenset({request.requester_id, *authors, *close, *voices_in(latest_revision(request))})


def holders_of(slot: Slot) -> list[UUID]:
    """Return whom the seat asked when it opened."""
    return [candidate.person_id for candidate in slot.candidates.all() if not candidate.reason]


def next_rung(slot: Slot, step: int, *, apart: frozenset[UUID], roster: Roster) -> Rung:
    """Return who the seat goes to at `step`.

    First whoever got the role since the stage opened; then the heads of the units that those asked belong to, from the
    deepest up; at the top, the same head again.
    """
    asked = {candidate.person_id for candidate in slot.candidates.all()}
    if step == ESCALATION and (late := _late_holders(slot, apart | asked, roster)):
        return Rung(late[0], f"{late[0].name} holds the role since this stage was opened.")
    heads = [
        (unit, head) for unit, head in roster.heads_above(holders_of(slot), slot.unit.path) if head.pk not in apart
    ]
    above = [(unit, head) for unit, head in heads if head.pk not in asked]
    if above:
        unit, head = above[0]
        return Rung(head, f"{head.name} heads {unit.name}, to which those asked belong.")
    if heads:
        return Rung(heads[-1][1], f"{heads[-1][1].name} is asked again: nobody stands higher.", known=True)
    return Rung(None, "Nobody above those asked can decide. A platform admin gives somebody the role unit head.")


def next_step(stage: Stage, slots: Iterable[Slot], *, apart: frozenset[UUID], roster: Roster) -> NextStep | None:
    """Return what comes next for a live stage with `slots`, None when nothing is due by time."""
    if stage.next_reminder_at is None or stage.due_at is None:
        return None
    step = step_due(stage.next_step, due_at=stage.due_at, at=roster.at)
    rungs = [next_rung(slot, step, apart=apart, roster=roster) for slot in free_among(slots)] if step else []
    return NextStep(kind_of(step), stage.next_reminder_at, tuple(sorted({r.person.name for r in rungs if r.person})))


def _late_holders(slot: Slot, excluded: frozenset[UUID], roster: Roster) -> list[Person]:
    if not slot.role:
        return []
    return [person for person in roster.people_of(slot) if person.pk not in excluded]
