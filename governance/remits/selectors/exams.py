"""The exams of an initiative as people see them: which it is measured by, and what its training sets have seen of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from governance.approvals.subjects import Fact
from governance.catalogue.models import EvaluationSet
from governance.catalogue.rules import ExamState
from governance.core.paging import Page, page_window
from governance.organisation.permissions import Standing
from governance.organisation.selectors import paths_for, within
from governance.remits.evidence import ExamEvidence, ExamOutcome, exam_evidence
from governance.remits.models import ExamCheck, NamedExam

READ = "initiatives:initiative:read"
SAID = {
    ExamEvidence.PRESENT: "named, and no training set has been checked against it",
    ExamEvidence.CLEAN: "none of its questions stands in a training set",
    ExamEvidence.CONTAMINATED: "a training set has seen questions of it",
    ExamEvidence.COULD_NOT_CHECK: "could not be checked wholly",
}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """What of an exam stands in one training set. `is_stale`: the exam has had other items since."""

    exam_ref: str
    exam_title: str
    initiative_code: str
    initiative_title: str
    set_id: UUID
    set_title: str
    outcome: ExamOutcome
    items: int
    items_seen: int
    coverage: float
    seen: list[dict[str, object]]
    checked_at: datetime
    is_stale: bool

    @classmethod
    def of(cls, row: ExamCheck) -> "CheckRow":
        return cls(
            exam_ref=row.exam.ref,
            exam_title=row.exam.title,
            initiative_code=row.initiative.code,
            initiative_title=row.initiative.title,
            set_id=row.subject_id,
            set_title=row.subject_title,
            outcome=ExamOutcome(row.outcome),
            items=row.items,
            items_seen=row.items_seen,
            coverage=row.coverage,
            seen=row.seen,
            checked_at=row.checked_at,
            is_stale=row.index_digest != row.exam.index_digest,
        )


@dataclass(frozen=True, slots=True)
class MeasuredBy:
    """One exam beside an initiative: `evidence` is what is known of it here, `is_named` that the initiative is measured by it."""

    ref: str
    title: str
    items: int
    is_named: bool
    evidence: ExamEvidence
    checks: list[CheckRow]


def checks_of_exam(exam_id: UUID, *, standing: Standing, page: int = 1, size: int = 50) -> Page[CheckRow]:
    """Return which training sets of the reader's units were checked against an exam, those that saw most of it first."""
    found = ExamCheck.objects.filter(_visible(standing), exam_id=exam_id).order_by("-items_seen", "-checked_at", "-id")
    start, end = page_window(page, size)
    rows = [CheckRow.of(row) for row in found.select_related("exam", "initiative")[start:end]]
    return Page(rows, found.count(), max(page, 1), end - start)


def exams_seen(exam_ids: Collection[UUID], *, standing: Standing) -> dict[UUID, int]:
    """Return how many training sets of the reader's units have seen each of these exams; one that none has seen is left out."""
    found = ExamCheck.objects.filter(_visible(standing), exam_id__in=exam_ids, outcome=ExamOutcome.CONTAMINATED)
    return dict(found.order_by().values_list("exam_id").annotate(Count("pk")))


def checks_of_sets(subject_ids: Iterable[UUID]) -> list[CheckRow]:
    """Return what training sets have seen, for whoever may read them: those with most first."""
    found = ExamCheck.objects.filter(subject_id__in=list(subject_ids)).select_related("exam", "initiative")
    return [CheckRow.of(row) for row in found.order_by("-items_seen", "exam__title", "id")]


def exams_of(initiative_id: UUID) -> list[MeasuredBy]:
    """Return the exams that are watched and those the initiative is measured by, the named ones first."""
    named = set(NamedExam.objects.filter(initiative_id=initiative_id).values_list("exam_id", flat=True))
    checks = list(ExamCheck.objects.filter(initiative_id=initiative_id).select_related("exam", "initiative"))
    exams = EvaluationSet.objects.filter(
        Q(state__in=[ExamState.WATCHED, ExamState.READING, ExamState.FAULTY])
        | Q(pk__in=named)
        | Q(pk__in=[each.exam_id for each in checks])
    )
    rows = [_measured(exam, [each for each in checks if each.exam_id == exam.pk], named) for exam in exams]
    return sorted(rows, key=lambda row: (not row.is_named, row.title, row.ref))


def _measured(exam: EvaluationSet, checks: list[ExamCheck], named: set[UUID]) -> MeasuredBy:
    is_named = exam.pk in named
    return MeasuredBy(exam.ref, exam.title, exam.items, is_named, _evidence(checks, named=is_named), _rows(checks))


def _rows(checks: list[ExamCheck]) -> list[CheckRow]:
    return sorted(map(CheckRow.of, checks), key=lambda row: (-row.items_seen, row.set_title, str(row.set_id)))


def _evidence(checks: list[ExamCheck], *, named: bool) -> ExamEvidence:
    stale = any(check.index_digest != check.exam.index_digest for check in checks)
    return exam_evidence((ExamOutcome(check.outcome) for check in checks), named=named, unchecked=stale)


def evidence_of(initiative_id: UUID) -> ExamEvidence:
    """Return what is known of the exams the initiative is measured by; of all that its sets were checked against when it names none."""
    named = set(NamedExam.objects.filter(initiative_id=initiative_id).values_list("exam_id", flat=True))
    found = ExamCheck.objects.filter(initiative_id=initiative_id).select_related("exam")
    return _evidence(list(found.filter(exam_id__in=named) if named else found), named=bool(named))


def exam_facts(initiative_id: UUID) -> list[Fact]:
    """Return what is known of the exams it is measured by; of all that its sets were checked against when it names none."""
    named = {row.exam for row in NamedExam.objects.filter(initiative_id=initiative_id).select_related("exam")}
    checks = list(ExamCheck.objects.filter(initiative_id=initiative_id).select_related("exam"))
    known = [
        (exam, _evidence([each for each in checks if each.exam_id == exam.pk], named=bool(named)))
        for exam in sorted(named or {each.exam for each in checks}, key=lambda exam: (exam.title, exam.ref))
    ]
    return [Fact(f"Exam “{exam.title}”", SAID[evidence]) for exam, evidence in known if evidence in SAID]


def _visible(standing: Standing) -> Q:
    return within(paths_for(standing, READ), "initiative__accountable_unit__path")
