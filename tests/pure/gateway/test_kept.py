"""What is kept here of an interface: where bodies name it, what is put there, and when it ends."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from governance.core.errors import DomainError, Invalid
from governance.gateway.dialects.anthropic import files
from governance.gateway.dialects.anthropic.batches import BEGIN
from governance.gateway.dialects.anthropic.messages import MESSAGES
from governance.gateway.dialects.gemini.caches import (
    cache_name,
    cache_number,
    caches_named,
    moved_until,
    new_cache,
    put_before,
)
from governance.gateway.dialects.gemini.generate import GENERATE
from governance.gateway.dialects.multipart import Form, FormReader, Head, form_of
from governance.gateway.dialects.prompt import Prompt

NUMBER = UUID("01a21979-2977-7d6b-ac90-dc4c9f2b593c")
AT = datetime(2026, 11, 26, tzinfo=UTC)
NAMING = {"type": "document", "source": {"type": "file", "file_id": files.file_id(NUMBER)}}


def message(*blocks):
    return {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": list(blocks)}]}


@pytest.mark.parametrize(
    ("body", "surface"),
    [
        pytest.param(message(NAMING), MESSAGES, id="a block"),
        pytest.param(
            message({"type": "tool_result", "tool_use_id": "t", "content": [NAMING]}), MESSAGES, id="what a tool said"
        ),
        pytest.param({"requests": [{"custom_id": "1", "params": message(NAMING)}]}, BEGIN, id="a record of a batch"),
    ],
)
def test_a_file_is_found_wherever_a_block_may_name_it_and_scanned_there(body, surface):
    body = deepcopy(body)
    (found,) = files.files_named(body)
    files.put_in(found, b"Plain words.", "text/plain")
    assert list(files.files_named(body)) == []
    assert "Plain words." in {each.text for each in Prompt.of(surface, body).texts}
    assert found.field.endswith(".source.file_id")


@pytest.mark.parametrize(
    "block",
    [
        {"type": ["document"], "source": NAMING["source"]},
        {"type": "document", "source": {"type": "file"}},
        {"type": "document", "source": {"type": ["file"], "file_id": "x"}},
        {"type": "text", "source": NAMING["source"]},
        "file_id",
    ],
    ids=["a list of types", "no id", "a list of kinds of source", "a text", "no block"],
)
def test_what_only_looks_like_a_block_is_left_to_the_shape(block):
    assert list(files.files_named(message(block))) == []
    with pytest.raises(DomainError):
        Prompt.of(MESSAGES, message(block))


@pytest.mark.parametrize("name", ["", "file_remit_", "file_011CNha8iCJcU1wXNR6q4V8w", 7, f"{files.file_id(NUMBER)}0"])
def test_any_other_name_is_no_file_of_ours_and_is_not_left_to_pass(name):
    (found,) = files.files_named(message({"type": "image", "source": {"type": "file", "file_id": name}}))
    assert found.number is None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(message(NAMING), id="a document"),
        pytest.param(message({"type": "container_upload", "file_id": "x"}), id="for a container"),
    ],
)
def test_a_file_that_nobody_put_in_is_refused_by_the_shape(body):
    with pytest.raises(DomainError):
        Prompt.of(MESSAGES, body)


def form(raw=b"x", media="text/plain", name="a.txt", **more):
    return Form({"file": raw, **more}, {"file": Head(name, media)})


@pytest.mark.parametrize(
    ("sent", "media"),
    [
        pytest.param(form(media="TEXT/plain; charset=utf-8"), "text/plain", id="with its encoding"),
        pytest.param(form(media="", name="a.TXT"), "text/plain", id="by its name"),
        pytest.param(form(b"%PDF-1.7", "application/octet-stream", "b.pdf"), "application/pdf", id="as any bytes"),
    ],
)
def test_the_media_type_is_what_is_said(sent, media):
    assert files.handed_over(sent, largest=9).media_type == media


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        pytest.param(form(purpose=b"x"), "unknown_field", id="a field nobody knows"),
        pytest.param(Form({}, {}), "field_missing", id="no file"),
        pytest.param(form(b"x" * 10), "wrong_upload", id="too large"),
        pytest.param(form(expires_in_seconds=b"3599"), "wrong_expiry", id="too short a life"),
        pytest.param(form(expires_in_seconds=b"7776001"), "wrong_expiry", id="too long a life"),
        pytest.param(form(expires_in_seconds=b"\xd9\xa1"), "wrong_expiry", id="no number"),
        pytest.param(form(name="a\0.txt"), "wrong_filename", id="NUL in the name"),
        pytest.param(form(media="text/html", name="a.txt"), "unscannable", id="a kind that no message takes"),
    ],
)
def test_a_form_that_cannot_be_kept_says_which_field(sent, code):
    with pytest.raises(DomainError) as refused:
        files.handed_over(sent, largest=9)
    assert (refused.value.code, bool(refused.value.remedy)) == (code, True)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        pytest.param('filename="a b.txt"', ("a b.txt", ""), id="a name"),
        pytest.param("filename=\"?\"; filename*=UTF-8''R%C3%A4ume.txt", ("Räume.txt", ""), id="a name in UTF-8"),
        pytest.param('filename="Räume.txt"\r\nContent-Type: text/plain', ("Räume.txt", "text/plain"), id="with a kind"),
        pytest.param('x="1"', ("", ""), id="none"),
    ],
)
def test_a_part_says_its_name_and_kind(head, said):
    raw = f'--b\r\nContent-Disposition: form-data; name="file"; {head}\r\n\r\nx\r\n--b--\r\n'.encode()
    read = form_of(raw, "multipart/form-data; boundary=b")
    assert (read.parts, read.heads["file"]) == ({"file": b"x"}, said)
    reader = FormReader("multipart/form-data; boundary=b")
    assert b"".join(piece.content for byte in raw for piece in reader.feed(bytes([byte]))) == b"x"


def asking(**fields):
    return {"contents": [{"role": "user", "parts": [{"text": "Go."}]}], "cachedContent": cache_name(NUMBER), **fields}


HELD = {
    "contents": [{"role": "user", "parts": [{"text": "Before."}]}],
    "systemInstruction": {"parts": [{"text": "Be short."}]},
}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(asking(), id="in the usual spelling"),
        pytest.param({**asking(cachedContent=None), "cached_content": cache_name(NUMBER)}, id="spelled with a line"),
    ],
)
def test_contents_stand_before_those_of_the_call_and_are_scanned(body):
    (found,) = caches_named(body)
    assert found.number == NUMBER
    put_before(found, HELD)
    assert [each.text for each in Prompt.of(GENERATE, body, in_path="m").texts] == ["Before.", "Go.", "Be short."]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(asking(system_instruction={"parts": []}), id="with instructions"),
        pytest.param(asking(toolConfig={}), id="with a choice of tools"),
        pytest.param(asking(cached_content=cache_name(NUMBER)), id="in both spellings"),
    ],
)
def test_nothing_is_set_beside_them(body):
    with pytest.raises(Invalid):
        put_before(next(caches_named(body)), HELD)


def test_a_name_nobody_gave_is_not_left_to_pass():
    assert [each.number for each in caches_named(asking(cachedContent="cachedContents/x"))] == [None]
    assert cache_number(cache_name(NUMBER).upper()) is None


@pytest.mark.parametrize(
    ("told", "life"),
    [
        pytest.param({"ttl": "1.5s"}, timedelta(seconds=1), id="seconds"),
        pytest.param({"expireTime": "2026-11-26T02:00:00+01:00"}, timedelta(hours=1), id="a time elsewhere"),
        pytest.param(
            {"expire_time": "2026-11-27T00:00:00.123456789Z"}, timedelta(days=1, microseconds=123456), id="nanoseconds"
        ),
    ],
)
def test_until_when_they_are_kept_is_what_is_said(told, life):
    assert moved_until(told, at=AT) - AT == life


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"ttl": "-1s"},
        {"ttl": "60"},
        {"expireTime": "2027-01-01"},
        {"expireTime": "x"},
        {"ttl": "60s", "model": "m"},
    ],
    ids=lambda told: " ".join(f"{name} {each}" for name, each in told.items()) or "nothing",
)
def test_no_other_end_is_taken(told):
    with pytest.raises(Invalid):
        moved_until(told, at=AT)


def test_contents_that_hold_nothing_are_none():
    with pytest.raises(Invalid, match="nothing to keep"):
        new_cache({"model": "models/m", "toolConfig": {}}, at=AT)
    made = new_cache({"model": "models/m", "system_instruction": HELD["systemInstruction"]}, at=AT)
    assert (made.model, made.until - AT, set(made.held)) == ("m", timedelta(hours=1), {"systemInstruction"})
