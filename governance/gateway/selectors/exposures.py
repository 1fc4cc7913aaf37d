"""Calls in which items of a secret exam were found: each of them may have shown the exam to a model."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Func, QuerySet, TextField, Value

from governance.core.paging import Page, page_window
from governance.gateway.rules import UNSENT
from governance.gateway.selectors.pages import ExchangeRow, row_of, visible
from governance.organisation.permissions import Standing
from governance.scanning.models import Finding
from governance.scanning.rules import EXAM


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """One call with `items` items of an exam in it. `left`: it was sent, or may have been."""

    exchange: ExchangeRow
    items: int
    left: bool


def exposures(exam: str, *, standing: Standing, at: datetime, page: int = 1, size: int = 50) -> Page[ExposureRow]:
    """Return the calls the reader may see in which items of the exam called `exam` were found, the newest first."""
    found = visible(standing).filter(scan_id__in=_findings(exam).values("scan_id"))
    start, end = page_window(page, size)
    joined = found.select_related("initiative", "unit", "destination").order_by("-at", "-id")
    rows = list(joined[start:end])
    counted = _findings(exam).filter(scan_id__in=[row.scan_id for row in rows]).order_by().values_list("scan_id")
    items = dict(counted.annotate(Count("subtype", distinct=True)))
    told = [ExposureRow(row_of(row, at), items[row.scan_id], row.state not in UNSENT) for row in rows if row.scan_id]
    return Page(told, found.count(), max(page, 1), end - start)


def exposed(exams: Collection[str], *, standing: Standing) -> dict[str, int]:
    """Return in how many calls the reader may see items of each of these exams were found; one that was not seen is left out."""
    found = Finding.objects.filter(type=EXAM, scan__in=visible(standing).values("scan_id")).order_by()
    name = Func(F("subtype"), Value(":"), Value(1), function="split_part", output_field=TextField())
    counted = found.annotate(name=name).filter(name__in=exams).values_list("name")
    return dict(counted.annotate(Count("scan", distinct=True)))


def _findings(exam: str) -> QuerySet[Finding]:
    return Finding.objects.filter(type=EXAM, subtype__startswith=f"{exam}:")
