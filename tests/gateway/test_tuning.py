"""Fine-tuning by OpenAI's own client: a file is sealed, read and decided on here, and goes to the provider only when it is released."""

import hashlib
import json
from itertools import count

import openai
import pytest

import sending
import talking
from builders import INSTALLER
from governance.core.clock import now
from governance.organisation.models import RoleGrant
from governance.organisation.services.grants import take_role
from governance.training.models import TrainingSet
from governance.training.signing import _private
from governance.training.vault import vault
from governance.work.models import Job
from governance.work.rules import JobState
from governance.work.running import run_job

pytestmark = pytest.mark.services
_questions = count(1)


@pytest.fixture
def place(gateway, settings):
    """The test works where the processes do, as a bulk worker and those who decide would."""
    settings.STATE_DIR = gateway.state
    settings.STORAGE_KEY_FILE = gateway.state / "keys" / "storage.key"
    settings.PERMIT_PRIVATE_KEY_FILE = gateway.state / "keys" / "permit.ed25519"
    vault.cache_clear()
    _private.cache_clear()
    yield gateway
    vault.cache_clear()
    _private.cache_clear()


@pytest.fixture
def client(place, who):
    with talking.openai_client(place.gateway, who.key) as made:
        yield made


@pytest.fixture
def other(place, recording):
    """The client of another initiative that may call the same interface."""
    made = sending.builder()
    sending.grant(made, sending.destination(recording.url))
    with talking.openai_client(place.gateway, made.key) as client:
        yield client


def records(*answers):
    """Return the lines of a set that no other test has."""
    asked = f"Question {next(_questions)}: why is the sky blue?"
    turns = [
        [{"role": "user", "content": asked}, {"role": "assistant", "content": each}] for each in answers or ("Light.",)
    ]
    return b"".join(json.dumps({"messages": each}).encode() + b"\n" for each in turns)


def handed_in(client, raw, name="letters-of-ana@example.org.jsonl"):
    return client.files.create(file=(name, raw), purpose="fine-tune")


def read_all():
    """Do what the bulk workers do until nothing waits."""
    while waiting := list(Job.objects.filter(state=JobState.QUEUED).values_list("pk", flat=True)):
        for job in waiting:
            run_job(job)


def row_of(file):
    return TrainingSet.objects.get(pk=file.id.removeprefix("file-set-"))


def test_a_file_becomes_a_training_set_and_says_how_it_stands(client, who, recording):
    before, raw = recording.count(), records()
    file = handed_in(client, raw)
    assert (file.status, file.purpose, file.bytes) == ("uploaded", "fine-tune", len(raw))
    row = row_of(file)
    assert (row.initiative, row.uploaded_by, row.digest) == (
        who.initiative,
        who.person,
        hashlib.sha256(raw).hexdigest(),
    )
    assert "ana@" not in row.title + file.filename
    read_all()
    told = client.files.retrieve(file.id)
    assert told.status == "processed"
    assert f"/training-sets/{row.pk}/" in told.status_details
    assert recording.count() == before


def test_its_bytes_lie_sealed_and_are_those_that_came(client):
    raw = records("The sky scatters blue light. " * 40_000)  # more than a block
    row = row_of(handed_in(client, raw))
    with vault().reader(row.storage_ref) as reader:
        assert reader.read() == raw
    assert b"scatters" not in (vault().root / row.storage_ref).read_bytes()


def test_the_same_bytes_are_one_file(client):
    raw = records()
    assert handed_in(client, raw).id == handed_in(client, raw).id


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        pytest.param(b'{"messages": [\n', "could not be checked", id="a broken line"),
        pytest.param(records("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzzz"), "keys", id="a key"),
    ],
)
def test_what_can_never_leave_is_an_error_that_says_why(client, raw, said):
    file = handed_in(client, raw)
    read_all()
    told = client.files.retrieve(file.id)
    assert (told.status, said in told.status_details) == ("error", True)
    assert "wJalr" not in told.status_details


def test_a_file_is_known_to_its_initiative_alone_and_never_given_back(client, other):
    file = handed_in(client, records())
    with pytest.raises(openai.NotFoundError, match="no such file"):
        other.files.retrieve(file.id)
    assert file.id not in [each.id for each in other.files.list()]
    assert file.id in [each.id for each in client.files.list(purpose="fine-tune", limit=1)]
    for refused in (client.files.content, client.files.delete, other.files.content):
        with pytest.raises(openai.PermissionDeniedError):
            refused(file.id)


def test_who_may_not_hand_in_sets_is_refused_before_anything_is_kept(client, who, place):
    for each in RoleGrant.objects.filter(person=who.person, ends_at=None):
        take_role(person_id=who.person.pk, role=each.role, unit_id=each.unit_id, by=INSTALLER, at=now())
    kept = set(vault().root.iterdir())
    with pytest.raises(openai.PermissionDeniedError) as refused:
        handed_in(client, records())
    assert refused.value.code == "not_permitted"
    assert set(vault().root.iterdir()) == kept


@pytest.mark.parametrize("order", [["file", "purpose"], ["purpose"], ["purpose", "more", "file"]])
def test_a_form_that_cannot_be_taken_is_refused_and_nothing_is_kept(client, who, place, order):
    kept, fields = TrainingSet.objects.count(), {"purpose": "fine-tune", "more": "x", "file": "{}"}
    parts = [f'--b\r\nContent-Disposition: form-data; name="{each}"\r\n\r\n{fields[each]}\r\n' for each in order]
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    raw = ("".join(parts) + "--b--\r\n").encode()
    status, _, told = sending.post(place, who.key, raw, path="/openai/v1/files", headers=form)
    assert (status in {400, 404}, bool(told["error"]["code"])) == (True, True)
    assert TrainingSet.objects.count() == kept
