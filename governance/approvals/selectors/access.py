"""Who may read a request."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from governance.approvals.models import Request
from governance.core.errors import NotFound
from governance.organisation.permissions import Standing
from governance.organisation.selectors import paths_for, standing_of, within


def readable(standing: Standing) -> Q:
    """Return the condition under which a request is shown: its unit is in reach, or the person takes part in it."""
    person = standing.person
    asked = Q(revisions__stages__slots__candidates__person_id=person)
    return within(paths_for(standing, "approvals:request:read"), "unit__path") | Q(requester_id=person) | asked


def require_readable(request: Request, person: UUID, *, at: datetime) -> None:
    """Do nothing when `person` may read `request`.

    Raises:
        NotFound: otherwise; that a request exists is told only to those who may read it.
    """
    if not Request.objects.filter(readable(standing_of(person, at)), pk=request.pk).exists():
        raise NotFound("request_not_found", "There is no such request.")
