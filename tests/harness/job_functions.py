"""Jobs for tests of durable work: each kind is one way in which a job can go.

The effect of a job is a row whose key holds the job and the token of its lease, so that a second effect would be a second
row and not an error.
"""

import os
import signal
import time

from django.db import transaction

from governance.core.actors import WORKER
from governance.work.models import IdempotentCall
from governance.work.services import finish_job


def leave_mark(*, job, at):
    with transaction.atomic():
        key = f"{job.id} {job.token}"
        IdempotentCall.objects.create(actor="effect", key=key, body_digest="", status=200, response=None, at=at)
        finish_job(job=job, at=at, by=WORKER)


def take_long(*, job, at):
    time.sleep(job.input["seconds"])
    leave_mark(job=job, at=at)


def kill_worker(*, job, at):
    """End the process that does the job, as a crash in a library would."""
    if job.tries <= job.input["times"]:
        os.kill(os.getpid(), signal.SIGKILL)
    leave_mark(job=job, at=at)


def raise_error(*, job, at):
    raise ValueError("a synthetic text that must not be logged: 4111 1111 1111 1111")
