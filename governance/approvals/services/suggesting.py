"""A change asked for and written at once by whoever asks for it: kept, set aside, declined."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.approvals.locks import lock_suggestion, person_of
from governance.approvals.models import Decision, Request, Revision, Suggestion
from governance.approvals.policy import route
from governance.approvals.rules import LONGEST_COMMENT, DecisionKind
from governance.approvals.selectors.workflows import definition_of
from governance.approvals.subjects import Snapshot, Suggestable, subject_of
from governance.approvals.suggesting import Suggested, SuggestionState
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.canonical import digest
from governance.core.errors import Invalid
from governance.core.verdict import Denied
from governance.core.wording import says_nothing
from governance.notices.services import notify


def _would_be(
    request: Request, revision: Revision, kind: DecisionKind, suggestion: Suggested, *, at: datetime
) -> Snapshot:
    """Return what the request would ask with the change made to it, checked as if it were sent now."""
    if kind is not DecisionKind.REQUEST_CHANGES:
        raise Invalid("suggestion_without_changes", "A change goes with asking for changes.", field="suggestion")
    subject = subject_of(request.subject_kind)
    if not isinstance(subject, Suggestable):
        what = "Nobody else can write a change to this kind of request."
        raise Invalid("suggestion_unkept", what, field="suggestion", remedy="Say in words what to change.")
    would_be = subject.suggested(request.subject_id, suggestion.change, at=at)
    if digest(would_be.body) == revision.digest:
        raise Invalid("nothing_suggested", "Nothing differs from what is asked.", field="suggestion")
    planned = route(definition_of(request.workflow), would_be.facts)
    if isinstance(planned, Denied):
        raise Invalid(planned.code, planned.reason, field="suggestion", remedy=planned.remedy)
    return would_be


def _suggest(decision: Decision, would_be: Snapshot, *, counts: bool) -> str:
    """Keep the change with the decision that asks for it; return the digest of what it would make of the request."""
    made = digest(would_be.body)
    Suggestion.objects.create(decision=decision, body=would_be.body, digest=made, facts=would_be.facts, counts=counts)
    return made


def _close_suggestions(before: Revision, sent: str, *, by: Actor, at: datetime) -> None:
    """Note of every open suggestion on `before` whether the version with the digest `sent` is what it said, or another."""
    still_open = Suggestion.objects.filter(decision__revision=before, state=SuggestionState.OPEN)
    answered = {"answered_by_id": person_of(by), "answered_at": at}
    still_open.exclude(digest=sent).update(state=SuggestionState.SET_ASIDE, **answered)
    still_open.filter(digest=sent).update(state=SuggestionState.TAKEN, **answered)


@transaction.atomic
def decline_suggestion(*, suggestion_id: UUID, answer: str, by: Actor, at: datetime) -> Suggestion:
    """Say why a suggested change is not taken; the request still waits for what its asker sends instead.

    The subject's own service has asked whether `by` may.

    Raises:
        NotFound, Conflict: as lock_suggestion.
        Invalid: no answer, or one that is too long.
    """
    suggestion = lock_suggestion(suggestion_id)
    if says_nothing(answer):
        raise Invalid("answer_missing", "Say why, so that they know what to do with it.", field="answer")
    if len(answer) > LONGEST_COMMENT:
        raise Invalid("answer_too_long", f"An answer has at most {LONGEST_COMMENT} characters.", field="answer")
    suggestion.state, suggestion.answer = SuggestionState.DECLINED, answer.strip()
    suggestion.answered_by_id, suggestion.answered_at = person_of(by), at
    suggestion.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    request = suggestion.decision.request
    told = {"suggestion": str(suggestion.pk), "digest": suggestion.digest}  # never the words: they may name people
    unit = request.unit.path
    record(EventKind.SUGGESTION_DECLINED, subject=f"request:{request.pk}", by=by, at=at, unit_path=unit, **told)
    text = f"The change you suggested to request {request.number} is declined."
    link, kind = f"/inbox/{request.pk}/", "approvals.suggestion_declined"
    notify(people=[suggestion.decision.actor_id], kind=kind, text=text, link=link, by=by, at=at)
    return suggestion
