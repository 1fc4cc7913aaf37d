"""People of the story decide: each says a word to exactly what lies before them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from governance.approvals.rules import DecisionKind
from governance.approvals.selectors import request_page
from governance.approvals.services import decide
from governance.approvals.suggesting import Suggested
from governance.organisation.selectors import standing_of
from governance.stack.story.cast import Cast

BETWEEN = timedelta(hours=3)
Word = tuple[str, DecisionKind, str]  # who, what they say, and the comment
NO_CHANGES: Mapping[str, Suggested] = {}


def yes(*logins: str) -> list[Word]:
    return [(login, DecisionKind.APPROVE, "") for login in logins]


def say(
    cast: Cast,
    request_id: UUID,
    words: list[Word],
    *,
    began: datetime,
    written: Mapping[str, Suggested] = NO_CHANGES,
) -> None:
    """Let people decide in this order, the first at `began` and each a few hours after the one before.

    `written` are the changes that some of them, by login, write instead of describing them.
    """
    for number, (login, kind, comment) in enumerate(words):
        by, at = cast.actor(login), began + number * BETWEEN
        page = request_page(request_id, reader=standing_of(cast.people[login].pk), at=at)
        change = written.get(login)
        decide(request_id=request_id, kind=kind, digest=page.digest, comment=comment, suggestion=change, by=by, at=at)
