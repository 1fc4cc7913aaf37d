"""Effects and the mark of being done commit together."""

from datetime import UTC, datetime

import pytest
from django.db.transaction import TransactionManagementError

from governance.core.actors import WORKER
from governance.work.services import claim, enqueue, finish_job

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_a_job_is_not_finished_outside_the_transaction_of_its_effects(committed_db, settings):
    settings.JOBS = {"test.nothing": {"run": "builtins.print", "queue": "test.queue"}}
    job = enqueue(kind="test.nothing", input={}, by=WORKER, at=AT)
    leased = claim(job_id=job.id, by=WORKER, at=AT)
    with pytest.raises(TransactionManagementError):
        finish_job(job=leased, at=AT)
