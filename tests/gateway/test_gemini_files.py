"""Files by Google's own client: handed to the gateway, kept sealed, and sent only inside a call that was scanned with them."""

import hashlib
import io
import json
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from google.genai import errors, types

import sending
import talking
from builders import INSTALLER
from documents import pdf
from governance.core.clock import now
from governance.destinations.rules import Dialect
from governance.gateway.models import Exchange, Upload
from governance.gateway.rules import UploadState
from governance.gateway.services.uploads import forget_uploads
from governance.gateway.upload_vault import upload_vault

pytestmark = pytest.mark.services

PIECE = 256 * 1024
NAMED = "Räume für Ana <ana@example.org>.pdf"
CLEAN = "The meeting is moved to the larger room because more people want to come."
PERSONAL = "Write to maria.keller@example.org that her order is late."
SECRET = "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzLq3kT9vWx"


@pytest.fixture
def where(place, recording):
    return sending.destination(
        recording.speaking(Dialect.GEMINI), dialect=Dialect.GEMINI, secret=sending.PROVIDER_SECRET
    )


@pytest.fixture
def client(place, who):
    with talking.gemini_client(place.gateway, who.key) as made:
        yield made


@pytest.fixture
def other(place, where):
    """The client of another initiative that may call the same model."""
    made = sending.builder()
    sending.grant(made, where)
    with talking.gemini_client(place.gateway, made.key) as client:
        yield client


def handed_over(client, raw, media="text/plain", **config):
    return client.files.upload(file=io.BytesIO(raw), config={"mime_type": media, **config})


def asked_about(client, *files):
    return client.models.generate_content(model="recorder-1", contents=["Shorten it.", *files]).text


def begun(place, key, size, media="text/plain", **headers):
    """Begin an upload without the client; return the answer."""
    told = {
        "x-goog-api-key": key,
        "x-goog-upload-protocol": "resumable",
        "x-goog-upload-command": "start",
        "x-goog-upload-header-content-length": str(size),
        "x-goog-upload-header-content-type": media,
        **headers,
    }
    return httpx.post(f"{place.gateway}/gemini/upload/v1beta/files", headers=told, json={"file": {}}, timeout=30)


def piece(address, raw, start=0, command="upload, finalize"):
    headers = {"x-goog-upload-command": command, "x-goog-upload-offset": str(start)}
    return httpx.post(address, headers=headers, content=raw, timeout=30)


def how(answer):
    return answer.status_code, answer.headers.get("x-goog-upload-status")


def row_of(file):
    return Upload.objects.get(pk=file.name.removeprefix("files/remit-"))


def test_a_file_is_kept_here_and_leaves_only_inside_the_call_that_names_it(client, place, sent):
    raw = pdf(CLEAN)
    file = handed_over(client, raw, "application/pdf", display_name=NAMED)
    assert sent() == []
    assert (file.state, file.size_bytes, file.mime_type) == ("ACTIVE", len(raw), "application/pdf")
    assert b64decode(file.sha256_hash).decode() == hashlib.sha256(raw).hexdigest()
    assert file.display_name == client.files.get(name=file.name).display_name == NAMED
    assert file.uri.startswith(f"{place.gateway}/gemini/v1beta/files/remit-")
    assert "ana" not in json.dumps(Upload.objects.filter(pk=row_of(file).pk).values().get(), default=str)
    assert asked_about(client, file)
    (body,) = sent()
    part = json.loads(body)["contents"][0]["parts"][1]
    assert part == {"inlineData": {"data": part["inlineData"]["data"], "mimeType": "application/pdf"}}
    assert b64decode(part["inlineData"]["data"]) == raw


def test_it_lies_sealed_in_as_many_parts_as_came(place, who, client):
    raw = (CLEAN.encode() * 9000)[: 2 * PIECE + 5]
    address = begun(place, who.key, len(raw)).headers["x-goog-upload-url"]
    assert how(piece(address, raw[:PIECE], 0, "upload")) == (200, "active")
    asked = piece(address, b"", 0, "query")
    assert (how(asked), asked.headers["x-goog-upload-size-received"]) == ((200, "active"), str(PIECE))
    assert how(piece(address, raw[PIECE : 2 * PIECE], PIECE, "upload")) == (200, "active")
    file = piece(address, raw[2 * PIECE :], 2 * PIECE).json()["file"]
    assert b64decode(file["sha256Hash"]).decode() == hashlib.sha256(raw).hexdigest()
    row = Upload.objects.get(pk=file["name"].removeprefix("files/remit-"))
    assert len(row.parts) == 3
    assert not any(b"meeting" in path.read_bytes() for path in upload_vault().root.iterdir())


def test_what_is_in_it_is_scanned_with_the_call_and_by_its_rules(client, sent):
    secret = handed_over(client, pdf(CLEAN, SECRET), "application/pdf")
    with pytest.raises(errors.ClientError, match="SECRET"):
        asked_about(client, secret)
    assert sent() == []
    asked_about(client, handed_over(client, PERSONAL.encode()))
    (body,) = sent()
    text = b64decode(json.loads(body)["contents"][0]["parts"][1]["inlineData"]["data"]).decode()
    assert "<EMAIL_ADDRESS_" in text
    assert "keller" not in text


def test_another_initiative_cannot_name_look_at_or_delete_it(client, other, sent):
    file = handed_over(client, CLEAN.encode())
    for attempt in (
        lambda: asked_about(other, file),
        lambda: other.files.get(name=file.name),
        lambda: other.files.delete(name=file.name),
    ):
        with pytest.raises(errors.ClientError, match="no_such_file"):
            attempt()
    assert list(other.files.list()) == []
    assert [each.name for each in client.files.list()] == [file.name]
    assert sent() == []


def test_what_is_deleted_or_expired_cannot_be_named_and_its_bytes_are_erased(client, sent):
    deleted, expired = (handed_over(client, CLEAN.encode() + each) for each in (b"1", b"2"))
    client.files.delete(name=deleted.name)
    with pytest.raises(errors.ClientError, match="no_such_file"):
        asked_about(client, deleted)
    assert asked_about(client, expired)
    before = len(sent())
    forget_uploads(by=INSTALLER, at=now() + timedelta(days=3))
    with pytest.raises(errors.ClientError, match="no_such_file"):
        asked_about(client, expired)
    assert len(sent()) == before
    assert {row_of(each).state for each in (deleted, expired)} == {UploadState.DELETED, UploadState.EXPIRED}
    assert not Upload.objects.filter(pk__in=[row_of(each).pk for each in (deleted, expired)]).exclude(said=None)
    left = {path.name for path in upload_vault().root.iterdir()}
    assert not [name for file in (deleted, expired) for name in left if row_of(file).pk.hex in name]


def test_a_file_elsewhere_stays_refused(client, sent):
    elsewhere = types.Part.from_uri(file_uri="https://example.org/files/a.pdf", mime_type="application/pdf")
    with pytest.raises(errors.ClientError, match="unscannable"):
        asked_about(client, elsewhere)
    assert sent() == []


def test_a_file_is_what_it_was_handed_over_as(client, sent):
    file = handed_over(client, CLEAN.encode())
    with pytest.raises(errors.ClientError, match="other_media_type"):
        asked_about(client, types.Part.from_uri(file_uri=file.uri, mime_type="application/pdf"))
    with pytest.raises(errors.ClientError, match="not what it is said to be"):
        asked_about(client, handed_over(client, CLEAN.encode(), "application/pdf"))
    assert sent() == []


@pytest.mark.parametrize(
    ("size", "media", "headers", "code"),
    [
        pytest.param(10, "audio/mpeg", {}, "unscannable", id="sound"),
        pytest.param(4 * 1024 * 1024, "text/plain", {}, "wrong_upload", id="more than a call may hold"),
        pytest.param(0, "text/plain", {}, "wrong_upload", id="nothing"),
        pytest.param(10, "text/plain", {"x-goog-upload-protocol": "raw"}, "wrong_upload", id="another protocol"),
    ],
)
def test_what_could_never_be_scanned_is_refused_before_it_is_sent(place, who, size, media, headers, code):
    refused = begun(place, who.key, size, media, **headers)
    assert refused.json()["error"]["details"][0]["reason"] == code
    assert "x-goog-upload-url" not in refused.headers


@pytest.mark.parametrize(
    ("raw", "start", "command", "expected"),
    [
        pytest.param(b"x" * 10, 7, "upload, finalize", (400, "active"), id="it begins where nothing has come to"),
        pytest.param(b"x" * 9, 0, "upload, finalize", (400, "active"), id="it ends before all has come"),
        pytest.param(b"x" * 5, 0, "upload", (400, "active"), id="a piece of a size of its own"),
        pytest.param(b"x" * 11, 0, "upload, finalize", (413, "cancelled"), id="more comes than was said"),
        pytest.param(b"", 0, "start", (400, "active"), id="a word that is no command"),
    ],
)
def test_a_piece_that_lies_is_refused(place, who, raw, start, command, expected):
    address = begun(place, who.key, 10).headers["x-goog-upload-url"]
    assert how(piece(address, raw, start, command)) == expected
    assert Upload.objects.order_by("-begun_at").first().state == UploadState.OPEN


def test_of_two_last_pieces_at_once_both_are_told_of_one_file(place, who):
    raw = CLEAN.encode()
    address = begun(place, who.key, len(raw)).headers["x-goog-upload-url"]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: piece(address, raw), range(2)))
    assert [how(each) for each in answers] == [(200, "final")] * 2
    assert answers[0].json() == answers[1].json()
    assert how(piece(address, raw[::-1])) == (400, "active")  # other bytes in their place
    row = Upload.objects.order_by("-begun_at").first()
    assert (row.state, row.received, len(row.parts)) == (UploadState.KEPT, len(raw), 1)


def test_an_upload_ends_with_its_key(place, who):
    address = begun(place, who.key, 10).headers["x-goog-upload-url"]
    sending.revoke(who)
    assert how(piece(address, b"x" * 10)) == (404, "cancelled")
    assert how(piece(address[:-1] + "?", b"x" * 10)) == (404, "cancelled")


def test_a_file_of_an_initiative_whose_grant_was_revoked_since_goes_nowhere(client, who, sent):
    file = handed_over(client, CLEAN.encode())
    sending.revoke_grants(who)
    with pytest.raises(errors.ClientError):
        asked_about(client, file)
    with pytest.raises(errors.ClientError, match="no_grant"):
        handed_over(client, CLEAN.encode())
    assert sent() == []
    assert Exchange.objects.order_by("-at").first().state == "refused"
