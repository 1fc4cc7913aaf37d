"""Who may do a job, who comes too late, and when it is given up. No broker takes part."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from governance.core.actors import CLOCK, WORKER
from governance.core.errors import Conflict
from governance.work.models import Job
from governance.work.rules import JobState
from governance.work.services import claim, enqueue, extend, fail_job, finish_job, release_lost

pytestmark = pytest.mark.django_db
LEASE_S = 30
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
GIVEN_UP: list = []


def given_up(*, job, by, at):
    GIVEN_UP.append((job.id, job.tries))


@pytest.fixture(autouse=True)
def jobs_table(settings):
    entry = {"run": f"{__name__}.given_up", "queue": "test.queue", "poisoned": f"{__name__}.given_up"}
    settings.JOBS = {"test.nothing": entry}
    settings.JOB_LEASE_S = LEASE_S
    GIVEN_UP.clear()


def later(seconds):
    return AT + timedelta(seconds=seconds)


def queued(**more):
    return enqueue(kind="test.nothing", input={"n": 1}, by=WORKER, at=AT, **more)


def taken(job, at=AT):
    leased = claim(job_id=job.id, by=WORKER, at=at)
    assert leased is not None
    return leased


def state_of(job):
    return Job.objects.get(pk=job.id).state


def test_a_kind_that_no_table_names_is_an_error():
    with pytest.raises(KeyError):
        enqueue(kind="test.unknown", input={}, by=WORKER, at=AT)


def test_the_same_dedupe_key_gives_the_same_job():
    assert queued(dedupe_key="chunk 7").id == queued(dedupe_key="chunk 7").id


def test_a_leased_job_is_finished_by_its_holder():
    job = queued()
    finish_job(job=taken(job), at=later(1))
    assert state_of(job) == JobState.DONE


def test_a_job_has_one_holder():
    job = queued()
    taken(job)
    assert claim(job_id=job.id, by=WORKER, at=later(1)) is None


def test_a_job_that_waits_is_not_given_out_early():
    job = queued(delay_s=30)
    assert claim(job_id=job.id, by=WORKER, at=later(29)) is None
    assert claim(job_id=job.id, by=WORKER, at=later(30)) is not None


def test_a_done_job_is_not_given_out_again():
    job = queued()
    finish_job(job=taken(job), at=AT)
    assert claim(job_id=job.id, by=WORKER, at=later(1000)) is None


def test_a_lost_lease_is_taken_over_and_its_first_holder_comes_too_late():
    job = queued()
    first = taken(job)
    second = taken(job, later(LEASE_S))
    with pytest.raises(Conflict, match="lease_lost"), transaction.atomic():
        finish_job(job=first, at=later(LEASE_S + 1))
    finish_job(job=second, at=later(LEASE_S + 2))
    assert state_of(job) == JobState.DONE


def test_a_lease_that_is_extended_is_not_taken_over():
    job = queued()
    assert extend(job=taken(job), at=later(LEASE_S - 1))
    assert claim(job_id=job.id, by=WORKER, at=later(LEASE_S + 1)) is None


def test_who_lost_the_lease_can_neither_extend_nor_fail_it():
    job = queued()
    first = taken(job)
    taken(job, later(LEASE_S))
    assert not extend(job=first, at=later(LEASE_S + 1))
    assert fail_job(job=first, error_code="late", at=later(LEASE_S + 1)) is None
    assert state_of(job) == JobState.LEASED


def test_a_failed_job_waits_before_its_next_try():
    job = queued()
    assert fail_job(job=taken(job), error_code="broken", at=AT) is JobState.FAILED
    assert claim(job_id=job.id, by=WORKER, at=later(1)) is None
    assert taken(job, later(60)).tries == 2


def test_the_third_failure_gives_the_job_up_and_says_so():
    job = queued()
    for n in range(3):
        fail_job(job=taken(job, later(100 * n)), error_code="broken", at=later(100 * n))
    assert state_of(job) == JobState.POISONED
    assert [(job.id, 3)] == GIVEN_UP
    assert claim(job_id=job.id, by=WORKER, at=later(10_000)) is None


def test_a_job_that_kills_its_workers_is_given_up():
    job = queued()
    for n in range(3):
        taken(job, later(1000 * n))
        release_lost(by=CLOCK, at=later(1000 * n + LEASE_S))
    row = Job.objects.get(pk=job.id)
    assert (row.state, row.error_code, GIVEN_UP) == (JobState.POISONED, "lease_expired", [(job.id, 3)])
