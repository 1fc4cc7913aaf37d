"""A request changes its state, and those it concerns are told."""

from datetime import datetime, timedelta

from django.conf import settings

from governance.approvals.models import Candidate, Request, Suggestion
from governance.approvals.rules import ENDED_REQUEST, REVISABLE, RequestState, may_move
from governance.approvals.suggesting import SuggestionState
from governance.approvals.timing import warning_moment
from governance.core.actors import Actor
from governance.core.errors import Conflict
from governance.core.verdict import require
from governance.notices.services import notify

NEWS = {
    RequestState.APPROVED: "was approved.",
    RequestState.REJECTED: "was rejected.",
    RequestState.CHANGES_REQUESTED: "needs changes before it can be approved.",
    RequestState.STALE: "must be sent again: what it names has changed since.",
    RequestState.LAPSED: "lapsed, because no answer came. You can ask again at any time.",
}
WRITTEN = "would be approved with a change. It is written already: take it with one click."


def _move(request: Request, to: RequestState, *, at: datetime) -> None:
    require(may_move(RequestState(request.state), to), Conflict)
    if request.state == RequestState.IN_REVIEW:
        Candidate.objects.filter(slot__stage__revision__request=request, live=True).update(live=False)
    request.state, request.decided_at = to, at if to in ENDED_REQUEST else None
    length = timedelta(days=settings.APPROVALS_ANSWER_DAYS)
    request.answer_due_at = at + length if to in REVISABLE else None
    request.next_reminder_at = warning_moment(0, at + length, length) if to in REVISABLE else None
    request.save(update_fields=["state", "decided_at", "answer_due_at", "next_reminder_at"])


def _tell_requester(request: Request, *, by: Actor, at: datetime) -> None:
    """Tell who asked; in the transaction of the change, so that nobody hears of what did not happen."""
    state = RequestState(request.state)
    waits = Suggestion.objects.filter(decision__request=request, state=SuggestionState.OPEN)
    written = state is RequestState.CHANGES_REQUESTED and waits.exists()
    text = f"Request {request.number} {WRITTEN if written else NEWS[state]}"
    people = [request.requester_id]
    notify(people=people, kind=f"approvals.{state}", text=text, link=f"/inbox/{request.pk}/", by=by, at=at)
