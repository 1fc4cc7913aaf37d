"""A training set sent over the wire to the real web process, scanned by the real bulk worker. Synthetic."""

import base64
import hashlib
import json
import urllib.error
import urllib.request
from datetime import timedelta

import pytest

import builders
import scope
from governance.core.clock import now
from governance.organisation.roles import Role
from governance.organisation.services import make_key
from governance.training.chunks import CHUNK_BYTES
from governance.training.models import Chunk, TrainingSet
from governance.training.rules import TrainingSetState
from harness.processes import wait_until

pytestmark = pytest.mark.services

RECORD = {"messages": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Good day."}]}
DATA = json.dumps(RECORD).encode() + b"\n"


@pytest.fixture
def lead(running_db):
    return builders.person(Role.REQUESTER, builders.unit())


@pytest.fixture
def initiative(lead):
    return scope.initiative(lead.memberships.get().unit, by=builders.actor(lead), title="Letters")


def send(running, initiative, data, authorization, title="Letters 2026", **headers):
    address = f"{running.web}/api/v1/initiatives/{initiative.code}/training-sets?title={title.replace(' ', '%20')}"
    names = {"Authorization": authorization, **{name.replace("_", "-"): value for name, value in headers.items()}}
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data, names, method="PUT"), timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read())


def key_of(person):
    at = now()
    by = builders.actor(person)
    return make_key(title="upload", scope="api:write", expires_at=at + timedelta(days=1), by=by, at=at)[1]


def test_a_set_is_received_scanned_and_clean(running_db, initiative, lead):
    status, answer = send(running_db, initiative, DATA, f"Bearer {key_of(lead)}")
    assert (status, answer["digest"]) == (201, hashlib.sha256(DATA).hexdigest())
    state = wait_until(lambda: settled(answer["id"]), within_s=60, what="the scan")
    assert state == TrainingSetState.CLEAN
    assert not any(DATA[:40] in path.read_bytes() for path in running_db.state.rglob("*") if path.is_file())


def test_a_set_of_many_chunks_is_scanned_to_its_end(running_db, initiative, lead):
    data = DATA * (3 * CHUNK_BYTES // len(DATA))
    _, answer = send(running_db, initiative, data, f"Bearer {key_of(lead)}")
    state = wait_until(lambda: settled(answer["id"]), within_s=120, what="the scan")
    assert (state, Chunk.objects.filter(training_set=answer["id"]).count()) == (TrainingSetState.CLEAN, 3)


def settled(set_id):
    state = TrainingSet.objects.get(pk=set_id).state
    return state if state not in {TrainingSetState.RECEIVED, TrainingSetState.SCANNING} else None


@pytest.mark.parametrize(
    ("authorization", "status", "code"),
    [
        pytest.param("Bearer rmt_0000000000_" + "0" * 43, 401, "key_refused", id="an unknown key"),
        pytest.param("Upload forged", 401, "not_signed_in", id="a forged ticket"),
        pytest.param("", 401, "not_signed_in", id="nobody"),
    ],
)
def test_a_stranger_sends_nothing(running_db, initiative, authorization, status, code):
    answered, answer = send(running_db, initiative, DATA, authorization)
    assert (answered, answer["code"]) == (status, code)


def test_bytes_that_differ_from_what_was_sent_are_refused(running_db, initiative, lead):
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    status, answer = send(running_db, initiative, DATA, f"Bearer {key_of(lead)}", Content_Digest=f"sha-256=:{wrong}:")
    assert (status, answer["code"]) == (422, "digest_differs")
    assert not TrainingSet.objects.filter(initiative=initiative).exists()


def test_an_outsider_is_refused(running_db, initiative):
    outsider = builders.person(Role.REQUESTER, builders.unit())
    status, _ = send(running_db, initiative, DATA, f"Bearer {key_of(outsider)}")
    assert status in {403, 404}
    assert not TrainingSet.objects.filter(initiative=initiative).exists()


def test_a_form_never_spools_a_large_body(running_db):
    request = urllib.request.Request(f"{running_db.web}/sign-in/", b"x" * (3 * 1024 * 1024), method="POST")
    with pytest.raises((urllib.error.HTTPError, ConnectionError)) as refused:
        urllib.request.urlopen(request, timeout=20)
    assert getattr(refused.value, "code", 413) == 413
