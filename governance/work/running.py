"""Do one job once: lease it, keep the lease while its function runs, and answer for what went wrong.

A job function is named in settings.JOBS, takes `job` and `at`, and commits its effects in one transaction that calls
`finish_job`. It may be started twice, and may be killed at any point: only the holder of the lease can commit.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils.module_loading import import_string

from governance.core.actors import WORKER
from governance.core.clock import now
from governance.core.errors import Conflict, DomainError
from governance.work.rules import LeasedJob
from governance.work.services import claim, extend, fail_job

log = logging.getLogger(__name__)


def run_job(job_id: UUID) -> bool:
    """Do the job if it is to be had; True when its function ended well."""
    job = claim(job_id=job_id, by=WORKER, at=now())
    if job is None:
        return False
    with _kept(job):
        try:
            import_string(settings.JOBS[job.kind]["run"])(job=job, at=now())
        except Exception as failed:  # noqa: BLE001 - whatever a job raises is this job's failure, not the worker's
            _answer(job, failed)
            return False
    return True


def _answer(job: LeasedJob, failed: Exception) -> None:
    code = failed.code if isinstance(failed, DomainError) else type(failed).__name__
    # The type and not the text: an exception's own words may quote what it was working on.
    log.warning("job %s (%s) failed at try %d: %s", job.id, job.kind, job.tries, code)
    if isinstance(failed, Conflict) and failed.code == "lease_lost":
        return
    fail_job(job=job, error_code=code, at=now())


@contextmanager
def _kept(job: LeasedJob) -> Iterator[None]:
    """Extend the lease three times a term until the block ends. A killed process extends nothing."""
    ended = threading.Event()
    keeper = threading.Thread(target=_keep, args=(job, ended), name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


def _keep(job: LeasedJob, ended: threading.Event) -> None:
    try:
        while not ended.wait(settings.JOB_LEASE_S / 3):
            try:
                if not extend(job=job, at=now()):
                    return
            except (DatabaseError, InterfaceError):
                connection.close()
    finally:
        connection.close()
