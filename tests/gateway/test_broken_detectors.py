"""A detector that throws, is late or has gone blind: "could not check" is never "clean"."""

import os
import subprocess
import sys
import time
from pathlib import Path

import openai
import pytest

import sending
from governance.stack.places import ROOT
from harness.databases import connected_to

pytestmark = pytest.mark.services
WORKER = Path(sending.__file__).with_name("broken_worker.py")


@pytest.fixture(scope="module")
def alone(start_remit):
    """A gateway without a worker."""
    return start_remit(only=("gateway",), extra={"GATEWAY_LOOPBACK_ALLOWED": "on"})


@pytest.fixture
def client(alone, recording, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connected_to(alone.database):
        builder = sending.builder()
        sending.grant(builder, sending.destination(recording.url))
        yield sending.client(alone, builder.key)


@pytest.fixture
def worker(alone, request):
    environment = sending.environment_of(alone, "gateway") | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(WORKER.parent)])
    }
    command = [sys.executable, str(WORKER), request.param]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    yield request.param
    process.kill()
    process.wait()


def refused(client, recording):
    before, began = len(recording.bodies()), time.monotonic()
    with pytest.raises(openai.InternalServerError) as error:
        client.chat.completions.create(
            model="recorder-1",
            messages=[{"role": "user", "content": f"Synthetic {time.monotonic_ns()}. " + "word " * 180}],
        )
    assert time.monotonic() - began < 2
    assert error.value.status_code == 503
    assert error.value.response.headers["x-should-retry"] == "false"
    assert len(recording.bodies()) == before
    return error.value.code


@pytest.mark.parametrize(
    ("worker", "codes"),
    [
        pytest.param("raising", {"incomplete_scan"}, id="a detector throws"),
        pytest.param("late", {"deadline_passed", "incomplete_scan"}, id="a detector outlasts the deadline"),
        pytest.param("silent", {"canary_failed"}, id="a detector no longer finds its canary"),
    ],
    indirect=["worker"],
)
def test_nothing_leaves(alone, client, recording, worker, codes):
    assert refused(client, recording) in codes


def test_no_worker_at_all_is_known_at_once(alone, client, recording):
    time.sleep(1)  # until the last sign of life of an earlier worker has passed away
    assert refused(client, recording) == "worker_absent"
