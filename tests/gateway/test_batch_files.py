"""Files and batches by OpenAI's own client: a file goes on only when all of it may, and its answers come back read."""

import json
import re

import openai
import pytest

import sending
import talking
from builders import INSTALLER
from governance.core.clock import now
from governance.gateway.limits import LimitKind, LimitScope, Period
from governance.gateway.models import Batch, Exchange, Spending
from governance.gateway.services.limits import set_limit
from harness.processes import wait_until
from sending import until_closed

pytestmark = pytest.mark.services
PLACEHOLDER = re.compile(r"<_*EMAIL_ADDRESS_[0-9a-f]{8}>")
CHAT = "/v1/chat/completions"


@pytest.fixture
def client(gateway, who):
    with talking.openai_client(gateway.gateway, who.key) as made:
        yield made


@pytest.fixture
def other(gateway, recording):
    """The client of another initiative that may call the same interface."""
    made = sending.builder()
    sending.grant(made, sending.destination(recording.url))
    with talking.openai_client(gateway.gateway, made.key) as client:
        yield client


def lines(url=CHAT, **texts):
    return b"\n".join(
        json.dumps({"custom_id": name, "method": "POST", "url": url, "body": body(url, text)}).encode()
        for name, text in texts.items()
    )


def body(url, text):
    asked = {
        "/v1/responses": {"input": text},
        "/v1/embeddings": {"input": text},
        "/v1/completions": {"prompt": text},
    }
    return {"model": talking.MODEL, **asked.get(url, {"messages": talking.said(text)})}


def hand_over(client, raw, name="letters-of-ana@example.org.jsonl"):
    return client.files.create(file=(name, raw), purpose="batch")


def begin(client, file, endpoint=CHAT, **more):
    return client.batches.create(input_file_id=file.id, endpoint=endpoint, completion_window="24h", **more)


def answers(client, batch):
    done = client.batches.retrieve(batch.id)
    found = [json.loads(line) for line in client.files.content(done.output_file_id).text.splitlines()]
    return {each["custom_id"]: each for each in found}


def said(record):
    return record["response"]["body"]["choices"][0]["message"]["content"]


def test_a_file_is_begun_answered_and_its_values_put_back_record_by_record(client, who, recording):
    before = recording.count()
    file = hand_over(client, lines(one="Write to ana@example.org.", two="Write to ben@example.org."))
    (sent,) = recording.bodies(since=before)
    assert b"example.org" not in sent  # nor in the name of the file
    assert len(set(PLACEHOLDER.findall(sent.decode()))) == 2
    begun = begin(client, file, metadata={"for": "the letters of May"})
    assert begun.input_file_id == file.id
    told = answers(client, begun)
    assert said(told["one"]).endswith("Write to ana@example.org.")
    assert said(told["two"]).endswith("Write to ben@example.org.")
    rows = Batch.objects.order_by("id").values_list("is_file", "records", "input__is_file")
    assert list(rows)[-2:] == [(True, 2, None), (False, 2, True)]
    asked = dict(Exchange.objects.filter(initiative=who.initiative).values_list("surface", "records"))
    assert (asked["openai.files"], asked["openai.batches"], asked["openai.batch_answers"]) == (0, 2, 0)


@pytest.mark.parametrize("url", ["/v1/responses", "/v1/embeddings", "/v1/completions"])
def test_each_endpoint_has_its_own_records(client, recording, url):
    before = recording.count()
    file = hand_over(client, lines(url, one="Write to ana@example.org."))
    assert b"example.org" not in recording.bodies(since=before)[0]
    told = answers(client, begin(client, file, url))
    assert told["one"]["response"]["body"]["object"] in {"response", "list", "text_completion"}
    assert "<EMAIL" not in json.dumps(told)


def test_a_file_with_one_record_that_may_not_leave_stays_here_and_the_record_is_named(client, recording):
    before = recording.count()
    bad = "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzLq3kT9vWx"
    with pytest.raises(openai.PermissionDeniedError) as refused:
        hand_over(client, lines(one="Please be short.", two=bad))
    assert "record 2" in str(refused.value)
    assert "wJalr" not in str(refused.value)
    assert recording.count() == before


def test_an_answer_that_may_not_be_given_is_an_error_of_its_record_and_of_no_other(client):
    told = answers(client, begin(client, hand_over(client, lines(one="Say restricted", two="Say hello"))))
    assert (told["one"]["response"], told["one"]["error"]["code"]) == (None, "reply_blocked")
    assert said(told["two"]).endswith("Say hello")


def test_what_a_batch_used_takes_the_place_of_what_it_might_have_used(client, who):
    told = {"kind": LimitKind.TOKENS, "period": Period.DAY, "amount": 1_000_000, "by": INSTALLER, "at": now()}
    limit = set_limit(scope=LimitScope.INITIATIVE, target=who.initiative.pk, **told)
    begun = begin(client, hand_over(client, lines(one="Please be short.", two="Please be brief.")))
    exchange = Batch.objects.get(pk=begun.id.removeprefix("batch_")).exchange
    until_closed(exchange.pk)
    spent = Spending.objects.filter(limit=limit)
    assert spent.get().spent > 2000  # two answers as long as they may be
    used = sum(each["response"]["body"]["usage"]["total_tokens"] for each in answers(client, begun).values())
    wait_until(lambda: spent.get().spent == used, what="the use that was told")
    exchange.refresh_from_db()
    assert (exchange.tokens_in + exchange.tokens_out, exchange.cost > 0) == (used, True)
    answers(client, begun)
    assert (spent.get().spent, spent.get().reserved) == (used, 0)
    taken = Exchange.objects.filter(surface="openai.batch_answers", initiative=who.initiative)
    assert set(taken.values_list("tokens_in", flat=True)) == {None}


def test_files_and_batches_are_known_to_their_initiative_alone(client, other):
    file = hand_over(client, lines(one="Please be short."))
    begun = begin(client, file)
    output = client.batches.retrieve(begun.id).output_file_id
    for ask in (
        lambda: other.files.retrieve(file.id),
        lambda: other.files.content(output),
        lambda: other.batches.retrieve(begun.id),
        lambda: other.batches.cancel(begun.id),
        lambda: begin(other, file),
    ):
        with pytest.raises(openai.NotFoundError, match="no such batch"):
            ask()
    assert [each.id for each in other.batches.list()] == []
    assert [each.id for each in client.batches.list()] == [begun.id]


@pytest.mark.parametrize("name", ["file-provider-says", "file-01a217e5e45974939e9826f8e1ae21fe", "batch_1", "../x"])
def test_no_batch_begins_with_a_file_that_is_not_ours(client, recording, name):
    before = recording.count()
    with pytest.raises((openai.NotFoundError, openai.BadRequestError)):
        client.batches.create(input_file_id=name, endpoint=CHAT, completion_window="24h")
    assert recording.count() == before


def test_what_was_handed_over_is_not_given_back(client):
    file = hand_over(client, lines(one="Please be short."))
    with pytest.raises(openai.NotFoundError):
        client.files.content(file.id)


def test_a_batch_does_not_begin_when_its_grants_are_gone(client, who, recording):
    file = hand_over(client, lines(one="Please be short."))
    sending.revoke_grants(who)
    before = recording.count()
    with pytest.raises(openai.PermissionDeniedError):
        begin(client, file)
    assert recording.count() == before


def test_what_is_said_about_a_batch_is_scanned_too(client, recording):
    file = hand_over(client, lines(one="Please be short."))
    before = recording.count()
    begin(client, file, metadata={"for": "ana@example.org"})
    assert b"ana@example.org" not in recording.bodies(since=before)[0]


TWO_ENDPOINTS = lines(one="x") + b"\n" + lines("/v1/embeddings", two="y")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        pytest.param(b"", "wrong_type", id="nothing"),
        pytest.param(b"not json", "json_syntax", id="no JSON"),
        pytest.param(lines(one="x") + b"\n" + lines(one="y"), "custom_id_twice", id="a name twice"),
        pytest.param(TWO_ENDPOINTS, "several_models", id="two endpoints"),
        pytest.param(lines("/v1/images/generations", one="x"), "unscannable", id="an endpoint nobody reads"),
        pytest.param(lines(one="x").replace(b'"body"', b'"body":{},"body"'), "json_duplicate_key", id="a body twice"),
    ],
)
def test_what_cannot_be_a_file_of_a_batch_is_refused_by_name(client, recording, raw, code):
    before = recording.count()
    with pytest.raises(openai.APIStatusError) as refused:
        hand_over(client, raw)
    assert refused.value.code == code
    assert recording.count() == before


def test_a_file_for_anything_else_is_not_taken(client, recording):
    before = recording.count()
    with pytest.raises(openai.NotFoundError, match="and for fine-tuning"):
        client.files.create(file=("x.jsonl", b"{}"), purpose="assistants")
    assert recording.count() == before
