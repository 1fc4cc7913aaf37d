"""Which exams an initiative is measured by, and what its training sets have seen of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.catalogue.models import EvaluationSet
from governance.catalogue.rules import ExamState
from governance.catalogue.selectors import exam_named
from governance.core.actors import Actor
from governance.core.errors import Conflict, NotFound
from governance.initiatives.models import Initiative
from governance.initiatives.selectors import initiative_named
from governance.organisation.selectors import authorize
from governance.remits.evidence import exam_outcome
from governance.remits.models import ExamCheck, NamedExam

NAME = "remits:remit:draft"


@dataclass(frozen=True, slots=True)
class ExamSeen:
    """What one exam came to in one training set. `ref` and `index_digest` are those of the ruleset it was checked under."""

    ref: str
    index_digest: str
    complete: bool
    items_seen: int = 0
    covered: float = 0.0  # the sum of the shares of the items seen
    seen: Sequence[dict[str, Any]] = ()


@transaction.atomic
def name_exam(*, initiative: str, exam: str, by: Actor, at: datetime) -> NamedExam:
    """Say that an initiative is measured by an exam; both by their names in addresses.

    Raises:
        NotFound: "no_initiative", "no_such_exam". NotAllowed: the actor may not draft remits for its unit.
        Conflict: "named_already", "retired".
    """
    measured, row = initiative_named(initiative), exam_named(exam)
    path = measured.accountable_unit.path
    authorize(by, NAME, path)
    if row.state == ExamState.RETIRED:
        raise Conflict("retired", "This evaluation set is retired.", field="exam", remedy="Choose another.")
    try:
        with transaction.atomic():
            named = NamedExam.objects.create(initiative=measured, exam=row, named_by_id=by.person, named_at=at)
    except IntegrityError as twice:
        raise Conflict("named_already", "The initiative is measured by it already.", field="exam") from twice
    record(EventKind.EXAM_NAMED, subject=f"initiative:{measured.pk}", by=by, at=at, unit_path=path, exam=row.ref)
    return named


@transaction.atomic
def unname_exam(*, initiative: str, exam: str, by: Actor, at: datetime) -> None:
    """Take that back.

    Raises:
        NotFound: "no_initiative", "not_named". NotAllowed: the actor may not draft remits for its unit.
    """
    measured = initiative_named(initiative)
    path = measured.accountable_unit.path
    authorize(by, NAME, path)
    gone, _ = NamedExam.objects.filter(initiative=measured, exam__ref=exam).delete()
    if not gone:
        raise NotFound("not_named", "The initiative is not measured by this.", field="exam")
    record(EventKind.EXAM_UNNAMED, subject=f"initiative:{measured.pk}", by=by, at=at, unit_path=path, exam=exam)


@transaction.atomic
def record_exam_checks(
    *,
    initiative_id: UUID,
    subject_id: UUID,
    subject_title: str,
    checks: Sequence[ExamSeen],
    by: Actor,
    at: datetime,
) -> list[ExamCheck]:
    """Write down what a training set holds of each exam it was checked against; a later check replaces the one before."""
    path = Initiative.objects.select_related("accountable_unit").get(pk=initiative_id).accountable_unit.path
    known = {row.ref: row for row in EvaluationSet.objects.filter(ref__in=[check.ref for check in checks])}
    rows = []
    for check in checks:
        exam = known.get(check.ref)
        if exam is None:
            continue  # named by a ruleset of an earlier installation, which kept no record of exams
        told = _told(check, exam) | {"subject_title": subject_title, "initiative_id": initiative_id, "checked_at": at}
        row, _ = ExamCheck.objects.update_or_create(subject_id=subject_id, exam=exam, defaults=told)
        detail = {"exam": exam.ref, "outcome": str(row.outcome), "items_seen": row.items_seen}
        subject = f"training_set:{subject_id}"
        record(EventKind.EXAM_CHECKED, subject=subject, by=by, at=at, unit_path=path, **detail)
        rows.append(row)
    return rows


def _told(check: ExamSeen, exam: EvaluationSet) -> dict[str, Any]:
    return {
        "index_digest": check.index_digest,
        "outcome": exam_outcome(complete=check.complete, items_seen=check.items_seen),
        "items": exam.items,
        "items_seen": check.items_seen,
        "coverage": min(1.0, check.covered / exam.items) if exam.items else 0.0,
        "seen": list(check.seen),
    }
