"""People of the story decide: each says a word to exactly what lies before them."""

from datetime import datetime
from uuid import UUID

from governance.approvals.rules import DecisionKind
from governance.approvals.selectors import request_page
from governance.approvals.services import decide
from governance.organisation.selectors import standing_of
from governance.stack.story.cast import Cast

Word = tuple[str, DecisionKind, str]  # who, what they say, and the comment


def yes(*logins: str) -> list[Word]:
    return [(login, DecisionKind.APPROVE, "") for login in logins]


def say(cast: Cast, request_id: UUID, words: list[Word], *, at: datetime) -> None:
    """Let people decide in this order."""
    for login, kind, comment in words:
        by = cast.actor(login)
        page = request_page(request_id, reader=standing_of(cast.people[login].pk), at=at)
        decide(request_id=request_id, kind=kind, digest=page.digest, comment=comment, by=by, at=at)
