"""Detectors that break while their worker is at work, in the long form: `./dev test -m long tests/gateway/test_breaking_detectors.py`.

Somebody asks on and on. Printed is how soon the gateway is not ready, and how soon nothing is let through any more.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pytest

import sending
from governance.detection.pii.tagger import MODEL
from governance.stack.places import ROOT
from harness.databases import connected_to
from harness.processes import wait_until

pytestmark = [pytest.mark.services, pytest.mark.long]
WORKER = Path(sending.__file__).with_name("broken_worker.py")
WEIGHTS = Path("governance", "detection", "pii", "weights")
WITHIN_S, LOOKED_AT_S = 15.0, 20.0
_numbers = count(1)


@pytest.fixture(scope="module")
def alone(start_remit):
    """A gateway without a worker."""
    return start_remit(only=("gateway",), extra=sending.PATIENT)


@pytest.fixture
def key(alone, recording, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connected_to(alone.database):
        builder = sending.builder()
        sending.grant(builder, sending.destination(recording.url))
        yield builder.key


@pytest.fixture
def worker(alone, tmp_path, request):
    """A worker with program and models of its own, that somebody can change beneath it."""
    shutil.copytree(ROOT / "governance", tmp_path / "governance")
    folders = os.pathsep.join([str(tmp_path), str(WORKER.parent)])
    environment = sending.environment_of(alone, "gateway") | {"PYTHONPATH": folders}
    command = [sys.executable, str(WORKER), request.param]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.wait()


def break_it(process, tmp_path) -> None:
    process.send_signal(signal.SIGUSR1)


def replace_its_model(process, tmp_path) -> None:
    model = tmp_path / WEIGHTS / MODEL
    another = model.with_suffix(".new")
    another.write_bytes(model.read_bytes()[:-1] + b"\0")
    another.replace(model)


def is_ready(alone) -> bool:
    return sending.status_of(alone, b"", path="/readyz", headers={}) == 200


def ask(alone, key) -> str:
    """Return "" when it was let through, else the code of the refusal."""
    said = f"Note {next(_numbers)} is plain and synthetic. Please shorten it."
    body = json.dumps({"model": "recorder-1", "messages": [{"role": "user", "content": said}]}).encode()
    status, _, told = sending.post(alone, key, body)
    return "" if status == 200 else told["error"]["code"]


@pytest.mark.parametrize(
    ("worker", "happens"),
    [
        pytest.param("emptied", break_it, id="the detectors are deleted"),
        pytest.param("blinded", break_it, id="a detector finds nothing any more"),
        pytest.param("lasting", replace_its_model, id="the file of the model is replaced"),
    ],
    indirect=["worker"],
)
def test_it_is_not_ready_and_nothing_leaves(alone, key, worker, happens, tmp_path, recording, capsys):
    wait_until(lambda: is_ready(alone) and ask(alone, key) == "", within_s=60, what="a sound worker")
    happens(worker, tmp_path)
    began, answers, unready_s = time.monotonic(), [], None
    while (now_s := time.monotonic() - began) < LOOKED_AT_S:
        answers.append((now_s, ask(alone, key)))
        if unready_s is None and not is_ready(alone):
            unready_s = time.monotonic() - began
        time.sleep(0.1)
    refused_s = min((at for at, code in answers if code == "canary_failed"), default=None)
    afterwards = [at for at, code in answers if not code and (refused_s is None or at > refused_s)]
    assert refused_s is not None
    assert unready_s is not None
    sent, let_through = len(recording.bodies()), sum(not code for _, code in answers)
    with capsys.disabled():
        print(
            f"\nrefused after {refused_s:.1f} s, not ready after {unready_s:.1f} s; of {len(answers)} calls {let_through} were"
            f" let through before and {len(afterwards)} afterwards ({sent} bodies in all)"
        )
    assert max(refused_s, unready_s) <= WITHIN_S
    assert afterwards == []
