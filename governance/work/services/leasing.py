"""Take a job, keep it, finish or fail it. Whoever holds the newest token decides; all others come too late."""

import random
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.module_loading import import_string

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import WORKER, Actor
from governance.core.errors import Conflict
from governance.work.models import Job
from governance.work.rules import MOST_TRIES, WAITING, JobState, LeasedJob, after_failure, back_off

MOST_RELEASED = 200


def claim(*, job_id: UUID, by: Actor, at: datetime) -> LeasedJob | None:
    """Lease the job for settings.JOB_LEASE_S and return it; None when it is done, taken, given up or not due.

    One statement decides, so of two workers that ask at once exactly one gets the lease.
    """
    token = uuid4()
    due = Q(state__in=WAITING, next_at__lte=at)
    lost = Q(state=JobState.LEASED, lease_until__lte=at)
    taken = Job.objects.filter(due | lost, pk=job_id, tries__lt=MOST_TRIES).update(
        state=JobState.LEASED,
        token=token,
        leased_at=at,
        lease_until=_lease_end(at),
        tries=F("tries") + 1,
    )
    return _leased(Job.objects.get(pk=job_id, token=token)) if taken else None


def extend(*, job: LeasedJob, at: datetime, by: Actor = WORKER) -> bool:
    """Move the end of the lease to settings.JOB_LEASE_S from `at`. False when the lease was lost: stop working."""
    return bool(_held(job).update(lease_until=_lease_end(at)))


def finish_job(*, job: LeasedJob, at: datetime, by: Actor = WORKER) -> None:
    """Mark the job done. Called inside the transaction of its effects, which rolls back when the lease was lost.

    Raises:
        Conflict: `lease_lost`, when another worker took the job over or it was given up.
        TransactionManagementError: outside a transaction, where the effects could commit without the mark.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("finish_job() needs the transaction of the job's effects.")
    if not _held(job).update(state=JobState.DONE, finished_at=at, error_code=""):
        raise Conflict("lease_lost", "This job was taken over by another worker.")


@transaction.atomic
def fail_job(*, job: LeasedJob, error_code: str, at: datetime, by: Actor = WORKER) -> JobState | None:
    """Note that this try failed: the job waits for its next try, or is given up after MOST_TRIES.

    `error_code` is a stable code, never an exception's own text. None when the lease was lost: then nothing is written.
    """
    row = _held(job).select_for_update().first()
    return None if row is None else _fail(row, error_code, by, at)


@transaction.atomic
def release_lost(*, by: Actor, at: datetime) -> int:
    """Fail the jobs whose lease has ended without an answer (their worker died or froze); return how many."""
    lost = Job.objects.select_for_update(skip_locked=True).filter(state=JobState.LEASED, lease_until__lte=at)
    rows = list(lost.order_by("lease_until", "id")[:MOST_RELEASED])
    for row in rows:
        _fail(row, "lease_expired", by, at)
    return len(rows)


def _fail(row: Job, error_code: str, by: Actor, at: datetime) -> JobState:
    lost = _leased(row)
    state = after_failure(row.tries)
    row.state, row.token, row.error_code, row.published_at = state, None, error_code, None
    row.next_at = at + back_off(row.tries, random.random())  # noqa: S311 - spreads load, guards nothing
    if state is JobState.POISONED:
        row.finished_at = at
        _give_up(lost, error_code, by, at)
    row.save(update_fields=["state", "token", "error_code", "published_at", "next_at", "finished_at"])
    return state


def _give_up(job: LeasedJob, error_code: str, by: Actor, at: datetime) -> None:
    record(
        EventKind.JOB_POISONED,
        subject=f"job:{job.id}",
        by=by,
        at=at,
        job_kind=job.kind,
        error=error_code,
        tries=job.tries,
    )
    follower = settings.JOBS[job.kind].get("poisoned")
    if follower:
        import_string(follower)(job=job, by=by, at=at)


def _lease_end(at: datetime) -> datetime:
    return at + timedelta(seconds=settings.JOB_LEASE_S)


def _held(job: LeasedJob) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.id, token=job.token, state=JobState.LEASED)


def _leased(row: Job) -> LeasedJob:
    if row.token is None:
        raise Conflict("lease_lost", "This job is not leased.")
    return LeasedJob(id=row.id, kind=row.kind, input=row.input, token=row.token, tries=row.tries)
