"""Evaluation sets as people see them: who looks after them and how many items are known. Never an item."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.catalogue.models import EvaluationSet
from governance.catalogue.rules import ExamState, Secrecy, may_retire_exam, may_send_items
from governance.core.errors import Invalid, NotFound
from governance.core.paging import Page, page_window
from governance.core.verdict import Verdict, require
from governance.organisation.permissions import Standing, may

READ, EDIT = "catalogue:exam:read", "catalogue:exam:edit"
EXAM_SORTS = {
    "title": ("title", "id"),
    "-title": ("-title", "-id"),
    "items": ("items", "id"),
    "-items": ("-items", "-id"),
    "read": ("read_at", "id"),
    "-read": ("-read_at", "-id"),
}


@dataclass(frozen=True, slots=True)
class ExamRow:
    """`items` and `too_short` are 0 and `index_digest` "" until the items have been read; `fault` is "" unless they could not be."""

    id: UUID
    ref: str
    title: str
    secrecy: Secrecy
    unit: str
    state: ExamState
    items: int
    too_short: int
    index_digest: str
    fault: str
    added_by: str
    added_at: datetime
    read_at: datetime | None
    retired_at: datetime | None

    @classmethod
    def of(cls, row: EvaluationSet) -> "ExamRow":
        return cls(
            id=row.pk,
            ref=row.ref,
            title=row.title,
            secrecy=Secrecy(row.secrecy),
            unit=row.unit.name,
            state=ExamState(row.state),
            items=row.items,
            too_short=row.too_short,
            index_digest=row.index_digest,
            fault=row.fault,
            added_by=row.added_by.name if row.added_by else "the installation",
            added_at=row.added_at,
            read_at=row.read_at,
            retired_at=row.retired_at,
        )


@dataclass(frozen=True, slots=True)
class ExamPage:
    """An evaluation set, and what the reader may do about it."""

    row: ExamRow
    unit_path: str
    may_send: Verdict
    may_retire: Verdict


def exams(
    *, standing: Standing, search: str = "", state: str = "", sort: str = "title", page: int = 1, size: int = 50
) -> Page[ExamRow]:
    """Return one page of the evaluation sets; those that are retired only when asked for. Raises Invalid, "unknown_sort"."""
    require(may(standing, READ, None))
    if sort not in EXAM_SORTS:
        raise Invalid("unknown_sort", f"Sort by one of: {', '.join(EXAM_SORTS)}.", field="sort")
    found = EvaluationSet.objects.filter(title__icontains=search)
    found = found.filter(state=state) if state else found.exclude(state=ExamState.RETIRED)
    start, end = page_window(page, size)
    rows = found.select_related("unit", "added_by").order_by(*EXAM_SORTS[sort])[start:end]
    return Page([ExamRow.of(row) for row in rows], found.count(), max(page, 1), end - start)


def exam(ref: str, *, standing: Standing) -> ExamPage:
    """Return one evaluation set by its name in addresses. Raises NotFound, "no_such_exam"."""
    require(may(standing, READ, None))
    row = exam_named(ref)
    permitted, state = may(standing, EDIT, row.unit.path), ExamState(row.state)
    return ExamPage(
        ExamRow.of(row), row.unit.path, permitted and may_send_items(state), permitted and may_retire_exam(state)
    )


def exam_named(ref: str) -> EvaluationSet:
    """Return the evaluation set itself with its unit, for the areas above. Raises NotFound, "no_such_exam"."""
    found = EvaluationSet.objects.select_related("unit", "added_by").filter(ref=ref).first()
    if found is None:
        raise NotFound("no_such_exam", "There is no such evaluation set.", field="exam")
    return found
