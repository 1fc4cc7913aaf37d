"""Ring the bells that were not rung, or were lost with the broker. Postgres alone decides who is due."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from governance.core.actors import CLOCK, Actor
from governance.work.jobs import bells, ring
from governance.work.models import Job
from governance.work.rules import RING_AGAIN_S, WAITING, WINDOW
from governance.work.selectors import queues, rung
from governance.work.services.leasing import release_lost


def relay(*, by: Actor, at: datetime) -> int:
    """Give up lost leases, then ring for what is due in each queue; return how many bells rang.

    At most WINDOW jobs of a queue have rung and are not done, so a long backlog stays in Postgres; a bell is rung again
    only when it was not answered for RING_AGAIN_S and the broker holds fewer bells than jobs that wait for one.
    """
    release_lost(by=by, at=at)
    return sum(_ring_first(queue, at) + _ring_again(queue, at) for queue in queues())


def mark_rung(*, jobs: Sequence[UUID], by: Actor, at: datetime) -> None:
    """Note that the bell rang. A job that a worker has taken meanwhile is left as it is."""
    Job.objects.filter(pk__in=jobs, state__in=WAITING).update(published_at=at)


def _ring_first(queue: str, at: datetime) -> int:
    room = WINDOW - rung(queue, most=WINDOW)
    waiting = Job.objects.filter(queue=queue, state__in=WAITING, published_at=None, next_at__lte=at)
    return _ring_all(list(waiting.order_by("next_at", "id").values_list("id", flat=True)[:room]), queue, at)


def _ring_again(queue: str, at: datetime) -> int:
    unanswered = Job.objects.filter(queue=queue, state__in=WAITING, published_at__isnull=False)
    long_ago = at - timedelta(seconds=RING_AGAIN_S)
    due = unanswered.filter(published_at__lte=long_ago).order_by("published_at", "id").values_list("id", flat=True)
    if not due.exists():
        return 0
    held = bells(queue)
    lost = 0 if held is None else max(0, unanswered.count() - held)
    return _ring_all(list(due[:lost]), queue, at)


def _ring_all(jobs: list[UUID], queue: str, at: datetime) -> int:
    # Ring, then note it: a bell rung twice finds its job taken; one noted but never rung would be missed for a while.
    rang: list[UUID] = []
    for job_id in jobs:
        if not ring(job_id, queue):
            break
        rang.append(job_id)
    mark_rung(jobs=rang, by=CLOCK, at=at)
    return len(rang)
