"""Jobs through a real Celery worker and a real broker: one effect each, whatever is killed, lost or late."""

import os
import random
import signal
from collections import Counter

import pytest

from governance.core.actors import CLOCK, WORKER
from governance.core.clock import now
from governance.work.models import Heartbeat, IdempotentCall, Job
from governance.work.rules import WINDOW, JobState
from governance.work.services import enqueue, relay
from harness.job_table import QUEUE
from harness.processes import wait_until

pytestmark = pytest.mark.services
SEED = 20260302


def queue_jobs(count, kind="leave_mark", **given):
    return [enqueue(kind=f"test.{kind}", input=given, by=WORKER, at=now()).id for _ in range(count)]


def states():
    return Counter(Job.objects.values_list("state", flat=True))


def effects():
    """Return how many effects each job had."""
    return Counter(key.split()[0] for key in IdempotentCall.objects.values_list("key", flat=True))


def all_in(state, count):
    return lambda: states() == {state: count}


def test_a_job_is_done_at_once_when_its_bell_rings(processes):
    queue_jobs(1)
    processes.worker()
    wait_until(all_in(JobState.DONE, 1), within_s=60, what="a first job, which waited for its worker")
    # No clock runs here, so nothing but its own bell can have started it.
    [job] = queue_jobs(1)
    wait_until(lambda: Job.objects.get(pk=job).state == JobState.DONE, within_s=30, what="the job of that bell")


def test_bells_lost_with_the_broker_are_rung_again(processes, broker):
    jobs = queue_jobs(5)
    assert broker.llen(QUEUE) == 5
    broker.delete(QUEUE)
    processes.worker()
    processes.clock()
    wait_until(all_in(JobState.DONE, 5), within_s=60, what="five jobs done")
    assert effects() == {str(job): 1 for job in jobs}


def test_a_long_backlog_stays_in_postgres(processes, broker):
    queue_jobs(WINDOW + 50)
    assert broker.llen(QUEUE) == WINDOW
    for _ in range(5):
        relay(by=CLOCK, at=now())
    assert broker.llen(QUEUE) == WINDOW


def test_a_bell_is_not_rung_again_while_the_broker_holds_it(processes, broker):
    queue_jobs(5)
    Job.objects.update(published_at=now().replace(year=2020))
    assert relay(by=CLOCK, at=now()) == 0
    broker.ltrim(QUEUE, 2, -1)
    assert relay(by=CLOCK, at=now()) == 2
    assert broker.llen(QUEUE) == 5


def test_a_job_that_kills_its_worker_once_is_done_by_the_next(processes):
    [job] = queue_jobs(1, "kill_worker", times=1)
    processes.worker()
    processes.clock()
    wait_until(all_in(JobState.DONE, 1), within_s=60, what="the job done")
    assert (Job.objects.get().tries, effects()) == (2, {str(job): 1})


def test_a_job_that_kills_every_worker_is_given_up_and_others_go_on(processes):
    [bad] = queue_jobs(1, "kill_worker", times=9)
    good = queue_jobs(10)
    processes.worker()
    processes.clock()
    wait_until(lambda: states()[JobState.POISONED], within_s=90, what="the job given up")
    assert Job.objects.get(pk=bad).tries == 3
    assert effects() == {str(job): 1 for job in good}


def test_an_error_of_a_job_is_told_by_its_code_alone(processes):
    queue_jobs(1, "raise_error")
    processes.worker()
    processes.clock()
    wait_until(all_in(JobState.POISONED, 1), within_s=90, what="the job given up")
    assert Job.objects.get().error_code == "ValueError"
    assert "4111" not in processes.log.read_text()
    assert "failed at try 3: ValueError" in processes.log.read_text()


def test_a_frozen_worker_comes_too_late(processes):
    [job] = queue_jobs(1, "take_long", seconds=1.5)
    first = processes.worker()
    wait_until(all_in(JobState.LEASED, 1), within_s=60, what="the job taken")
    os.killpg(first.pid, signal.SIGSTOP)
    token = Job.objects.get().token
    processes.clock()
    processes.worker()
    wait_until(all_in(JobState.DONE, 1), within_s=60, what="the job done by another")
    os.killpg(first.pid, signal.SIGCONT)
    wait_until(lambda: "lease_lost" in processes.log.read_text(), within_s=20, what="the late worker told")
    assert Job.objects.get().token != token
    assert effects() == {str(job): 1}


def test_a_worker_gives_signs_of_life(processes):
    processes.worker()
    [kind] = wait_until(lambda: list(Heartbeat.objects.values_list("kind", flat=True)), within_s=60)
    assert kind == "worker.test"


def test_every_job_has_one_effect_whatever_is_killed(processes, broker):
    """The short form of the fault run: workers killed at random moments, the queue wiped, jobs of many lengths."""
    chance, count, faults = random.Random(SEED), 100, 4
    processes.clock()
    worker = processes.worker()
    jobs = [job for _ in range(count) for job in queue_jobs(1, "take_long", seconds=chance.random() * 0.3)]
    for fault in range(faults):
        before = states()[JobState.DONE]
        wait_until(lambda n=before: states()[JobState.DONE] > n + 5, within_s=60, what="progress")
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        if fault % 2:
            broker.delete(QUEUE)
        worker = processes.worker()
    wait_until(all_in(JobState.DONE, count), within_s=120, what="all jobs done")
    print(f"seed {SEED}: {count} jobs, {faults} faults, tries {Counter(Job.objects.values_list('tries', flat=True))}")
    assert effects() == {str(job): 1 for job in jobs}


@pytest.mark.long
def test_a_worker_that_takes_nothing_ends_itself(processes, broker):
    queue_jobs(1)
    broker.delete(QUEUE)
    Job.objects.update(next_at=now().replace(year=2020))
    worker = processes.worker()
    wait_until(lambda: worker.poll() is not None, within_s=90, what="the worker's end")
    assert "nothing moves" in processes.log.read_text()
