"""Cached contents by Google's own client: kept sealed here, and scanned, decided and sent with every call that names them."""

import io
import json
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

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
CLEAN = "The meeting is moved to the larger room because more people want to come."
PERSONAL = "Write to maria.keller@example.org that her order is late."
SECRET = "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzLq3kT9vWx"
NAMED = "Räume für Ana <ana@example.org>"


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


def cached(client, *texts, model="recorder-1", **config):
    return client.caches.create(model=model, config={"contents": list(texts) or [CLEAN], **config})


def asked_about(client, cache, text="Shorten it.", model="recorder-1", **config):
    named = getattr(cache, "name", cache)
    return client.models.generate_content(model=model, contents=text, config={"cached_content": named, **config})


def row_of(cache):
    return Upload.objects.get(pk=cache.name.removeprefix("cachedContents/remit-"))


def texts_in(body):
    return [part.get("text") for each in json.loads(body)["contents"] for part in each["parts"]]


def test_contents_are_kept_here_and_leave_with_every_call_that_names_them(client, sent):
    cache = cached(client, CLEAN, system_instruction="Be short.", display_name=NAMED, ttl="600s")
    assert (cache.model, cache.display_name, cache.usage_metadata) == ("models/recorder-1", NAMED, None)
    assert cache.expire_time - cache.create_time == timedelta(minutes=10)
    assert "ana" not in json.dumps(Upload.objects.filter(pk=row_of(cache).pk).values().get(), default=str)
    assert not any(b"larger room" in path.read_bytes() for path in upload_vault().root.iterdir())
    assert sent() == []
    assert asked_about(client, cache)
    assert list(
        client.models.generate_content_stream(
            model="recorder-1", contents="Go on.", config={"cached_content": cache.name}
        )
    )
    first, second = sent()
    assert (texts_in(first), texts_in(second)) == ([CLEAN, "Shorten it."], [CLEAN, "Go on."])
    for body in map(json.loads, (first, second)):
        assert body["systemInstruction"]["parts"] == [{"text": "Be short."}]
        assert "cachedContent" not in body


async def test_the_client_that_awaits_does_the_same(client, sent):
    caches = client.aio.caches
    cache = await caches.create(
        model="recorder-1", config={"contents": [CLEAN], "tools": [{"function_declarations": [{"name": "note"}]}]}
    )
    assert (await caches.get(name=cache.name)).name == cache.name
    moved = await caches.update(name=cache.name, config={"ttl": "7200s"})
    assert moved.expire_time > cache.expire_time
    assert [each.name async for each in await caches.list()] == [cache.name]
    await client.aio.models.generate_content(model="recorder-1", contents="Go.", config={"cached_content": cache.name})
    await caches.delete(name=cache.name)
    with pytest.raises(errors.ClientError, match="no_such_cache"):
        await caches.get(name=cache.name)
    assert json.loads(sent()[0])["tools"] == [{"functionDeclarations": [{"name": "note"}]}]


def test_what_is_in_them_is_scanned_with_each_call_and_by_its_rules(client, sent):
    with pytest.raises(errors.ClientError, match="SECRET"):
        asked_about(client, cached(client, SECRET))
    assert sent() == []
    asked_about(client, cached(client, PERSONAL))
    (body,) = sent()
    assert b"<EMAIL_ADDRESS_" in body
    assert b"keller" not in body


def test_a_secret_that_stands_across_the_cache_and_the_call_is_found(client, sent):
    middle = SECRET.index("MDENG")
    cache = cached(client, SECRET[:middle])
    with pytest.raises(errors.ClientError, match="SECRET"):
        asked_about(client, cache, SECRET[middle:])
    assert sent() == []


def test_files_are_taken_in_when_contents_are_created(client, sent):
    raw = pdf(CLEAN)
    file = client.files.upload(file=io.BytesIO(raw), config={"mime_type": "application/pdf"})
    cache = cached(client, types.Part.from_uri(file_uri=file.uri, mime_type="application/pdf"))
    client.files.delete(name=file.name)
    assert asked_about(client, cache)
    part = json.loads(sent()[0])["contents"][0]["parts"][0]
    assert b64decode(part["inlineData"]["data"]) == raw


def test_another_initiative_cannot_name_look_at_move_or_delete_them(client, other, sent):
    cache = cached(client)
    file = f"files/{cache.name.partition('/')[2]}"
    for attempt in (
        lambda: asked_about(other, cache),
        lambda: other.caches.get(name=cache.name),
        lambda: other.caches.update(name=cache.name, config={"ttl": "60s"}),
        lambda: other.caches.delete(name=cache.name),
        lambda: asked_about(client, "cachedContents/of-nobody"),
    ):
        with pytest.raises(errors.ClientError, match="no_such_cache"):
            attempt()
    with pytest.raises(errors.ClientError, match="no_such_file"):
        client.files.get(name=file)
    assert list(other.caches.list()) == []
    assert list(client.files.list()) == []
    assert sent() == []


def test_what_expired_or_was_deleted_cannot_be_named_and_its_bytes_are_erased(client, sent):
    deleted, expired = cached(client), cached(client, ttl="600s")
    client.caches.delete(name=deleted.name)
    forget_uploads(by=INSTALLER, at=now() + timedelta(minutes=10))
    for each in (deleted, expired):
        with pytest.raises(errors.ClientError, match="no_such_cache"):
            asked_about(client, each)
    assert sent() == []
    assert [row_of(each).state for each in (deleted, expired)] == [UploadState.DELETED, UploadState.EXPIRED]
    left = {path.name for path in upload_vault().root.iterdir()}
    assert not [name for cache in (deleted, expired) for name in left if row_of(cache).pk.hex in name]


def test_a_grant_that_was_revoked_since_holds(client, who, sent):
    cache = cached(client)
    sending.revoke_grants(who)
    with pytest.raises(errors.ClientError):
        asked_about(client, cache)
    with pytest.raises(errors.ClientError, match="no_grant"):
        cached(client)
    assert sent() == []
    assert Exchange.objects.order_by("-at").first().state == "refused"


def test_contents_are_used_twice_at_once(client, sent):
    cache = cached(client)
    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(lambda n: asked_about(client, cache, f"Go on, {n}.").text, range(2)))
    assert sorted(texts_in(body)[1] for body in sent()) == ["Go on, 0.", "Go on, 1."]


@pytest.mark.parametrize(
    ("config", "error"),
    [
        pytest.param({"system_instruction": "Be long."}, "set_in_cache", id="instructions"),
        pytest.param({"tools": [{"function_declarations": [{"name": "note"}]}]}, "set_in_cache", id="tools"),
        pytest.param({"tool_config": {"function_calling_config": {"mode": "NONE"}}}, "set_in_cache", id="tool config"),
    ],
)
def test_what_the_provider_lets_nobody_set_beside_them_is_refused(client, sent, config, error):
    with pytest.raises(errors.ClientError, match=error):
        asked_about(client, cached(client), **config)
    assert sent() == []


def test_contents_are_for_the_model_they_were_created_for(client, where, sent):
    cache = cached(client)
    with pytest.raises(errors.ClientError, match="other_model"):
        asked_about(client, cache, model="slow-1")
    with pytest.raises(errors.ClientError, match="model_unknown"):
        cached(client, model="no-such-model")
    assert sent() == []
    assert asked_about(client, cache, model=f"{where.ref}/recorder-1")


@pytest.mark.parametrize(
    ("config", "code"),
    [
        pytest.param({"ttl": "0s"}, "wrong_expiry", id="for no time"),
        pytest.param({"ttl": "604801s"}, "wrong_expiry", id="for more than a week"),
        pytest.param({"ttl": "soon"}, "wrong_expiry", id="for no number of seconds"),
        pytest.param({"expire_time": "2020-01-01T00:00:00Z"}, "wrong_expiry", id="until a time that has passed"),
        pytest.param({"ttl": "60s", "expire_time": "2030-01-01T00:00:00Z"}, "wrong_expiry", id="both"),
        pytest.param({"display_name": "x" * 129}, "name_too_long", id="a name too long"),
        pytest.param({"contents": ["x" * 4_150_000]}, "body_too_large", id="no room for a question"),
        pytest.param(
            {"contents": [types.Part.from_uri(file_uri="https://example.org/a.pdf", mime_type="application/pdf")]},
            "unscannable",
            id="a file elsewhere",
        ),
    ],
)
def test_what_could_never_be_used_is_refused_at_once(client, config, code):
    before = Upload.objects.count()
    with pytest.raises(errors.ClientError, match=code):
        cached(client, **config)
    assert Upload.objects.count() == before


def test_the_list_is_paged_newest_first(client):
    names = [cached(client, f"{CLEAN} {n}").name for n in range(3)]
    assert [each.name for each in client.caches.list(config={"page_size": 2})] == names[::-1]
    with pytest.raises(errors.ClientError, match="wrong_limit"):
        client.caches.list(config={"page_size": 1001})


def test_counting_takes_them_too(place, who, client, sent):
    cache = cached(client)
    inner = {"contents": [{"parts": [{"text": "Go."}]}], "cachedContent": cache.name}
    asked = {"generateContentRequest": {"model": "models/recorder-1", **inner}}
    path = "/gemini/v1beta/models/recorder-1:countTokens"
    status, _, _ = sending.post(place, who.key, json.dumps(asked).encode(), path=path)
    (body,) = sent()
    assert (status, texts_in(json.dumps(json.loads(body)["generateContentRequest"]))) == (200, [CLEAN, "Go."])
