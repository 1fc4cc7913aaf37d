"""Batches by the official client: what leaves, whose they are, and that each answer is read before it is given."""

import json
import re
from datetime import timedelta

import anthropic
import pytest

import builders
import sending
import talking
from governance.core.clock import now
from governance.destinations.rules import Dialect
from governance.gateway.models import Batch, Exchange
from governance.gateway.services.batches import forget_batches
from governance.scanning.models import Finding

pytestmark = pytest.mark.services
PLACEHOLDER = re.compile(r"<_*EMAIL_ADDRESS_[0-9a-f]{8}>")


@pytest.fixture
def who(gateway, recording):
    made = sending.builder()
    where = sending.destination(
        recording.speaking(Dialect.ANTHROPIC), dialect=Dialect.ANTHROPIC, secret=sending.PROVIDER_SECRET
    )
    sending.grant(made, where)
    return made


@pytest.fixture
def batches(gateway, who):
    with talking.anthropic_client(gateway.gateway, who.key) as client:
        yield client.messages.batches


@pytest.fixture
def others(gateway, recording):
    """The batches of another initiative that may call the same interface."""
    made = sending.builder()
    sending.grant(made, sending.destination(recording.speaking(Dialect.ANTHROPIC), dialect=Dialect.ANTHROPIC))
    with talking.anthropic_client(gateway.gateway, made.key) as client:
        yield client.messages.batches


def records(**texts):
    params = {"model": talking.MODEL, "max_tokens": 100}
    return [{"custom_id": name, "params": {**params, "messages": talking.said(text)}} for name, text in texts.items()]


def answers(batches, number):
    return {
        each.custom_id: each.result.message.content[0].text if each.result.type == "succeeded" else each.result
        for each in batches.results(number)
    }


def test_each_answer_has_its_own_records_values_back_and_the_provider_saw_none(batches, recording):
    before = recording.count()
    begun = batches.create(requests=records(one="Write to ana@example.org.", two="Write to ben@example.org."))
    sent = recording.bodies(since=before)[0]
    assert b"example.org" not in sent
    assert len(set(PLACEHOLDER.findall(sent.decode()))) == 2
    told = answers(batches, begun.id)
    assert told["one"].endswith("Write to ana@example.org.")
    assert told["two"].endswith("Write to ben@example.org.")
    exchange = sending.until_closed(
        Exchange.objects.get(surface="anthropic.message_batches", pk=Batch.objects.first().pk).pk
    )
    assert (exchange.state, exchange.records) == ("completed", 2)


def test_a_record_that_writes_another_records_placeholder_is_not_told_what_it_stands_for(batches, recording):
    before = recording.count()
    batches.create(requests=records(one="Write to ana@example.org."))
    (placeholder,) = PLACEHOLDER.findall(recording.bodies(since=before)[0].decode())
    begun = batches.create(requests=records(one="Write to ana@example.org.", two=f"Who is {placeholder} really?"))
    told = answers(batches, begun.id)
    assert told["one"].endswith("Write to ana@example.org.")
    assert told["two"].endswith(f"Who is {placeholder} really?")


def test_one_record_that_may_not_leave_keeps_all_of_them_here_and_is_named(batches, recording):
    before = recording.count()
    bad = "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzLq3kT9vWx"
    with pytest.raises(anthropic.PermissionDeniedError) as refused:
        batches.create(requests=records(one="Please be short.", two=bad, three="Thank you."))
    assert "record 2" in str(refused.value)
    assert "wJalr" not in str(refused.value)
    assert recording.count() == before
    exchange = Exchange.objects.latest("at")
    assert [found.path for found in Finding.objects.filter(scan=exchange.scan)] == [
        "requests[1].params.messages[0].content"
    ]


def test_a_value_split_over_two_records_is_found(batches, recording):
    before = recording.count()
    with pytest.raises(anthropic.PermissionDeniedError):
        batches.create(requests=records(one="The key is AKIAQ3EGRT", two="B7XK2MPL5V is the rest."))
    assert recording.count() == before


def test_an_answer_that_may_not_be_given_is_an_error_of_its_record_and_of_no_other(batches):
    begun = batches.create(requests=records(one="Say restricted", two="Say something else"))
    told = answers(batches, begun.id)
    assert told["one"].type == "errored"
    assert told["one"].error.error.type == "permission_error"
    assert "open two shops" not in str(told["one"])
    assert told["two"].endswith("Say something else")
    exchange = Exchange.objects.filter(surface="anthropic.message_batch_results").latest("at")
    closed = sending.until_closed(exchange.pk)
    assert (closed.reply_verdict, closed.records, closed.bytes_out) == ("block", 0, 0)
    marking = Finding.objects.get(scan=closed.reply_scan, type="MARKING")
    assert marking.path == "records[1].content[0]"


def test_a_long_batch_is_scanned_portion_by_portion(batches, recording):
    texts = {f"r{n}": f"Note {n}. " + "The order is late and will be sent soon. " * 20 for n in range(150)}
    texts["r77"] += " Write to ana@example.org."
    before = recording.count()
    begun = batches.create(requests=records(**texts))
    assert len(recording.bodies(since=before)[0]) > 96 * 1024
    assert b"example.org" not in recording.bodies(since=before)[0]
    assert len(answers(batches, begun.id)) == 150


def test_a_batch_is_known_to_its_initiative_alone(batches, others):
    begun = batches.create(requests=records(one="Please be short."))
    for ask in (others.retrieve, others.cancel, others.results):
        with pytest.raises(anthropic.NotFoundError, match="no such batch"):
            ask(begun.id)
    assert [each.id for each in others.list()] == []
    with pytest.raises(anthropic.NotFoundError):
        batches.retrieve("msgbatch_provider-says")


def test_a_list_has_the_own_batches_newest_first_as_they_were_last_seen(batches):
    begun = [batches.create(requests=records(one=f"Number {number}.")).id for number in range(3)]
    batches.retrieve(begun[0])
    assert [each.id for each in batches.list(limit=2)] == begun[::-1]
    first = batches.list(limit=1, before_id=begun[1]).data[0]
    assert first.id == begun[2]
    assert [each.processing_status for each in batches.list()] == ["in_progress", "in_progress", "ended"]


def test_a_batch_can_be_ended_early(batches):
    begun = batches.create(requests=records(one="Please be short."))
    assert batches.cancel(begun.id).processing_status == "canceling"


def test_without_its_grants_nobody_is_asked_for_the_answers(batches, who, recording):
    begun = batches.create(requests=records(one="Please be short."))
    sending.revoke_grants(who)
    before = recording.count()
    with pytest.raises(anthropic.PermissionDeniedError):
        batches.results(begun.id)
    assert recording.count() == before


@pytest.mark.parametrize(
    ("requests", "code"),
    [
        pytest.param([*records(one="x"), *records(one="y")], "custom_id_twice", id="a name twice"),
        pytest.param(
            [
                *records(one="x"),
                {**records(two="y")[0], "params": {**records(two="y")[0]["params"], "model": "slow-1"}},
            ],
            "several_models",
            id="two models",
        ),
        pytest.param([], "wrong_type", id="none"),
    ],
)
def test_what_cannot_be_one_batch_is_refused_by_name(batches, recording, requests, code):
    before = recording.count()
    with pytest.raises(anthropic.BadRequestError) as refused:
        batches.create(requests=requests)
    assert refused.value.body["error"]["code"] == code
    assert recording.count() == before


def test_a_month_later_nothing_is_kept_of_what_stood_in_it(batches):
    begun = batches.create(requests=records(one="Write to ana@example.org."))
    row = Batch.objects.first()
    assert b"example.org" not in bytes(row.sealed)
    forget_batches(by=builders.INSTALLER, at=now() + timedelta(days=32))
    row.refresh_from_db()
    assert row.sealed is None
    with pytest.raises(anthropic.NotFoundError):
        batches.results(begun.id)


def test_what_would_become_of_a_batch_can_be_asked_first(gateway, who, recording):
    before = recording.count()
    body = json.dumps({"requests": records(one="Write to ana@example.org.")}).encode()
    status, _, told = sending.post(gateway, who.key, body, path="/remit/v1/check/anthropic/v1/messages/batches")
    assert (status, told["verdict"], told["sent"]["path"]) == (200, "redact", "/v1/messages/batches")
    assert recording.count() == before
