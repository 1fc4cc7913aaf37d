"""What is let pass because an analyst called it a mistake: who answers for it, where, and until when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from governance.core.paging import Page, page_window
from governance.organisation.permissions import Standing, may
from governance.organisation.selectors import paths_for, within
from governance.scanning.models import Suppression

ANSWER = "scanning:mistake:answer"


@dataclass(frozen=True, slots=True)
class SuppressionRow:
    """One value that passes in `unit` and below. `may_end`: it is in force, and the reader may end it."""

    id: UUID
    type: str
    unit: str
    reason: str
    owner: str
    starts_at: datetime
    ends_at: datetime
    may_end: bool


def suppressions(
    *, standing: Standing, at: datetime, over: bool = False, page: int = 1, size: int = 50
) -> Page[SuppressionRow]:
    """Return one page of what passes at `at`, what ends first at the top; with `over` of what passes no more, the newest end first."""
    theirs = within(paths_for(standing, ANSWER), "unit__path")
    when = Q(ends_at__lte=at) if over else Q(ends_at__gt=at)
    found = Suppression.objects.filter(theirs, when)
    order = ("-ends_at", "-pk") if over else ("ends_at", "pk")
    start, end = page_window(page, size)
    rows = [_row(row, standing, at) for row in found.select_related("owner", "unit").order_by(*order)[start:end]]
    return Page(rows, found.count(), max(page, 1), end - start)


def _row(row: Suppression, standing: Standing, at: datetime) -> SuppressionRow:
    mine = bool(may(standing, ANSWER, row.unit.path if row.unit else None))
    return SuppressionRow(
        id=row.pk,
        type=row.type,
        unit=row.unit.name if row.unit else "everywhere",
        reason=row.reason,
        owner=row.owner.name,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        may_end=mine and row.ends_at > at,
    )
