"""Stages: laid down from a route, opened in turn, their deciders frozen when they open."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from governance.approvals.locks import lock_request
from governance.approvals.models import Candidate, Decision, Request, Revision, Slot, Stage
from governance.approvals.policy import Route
from governance.approvals.rules import (
    LIVE_STAGE,
    PASSED_STAGE,
    DecisionKind,
    Quorum,
    RequestState,
    Seat,
    StageState,
    Wanted,
    can_be_filled,
    fewest_people,
    is_satisfied,
    wanted_of,
)
from governance.approvals.selectors.ladder import calendars_of
from governance.approvals.selectors.seats import (
    Roster,
    SeatName,
    authors_of,
    close_to,
    latest_revision,
    seat_of,
    slots_of,
    voices_in,
)
from governance.approvals.timing import HALF, due_moment
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.notices.services import notify
from governance.work.batches import each_row


def _lay_route(revision: Revision, route: Route, carried: Mapping[SeatName, Decision]) -> None:
    """Write the stages and slots of `route`; a slot that an earlier decision still fills points at it."""
    left, roster, request = dict(carried), Roster(revision.made_at), revision.request
    for plan in route.stages:
        stage = Stage.objects.create(
            revision=revision,
            position=plan.position,
            name=plan.name,
            reason=plan.reason,
            quorum=Quorum(plan.quorum),
            needed=plan.needed,
            sla_hours=plan.sla_hours,
            after=list(plan.after),
            blind=plan.blind,
            state=StageState.SKIPPED if plan.skipped else StageState.WAITING,
        )
        for seat in plan.slots:
            slot = Slot(stage=stage, label=seat.label, role=seat.role or "", group=seat.group, unit_id=request.unit_id)
            if seat.role:
                slot.unit_id = UUID(roster.path_of(seat).rstrip("/").rsplit("/", 1)[-1])
            else:
                slot.people = sorted(str(person.pk) for person in roster.people_planned(seat))
            slot.carried = left.pop(roster.name_of(seat), None)
            slot.save(force_insert=True)


def _advance(request: Request, revision: Revision, *, by: Actor, at: datetime) -> bool:
    """Close what is satisfied, open what follows. Return True when nothing is left to decide."""
    while True:
        live = list(revision.stages.filter(state__in=LIVE_STAGE))
        for stage in live:
            _close_when_satisfied(stage, at=at)
        waiting = list(revision.stages.filter(state=StageState.WAITING))
        passed = set(revision.stages.filter(state__in=PASSED_STAGE).values_list("name", flat=True))
        ready = [stage for stage in waiting if passed.issuperset(stage.after)]
        if ready:
            _open(ready, request, revision, by=by, at=at)
        else:
            return not waiting and all(stage.state not in LIVE_STAGE for stage in live)


def _close_when_satisfied(stage: Stage, *, at: datetime) -> None:
    if stage.state == StageState.OPEN and _has_enough(stage):
        stage.state, stage.closed_at = StageState.SATISFIED, at
        stage.save(update_fields=["state", "closed_at"])


def _has_enough(stage: Stage) -> bool:
    approved = set(Decision.objects.filter(slot__stage=stage, kind=DecisionKind.APPROVE).values_list("slot", flat=True))
    seats = [(slot.group, slot.carried_id is not None or slot.pk in approved) for slot in stage.slots.all()]
    return is_satisfied(stage.needed, seats)


def _open(stages: list[Stage], request: Request, revision: Revision, *, by: Actor, at: datetime) -> None:
    """Open `stages` together. One whose seats nobody could fill is unreachable: shown as such, never skipped."""
    roster = Roster(at)
    _name_candidates(stages, request, revision, roster)
    beside = list(revision.stages.filter(state=StageState.OPEN))
    _sort_by_reach([*beside, *stages], revision, roster=roster, by=by, at=at)


def _name_candidates(stages: list[Stage], request: Request, revision: Revision, roster: Roster) -> list[Candidate]:
    """Name who can fill the slots of `stages` today, beside those named before; return the new ones."""
    authors = authors_of(request)
    close = close_to(request, authors, at=roster.at)
    apart_from = {request.requester_id, *authors, *close, *voices_in(revision)}
    named = [
        Candidate(slot=slot, person=person)
        for slot in slots_of(stages)
        for person in roster.people_of(slot)
        if person.pk not in {*apart_from, *(candidate.person_id for candidate in slot.candidates.all())}
    ]
    return Candidate.objects.bulk_create(named)


def _sort_by_reach(stages: list[Stage], revision: Revision, *, roster: Roster, by: Actor, at: datetime) -> None:
    seats: dict[UUID, list[Seat]] = {stage.pk: [] for stage in stages}
    for slot in slots_of(stages):
        seats[slot.stage_id].append(seat_of(slot, roster))
    spoken = voices_in(revision)
    fillable: list[Wanted] = []
    for stage in stages:
        free = [seat for seat in seats[stage.pk] if not seat.filled_by]
        ways = [wanted_of(stage.needed, seats[stage.pk], spoken)]
        if ways[0].needed == len(free):  # every seat is asked, so one steward may answer for all their units
            fewest = fewest_people(free, spoken)
            ways.append(Wanted(len(fewest), fewest))
        way = next((way for way in ways if can_be_filled([*fillable, way])), None)
        if way:
            fillable.append(way)
        _set_reach(stage, reached=way is not None, roster=roster, by=by, at=at)


def _set_reach(stage: Stage, *, reached: bool, roster: Roster, by: Actor, at: datetime) -> None:
    state = StageState.OPEN if reached else StageState.UNREACHABLE
    if stage.state == state:
        return
    if stage.opened_at is None:
        _start_clock(stage, at=at)
    stage.state = state
    stage.save(update_fields=["state", "opened_at", "due_at", "next_reminder_at"])
    request = stage.revision.request
    people = {person for person in stage.slots.values_list("candidates__person_id", flat=True) if person}
    named = {"stage": str(stage.pk), "name": stage.name, "candidates": sorted(str(person) for person in people)}
    kind = EventKind.STAGE_OPENED if reached else EventKind.STAGE_UNREACHABLE
    record(kind, subject=f"request:{request.pk}", by=by, at=at, unit_path=request.unit.path, **named)
    text = f"Request {request.number} waits for your decision."
    told = people | _deputies(stage, request, people, roster) if reached else set()
    notify(people=told, kind="approvals.decision_wanted", text=text, link=f"/inbox/{request.pk}/", by=by, at=at)


def _start_clock(stage: Stage, *, at: datetime) -> None:
    """Reckon when those asked are reminded and when their time is over. It starts once, reached or not."""
    stage.opened_at = at
    if stage.sla_hours is not None:
        calendars = calendars_of(slots_of([stage]))
        stage.due_at = due_moment(at, stage.sla_hours, calendars)
        stage.next_reminder_at = due_moment(at, stage.sla_hours * HALF, calendars)


def _deputies(stage: Stage, request: Request, people: set[UUID], roster: Roster) -> set[UUID]:
    """Return who decides today in place of any of `people` in this stage."""
    seats = [roster.deputies(slot.role, slot.unit.path, request.subject_kind) for slot in stage.slots.all()]
    return {deputy for deputies in seats for deputy, givers in deputies.items() if givers & people}


@transaction.atomic
def seek_deciders(*, request_id: UUID, by: Actor, at: datetime) -> Request:
    """Look again for people who can decide the live stages of a request.

    A stage that was unreachable takes on everybody who could decide now and opens; an open stage keeps the people it
    was opened with, and becomes unreachable when too few of them still hold their role.

    Raises:
        NotFound: when there is no such request.
    """
    request = lock_request(request_id)
    if request.state != RequestState.IN_REVIEW:
        return request
    revision, roster = latest_revision(request), Roster(at)
    live = list(revision.stages.filter(state__in=LIVE_STAGE))
    unreached = [stage for stage in live if stage.state == StageState.UNREACHABLE]
    if named := _name_candidates(unreached, request, revision, roster):
        people = sorted({str(candidate.person_id) for candidate in named})
        subject = f"request:{request.pk}"
        record(EventKind.DECIDERS_NAMED, subject=subject, by=by, at=at, unit_path=request.unit.path, people=people)
    _sort_by_reach(live, revision, roster=roster, by=by, at=at)
    return request


def seek_unreached(*, by: Actor, at: datetime) -> list[UUID]:
    """Look again for deciders of every unreachable stage: somebody may hold the role by now. Return the requests."""
    found = _under_way(Q(state=StageState.UNREACHABLE))
    each_row("seek_unreached", found, lambda request: bool(seek_deciders(request_id=request, by=by, at=at)))
    return found


@transaction.atomic
def follow_leaver(*, person_id: UUID, by: Actor, at: datetime) -> list[UUID]:
    """Look again for deciders where a person was asked who has left or lost a role; return the requests.

    Where too few of those asked remain, whoever holds the role today is named at once.
    """
    touched = _seek_all(Q(state=StageState.OPEN, slots__candidates__person_id=person_id), by=by, at=at)
    _seek_all(Q(state=StageState.UNREACHABLE, revision__request__in=touched), by=by, at=at)
    return touched


def _seek_all(where: Q, *, by: Actor, at: datetime) -> list[UUID]:
    touched = _under_way(where)
    for request_id in touched:
        seek_deciders(request_id=request_id, by=by, at=at)
    return touched


def _under_way(where: Q) -> list[UUID]:
    """Return the requests in review with a stage for which `where` holds, by id."""
    live = Stage.objects.filter(where, revision__request__state=RequestState.IN_REVIEW)
    return sorted(set(live.values_list("revision__request_id", flat=True)))
