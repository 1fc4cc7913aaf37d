"""The scan of a set, chunk by chunk. Each step is one transaction with the mark that its job is done."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.verdict import require
from governance.training.chunks import ChunkPlan
from governance.training.models import Chunk, TrainingSet
from governance.training.reading import ChunkResult
from governance.training.rules import Progress, TrainingSetState, may_move, state_after_scan, verdict_word
from governance.training.selectors import progress_of
from governance.training.services.exams import queue_check
from governance.work.rules import LeasedJob
from governance.work.services import enqueue, finish_job

ROWS_AT_ONCE = 500


@transaction.atomic
def start_scan(
    *, job: LeasedJob, training_set_id: UUID, plans: Sequence[ChunkPlan], ruleset_digest: str, by: Actor, at: datetime
) -> TrainingSet:
    """Write down how the set was cut and queue a job for each chunk."""
    row = _locked(training_set_id)
    require(may_move(TrainingSetState(row.state), TrainingSetState.SCANNING))
    chunks = [
        Chunk(
            training_set=row,
            number=plan.number,
            first_byte=plan.first_byte,
            end_byte=plan.end_byte,
            first_line=plan.first_line,
            lines=plan.lines,
            digest=plan.digest,
        )
        for plan in plans
    ]
    Chunk.objects.bulk_create(chunks, batch_size=ROWS_AT_ONCE)
    for chunk in chunks:
        enqueue(kind="training.scan_chunk", input={"chunk": str(chunk.pk)}, by=by, at=at)
    row.state, row.ruleset_digest = TrainingSetState.SCANNING, ruleset_digest
    row.save(update_fields=["state", "ruleset_digest"])
    finish_job(job=job, at=at)
    _tell(EventKind.TRAINING_SCAN_STARTED, row, by, at, chunks=len(chunks), ruleset=ruleset_digest)
    return row


@transaction.atomic
def close_chunk(*, job: LeasedJob, chunk_id: UUID, result: ChunkResult, by: Actor, at: datetime) -> Chunk:
    """Keep what the scan of one chunk said; the last chunk closes the scan of the whole set.

    The set is locked first, so that of two last chunks exactly one sees that it is the last.
    """
    chunk = Chunk.objects.select_related("training_set").get(pk=chunk_id)
    row = _locked(chunk.training_set_id)
    chunk.receipt, chunk.complete, chunk.records = result.receipt, result.complete, result.records
    chunk.counts, chunk.findings, chunk.broken = dict(result.counts), result.places, result.broken
    chunk.broken_lines, chunk.scanned_at = result.broken_lines, at
    chunk.save()
    finish_job(job=job, at=at)
    progress = progress_of(row.pk)
    if progress.done:
        _close(row, progress, by, at)
    return chunk


@transaction.atomic
def give_up(*, job: LeasedJob, by: Actor, at: datetime) -> None:
    """A job of this set was given up after its last try: part of the set could not be checked."""
    set_id = job.input.get("training_set") or Chunk.objects.values_list("training_set_id", flat=True).get(
        pk=job.input["chunk"]
    )
    row = _locked(set_id)
    if may_move(TrainingSetState(row.state), TrainingSetState.UNSCANNABLE):
        row.state, row.scanned_at, row.verdict = TrainingSetState.UNSCANNABLE, at, "unavailable"
        row.save(update_fields=["state", "scanned_at", "verdict"])
        _tell(EventKind.TRAINING_SCAN_CLOSED, row, by, at, state=row.state, error="job_given_up")
        queue_check(set_id=row.pk, reason="scan", by=by, at=at)


def _close(row: TrainingSet, progress: Progress, by: Actor, at: datetime) -> None:
    state = state_after_scan(progress)
    require(may_move(TrainingSetState(row.state), state))
    counts: Counter[str] = Counter()
    for found in Chunk.objects.filter(training_set=row).values_list("counts", flat=True).iterator(ROWS_AT_ONCE):
        counts.update(found)
    row.state, row.counts, row.scanned_at = state, dict(counts), at
    row.records, row.broken_lines = progress.records, progress.broken_lines
    row.verdict = verdict_word(state, counts)
    row.save(update_fields=["state", "counts", "scanned_at", "records", "broken_lines", "verdict"])
    _tell(EventKind.TRAINING_SCAN_CLOSED, row, by, at, state=row.state, verdict=row.verdict, counts=row.counts)
    queue_check(set_id=row.pk, reason="scan", by=by, at=at)


def _locked(training_set_id: UUID) -> TrainingSet:
    return (
        TrainingSet.objects.select_related("initiative__accountable_unit")
        .select_for_update(of=["self"])
        .get(pk=training_set_id)
    )


def _tell(kind: EventKind, row: TrainingSet, by: Actor, at: datetime, **detail: object) -> None:
    unit_path = row.initiative.accountable_unit.path
    record(kind, subject=f"training_set:{row.pk}", by=by, at=at, unit_path=unit_path, digest=row.digest, **detail)
