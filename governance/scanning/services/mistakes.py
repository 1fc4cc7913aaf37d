"""Mistakes of detectors: reported, answered, and let pass for a while."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotFound
from governance.core.verdict import require
from governance.organisation.selectors import authorize
from governance.scanning.models import Finding, MistakeReport, Suppression
from governance.scanning.rules import (
    MISTAKE_ANSWERED_WITHIN,
    may_answer_mistake,
    suppression_fault,
)


def report_mistake(*, finding_id: UUID, comment: str, by: Actor, at: datetime) -> MistakeReport:
    """Say that a finding is a mistake. An analyst answers within three days.

    Raises:
        Conflict: `already_reported`.
    """
    authorize(by, "scanning:mistake:report", None)
    finding = Finding.objects.select_related("scan__unit").filter(pk=finding_id).first()
    if finding is None or finding.scan.unit is None or by.person is None:
        raise NotFound("no_such_finding", "There is no such finding.")
    try:
        with transaction.atomic():
            report = MistakeReport.objects.create(
                finding=finding,
                reported_by_id=by.person,
                unit=finding.scan.unit,
                comment=comment,
                reported_at=at,
                due_at=at + MISTAKE_ANSWERED_WITHIN,
            )
            _record_mistake(EventKind.MISTAKE_REPORTED, report, finding, by=by, at=at)
            return report
    except IntegrityError as taken:
        raise Conflict("already_reported", "This finding is reported already and waits for an answer.") from taken


@transaction.atomic
def answer_mistake(
    *, report_id: UUID, suppress_until: datetime | None, answer: str, by: Actor, at: datetime
) -> MistakeReport:
    """Answer a report: with `suppress_until` the same value is let pass in that unit until then, owned by who answers.

    Raises:
        NotAllowed: `own_report`, `already_answered` or no permission.
        Invalid: `suppression_end`.
    """
    report = MistakeReport.objects.select_for_update().filter(pk=report_id).first()
    if report is None or by.person is None:
        raise NotFound("no_such_report", "There is no such report.")
    authorize(by, "scanning:mistake:answer", report.unit.path)
    answered = report.answered_at is not None
    require(may_answer_mistake(analyst=by.person, reported_by=report.reported_by_id, answered=answered))
    if suppress_until is not None:
        report.suppression = _suppress(report, until=suppress_until, reason=answer, owner=by.person, at=at)
    report.answered_by_id, report.answered_at, report.answer = by.person, at, answer
    report.save(update_fields=["answered_by", "answered_at", "answer", "suppression"])
    _record_mistake(EventKind.MISTAKE_ANSWERED, report, report.finding, by=by, at=at)
    return report


@transaction.atomic
def end_suppression(*, suppression_id: UUID, by: Actor, at: datetime) -> Suppression:
    """Let a value pass no longer, before its time: what was called a mistake was none, or is none any more.

    Raises:
        NotAllowed: the actor answers no mistakes in the unit it passes in. NotFound: `no_such_suppression`. Conflict: `already_over`.
    """
    row = Suppression.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=suppression_id).first()
    if row is None or row.unit is None:
        raise NotFound("no_such_suppression", "There is no such value that is let pass.")
    authorize(by, "scanning:mistake:answer", row.unit.path)
    if not row.starts_at < at < row.ends_at:
        raise Conflict(
            "already_over", "It is let pass no more already.", remedy="Reload the page to see how it stands."
        )
    row.ends_at = at
    row.save(update_fields=["ends_at"])
    told = {"type": row.type, "unit_path": row.unit.path}
    record(EventKind.SUPPRESSION_ENDED, subject=f"suppression:{row.pk}", by=by, at=at, **told)
    return row


def _suppress(report: MistakeReport, *, until: datetime, reason: str, owner: UUID, at: datetime) -> Suppression:
    if fault := suppression_fault(at=at, until=until):
        raise Invalid("suppression_end", fault, field="suppress_until")
    return Suppression.objects.create(
        keyed_digest=report.finding.keyed_digest,
        type=report.finding.type,
        reason=reason,
        owner_id=owner,
        unit=report.unit,
        starts_at=at,
        ends_at=until,
    )


def _record_mistake(kind: EventKind, report: MistakeReport, finding: Finding, *, by: Actor, at: datetime) -> None:
    detail = {"finding": str(finding.pk), "type": finding.type, "suppressed": report.suppression_id is not None}
    record(kind, subject=f"mistake_report:{report.pk}", by=by, at=at, unit_path=report.unit.path, **detail)
