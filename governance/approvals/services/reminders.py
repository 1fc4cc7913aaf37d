"""What the clock does about silence: those asked are reminded, then the seat goes higher, step by step, and stays open.

Each request is a transaction of its own and looks again under its lock, so that two clocks, or one that was restarted,
take every step once.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from governance.approvals.locks import lock_request
from governance.approvals.models import Candidate, Reminder, Request, Revision, Slot, Stage
from governance.approvals.rules import LIVE_STAGE, RequestState
from governance.approvals.selectors.ladder import Rung, apart_from, calendars_of, free_slots, next_rung
from governance.approvals.selectors.seats import Roster, latest_revision
from governance.approvals.services.stages import seek_deciders
from governance.approvals.timing import ESCALATION, ReminderKind, kind_of, moment_after, step_due
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.notices.services import notify
from governance.work.batches import each_row

BATCH = 200  # what is left over is due at the next call


def chase_deciders(*, by: Actor, at: datetime) -> int:
    """Take the step that is due for every stage whose people are silent; return how many stages."""
    newer = Revision.objects.filter(request=OuterRef("revision__request"), number__gt=OuterRef("revision__number"))
    due = Stage.objects.filter(
        ~Exists(newer),
        state__in=LIVE_STAGE,
        next_reminder_at__lte=at,
        revision__request__state=RequestState.IN_REVIEW,
    )
    found = due.order_by("next_reminder_at", "pk").values_list("pk", "revision__request_id")
    return each_row(
        "chase_deciders", found[:BATCH], lambda row: chase_stage(stage_id=row[0], request_id=row[1], by=by, at=at)
    )


@transaction.atomic
def chase_stage(*, stage_id: UUID, request_id: UUID, by: Actor, at: datetime) -> bool:
    """Take the step that is due for one stage; return False when there is none any more."""
    request = lock_request(request_id)
    stage = Stage.objects.select_for_update(of=("self",)).select_related("revision__request__unit").get(pk=stage_id)
    due_at, sla_hours = stage.due_at, stage.sla_hours
    overtaken = stage.revision_id != latest_revision(request).pk or request.state != RequestState.IN_REVIEW
    over = overtaken or stage.state not in LIVE_STAGE or stage.next_reminder_at is None or stage.next_reminder_at > at
    if over or due_at is None or sla_hours is None:
        return False
    step, slots = step_due(stage.next_step, due_at=due_at, at=at), free_slots(stage)
    stage.next_step = step + 1
    stage.next_reminder_at = moment_after(
        step, due_at=due_at, sla_hours=sla_hours, at=at, calendars=calendars_of(slots)
    )
    stage.save(update_fields=["next_step", "next_reminder_at"])
    if step < ESCALATION:
        _remind(stage, slots, request, by=by, at=at)
    else:
        _escalate(stage, slots, step, request, by=by, at=at)
    return True


def _remind(stage: Stage, slots: list[Slot], request: Request, *, by: Actor, at: datetime) -> None:
    reason = "Half of the time of this stage is over."
    _write(stage, 0, [(slot, Rung(None, reason)) for slot in slots], at=at)
    silent = {candidate.person_id for slot in slots for candidate in slot.candidates.all()} - apart_from(request, at=at)
    _record(EventKind.DECIDERS_REMINDED, stage, request, silent, by=by, at=at)
    text = f"Request {request.number} still waits for your decision; half of its time is over."
    notify(people=silent, kind="approvals.reminded", text=text, link=f"/inbox/{request.pk}/", by=by, at=at)


def _escalate(stage: Stage, slots: list[Slot], step: int, request: Request, *, by: Actor, at: datetime) -> None:
    apart, roster = apart_from(request, at=at), Roster(at)
    rungs = [(slot, next_rung(slot, step, apart=apart, roster=roster)) for slot in slots]
    _write(stage, step, rungs, at=at)
    Candidate.objects.bulk_create(
        Candidate(slot=slot, person=rung.person, reason=rung.reason)
        for slot, rung in rungs
        if rung.person and not rung.known
    )
    people = {rung.person.pk for _, rung in rungs if rung.person}
    _record(EventKind.STAGE_ESCALATED, stage, request, people, by=by, at=at, step=step)
    _tell_named(kind_of(step), people, request, by=by, at=at)
    if not people:
        text = f"Nobody above those asked can decide request {request.number}; a platform admin can help."
        told = [request.requester_id]
        notify(people=told, kind="approvals.nobody_above", text=text, link=f"/inbox/{request.pk}/", by=by, at=at)
    seek_deciders(request_id=request.pk, by=by, at=at)  # a stage that was unreachable may open by this


def _tell_named(kind: ReminderKind, people: set[UUID], request: Request, *, by: Actor, at: datetime) -> None:
    text = {
        ReminderKind.ESCALATED: f"Request {request.number} is late and comes to you: you can decide it too.",
        ReminderKind.TO_HEAD: f"Request {request.number} is long overdue. Decide it, or delegate it to somebody who will.",
    }[kind]
    notify(people=people, kind=f"approvals.{kind}", text=text, link=f"/inbox/{request.pk}/", by=by, at=at)


def _write(stage: Stage, step: int, rungs: list[tuple[Slot, Rung]], *, at: datetime) -> None:
    Reminder.objects.bulk_create(
        Reminder(
            revision=stage.revision,
            slot=slot,
            step=step,
            kind=kind_of(step),
            person=rung.person,
            reason=rung.reason,
            at=at,
        )
        for slot, rung in rungs
    )


def _record(
    kind: EventKind, stage: Stage, request: Request, people: set[UUID], *, by: Actor, at: datetime, **detail: int
) -> None:
    named = {"stage": str(stage.pk), "name": stage.name, "people": sorted(str(person) for person in people)}
    record(kind, subject=f"request:{request.pk}", by=by, at=at, unit_path=request.unit.path, **named, **detail)
