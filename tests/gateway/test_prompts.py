"""A builder's unchanged OpenAI SDK against the gateway: what passes, what is changed, what is refused, and what left."""

import hashlib
import json
from datetime import timedelta

import openai
import pytest

import builders
import sending
from governance.core.clock import now
from governance.gateway import selectors
from governance.gateway.models import Exchange
from governance.gateway.services import justify
from governance.gateway.services.holds import decide_held
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.remits.rules import GrantState
from governance.scanning.rules import HoldAct

pytestmark = pytest.mark.services

CLEAN = "Please make this sentence shorter: we would be glad to be of service to you at any time."
PERSONAL = "Write to Maria Keller, maria.keller@example.org, that her order is late."
SECRET = "Why does this fail? aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzLq3kT9vWx"
MARKED = "COMPANY CONFIDENTIAL\nPlan for the spring: two shops open in May."
CHUNKS = [[{"type": "text", "text": "Write to Maria "}, {"type": "text", "text": "Keller."}]]


@pytest.fixture
def client(gateway, who):
    return sending.client(gateway, who.key)


@pytest.fixture
def sent(recording):
    """What reached the provider since the test began."""
    before = len(recording.bodies())
    return lambda: recording.bodies()[before:]


def ask(client, text=CLEAN, *, model="recorder-1", **more):
    return client.chat.completions.create(model=model, messages=[{"role": "user", "content": text}], **more)


def refusal(client, kind, *args, **more):
    with pytest.raises(kind) as refused:
        ask(client, *args, **more)
    assert refused.value.response.headers["x-should-retry"] == "false"
    return refused.value


def latest():
    """Return the last exchange with its outcome."""
    return sending.until_closed(Exchange.objects.order_by("-at").first().pk)


def test_a_clean_prompt_is_answered_and_what_left_is_what_was_scanned(client, sent, recording):
    answer = ask(client)
    assert answer.choices[0].message.content.startswith("The order")
    (body,) = sent()
    assert json.loads(body) == {"messages": [{"role": "user", "content": CLEAN}], "model": "recorder-1"}
    exchange = latest()
    assert exchange.request_digest == hashlib.sha256(body).hexdigest() == exchange.scan.digest
    assert (exchange.state, exchange.verdict, exchange.bytes_out) == ("completed", "allow", len(body))
    assert (exchange.tokens_in, exchange.tokens_out, exchange.cost) == (11, 9, 29)
    assert recording.heads()[-1]["headers"]["authorization"] == f"Bearer {sending.PROVIDER_SECRET}"


def test_nothing_of_the_callers_headers_reaches_the_provider(client, sent, recording):
    ask(client, extra_headers={"X-Remit-Actor": "ada@example.org", "OpenAI-Organization": "org-synthetic"})
    assert "example.org" not in json.dumps(recording.heads()[-1])
    assert "org-synthetic" not in json.dumps(recording.heads()[-1])
    assert latest().end_user == "ada@example.org"


def test_personal_data_leaves_as_placeholders(client, sent):
    ask(client, PERSONAL)
    (body,) = sent()
    text = json.loads(body)["messages"][0]["content"]
    assert "Keller" not in text
    assert "example.org" not in text
    assert "<EMAIL_ADDRESS_" in text
    exchange = latest()
    assert exchange.verdict == "redact"
    assert exchange.request_digest == hashlib.sha256(body).hexdigest()
    assert {finding.action for finding in exchange.scan.findings.all()} == {"redact"}


def test_a_value_has_one_placeholder_in_every_message(client, sent):
    messages = [
        {"role": "user", "content": PERSONAL},
        {"role": "assistant", "content": "Done."},
        {"role": "user", "content": "Now maria.keller@example.org again."},
    ]
    client.chat.completions.create(model="recorder-1", messages=messages)
    (body,) = sent()
    first, _, last = (message["content"] for message in json.loads(body)["messages"])
    placeholder = last.split()[1]
    assert placeholder.startswith("<EMAIL_ADDRESS_")
    assert placeholder in first


def test_a_text_that_looks_like_a_placeholder_is_escaped(client, sent):
    ask(client, f"{PERSONAL} <PERSON_7f3a91c2>")
    assert "<_PERSON_7f3a91c2>" in json.loads(sent()[0])["messages"][0]["content"]


def test_a_secret_is_refused_and_nothing_leaves(client, sent):
    refused = refusal(client, openai.PermissionDeniedError, SECRET)
    assert (refused.code, refused.type) == ("blocked", "permission_error")
    assert "wJalr" not in refused.response.text
    assert "SECRET" in refused.response.text
    assert refused.body["link"].endswith(f"/exchanges/{latest().pk}/")
    assert sent() == []
    assert (latest().state, latest().verdict) == ("refused", "block")


@pytest.mark.parametrize(
    "messages",
    [
        pytest.param([{"role": "user", "content": [{"type": "text", "text": SECRET}]}], id="in a part"),
        pytest.param([{"role": "tool", "tool_call_id": "c1", "content": SECRET}], id="in a tool's answer"),
        pytest.param([{"role": "user", "content": "Hello", "name": SECRET}], id="in a name"),
        pytest.param([{"role": "developer", "content": SECRET}], id="in an instruction"),
        pytest.param(
            [
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [
                        {
                            "id": "c1",
                            "type": "function",
                            "function": {"name": "f", "arguments": json.dumps({"q": SECRET})},
                        }
                    ],
                }
            ],
            id="in a tool's arguments",
        ),
    ],
)
def test_a_secret_is_found_wherever_it_stands_in_messages(client, sent, messages):
    with pytest.raises(openai.PermissionDeniedError):
        client.chat.completions.create(model="recorder-1", messages=messages)
    assert sent() == []


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"user": SECRET}, id="user"),
        pytest.param({"stop": ["x", SECRET]}, id="stop"),
        pytest.param({"metadata": {"note": SECRET}}, id="metadata"),
        pytest.param({"metadata": {SECRET: "note"}}, id="a name in metadata"),
        pytest.param({"prediction": {"type": "content", "content": SECRET}}, id="prediction"),
        pytest.param(
            {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"enum": [SECRET]}}}]},
            id="a tool's schema",
        ),
        pytest.param(
            {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {"title": SECRET}}}},
            id="an answer's schema",
        ),
    ],
)
def test_a_secret_is_found_in_every_other_field(client, sent, more):
    refusal(client, openai.PermissionDeniedError, **more)
    assert sent() == []


def test_a_stream_arrives_piece_by_piece(client, sent):
    pieces = list(ask(client, stream=True))
    assert len(pieces) > 5
    assert "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices).startswith("The order")
    exchange = latest()
    assert (exchange.state, exchange.stream, exchange.tokens_out) == ("completed", True, 9)
    assert exchange.request_digest == hashlib.sha256(sent()[0]).hexdigest()


async def test_the_asynchronous_client_works_too(gateway, who, sent):
    async with sending.client(gateway, who.key, kind=openai.AsyncOpenAI) as client:
        answer = await client.chat.completions.create(model="recorder-1", messages=[{"role": "user", "content": CLEAN}])
        stream = await client.chat.completions.create(
            model="recorder-1", messages=[{"role": "user", "content": CLEAN}], stream=True
        )
        assert answer.choices[0].message.content
        assert len([piece async for piece in stream]) > 5
    assert len(sent()) == 2


def test_the_models_a_key_may_address_are_listed(client, where):
    assert f"{where.ref}/recorder-1" in [model.id for model in client.models.list()]


def test_a_model_may_be_addressed_with_its_destination(client, where, sent):
    ask(client, model=f"{where.ref}/recorder-1")
    assert json.loads(sent()[0])["model"] == "recorder-1"


def test_an_ambiguous_model_is_answered_with_the_names(client, who, recording, sent):
    other = sending.destination(recording.url)
    sending.grant(who, other)
    refused = refusal(client, openai.BadRequestError)
    assert refused.code == "model_ambiguous"
    assert f"{other.ref}/recorder-1" in refused.response.text
    assert sent() == []


def test_without_a_grant_nothing_leaves(gateway, where, sent):
    stranger = sending.builder()
    refused = refusal(sending.client(gateway, stranger.key), openai.BadRequestError, model=f"{where.ref}/recorder-1")
    assert refused.code == "model_unknown"
    assert sent() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(lambda: {"ends_at": now() - timedelta(minutes=1)}, "grant_expired", id="an expired grant"),
        pytest.param(lambda: {"state": GrantState.REVOKED}, "grant_revoked", id="a revoked grant"),
        pytest.param(lambda: {"state": GrantState.SUSPENDED}, "grant_not_in_force", id="a suspended grant"),
    ],
)
def test_a_grant_that_does_not_hold_is_refused_by_name(gateway, where, sent, change, code):
    builder = sending.builder()
    sending.grant(builder, where, **change())
    refused = refusal(
        sending.client(gateway, builder.key), openai.PermissionDeniedError, model=f"{where.ref}/recorder-1"
    )
    assert refused.code == code
    assert sent() == []


@pytest.mark.parametrize(
    "key", ["", "sk-something-else", "rmt_aaaaaaaaaa_" + "b" * 43], ids=["no key", "another shape", "an unknown key"]
)
def test_an_unknown_key_is_refused(gateway, sent, key):
    with pytest.raises(openai.AuthenticationError) as refused:
        ask(sending.client(gateway, key or "-"))
    assert refused.value.code == "key_unknown"
    assert sent() == []


def test_a_revoked_key_is_refused_at_once(gateway, client, who, sent):
    sending.revoke(who)
    assert refusal(client, openai.AuthenticationError).code == "key_revoked"
    assert sent() == []


def test_a_declared_dataset_without_grant_is_refused(client, sent):
    headers = {"X-Remit-Datasets": "a-dataset-nobody-granted"}
    assert refusal(client, openai.PermissionDeniedError, extra_headers=headers).code == "dataset_not_granted"
    assert sent() == []


def test_declaring_a_granted_dataset_is_recorded(gateway, where, sent):
    builder, data = sending.builder(), sending.dataset()
    sending.grant(builder, where, data=data)
    ask(sending.client(gateway, builder.key), extra_headers={"X-Remit-Datasets": data.ref})
    assert (latest().provenance, latest().datasets) == ("declared", [data.ref])


def test_a_cap_of_calls_holds(gateway, where, sent):
    builder = sending.builder()
    sending.grant(builder, where, sandbox=True, calls_per_day=2)
    client = sending.client(gateway, builder.key)
    ask(client)
    ask(client)
    assert refusal(client, openai.PermissionDeniedError).code == "calls_per_day"
    assert len(sent()) == 2


def test_text_too_long_to_scan_in_time_is_refused_with_its_size(client, sent):
    words = " ".join(f"word{number}" for number in range(20_000))
    refused = refusal(client, openai.APIStatusError, words)
    assert (refused.status_code, refused.code) == (413, "text_too_long")
    assert "96 KiB" in refused.response.text
    assert sent() == []


def test_a_marked_text_leaves_once_for_a_members_reason(client, who, sent):
    refused = refusal(client, openai.PermissionDeniedError, MARKED)
    assert refused.code == "justify"
    exchange, by = latest(), builders.actor(who.person)
    page = selectors.exchange(exchange.pk, standing=standing_of(who.person.pk), at=now())
    assert page.may_justify
    justify(exchange_id=exchange.pk, reason="The plan is public since today.", by=by, at=now())
    other = refusal(client, openai.PermissionDeniedError, MARKED + " And more.")
    assert other.code == "justify"
    assert ask(client, MARKED).choices
    assert refusal(client, openai.PermissionDeniedError, MARKED).code == "justify"
    assert len(sent()) == 1
    exchange.refresh_from_db()
    assert exchange.state == "justified"


def test_under_a_strict_grant_no_reason_helps(gateway, where, sent):
    builder = sending.builder()
    sending.grant(builder, where, ruleset="strict")
    client = sending.client(gateway, builder.key)
    assert refusal(client, openai.PermissionDeniedError, MARKED).code == "blocked"
    assert sent() == []


def test_a_held_request_keeps_a_sealed_copy_and_nothing_leaves(gateway, client, sent, holding_policy):
    refused = refusal(client, openai.PermissionDeniedError, MARKED)
    assert refused.code == "held"
    assert (latest().state, sent()) == ("held", [])
    kept = gateway.state / "holds" / f"exchange-{latest().pk}"
    assert kept.exists()
    assert b"spring" not in kept.read_bytes()


def test_a_held_request_passes_once_after_two_people_released_it(client, who, sent, holding_policy):
    text = MARKED + " It is held."
    assert refusal(client, openai.PermissionDeniedError, text).code == "held"
    exchange, unit = latest(), who.initiative.accountable_unit
    again = refusal(client, openai.PermissionDeniedError, text)
    assert again.code == "held"
    assert f"/exchanges/{exchange.pk}" in str(again.body)
    assert (latest().state, latest().error_code) == ("refused", "held")
    for role in (Role.SECURITY_ANALYST, Role.SECURITY_APPROVER):
        assert refusal(client, openai.PermissionDeniedError, text).code == "held"
        by = builders.actor_with(role, unit, at=now())
        decide_held(exchange_id=exchange.pk, act=HoldAct.RELEASE, reason="It is public.", by=by, at=now())
    assert refusal(client, openai.PermissionDeniedError, text + " And more.").code == "held"
    assert ask(client, text).choices
    assert refusal(client, openai.PermissionDeniedError, text).code == "held"
    assert len(sent()) == 1
    held = Exchange.objects.filter(initiative=who.initiative, error_code="held", state__in=("held", "released"))
    assert held.count() == 3  # the text, what has more in it, and the text once its release was used


def test_a_stream_is_cut_when_the_grant_is_revoked(gateway, client, who, sent):
    stream = ask(client, model="slow-1", stream=True)
    next(iter(stream))
    revoked = sending.revoke_grants(who)
    with pytest.raises(openai.APIError) as cut:
        for _ in stream:
            pass
    assert now() - revoked < timedelta(seconds=2)
    assert cut.value.code == "no_longer_allowed"
    exchange = latest()
    assert (exchange.state, exchange.error_code) == ("failed", "no_longer_allowed")


@pytest.mark.parametrize(
    "model", [pytest.param("broken-1", id="with a bang"), pytest.param("short-1", id="in good order")]
)
def test_a_stream_the_provider_breaks_off_is_an_error_not_an_end(client, sent, model):
    with pytest.raises(openai.APIError) as broken:
        list(ask(client, model=model, stream=True))
    assert broken.value.code == "provider_broke_off"
    assert latest().state == "failed"


def test_a_client_that_hangs_up_on_the_last_frame_had_its_whole_answer(client, sent):
    with ask(client, stream=True) as stream:
        assert next(piece for piece in stream if piece.choices and piece.choices[0].finish_reason)
        list(stream)
    assert latest().state == "completed"


def test_a_provider_that_is_not_there_gets_nothing_and_that_is_recorded(gateway, sent):
    builder = sending.builder()
    sending.grant(builder, sending.destination(f"http://127.0.0.1:{sending.free_port()}/v1"))
    refused = refusal(sending.client(gateway, builder.key), openai.InternalServerError)
    assert (refused.status_code, refused.code) == (502, "provider_unreachable")
    assert (latest().state, latest().bytes_out) == ("failed", 0)


def test_repeated_text_needs_no_worker(client, sent):
    ask(client, "This very sentence was never sent before today.")
    ask(client, "This very sentence was never sent before today.")
    assert latest().scan.receipt["bytes_cached"] == latest().scan.receipt["bytes_given"]
