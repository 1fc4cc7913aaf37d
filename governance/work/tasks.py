"""The door through which the bell is heard."""

from uuid import UUID

from celery import shared_task

from governance.work.running import run_job as run


@shared_task(name="work.run_job")
def run_job(*, job_id: str, **_later: object) -> None:
    run(UUID(job_id))
