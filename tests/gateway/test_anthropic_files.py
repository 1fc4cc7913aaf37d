"""Files by Anthropic's own client: handed to the gateway, kept sealed, and sent only inside a message that was scanned with them."""

import json
from base64 import b64decode
from datetime import timedelta

import anthropic
import pytest

import sending
import talking
from builders import INSTALLER
from documents import pdf
from drawing import picture
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
NAMED = "Räume für Ana <ana@example.org>.txt"
PLAIN = "text/plain"


@pytest.fixture
def where(place, recording):
    return sending.destination(
        recording.speaking(Dialect.ANTHROPIC), dialect=Dialect.ANTHROPIC, secret=sending.PROVIDER_SECRET
    )


@pytest.fixture
def client(place, who):
    with talking.anthropic_client(place.gateway, who.key) as made:
        yield made


@pytest.fixture
def other(place, where):
    """The client of another initiative that may call the same model."""
    made = sending.builder()
    sending.grant(made, where)
    with talking.anthropic_client(place.gateway, made.key) as client:
        yield client


def handed_over(client, raw, media=PLAIN, name="letter.txt", **more):
    return client.beta.files.upload(file=(name, raw, media), **more)


def block(file, kind="document"):
    return {"type": kind, "source": {"type": "file", "file_id": getattr(file, "id", file)}}


def asked(*blocks):
    said = [{"type": "text", "text": "Shorten it."}, *blocks]
    return {"model": "recorder-1", "messages": [{"role": "user", "content": said}]}


def asked_about(client, *blocks):
    return client.beta.messages.create(**asked(*blocks), max_tokens=50, betas=["files-api-2025-04-14"])


def row_of(file):
    return Upload.objects.get(pk=file.id.removeprefix("file_remit_"))


def source_in(body):
    return json.loads(body)["messages"][0]["content"][1]["source"]


def test_a_file_is_kept_here_and_leaves_only_inside_the_message_that_names_it(client, sent, recording):
    raw = pdf(CLEAN)
    file = handed_over(client, raw, "application/pdf", NAMED)
    assert sent() == []
    assert (file.filename, file.mime_type, file.size_bytes, file.downloadable) == (
        NAMED,
        "application/pdf",
        len(raw),
        False,
    )
    assert client.beta.files.retrieve_metadata(file.id) == file
    assert "ana" not in json.dumps(Upload.objects.filter(pk=row_of(file).pk).values().get(), default=str)
    assert not any(b"larger room" in path.read_bytes() for path in upload_vault().root.iterdir())
    assert asked_about(client, block(file))
    (body,) = sent()
    source = source_in(body)
    assert (source["type"], source["media_type"], b64decode(source["data"])) == ("base64", "application/pdf", raw)
    assert "files-api" not in recording.heads()[-1]["headers"].get("anthropic-beta", "")


async def test_the_client_that_awaits_does_the_same(place, who, sent):
    async with talking.anthropic_async(place.gateway, who.key) as client:
        file = await client.beta.files.upload(file=("letter.txt", CLEAN.encode(), PLAIN))
        assert [each.id async for each in client.files.list()] == [file.id]
        await client.messages.create(**asked(block(file)), max_tokens=50)
        assert (await client.beta.files.delete(file.id)).type == "file_deleted"
        with pytest.raises(anthropic.NotFoundError):
            await client.files.retrieve_metadata(file.id)
    assert source_in(sent()[0]) == {"type": "text", "media_type": PLAIN, "data": CLEAN}


def test_counting_and_batches_take_files_too(client, sent):
    file, letter = handed_over(client, CLEAN.encode()), handed_over(client, PERSONAL.encode())
    client.beta.messages.count_tokens(**asked(block(file)))
    records = [
        {"custom_id": f"{n}", "params": {**asked(block(each)), "max_tokens": 9}}
        for n, each in enumerate((file, letter))
    ]
    client.messages.batches.create(requests=records)
    counted, batch = sent()
    assert source_in(counted)["data"] == CLEAN
    texts = [each["params"]["messages"][0]["content"][1]["source"]["data"] for each in json.loads(batch)["requests"]]
    assert texts[0] == CLEAN
    assert "<EMAIL_ADDRESS_" in texts[1]


def test_what_is_in_it_is_scanned_with_the_message_and_by_its_rules(client, sent):
    secret = handed_over(client, pdf(CLEAN, SECRET), "application/pdf")
    with pytest.raises(anthropic.PermissionDeniedError, match="SECRET"):
        asked_about(client, block(secret))
    assert sent() == []
    asked_about(
        client, {"type": "tool_result", "tool_use_id": "t1", "content": [block(handed_over(client, PERSONAL.encode()))]}
    )
    (body,) = sent()
    assert b"<EMAIL_ADDRESS_" in body
    assert b"keller" not in body


def test_another_initiative_cannot_name_look_at_or_delete_it(client, other, sent):
    file = handed_over(client, CLEAN.encode())
    for attempt in (
        lambda: asked_about(other, block(file)),
        lambda: other.beta.files.retrieve_metadata(file.id),
        lambda: other.beta.files.download(file.id),
        lambda: other.beta.files.delete(file.id),
        lambda: asked_about(client, block("file_011CNha8iCJcU1wXNR6q4V8w")),
    ):
        with pytest.raises(anthropic.NotFoundError) as refused:
            attempt()
        assert (refused.value.body["error"]["type"], refused.value.error_code) == ("not_found_error", "no_such_file")
    assert list(other.beta.files.list(ids=[file.id])) == []
    assert sent() == []


def test_the_list_is_paged_newest_first_and_by_ids(client):
    files = [handed_over(client, f"{CLEAN} {n}".encode()).id for n in range(5)]
    assert [each.id for each in client.beta.files.list(limit=2)] == files[::-1]
    assert [each.id for each in client.beta.files.list(ids=[files[1], "file_of_nobody", files[3]])] == [
        files[3],
        files[1],
    ]
    old = client.get("/v1/files", cast_to=object, options={"params": {"before_id": files[1], "limit": 2}})
    assert ([each["id"] for each in old["data"]], old["has_more"]) == ([files[3], files[2]], True)
    with pytest.raises(anthropic.BadRequestError, match="limit is 1 to 1000"):
        client.beta.files.list(limit=1001)
    with pytest.raises(anthropic.BadRequestError, match="nothing the list gave"):
        client.beta.files.list(page="page_1")


def test_what_was_handed_over_is_not_given_back(client):
    file = handed_over(client, CLEAN.encode())
    with pytest.raises(anthropic.BadRequestError) as refused:
        client.files.download(file.id)
    assert refused.value.error_code == "file_not_downloadable"


def test_what_is_deleted_or_expired_cannot_be_named_and_its_bytes_are_erased(client, sent):
    deleted, expired = (handed_over(client, CLEAN.encode() + each, expires_in_seconds=3600) for each in (b"1", b"2"))
    client.beta.files.delete(deleted.id)
    assert expired.expires_at - expired.created_at == timedelta(hours=1)
    forget_uploads(by=INSTALLER, at=now() + timedelta(hours=1))
    for each in (deleted, expired):
        with pytest.raises(anthropic.NotFoundError):
            asked_about(client, block(each))
    assert sent() == []
    assert [row_of(each).state for each in (deleted, expired)] == [UploadState.DELETED, UploadState.EXPIRED]
    left = {path.name for path in upload_vault().root.iterdir()}
    assert not [name for file in (deleted, expired) for name in left if row_of(file).pk.hex in name]


@pytest.mark.parametrize(
    ("raw", "media", "name", "more", "error"),
    [
        pytest.param(b"", PLAIN, "a.txt", {}, "must have 1 to", id="nothing"),
        pytest.param(b"x" * 3_100_000, PLAIN, "a.txt", {}, "must have 1 to", id="more than a message may hold"),
        pytest.param(b"x" * 5_000_000, PLAIN, "a.txt", {}, "a call has to hold it", id="far more"),
        pytest.param(b"a;b", "text/csv", "a.csv", {}, "for a container", id="for a container"),
        pytest.param(b"PK\3\4", PLAIN, "a.txt", {}, "not the text", id="what is no text"),
        pytest.param(b"a\0b", PLAIN, "a.txt", {}, "not the text", id="a text with NUL"),
        pytest.param("Räume".encode("latin-1"), PLAIN, "a.txt", {}, "not UTF-8", id="another encoding"),
        pytest.param(b"plain", "application/pdf", "a.pdf", {}, "not what it is said", id="no PDF"),
        pytest.param(b"x", PLAIN, "a" * 252 + ".txt", {}, "at most 255", id="a name too long"),
        pytest.param(b"x", PLAIN, "a\x1b[2J.txt", {}, "moves a cursor", id="a name that clears the screen"),
        pytest.param(b"x", PLAIN, "a.txt", {"expires_in_seconds": 60}, "3600 to", id="for a minute"),
    ],
)
def test_what_could_never_be_named_is_refused_at_once(client, raw, media, name, more, error):
    before = Upload.objects.count()
    with pytest.raises(anthropic.APIStatusError, match=error) as refused:
        handed_over(client, raw, media, name, **more)
    assert refused.value.status_code in {400, 403, 413}
    assert Upload.objects.count() == before


@pytest.mark.parametrize(
    ("name", "media", "kept"),
    [
        pytest.param("../../etc/letter.txt", PLAIN, "letter.txt", id="a path"),
        pytest.param(r"C:\letters\letter.txt", "application/octet-stream", "letter.txt", id="a path of Windows"),
        pytest.param('a "b" & c.txt', PLAIN, "a %22b%22 & c.txt", id="quotes, as forms write them"),
        pytest.param("", PLAIN, "unnamed.txt", id="none"),
    ],
)
def test_of_a_name_the_last_part_is_kept(client, name, media, kept):
    assert handed_over(client, CLEAN.encode(), media, name).filename == kept


def test_a_file_is_named_in_the_block_of_its_kind(client, sent):
    text, drawn = handed_over(client, CLEAN.encode()), handed_over(client, picture(CLEAN), "image/png", "a.png")
    for wrong in (block(drawn), block(text, "image")):
        with pytest.raises(anthropic.BadRequestError, match="handed over as"):
            asked_about(client, wrong)
    with pytest.raises(anthropic.PermissionDeniedError):
        asked_about(client, {"type": "container_upload", "file_id": text.id})
    with pytest.raises(anthropic.APIStatusError, match="At most 20 files"):
        asked_about(client, *[block(text)] * 21)
    assert sent() == []


def test_a_file_of_an_initiative_whose_grant_was_revoked_since_goes_nowhere(client, who, sent):
    file = handed_over(client, CLEAN.encode())
    sending.revoke_grants(who)
    with pytest.raises(anthropic.APIStatusError):
        asked_about(client, block(file))
    with pytest.raises(anthropic.PermissionDeniedError, match="No grant"):
        handed_over(client, CLEAN.encode())
    assert sent() == []
    assert Exchange.objects.order_by("-at").first().state == "refused"
