"""What training sets have seen of the exams that are watched: looked for after each scan, and again when an exam is new."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.catalogue.models import EvaluationSet
from governance.core.actors import Actor
from governance.remits.services import ExamSeen, record_exam_checks
from governance.training.models import TrainingSet
from governance.training.reading import ItemSeen
from governance.training.rules import TrainingSetState
from governance.work.models import Job
from governance.work.rules import LeasedJob
from governance.work.services import enqueue, finish_job

MOST_SEEN = 100  # items of an exam that are listed for one set; the numbers are exact
ROWS_AT_ONCE = 500
UNSCANNED = (TrainingSetState.RECEIVED, TrainingSetState.SCANNING)


@transaction.atomic
def check_sets_again(*, exam_id: UUID, by: Actor, at: datetime) -> Job:
    """An exam has new fingerprints: look through the training sets that were scanned before."""
    exam = EvaluationSet.objects.get(pk=exam_id)
    asked = {"exam": str(exam_id), "index": exam.index_digest}
    return enqueue(kind="training.check_again", input=asked, by=by, at=at)


@transaction.atomic
def queue_checks(*, job: LeasedJob, by: Actor, at: datetime) -> int:
    """Queue the check of every set whose scan is over; return how many. One that is being scanned is checked at its end."""
    sets = TrainingSet.objects.exclude(state__in=UNSCANNED).order_by("pk").values_list("pk", flat=True)
    number = 0
    for set_id in sets.iterator(ROWS_AT_ONCE):
        queue_check(set_id=set_id, reason=f"{job.input['exam']}:{job.input['index']}", by=by, at=at)
        number += 1
    finish_job(job=job, at=at)
    return number


@transaction.atomic
def queue_check(*, set_id: UUID, reason: str, by: Actor, at: datetime) -> Job:
    """Have a set looked through for every exam that is watched, once for each reason."""
    asked = {"training_set": str(set_id)}
    return enqueue(kind="training.check_exams", input=asked, by=by, at=at, dedupe_key=f"exams:{set_id}:{reason}")


@transaction.atomic
def close_exam_check(
    *,
    job: LeasedJob,
    training_set_id: UUID,
    watched: Mapping[str, str],
    seen: Mapping[str, Mapping[str, ItemSeen]],
    complete: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Write down what the set holds of each exam. `watched` is {name: digest of the fingerprints looked for}."""
    row = TrainingSet.objects.select_for_update().get(pk=training_set_id)
    checks = [_check(ref, digest, seen.get(ref, {}), complete=complete) for ref, digest in sorted(watched.items())]
    _write(row, checks, by=by, at=at)
    finish_job(job=job, at=at)


@transaction.atomic
def give_up_exam_check(*, job: LeasedJob, by: Actor, at: datetime) -> None:
    """The check was given up after its last try: what the set has seen is not known."""
    row = TrainingSet.objects.select_for_update().get(pk=job.input["training_set"])
    exams = EvaluationSet.objects.exclude(index_digest="").filter(retired_at=None).order_by("ref")
    _write(row, [ExamSeen(exam.ref, exam.index_digest, complete=False) for exam in exams], by=by, at=at)


def _write(row: TrainingSet, checks: Sequence[ExamSeen], *, by: Actor, at: datetime) -> None:
    record_exam_checks(
        initiative_id=row.initiative_id, subject_id=row.pk, subject_title=row.title, checks=checks, by=by, at=at
    )


def _check(ref: str, digest: str, items: Mapping[str, ItemSeen], *, complete: bool) -> ExamSeen:
    most = sorted(items.items(), key=lambda each: (-each[1].coverage, each[0]))[:MOST_SEEN]
    listed = [
        {"item": item, "coverage": round(seen.coverage, 3), "line": seen.line, "records": seen.records}
        for item, seen in most
    ]
    return ExamSeen(
        ref=ref,
        index_digest=digest,
        complete=complete,
        items_seen=len(items),
        covered=sum(seen.coverage for seen in items.values()),
        seen=listed,
    )
