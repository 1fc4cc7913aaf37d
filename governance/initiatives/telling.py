"""What events and notices say of a contest."""

from datetime import datetime
from typing import Any

from django.conf import settings

from governance.core.actors import Actor
from governance.initiatives.locks import Owned, heads, sides_of, told
from governance.initiatives.models import Contest
from governance.initiatives.rules import due_at
from governance.notices.services import notify
from governance.organisation.calendars import calendar_of
from governance.organisation.models import Unit
from governance.organisation.selectors import time_zone_of


def due_for(owner: Unit, at: datetime) -> datetime:
    """Return by when a contest that begins at `at` must be ruled on, in the working days of its owner."""
    works_on = calendar_of(owner.path).works_on
    return due_at(at, settings.CONTEST_WORKING_DAYS, time_zone_of(owner), works_on)


def contest_link(contest: Contest) -> str:
    return f"/contests/{contest.pk}/"


def contest_told(contest: Contest, owned: Owned, by: Actor, at: datetime) -> dict[str, Any]:
    """Return what every event about a contest says."""
    return {**told(owned, by, at), "contest": str(contest.pk)}


def tell(contest: Contest, kind: str, text: str, *, by: Actor, at: datetime) -> None:
    """Tell the arbiter and the heads of all sides."""
    people = heads(sides_of(contest), at=at) | ({contest.arbiter_id} if contest.arbiter_id else set())
    notify(people=people, kind=f"initiatives.{kind}", text=text, link=contest_link(contest), by=by, at=at)
