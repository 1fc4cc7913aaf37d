"""Who may read a request."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from governance.approvals.models import Request
from governance.approvals.selectors.deputies import seats_asking
from governance.core.errors import NotFound
from governance.organisation.away import handed_on
from governance.organisation.delegation import HandedOn
from governance.organisation.models import Person
from governance.organisation.permissions import Standing, covers_all
from governance.organisation.selectors import paths_for, standing_of, within

MENTION = re.compile(r"(?<![\w@])@([\w.+-]{1,150})")
MOST_MENTIONS = 10


def readable(standing: Standing, *, at: datetime) -> Q:
    """Return the condition under which a request is shown: its unit is in reach, or the person takes part in it."""
    return readable_by(standing, handed_on(at))


def readable_by(standing: Standing, known: Sequence[HandedOn]) -> Q:
    """Return the same from all that is handed on."""
    person, paths = standing.person, paths_for(standing, "approvals:request:read")
    if covers_all(paths):
        return Q(unit__isnull=False)
    asked = seats_asking(person, known).filter(stage__revision__request=OuterRef("pk"))
    return within(paths, "unit__path") | Q(requester_id=person) | Q(Exists(asked))


def require_readable(request: Request, person: UUID, *, at: datetime) -> None:
    """Do nothing when `person` may read `request`.

    Raises:
        NotFound: otherwise; that a request exists is told only to those who may read it.
    """
    if not _may_read(request, person, at):
        raise NotFound("request_not_found", "There is no such request.")


def mentioned(request: Request, text: str, *, at: datetime) -> set[UUID]:
    """Return whom a remark names as @login: active people who may read the request. Any other @word is only a word."""
    logins = {login.rstrip(".").casefold() for login in MENTION.findall(text)[:MOST_MENTIONS]}
    people = Person.objects.filter(login__in=logins, is_active=True).order_by("pk")
    return {person.pk for person in people if _may_read(request, person.pk, at)}


def _may_read(request: Request, person: UUID, at: datetime) -> bool:
    return Request.objects.filter(readable(standing_of(person, at), at=at), pk=request.pk).exists()
