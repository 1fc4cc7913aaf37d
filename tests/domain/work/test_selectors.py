"""What is due, what moves, and who is alive."""

from datetime import UTC, datetime, timedelta

import pytest

from governance.core.actors import CLOCK, WORKER
from governance.work.models import Heartbeat, IdempotentCall, Job
from governance.work.rules import JobState
from governance.work.selectors import fresh, queues, stuck, waiting
from governance.work.services import beat, claim, enqueue, finish_job, forget

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def jobs_table(settings):
    settings.JOB_LEASE_S = 30
    settings.JOBS = {name: {"run": "builtins.print", "queue": name} for name in ("test.one", "test.two")}


def later(seconds):
    return AT + timedelta(seconds=seconds)


def queued(kind="test.one", **more):
    return enqueue(kind=kind, input={}, by=WORKER, at=AT, **more)


def test_the_queues_are_those_of_the_table():
    assert queues() == ["test.one", "test.two"]


def test_a_job_that_nobody_takes_means_stuck_workers():
    queued()
    assert not stuck(["test.one"], later(30))
    assert stuck(["test.one"], later(31))
    assert not stuck(["test.two"], later(31))
    assert waiting("test.one") == 1


def test_a_job_for_later_means_nothing_yet():
    queued(delay_s=100)
    assert not stuck(["test.one"], later(130))
    assert stuck(["test.one"], later(131))


def test_a_job_in_work_means_that_something_moves():
    first, _second = queued(), queued()
    leased = claim(job_id=first.id, by=WORKER, at=later(20))
    assert not stuck(["test.one"], later(49))
    finish_job(job=leased, at=later(25))
    assert not stuck(["test.one"], later(34))
    assert stuck(["test.one"], later(49))


def test_a_process_is_fresh_for_a_while_after_its_sign_of_life():
    beat(process="a@host:1", kind="clock", detail={"leads": True}, by=CLOCK, at=AT)
    beat(process="a@host:1", kind="clock", detail={"leads": False}, by=CLOCK, at=later(5))
    assert fresh("clock", later(14), within_s=10)
    assert not fresh("clock", later(15), within_s=10)
    assert not fresh("sequencer", later(5), within_s=10)
    assert [row.detail for row in Heartbeat.objects.all()] == [{"leads": False}]


def test_what_nobody_asks_for_any_more_is_forgotten():
    old = queued()
    finish_job(job=claim(job_id=old.id, by=WORKER, at=AT), at=AT)
    waits = queued()
    given_up = queued()
    Job.objects.filter(pk=given_up.pk).update(state=JobState.POISONED, finished_at=AT)
    IdempotentCall.objects.create(actor="key:a", key="k", body_digest="d", status=200, response=None, at=AT)
    beat(process="a@host:1", kind="clock", detail={}, by=CLOCK, at=AT)
    forget(by=CLOCK, at=AT + timedelta(days=15))
    assert set(Job.objects.values_list("pk", flat=True)) == {waits.pk, given_up.pk}
    assert not IdempotentCall.objects.exists()
    assert not Heartbeat.objects.exists()
