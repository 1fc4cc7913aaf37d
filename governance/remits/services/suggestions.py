"""What an approver suggested is taken, or declined: by whoever may send the remit, through the services of any edit."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.approvals import services as approvals
from governance.approvals.locks import lock_suggestion
from governance.approvals.models import Suggestion
from governance.core.actors import Actor
from governance.core.canonical import digest
from governance.core.errors import Conflict, Invalid, NotFound
from governance.organisation.selectors import authorize
from governance.remits.body import parse_body
from governance.remits.locks import lock_remit
from governance.remits.models import Remit
from governance.remits.services.drafts import save_draft
from governance.remits.services.submission import Outcome, submit


@transaction.atomic
def take_suggestion(*, suggestion_id: UUID, by: Actor, at: datetime) -> Outcome:
    """Send the remit again exactly as it was suggested; whoever takes it answers for it like for their own edit.

    Raises:
        NotFound, NotAllowed: the suggestion, the permission.
        Conflict: answered already, edited since it was suggested, or what it names has moved.
    """
    remit, suggestion = _locked(suggestion_id, by)
    if _as_it_stands(remit) != suggestion.decision.digest:
        told = "The request was edited after this was suggested; taking it would undo that."
        raise Conflict("edited_since", told, remedy="Send what was edited, or decline the suggestion.")
    saved = save_draft(remit_id=remit.pk, body=suggestion.body, revision=remit.revision, by=by, at=at)
    return submit(remit_id=saved.pk, revision=saved.revision, by=by, at=at)


@transaction.atomic
def decline_suggestion(*, suggestion_id: UUID, answer: str, by: Actor, at: datetime) -> Suggestion:
    """Decline a suggestion with an answer; the draft stays open for another edit.

    Raises:
        NotFound, NotAllowed: the suggestion, the permission.
        Conflict: answered already. Invalid: no answer.
    """
    _locked(suggestion_id, by)
    return approvals.decline_suggestion(suggestion_id=suggestion_id, answer=answer, by=by, at=at)


def _locked(suggestion_id: UUID, by: Actor) -> tuple[Remit, Suggestion]:
    suggestion = lock_suggestion(suggestion_id)
    request = suggestion.decision.request
    if request.subject_kind != "remit":
        raise NotFound("suggestion_not_found", "There is no such suggestion.")
    remit = lock_remit(request.subject_id)
    authorize(by, "remits:remit:submit", remit.initiative.accountable_unit.path)
    return remit, suggestion


def _as_it_stands(remit: Remit) -> str:
    """Return the digest that the draft would be sent with, "" while it is not whole."""
    try:
        return digest(parse_body(remit.body).to_json())
    except Invalid:
        return ""
