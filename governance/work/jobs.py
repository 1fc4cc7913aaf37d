"""Ring the bell: one Celery message that holds the id of a job and nothing else. The row is the truth."""

import logging
from uuid import UUID

from django.conf import settings
from kombu.exceptions import OperationalError
from redis import Redis, RedisError

from governance.work.queue import app

RUN_JOB = "work.run_job"
log = logging.getLogger(__name__)


def ring(job_id: UUID, queue: str) -> bool:
    """Tell the workers of `queue` about a job. False when the broker cannot be reached: the relay rings again later."""
    try:
        app.send_task(RUN_JOB, kwargs={"job_id": str(job_id)}, queue=queue, ignore_result=True, retry=False)
    except (OperationalError, RedisError, OSError) as failed:
        log.warning("bell of job %s not rung in %s: %s", job_id, queue, type(failed).__name__)
        return False
    return True


def bells(queue: str) -> int | None:
    """Return how many messages the broker holds for `queue` that no worker has taken; None when it does not answer."""
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as broker:
            return int(broker.llen(queue))
    except RedisError:
        return None
