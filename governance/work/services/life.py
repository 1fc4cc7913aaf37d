"""Signs of life of the long processes, and forgetting what nobody asks for any more."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from governance.core.actors import Actor
from governance.work.models import Heartbeat, IdempotentCall, Job
from governance.work.rules import JobState

KEEP_CALLS = timedelta(hours=24)
KEEP_DONE_JOBS = timedelta(days=14)


def beat(*, process: str, kind: str, detail: dict[str, Any], by: Actor, at: datetime) -> None:
    """Note that `process` (its name, host and number) of `kind` is alive at `at`. `detail` holds counts and versions."""
    Heartbeat.objects.update_or_create(process=process, defaults={"kind": kind, "at": at, "detail": detail})


@transaction.atomic
def forget(*, by: Actor, at: datetime) -> None:
    """Delete done jobs, repeated calls and heartbeats that are too old to matter. Given-up jobs stay."""
    Job.objects.filter(state=JobState.DONE, finished_at__lt=at - KEEP_DONE_JOBS).delete()
    IdempotentCall.objects.filter(at__lt=at - KEEP_CALLS).delete()
    Heartbeat.objects.filter(at__lt=at - KEEP_CALLS).delete()
