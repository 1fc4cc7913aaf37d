"""Overrides: on the page of their request, and in the queue of those that wait for a second person or for a review."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from governance.approvals.models import Override
from governance.approvals.overriding import CONFIRM_WITHIN, OverrideState, OverrideTimes, override_state
from governance.approvals.selectors.seats import authors_of
from governance.organisation.permissions import Standing
from governance.organisation.selectors import paths_for, within

MAKE, REVIEW = "approvals:override:make", "approvals:override:review"


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """One override, ready to show. `confirmed_by`, `verdict` and `reviewed_by` are "" until there is one."""

    id: UUID
    request_id: UUID
    number: int
    title: str
    unit: str
    reason: str
    hours: int
    asked_by: str
    asked_at: datetime
    confirmed_by: str
    ends_at: datetime | None
    state: OverrideState
    verdict: str
    finding: str
    reviewed_by: str
    reviewed_at: datetime | None


def state_of(override: Override, *, at: datetime) -> OverrideState:
    return override_state(OverrideTimes(override.asked_at, override.ends_at, override.reviewed_at), at=at)


def taking_part(override: Override) -> frozenset[UUID]:
    """Return who may not review an override: the two, who asked the request, and who wrote it."""
    request = override.request
    two = {override.asked_by_id, override.confirmed_by_id}
    return frozenset({person for person in two if person} | {request.requester_id} | authors_of(request))


def overrides_of(request_id: UUID, *, at: datetime) -> list[OverrideRow]:
    """Return every override of a request, the latest first."""
    return [override_row(each, at) for each in overrides_on(request_id)]


def overrides_on(request_id: UUID) -> list[Override]:
    """Return the same with all that is known of them."""
    return list(_joined().filter(request_id=request_id))


def overrides(
    reader: Standing, *, at: datetime, waiting: bool, limit: int, offset: int = 0
) -> tuple[list[OverrideRow], int]:
    """Return the overrides of the reader's units and how many there are, the latest first.

    `waiting` True: only those that wait for a second person or for a review.
    """
    found = _joined().filter(reach(reader))
    if waiting:
        found = found.filter(_waiting(at))
    return [override_row(each, at) for each in found[offset : offset + limit]], found.count()


def waiting_overrides(reader: Standing, *, at: datetime) -> int:
    """Return how many overrides wait for a second person or a review in the reader's units."""
    return Override.objects.filter(reach(reader) & _waiting(at)).count()


def reach(reader: Standing) -> Q:
    made, reviewed = (within(paths_for(reader, name), "request__unit__path") for name in (MAKE, REVIEW))
    return made | reviewed


def _waiting(at: datetime) -> Q:
    asked = Q(confirmed_by=None, asked_at__gt=at - CONFIRM_WITHIN)
    return asked | Q(ends_at__lte=at, reviewed_at=None)


def _joined() -> QuerySet[Override]:
    people = ("asked_by", "confirmed_by", "reviewed_by")
    return Override.objects.select_related("request__unit", *people).order_by("-asked_at", "-id")


def override_row(each: Override, at: datetime) -> OverrideRow:
    return OverrideRow(
        id=each.pk,
        request_id=each.request_id,
        number=each.request.number,
        title=each.request.title,
        unit=each.request.unit.name,
        reason=each.reason,
        hours=each.hours,
        asked_by=each.asked_by.name,
        asked_at=each.asked_at,
        confirmed_by=each.confirmed_by.name if each.confirmed_by else "",
        ends_at=each.ends_at,
        state=state_of(each, at=at),
        verdict=each.verdict,
        finding=each.finding,
        reviewed_by=each.reviewed_by.name if each.reviewed_by else "",
        reviewed_at=each.reviewed_at,
    )
