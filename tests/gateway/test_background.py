"""Responses in the background by OpenAI's own client: known by an id of ours, and read when they are fetched."""

import json
import re

import openai
import pytest

import builders
import sending
import talking
from builders import INSTALLER
from governance.core.clock import now
from governance.gateway.held_copies import held_folder
from governance.gateway.limits import LimitKind, LimitScope, Period
from governance.gateway.models import Batch, Exchange, Spending
from governance.gateway.selectors.holds import held_request
from governance.gateway.services.limits import set_limit
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.remits.tools import ToolClass, ToolRule
from harness.processes import wait_until

pytestmark = pytest.mark.services
OWN_ID = re.compile(r"resp_[0-9a-f]{32}")
PERSONAL = "Write to ana@example.org today."
SECRET = "Why does this fail? aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzLq3kT9vWx"


@pytest.fixture
def client(gateway, who):
    with talking.openai_client(gateway.gateway, who.key) as made:
        yield made


@pytest.fixture
def other(gateway, recording):
    made = sending.builder()
    sending.grant(made, sending.destination(recording.url))
    with talking.openai_client(gateway.gateway, made.key) as client:
        yield client


def begin(client, text=PERSONAL, **more):
    return client.responses.create(model=talking.MODEL, input=text, background=True, **more)


def test_what_runs_in_the_background_is_fetched_and_its_values_are_put_back(client, sent, recording):
    begun = begin(client)
    assert (begun.status, bool(OWN_ID.fullmatch(begun.id))) == ("queued", True)
    (left,) = sent()
    assert json.loads(left)["background"] is True
    assert b"ana@example.org" not in left
    done = client.responses.retrieve(begun.id)
    assert (done.id, done.status) == (begun.id, "completed")
    assert done.output_text.endswith(PERSONAL)
    head = recording.heads()[-1]
    assert re.fullmatch(r"/v1/responses/resp_[0-9a-f]{32}", head["path"])
    assert begun.id not in head["path"]  # the provider's own name of it
    assert client.responses.retrieve(begun.id).output_text == done.output_text


def test_a_secret_is_refused_before_anything_runs(client, sent):
    with pytest.raises(openai.PermissionDeniedError) as refused:
        begin(client, SECRET)
    assert refused.value.code == "blocked"
    assert sent() == []


def test_what_is_held_before_it_runs_can_be_read_by_who_decides(place, who, client, sent, holding_policy):
    with pytest.raises(openai.PermissionDeniedError) as refused:
        begin(client, "COMPANY CONFIDENTIAL\nPlan for the spring: two shops open in May.")
    assert (refused.value.code, sent()) == ("held", [])
    exchange = sending.until_closed(Exchange.objects.order_by("-at").first().pk)
    by = builders.actor_with(Role.SECURITY_ANALYST, who.initiative.accountable_unit, at=now())
    shown = held_request(exchange.pk, standing=standing_of(by.person), folder=held_folder(), at=now(), revealed=True)
    assert any("two shops" in piece.text for text in shown.texts for piece in text.pieces)


def test_a_dry_run_shows_what_would_be_sent_and_begins_nothing(gateway, who, sent):
    asked = json.dumps({"model": talking.MODEL, "input": PERSONAL, "background": True}).encode()
    status, _, told = sending.post(gateway, who.key, asked, path="/remit/v1/check/openai/v1/responses")
    assert (status, json.loads(told["sent"]["body"])["background"]) == (200, True)
    assert "ana@example.org" not in told["sent"]["body"]
    assert (sent(), Batch.objects.filter(initiative=who.initiative).exists()) == ([], False)


def test_an_answer_that_may_not_be_given_is_refused_when_it_is_fetched(client):
    begun = begin(client, "Say restricted")
    with pytest.raises(openai.PermissionDeniedError) as refused:
        client.responses.retrieve(begun.id)
    assert refused.value.code == "reply_blocked"
    exchange = sending.until_closed(Exchange.objects.order_by("-at").first().pk)
    assert (exchange.surface, exchange.reply_verdict) == ("openai.background_answers", "block")


def test_another_initiative_is_told_of_none_and_the_provider_is_not_asked(client, other, sent):
    begun = begin(client)
    before = len(sent())
    for ask in (other.responses.retrieve, other.responses.cancel):
        with pytest.raises(openai.NotFoundError) as refused:
            ask(begun.id)
        assert refused.value.code == "no_such_response"
    assert len(sent()) == before


def test_it_is_no_batch(client, sent):
    begun = begin(client)
    before = len(sent())
    for ask, prefix in ((client.batches.retrieve, "batch_"), (client.files.retrieve, "file-")):
        with pytest.raises(openai.NotFoundError):
            ask(begun.id.replace("resp_", prefix))
    assert list(client.batches.list()) == []
    assert len(sent()) == before


@pytest.mark.parametrize("name", ["resp_stand_in", "resp_" + "0" * 32])
def test_what_a_provider_knows_and_we_do_not_is_not_asked_for(client, sent, name):
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(name)
    assert sent() == []


def test_it_can_be_ended_early(client):
    begun = begin(client)
    assert (client.responses.cancel(begun.id).status, client.responses.cancel(begun.id).id) == ("cancelled", begun.id)


def test_without_its_grants_nobody_is_asked_for_the_answer(client, who, sent):
    begun = begin(client)
    before = len(sent())
    sending.revoke_grants(who)
    with pytest.raises(openai.PermissionDeniedError) as refused:
        client.responses.retrieve(begun.id)
    assert refused.value.code == "no_grant"
    assert len(sent()) == before


def test_neither_its_beginning_nor_its_answer_is_streamed(client, sent):
    with pytest.raises(openai.PermissionDeniedError) as refused:
        list(begin(client, stream=True))
    assert (refused.value.code, refused.value.param) == ("unscannable", "stream")
    assert sent() == []
    begun = begin(client)
    with pytest.raises(openai.PermissionDeniedError) as refused:
        list(client.responses.retrieve(begun.id, stream=True))
    assert refused.value.code == "unscannable"
    assert len(sent()) == 1


def test_a_tool_whose_calls_a_person_must_confirm_is_refused(gateway, recording, sent):
    made = sending.builder()
    rule = ToolRule("send_letter", ToolClass.CONFIRM)
    sending.grant(made, sending.destination(recording.url), tools=(rule,))
    tool = {"type": "function", "name": "send_letter", "parameters": {"type": "object"}, "strict": False}
    talk = talking.openai_client(gateway.gateway, made.key)
    with talk as client, pytest.raises(openai.PermissionDeniedError) as refused:
        begin(client, tools=[tool])
    assert refused.value.code == "tool_not_in_batches"
    assert sent() == []


def test_what_it_used_takes_the_place_of_what_it_might_have_used(client, who):
    told = {"kind": LimitKind.TOKENS, "period": Period.DAY, "amount": 1_000_000, "by": INSTALLER, "at": now()}
    limit = set_limit(scope=LimitScope.INITIATIVE, target=who.initiative.pk, **told)
    begun = begin(client, "Please be short.")
    exchange = Batch.objects.get(pk=begun.id.removeprefix("resp_")).exchange
    sending.until_closed(exchange.pk)
    spent = Spending.objects.filter(limit=limit)
    assert spent.get().spent > 500  # an answer as long as it may be
    used = client.responses.retrieve(begun.id).usage.total_tokens
    wait_until(lambda: spent.get().spent == used, what="the use that was told")
    client.responses.retrieve(begun.id)
    assert (spent.get().spent, spent.get().reserved) == (used, 0)
    exchange.refresh_from_db()
    assert exchange.tokens_in + exchange.tokens_out == used
