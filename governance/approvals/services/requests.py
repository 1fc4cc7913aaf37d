"""Requests: opened, revised, withdrawn, talked about."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from governance.approvals.likeness import likeness
from governance.approvals.locks import hold_asked, hold_numbers, lock_request, person_of
from governance.approvals.models import Comment, Decision, Request, Revision, Slot, Workflow
from governance.approvals.policy import Route, route
from governance.approvals.rules import (
    LIVE_STAGE,
    LONGEST_COMMENT,
    OPEN_REQUEST,
    REVISABLE,
    DecisionKind,
    RequestState,
    StageState,
)
from governance.approvals.selectors.access import mentioned, require_readable
from governance.approvals.selectors.seats import Roster, SeatName, latest_revision
from governance.approvals.selectors.workflows import definition_of
from governance.approvals.services.counting import _count_suggestions
from governance.approvals.services.moving import _move
from governance.approvals.services.overrides import _end_early
from governance.approvals.services.stages import _advance, _lay_route
from governance.approvals.services.suggesting import _close_suggestions
from governance.approvals.services.workflows import ensure_workflow
from governance.approvals.subjects import Snapshot, Subject, subject_of
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import INSTALLER, Actor
from governance.core.canonical import digest
from governance.core.errors import Conflict, Invalid, NotAllowed
from governance.core.verdict import Denied
from governance.core.wording import says_nothing
from governance.notices.services import notify
from governance.organisation.selectors import authorize


@transaction.atomic
def open_request(*, subject_kind: str, subject_id: UUID, by: Actor, at: datetime) -> Request:
    """Ask for approval of a subject as it stands now. The subject's own service has asked whether `by` may.

    Raises:
        NotAllowed: when the workflow says nobody can approve this.
        Conflict: when a request for the subject is open already.
    """
    hold_asked(subject_kind, subject_id)
    if Request.objects.filter(subject_kind=subject_kind, subject_id=subject_id, state__in=OPEN_REQUEST).exists():
        raise Conflict("already_asked", "This is being decided already.", remedy="Open the request that exists.")
    subject, requester = subject_of(subject_kind), person_of(by)
    snapshot = subject.snapshot(subject_id, at=at)
    workflow = ensure_workflow(kind=subject_kind, by=INSTALLER, at=at)
    planned = _route(workflow, snapshot)
    hold_numbers()
    request = Request.objects.create(
        number=(Request.objects.aggregate(Max("number"))["number__max"] or 0) + 1,
        subject_kind=subject_kind,
        subject_id=subject_id,
        title=subject.title(subject_id),
        workflow=workflow,
        requester_id=requester,
        unit_id=subject.unit_id(subject_id),
        opened_at=at,
    )
    revision = _revision(request, subject, snapshot, planned, number=1, editor=requester, at=at)
    record(
        EventKind.REQUEST_OPENED,
        subject=f"request:{request.pk}",
        by=by,
        at=at,
        unit_path=request.unit.path,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        digest=revision.digest,
        workflow=workflow.digest,
    )
    _review(request, revision, planned, {}, by=by, at=at)
    return request


@transaction.atomic
def revise(*, request_id: UUID, by: Actor, at: datetime) -> Request:
    """Send the subject again after changes were requested or the request went stale: a new revision, a new route.

    Approvals given before still count where nothing material changed and the same seat is asked; otherwise they are
    void, and whose approval counts on is told. Whoever asked for the change decides again, however little moved: they
    have given no yes that could be kept, unless this is exactly what they suggested and said yes to. The subject's own
    service has asked whether `by` may.

    Raises:
        Conflict: when the request is not open for changes.
    """
    request, editor = lock_request(request_id), person_of(by)
    if request.state not in REVISABLE:
        raise Conflict("not_open_for_changes", f"The request is {request.state.replace('_', ' ')}.")
    subject, before = subject_of(request.subject_kind), latest_revision(request)
    after = subject.snapshot(request.subject_id, at=at)
    planned = _route(request.workflow, after)
    changed = subject.differences(Snapshot(before.body, before.facts), after)
    void = request.state == RequestState.STALE or any(row.material for row in changed)
    kept = {} if void else _still_counting(before, planned, apart={editor, *subject.authors(request.subject_id)})
    _set_aside(before)
    _close_suggestions(before, digest(after.body), by=by, at=at)
    _move(request, RequestState.SUBMITTED, at=at)
    request.title = subject.title(request.subject_id)
    request.save(update_fields=["title"])
    revision = _revision(request, subject, after, planned, number=before.number + 1, editor=editor, at=at)
    record(
        EventKind.REQUEST_REVISED,
        subject=f"request:{request.pk}",
        by=by,
        at=at,
        unit_path=request.unit.path,
        revision=revision.number,
        digest=revision.digest,
        material=sorted({row.field for row in changed if row.material}),
        kept=sorted({str(decision.pk) for decision in kept.values()}),
    )
    _tell_of_kept(request, kept, by=by, at=at)
    _review(request, revision, planned, kept, by=by, at=at)
    _count_suggestions(request, before, revision, by=by, at=at)
    return request


@transaction.atomic
def withdraw(*, request_id: UUID, by: Actor, at: datetime) -> Request:
    """Take a request back. Only whoever asked can, while it is open.

    Raises:
        NotAllowed: for anybody else.
        Conflict: when it is decided already.
    """
    request = lock_request(request_id)
    if person_of(by) != request.requester_id:
        raise NotAllowed("not_yours", "Only the person who asked can withdraw a request.")
    if request.state not in OPEN_REQUEST:
        raise Conflict("not_open", f"The request is {request.state.replace('_', ' ')}; nothing is left to withdraw.")
    _move(request, RequestState.WITHDRAWN, at=at)
    _end_early(request, by=by, at=at)
    record(EventKind.REQUEST_WITHDRAWN, subject=f"request:{request.pk}", by=by, at=at, unit_path=request.unit.path)
    subject_of(request.subject_kind).on_withdrawn(request.subject_id, by=by, at=at)
    return request


@transaction.atomic
def comment(*, request_id: UUID, text: str, by: Actor, at: datetime) -> Comment:
    """Say something to everyone in the request.

    Raises:
        NotFound: no such request, or one the person may not read.
        Invalid: an empty or too long text.
    """
    authorize(by, "approvals:request:comment", None)
    author, request = person_of(by), lock_request(request_id)
    require_readable(request, author, at=at)
    if says_nothing(text):
        raise Invalid("comment_empty", "Write something first.", field="text")
    if len(text) > LONGEST_COMMENT:
        raise Invalid("comment_too_long", f"A comment has at most {LONGEST_COMMENT} characters.", field="text")
    told = mentioned(request, text, at=at)
    ids = sorted(str(person) for person in told)
    remark = Comment.objects.create(request=request, author_id=author, text=text.strip(), told=ids, at=at)
    # The words stay out of the log: what people write may name people.
    named: dict[str, Any] = {"comment": str(remark.pk), "characters": len(remark.text), "told": ids}
    record(EventKind.REQUEST_COMMENTED, subject=f"request:{request.pk}", by=by, at=at, **named)
    _tell_of_remark(request, told, by=by, at=at)
    return remark


def _tell_of_remark(request: Request, told: set[UUID], *, by: Actor, at: datetime) -> None:
    link, people = (
        f"/inbox/{request.pk}/",
        {request.requester_id, *request.comments.values_list("author_id", flat=True)},
    )
    meant, said = (
        f"You are mentioned in request {request.number}.",
        f"Somebody commented on request {request.number}.",
    )
    notify(people=told, kind="approvals.mentioned", text=meant, link=link, by=by, at=at)
    notify(people=people - told, kind="approvals.commented", text=said, link=link, by=by, at=at)


def _tell_of_kept(request: Request, kept: Mapping[SeatName, Decision], *, by: Actor, at: datetime) -> None:
    people = {decision.actor_id for decision in kept.values()}
    said = f"Request {request.number} was sent again; nothing of substance differs, so your approval still counts."
    link, kind = f"/inbox/{request.pk}/", "approvals.still_counts"
    notify(people=people, kind=kind, text=said, link=link, by=by, at=at)


def _set_aside(before: Revision) -> None:
    """Ask nobody about a version that another one replaces: its open seats would wait, and remind, for ever."""
    unended = before.stages.filter(state__in=[StageState.WAITING, *LIVE_STAGE])
    unended.update(state=StageState.SKIPPED, reason="Another version replaced this one.", next_reminder_at=None)


def _route(workflow: Workflow, snapshot: Snapshot) -> Route:
    planned = route(definition_of(workflow), snapshot.facts)
    if isinstance(planned, Denied):
        raise NotAllowed(planned.code, planned.reason, remedy=planned.remedy)
    return planned


def _revision(
    request: Request, subject: Subject, snapshot: Snapshot, planned: Route, *, number: int, editor: UUID, at: datetime
) -> Revision:
    return Revision.objects.create(
        request=request,
        number=number,
        body=snapshot.body,
        digest=digest(snapshot.body),
        facts=snapshot.facts,
        attached=[attached.to_json() for attached in planned.attached],
        authors=sorted(str(person) for person in subject.authors(request.subject_id)),
        likeness=likeness(request.subject_kind, snapshot.facts),
        editor_id=editor,
        made_at=at,
    )


def _review(
    request: Request, revision: Revision, planned: Route, kept: Mapping[SeatName, Decision], *, by: Actor, at: datetime
) -> None:
    _move(request, RequestState.IN_REVIEW, at=at)
    _lay_route(revision, planned, kept)
    _advance(request, revision, by=by, at=at)


def _still_counting(before: Revision, planned: Route, *, apart: set[UUID]) -> dict[SeatName, Decision]:
    """Return the approvals of `before` that its successor keeps, by the seat that each fills.

    None when they alone would satisfy the whole new route: sending a request again never approves it.
    """
    kept = {name: given for name, given in _filled(before) if not {given.actor_id, given.on_behalf_of_id} & apart}
    roster = Roster(before.made_at)
    filled = [sum(roster.name_of(seat) in kept for seat in stage.slots) for stage in planned.asked]
    finished = all(count >= stage.needed for count, stage in zip(filled, planned.asked, strict=True))
    return {} if finished else kept


def _filled(revision: Revision) -> list[tuple[SeatName, Decision]]:
    """Return the seats of `revision` that somebody approved in, each with the decision that fills it."""
    slots = Slot.objects.filter(stage__revision=revision).select_related("unit", "carried")
    found = []
    for slot in slots.prefetch_related("decisions").order_by("stage__position", "label", "id"):
        given = next((each for each in slot.decisions.all() if each.kind == DecisionKind.APPROVE), slot.carried)
        if given:
            found.append(((slot.role, slot.unit.path if slot.role else "", slot.label), given))
    return found
