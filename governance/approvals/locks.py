"""What makes two people who act on one request take turns."""

import hashlib
from uuid import UUID

from django.db import connection

from governance.approvals.models import Request, Suggestion, WorkflowDraft
from governance.approvals.rules import RequestState
from governance.approvals.subjects import Part, subject_of
from governance.approvals.suggesting import SuggestionState, may_answer
from governance.core.actors import Actor
from governance.core.errors import Conflict, NotAllowed, NotFound
from governance.core.verdict import require


def hold_subject(kind: str, subject_id: UUID | str) -> None:
    """Wait until nobody else changes this subject or its request, and keep them waiting until our transaction ends.

    Taken first by every service that writes a subject, its request or both, so that no two of them can wait for each
    other's rows. Source: Postgres transaction-level advisory locks; taking one twice in one transaction is harmless.
    """
    _hold(f"approvals:{kind}:{subject_id}")


def hold_asked(kind: str, subject_id: UUID) -> None:
    """Hold a subject as hold_subject does, and before it what it is part of."""
    subject = subject_of(kind)
    if isinstance(subject, Part):
        hold_subject(*subject.whole(subject_id))
    hold_subject(kind, subject_id)


def hold_numbers() -> None:
    """Wait for our turn to take the next request number; numbers have no gaps."""
    _hold("approvals:numbers")


def _hold(name: str) -> None:
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def lock_request(request_id: UUID) -> Request:
    """Return the request, its subject held and its row locked until our transaction ends.

    Raises:
        NotFound: when there is no such request.
    """
    found = Request.objects.filter(pk=request_id).first()
    if found is None:
        raise NotFound("request_not_found", "There is no such request.")
    hold_asked(found.subject_kind, found.subject_id)
    return Request.objects.select_for_update(of=("self",)).select_related("unit", "workflow").get(pk=request_id)


def lock_suggestion(suggestion_id: UUID) -> Suggestion:
    """Return a suggestion that waits for its answer, its request locked until our transaction ends.

    Raises:
        NotFound: when there is none.
        Conflict: when it is answered, or the request went on without it.
    """
    found = Suggestion.objects.filter(pk=suggestion_id).values_list("decision__request_id", flat=True).first()
    if found is None:
        raise NotFound("suggestion_not_found", "There is no such suggestion.")
    request = lock_request(found)
    suggestion = Suggestion.objects.select_related("decision__revision").get(pk=suggestion_id)
    suggestion.decision.request = request
    require(may_answer(SuggestionState(suggestion.state), RequestState(request.state)), Conflict)
    return suggestion


def lock_draft(draft_id: UUID) -> WorkflowDraft:
    """Return the draft, its row locked until our transaction ends.

    Raises:
        NotFound: when there is no such draft.
    """
    hold_subject("workflow", draft_id)
    found = WorkflowDraft.objects.select_for_update(of=("self",)).select_related("based_on").filter(pk=draft_id).first()
    if found is None:
        raise NotFound("draft_not_found", "There is no such draft.")
    return found


def person_of(by: Actor) -> UUID:
    """Return the person answerable for the act.

    Raises:
        NotAllowed: for a process, which never asks, decides or comments.
    """
    if by.person is None:
        raise NotAllowed("no_person", "Only a person can do this.")
    return by.person
