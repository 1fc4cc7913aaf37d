"""What people say about a request, and what becomes of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from governance.approvals.binding import Binding
from governance.approvals.locks import lock_request, person_of
from governance.approvals.models import Decision, Request, Revision, Slot, Stage
from governance.approvals.rules import (
    LONGEST_COMMENT,
    MOVED,
    NEEDS_REASON,
    DecisionKind,
    RequestState,
    StageState,
    Taking,
    may_decide,
    taking_of,
)
from governance.approvals.selectors.blind import is_sealed
from governance.approvals.selectors.seats import decision_standing, latest_revision
from governance.approvals.services.moving import _move, _tell_requester
from governance.approvals.services.overrides import _end_early
from governance.approvals.services.stages import _advance
from governance.approvals.services.suggesting import _suggest, _would_be
from governance.approvals.subjects import Bindable, Reasoned, Snapshot, Subject, subject_of
from governance.approvals.suggesting import Suggested
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.canonical import digest as digest_of
from governance.core.errors import Conflict, Invalid, NotAllowed
from governance.core.verdict import Denied, Verdict, require
from governance.core.wording import says_nothing
from governance.organisation.selectors import authorize

NO_CONDITIONS = Binding()
KEPT_BACK = "kept back until all have spoken"
ENDINGS = {
    RequestState.APPROVED: EventKind.REQUEST_APPROVED,
    RequestState.REJECTED: EventKind.REQUEST_REJECTED,
    RequestState.CHANGES_REQUESTED: EventKind.CHANGES_REQUESTED,
    RequestState.STALE: EventKind.REQUEST_STALE,
}


@transaction.atomic
def decide(
    *,
    request_id: UUID,
    kind: DecisionKind,
    digest: str,
    comment: str,
    conditions: Binding = NO_CONDITIONS,
    suggestion: Suggested | None = None,
    by: Actor,
    at: datetime,
) -> Request:
    """Say yes, no or "change this" to exactly what has `digest`. The seat is found from the person.

    A deputy decides on behalf of whoever is away. Somebody who holds the same role on several units answers once for all
    of theirs. `conditions` are tied to a yes and bind like the digest. `suggestion` goes with "change this": the change.

    Raises:
        NotFound: no such request.
        NotAllowed: own request, own edit, not asked, role ended, already spoken.
        Conflict: the request moved meanwhile, or somebody else took the seat.
        Invalid: no reason given where one is owed, a comment that is too long, conditions the subject cannot keep, a change
            that takes nothing away.
    """
    authorize(by, "approvals:request:decide", None)
    person, request = person_of(by), lock_request(request_id)
    revision = latest_revision(request)
    standing = decision_standing(request, revision, at=at)
    verdict = may_decide(standing, person, digest)
    require(verdict, Conflict if isinstance(verdict, Denied) and verdict.code in MOVED else NotAllowed)
    _require_unchanged(request, revision, at=at)
    _require_reason(DecisionKind(kind), comment, subject_of(request.subject_kind))
    _require_bindable(request, DecisionKind(kind), conditions, at=at)
    would_be = _would_be(request, revision, DecisionKind(kind), suggestion, at=at) if suggestion else None
    taking = taking_of(standing, person)
    said = {"kind": kind, "comment": comment.strip(), "conditions": conditions.to_json()}
    decision = _write(request, revision, taking, actor_id=person, at=at, **said)
    suggested = _suggest(decision, would_be, counts=suggestion.counts) if suggestion and would_be else ""
    _record(request, revision, decision, _take_along(decision, taking), suggested, by=by, at=at)
    _follow_up(request, revision, decision, by=by, at=at)
    return request


def _write(request: Request, revision: Revision, taking: Taking, **said: Any) -> Decision:
    """Write a decision on `revision` in the first of the seats taken."""
    return Decision.objects.create(
        request=request,
        revision=revision,
        workflow_id=request.workflow_id,
        digest=revision.digest,
        slot=Slot.objects.select_related("stage").get(pk=taking.seats[0].slot),
        on_behalf_of_id=taking.on_behalf_of,
        **said,
    )


def _take_along(decision: Decision, taking: Taking) -> list[str]:
    """Let a yes fill the further seats its person holds; a no ends the request, whoever else is asked."""
    if decision.kind != DecisionKind.APPROVE:
        return []
    for seat in taking.seats[1:]:
        Slot.objects.filter(pk=seat.slot).update(carried=decision)
    return [seat.label for seat in taking.seats[1:]]


def _record(
    request: Request,
    revision: Revision,
    decision: Decision,
    joined: list[str],
    suggested: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    sealed = is_sealed(decision.slot.stage)  # only a yes has conditions or further seats
    record(
        EventKind.DECISION_MADE,
        subject=f"request:{request.pk}",
        by=by,
        at=at,
        unit_path=request.unit.path,
        decision=str(decision.pk),
        said=KEPT_BACK if sealed else decision.kind,
        digest=revision.digest,
        revision=revision.number,
        slot=decision.slot.label,
        slots_beside=[] if sealed else joined,
        on_behalf_of=str(decision.on_behalf_of_id or ""),
        conditions=digest_of(decision.conditions) if decision.conditions and not sealed else "",
        suggested="" if sealed else suggested,
        workflow=request.workflow.digest,
    )


def _require_bindable(request: Request, kind: DecisionKind, conditions: Binding, *, at: datetime) -> None:
    if not conditions:
        return
    if kind is not DecisionKind.APPROVE:
        raise Invalid("conditions_without_yes", "Conditions are tied to a yes.", field="conditions")
    subject = subject_of(request.subject_kind)
    if not isinstance(subject, Bindable):
        what = "Nothing of this request can be narrowed by conditions."
        raise Invalid("conditions_unkept", what, field="conditions", remedy="Ask for changes instead.")
    require(subject.may_bind(request.subject_id, conditions, at=at), Invalid)


def _require_unchanged(request: Request, revision: Revision, *, at: datetime) -> None:
    """Check that the subject itself still is what the revision says, not only that the reader saw the revision."""
    body = subject_of(request.subject_kind).snapshot(request.subject_id, at=at).body
    if digest_of(body) != revision.digest:
        raise Conflict(
            "subject_moved", "What is asked has changed since it was sent.", remedy="Ask for it to be resent."
        )


def _require_reason(kind: DecisionKind, comment: str, subject: Subject) -> None:
    if says_nothing(comment):
        if kind in NEEDS_REASON:
            raise Invalid("reason_missing", "Say why, so that the requester knows what to do.", field="comment")
        if isinstance(subject, Reasoned) and subject.yes_owes_reason:
            raise Invalid("reason_missing", "Say why: a yes to this is kept with its reason.", field="comment")
    if len(comment) > LONGEST_COMMENT:
        raise Invalid("comment_too_long", f"A comment has at most {LONGEST_COMMENT} characters.", field="comment")


def _follow_up(request: Request, revision: Revision, decision: Decision, *, by: Actor, at: datetime) -> None:
    subject, stage = subject_of(request.subject_kind), decision.slot.stage
    if is_sealed(stage):
        return
    match _unseal(stage, request, by=by, at=at) if stage.blind else DecisionKind(decision.kind):
        case DecisionKind.REJECT:
            _reject_stage(decision.slot.stage, at=at)
            _end(request, RequestState.REJECTED, by=by, at=at)
            subject.on_rejected(request.subject_id, by=by, at=at)
        case DecisionKind.REQUEST_CHANGES:
            _end(request, RequestState.CHANGES_REQUESTED, by=by, at=at)
            subject.on_returned(request.subject_id, by=by, at=at)
        case DecisionKind.APPROVE:
            if _advance(request, revision, by=by, at=at):
                _conclude(request, revision, by=by, at=at)


def _unseal(stage: Stage, request: Request, *, by: Actor, at: datetime) -> DecisionKind:
    """Tell what each reviewer said, now that all have spoken, and return what it comes to: one "no" outweighs."""
    made = list(Decision.objects.filter(slot__stage=stage).order_by("at", "id"))
    said = {str(decision.pk): decision.kind for decision in made}
    record(EventKind.BLIND_REVIEW_OPENED, subject=f"request:{request.pk}", by=by, at=at, stage=str(stage.pk), said=said)
    worst_first = (DecisionKind.REJECT, DecisionKind.REQUEST_CHANGES, DecisionKind.APPROVE)
    return min((DecisionKind(kind) for kind in said.values()), key=worst_first.index)


def _conclude(request: Request, revision: Revision, *, by: Actor, at: datetime) -> None:
    """Approve, unless what the approvers looked at has moved since: then the request is stale and nothing starts."""
    subject = subject_of(request.subject_kind)
    unmoved = _unmoved(subject, request, revision, at=at)
    if isinstance(unmoved, Denied):
        _end(request, RequestState.STALE, by=by, at=at, because=unmoved.code)
        subject.on_returned(request.subject_id, by=by, at=at)
    else:
        _end(request, RequestState.APPROVED, by=by, at=at)
        subject.on_approved(request.subject_id, by=by, at=at)


def _unmoved(subject: Subject, request: Request, revision: Revision, *, at: datetime) -> Verdict:
    now = subject.snapshot(request.subject_id, at=at)
    if any(row.material for row in subject.differences(Snapshot(revision.body, revision.facts), now)):
        return Denied("facts_moved", "What this request names has changed since it was sent.")
    return subject.unmoved(request.subject_id, at=at)


def _end(request: Request, state: RequestState, *, by: Actor, at: datetime, **detail: str) -> None:
    _move(request, state, at=at)
    _end_early(request, by=by, at=at)
    named = {"subject_kind": request.subject_kind, "subject_id": str(request.subject_id), **detail}
    record(ENDINGS[state], subject=f"request:{request.pk}", by=by, at=at, unit_path=request.unit.path, **named)
    _tell_requester(request, by=by, at=at)


def _reject_stage(stage: Stage, *, at: datetime) -> None:
    stage.state, stage.closed_at = StageState.REJECTED, at
    stage.save(update_fields=["state", "closed_at"])
