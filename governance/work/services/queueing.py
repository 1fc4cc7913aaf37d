"""Queue a job in the transaction that needs it done."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction

from governance.core.actors import Actor
from governance.work.jobs import ring
from governance.work.models import Job
from governance.work.rules import WINDOW
from governance.work.selectors import rung
from governance.work.services.relaying import mark_rung


@transaction.atomic
def enqueue(
    *,
    kind: str,
    input: Any,  # noqa: A002 - the row's own word
    by: Actor,
    at: datetime,
    dedupe_key: str | None = None,
    delay_s: float = 0,
) -> Job:
    """Write the row of a job; the bell rings after commit. With a `dedupe_key` seen before, return that earlier job.

    `input` is JSON that holds ids and numbers, never content. `delay_s` is the least time until the first try.

    Raises:
        KeyError: when settings.JOBS does not know `kind`.
    """
    values = {
        "kind": kind,
        "queue": settings.JOBS[kind]["queue"],
        "input": input,
        "next_at": at + timedelta(seconds=delay_s),
        "enqueued_by": str(by),
        "enqueued_at": at,
    }
    if dedupe_key is None:
        job, made = Job.objects.create(**values), True
    else:
        job, made = Job.objects.get_or_create(dedupe_key=dedupe_key, defaults=values)
    if made and delay_s <= 0:
        transaction.on_commit(partial(_ring_at_once, job, by, at))
    return job


def _ring_at_once(job: Job, by: Actor, at: datetime) -> None:
    # A full window leaves the job to the relay: a burst of rows must not become a burst of messages.
    if rung(job.queue, most=WINDOW) < WINDOW and ring(job.id, job.queue):
        mark_rung(jobs=[job.id], by=by, at=at)
