"""Files in parts by OpenAI's own client: put together here, and then exactly what a file of their purpose in one piece is."""

import hashlib
import json
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import count

import openai
import pytest

import sending
import talking
from builders import INSTALLER
from governance.core.clock import now
from governance.core.vocabulary import Mode
from governance.gateway.models import Batch, Upload
from governance.gateway.rules import PASSING_GONE_AFTER, UploadState
from governance.gateway.services.uploads import forget_uploads
from governance.gateway.upload_vault import upload_vault
from governance.stack.places import ROOT
from governance.training.models import TrainingSet
from governance.training.vault import vault

pytestmark = pytest.mark.services
_questions = count(1)
SECRET = "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzLq3kT9vWx"


@pytest.fixture
def place(gateway, settings):
    """The test looks into the storage of the processes, as the workers would."""
    settings.STATE_DIR = gateway.state
    settings.STORAGE_KEY_FILE = gateway.state / "keys" / "storage.key"
    for each in (vault, upload_vault):
        each.cache_clear()
    yield gateway
    for each in (vault, upload_vault):
        each.cache_clear()


@pytest.fixture
def client(place, who):
    with talking.openai_client(place.gateway, who.key) as made:
        yield made


@pytest.fixture
def sent(recording):
    before = recording.count()
    return lambda: recording.bodies(since=before)


def example():
    asked = f"Question {next(_questions)} in parts: why is the sky blue?"
    turns = [{"role": "user", "content": asked}, {"role": "assistant", "content": "Light."}]
    return json.dumps({"messages": turns}).encode() + b"\n"


def calls(*texts):
    lines = [
        {
            "custom_id": f"Räume {n}",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {"model": "recorder-1", "messages": [{"role": "user", "content": text}]},
        }
        for n, text in enumerate(texts)
    ]
    return b"".join(json.dumps(each).encode() + b"\n" for each in lines)


def begun(client, raw, purpose="fine-tune"):
    told = {"filename": "letters-of-ana@example.org.jsonl", "mime_type": "application/jsonl", "purpose": purpose}
    return client.uploads.create(bytes=len(raw), **told)


def part(client, upload, raw):
    return client.uploads.parts.create(upload.id, data=raw).id


def md5_of(raw):
    return hashlib.md5(raw, usedforsecurity=False).hexdigest()


def state_of(upload):
    return Upload.objects.get(pk=upload.id.removeprefix("upload_")).state


def test_parts_become_a_training_set_in_the_order_that_is_named(client, who, sent):
    raw = example() * 50
    upload = begun(client, raw)
    assert (upload.status, upload.file, "ana@" in upload.filename) == ("pending", None, False)
    last, first = part(client, upload, raw[1000:]), part(client, upload, raw[:1000])
    assert not any(b"sky" in path.read_bytes() for path in upload_vault().root.iterdir())
    whole = client.uploads.complete(upload.id, part_ids=[first, last], md5=md5_of(raw))
    row = TrainingSet.objects.get(pk=whole.file.id.removeprefix("file-set-"))
    assert (whole.status, row.initiative, row.digest) == ("completed", who.initiative, hashlib.sha256(raw).hexdigest())
    with vault().reader(row.storage_ref) as reader:
        assert reader.read() == raw
    assert (state_of(upload), sent()) == (UploadState.PASSED_ON, [])


def test_parts_become_the_file_of_a_batch_scanned_and_sent_as_one(client, sent):
    raw = calls("Say hello.", "Say good night.")
    upload = begun(client, raw, "batch")
    names = [part(client, upload, raw[:77]), part(client, upload, raw[77:])]
    file = client.uploads.complete(upload.id, part_ids=names).file
    (body,) = sent()
    assert b"Say good night." in body
    assert Batch.objects.get(pk=file.id.removeprefix("file-")).is_file
    assert (
        client.batches.create(
            input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
        ).input_file_id
        == file.id
    )


def test_what_stands_across_two_parts_is_found_and_the_upload_stays_open(client, sent):
    raw = calls("Say hello.", SECRET)
    upload = begun(client, raw, "batch")
    middle = raw.index(b"wJalr") + 7
    names = [part(client, upload, raw[:middle]), part(client, upload, raw[middle:])]
    with pytest.raises(openai.PermissionDeniedError, match="record 2"):
        client.uploads.complete(upload.id, part_ids=names)
    assert (sent(), state_of(upload)) == ([], UploadState.OPEN)
    assert client.uploads.cancel(upload.id).status == "cancelled"
    with pytest.raises(openai.NotFoundError):
        client.uploads.complete(upload.id, part_ids=names)


@pytest.mark.parametrize(
    ("named", "md5", "code"),
    [
        pytest.param([0], None, "upload_incomplete", id="one is missing"),
        pytest.param([0, 0], None, "part_twice", id="one is named twice"),
        pytest.param([0, "part_" + "0" * 32], None, "no_such_part", id="one of nobody's"),
        pytest.param([1, 0], "ok", "wrong_md5", id="in another order than was counted"),
    ],
)
def test_parts_that_do_not_fit_are_refused_and_the_upload_goes_on(client, named, md5, code):
    raw = example()
    upload = begun(client, raw)
    names = [part(client, upload, raw[:9]), part(client, upload, raw[9:])]
    wanted = [names[each] if isinstance(each, int) else each for each in named]
    with pytest.raises(openai.BadRequestError) as refused:
        client.uploads.complete(upload.id, part_ids=wanted, **({"md5": md5_of(raw)} if md5 else {}))
    assert refused.value.code == code
    assert client.uploads.complete(upload.id, part_ids=names).status == "completed"


@pytest.mark.parametrize("purpose", ["fine-tune", "batch"])
def test_who_completes_again_is_told_of_the_same_file(client, sent, purpose):
    raw = example() if purpose == "fine-tune" else calls("Say hello.")
    upload = begun(client, raw, purpose)
    name = part(client, upload, raw)
    first = client.uploads.complete(upload.id, part_ids=[name])
    once = len(sent())
    forget_uploads(by=INSTALLER, at=now())
    assert not list(upload_vault().root.glob(f"*{upload.id.removeprefix('upload_')}*"))
    again = client.uploads.complete(upload.id, part_ids=[name])
    assert (again.status, again.file) == ("completed", first.file)
    assert len(sent()) == once
    with pytest.raises(openai.BadRequestError) as refused:
        part(client, upload, raw)
    assert refused.value.code == "upload_completed"


@contextmanager
def one_that_dies(place):
    """Another gateway on the same stack; yield its address and how to kill it."""
    port, environment = sending.free_port(), sending.environment_of(place, "gateway")
    command = [sys.executable, "-m", "uvicorn", "governance.gateway.asgi:application", "--port", str(port)]
    process = subprocess.Popen([*command, "--log-level", "error"], cwd=ROOT, env=environment)
    try:
        sending.wait_for(port)
        yield f"http://127.0.0.1:{port}", process.kill
    finally:
        process.kill()
        process.wait()


def test_a_gateway_that_is_killed_while_it_completes_loses_nothing(client, place, who, recording, sent):
    raw = calls("Say hello, and take your time.").replace(b"recorder-1", b"late-1")
    with socket.create_server(("127.0.0.1", 0)) as silent:  # a provider that takes a call and never answers
        where = sending.destination(f"http://127.0.0.1:{silent.getsockname()[1]}/v1", models=("late-1",))
        sending.grant(who, where)
        upload = begun(client, raw, "batch")
        name = part(client, upload, raw)
        with (
            one_that_dies(place) as (address, kill),
            ThreadPoolExecutor(1) as pool,
            talking.openai_client(address, who.key) as dying,
        ):
            asked = pool.submit(dying.with_options(max_retries=0).uploads.complete, upload.id, part_ids=[name])
            silent.accept()
            kill()
            with pytest.raises(openai.APIConnectionError):
                asked.result()
    with pytest.raises(openai.BadRequestError) as refused:
        client.uploads.complete(upload.id, part_ids=[name])
    assert (refused.value.code, state_of(upload)) == ("upload_completed", UploadState.PASSING)
    row = Upload.objects.get(pk=upload.id.removeprefix("upload_"))
    Upload.objects.filter(pk=row.pk).update(changed_at=row.changed_at - PASSING_GONE_AFTER)  # a minute later
    with pytest.raises(openai.APIStatusError) as failed:
        client.uploads.complete(upload.id, part_ids=[name])
    assert failed.value.code == "provider_unreachable"
    assert state_of(upload) == UploadState.OPEN


def test_of_two_that_complete_at_once_one_does(client):
    raw = example()
    upload = begun(client, raw)
    name = part(client, upload, raw)

    def complete(_):
        try:
            return client.uploads.complete(upload.id, part_ids=[name]).status
        except openai.BadRequestError as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(complete, range(2)))
    # The second is told that the first is at it, or of the same file when that one was done.
    assert answers in (["completed", "upload_completed"], ["completed", "completed"])
    assert TrainingSet.objects.filter(digest=hashlib.sha256(raw).hexdigest()).count() == 1


def test_more_than_was_said_and_what_is_another_initiatives_is_refused(client, place, recording):
    raw = example()
    upload = begun(client, raw)
    with pytest.raises(openai.APIStatusError, match="no room"):
        part(client, upload, raw + b" ")
    made, where = sending.builder(), sending.destination(recording.url)
    sending.grant(made, where, mode=Mode.PROMPT)
    with talking.openai_client(place.gateway, made.key) as other:
        for attempt in (
            lambda: part(other, upload, raw),
            lambda: other.uploads.complete(upload.id, part_ids=["part_1"]),
            lambda: other.uploads.cancel(upload.id),
        ):
            with pytest.raises(openai.NotFoundError):
                attempt()
    assert part(client, upload, raw)


def test_an_upload_that_nobody_completes_is_erased(client):
    raw = example()
    upload = begun(client, raw)
    part(client, upload, raw)
    forget_uploads(by=INSTALLER, at=now() + timedelta(hours=1))
    assert state_of(upload) == UploadState.EXPIRED
    assert not list(upload_vault().root.glob(f"*{upload.id.removeprefix('upload_')}*"))


@pytest.mark.parametrize(
    ("told", "error"),
    [
        pytest.param({"purpose": "assistants"}, openai.NotFoundError, id="another purpose"),
        pytest.param({"purpose": "batch", "bytes": 5_000_000}, openai.APIStatusError, id="a batch longer than a call"),
        pytest.param({"bytes": 0}, openai.BadRequestError, id="nothing"),
    ],
)
def test_what_could_never_be_taken_is_refused_before_it_comes(client, told, error):
    usual = {"bytes": 9, "filename": "a.jsonl", "mime_type": "text/jsonl", "purpose": "fine-tune"}
    with pytest.raises(error):
        client.uploads.create(**usual | told)
