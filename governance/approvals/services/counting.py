"""A yes given beforehand, to exactly the version that was suggested, counts as soon as that version is sent."""

from datetime import datetime

from governance.approvals.models import Request, Revision, Suggestion
from governance.approvals.rules import DecisionKind, RequestState, Taking, may_decide, taking_of
from governance.approvals.selectors.seats import decision_standing
from governance.approvals.services.decisions import _follow_up, _take_along, _write
from governance.approvals.subjects import Snapshot, subject_of
from governance.approvals.suggesting import SuggestionState
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor


def _count_suggestions(request: Request, before: Revision, revision: Revision, *, by: Actor, at: datetime) -> None:
    """Let each suggestion on `before` that `revision` is, and that counts, be its writer's yes.

    It goes the way of every decision: the same rule about who may decide now, the same seat as when it was written. Where
    anything stands against it, nothing is lost: its writer is asked like everybody else.
    """
    taken = Suggestion.objects.filter(
        decision__revision=before, state=SuggestionState.TAKEN, counts=True, digest=revision.digest
    )
    for suggestion in taken.select_related("decision__slot__unit").order_by("decision__at", "pk"):
        if request.state == RequestState.IN_REVIEW and not _looked_at_else(request, suggestion, revision):
            _count(request, revision, suggestion, by=by, at=at)


def _looked_at_else(request: Request, suggestion: Suggestion, revision: Revision) -> bool:
    """Say whether what its writer looked at has moved since: the bytes are the same, their meaning is not."""
    seen, sent = Snapshot(suggestion.body, suggestion.facts), Snapshot(revision.body, revision.facts)
    return any(row.material for row in subject_of(request.subject_kind).differences(seen, sent))


def _count(request: Request, revision: Revision, suggestion: Suggestion, *, by: Actor, at: datetime) -> None:
    said = suggestion.decision
    standing = decision_standing(request, revision, at=at)
    if not may_decide(standing, said.actor_id, revision.digest):
        return
    taking = taking_of(standing, said.actor_id)
    if taking.on_behalf_of != said.on_behalf_of_id or not _same_seat(taking, suggestion):
        return
    yes = {"kind": DecisionKind.APPROVE, "comment": said.comment, "actor_id": said.actor_id}
    decision = _write(request, revision, taking, at=at, **yes)
    suggestion.given = decision
    suggestion.save(update_fields=["given"])
    joined = _take_along(decision, taking)
    record(
        EventKind.SUGGESTION_COUNTED,
        subject=f"request:{request.pk}",
        by=by,
        at=at,
        unit_path=request.unit.path,
        suggestion=str(suggestion.pk),
        decision=str(decision.pk),
        given_by=str(said.actor_id),
        on_behalf_of=str(said.on_behalf_of_id or ""),
        digest=revision.digest,
        revision=revision.number,
        slot=decision.slot.label,
        slots_beside=joined,
    )
    _follow_up(request, revision, decision, by=by, at=at)


def _same_seat(taking: Taking, suggestion: Suggestion) -> bool:
    slot = suggestion.decision.slot
    return (slot.unit_id, slot.label) in {(seat.unit, seat.label) for seat in taking.seats}
