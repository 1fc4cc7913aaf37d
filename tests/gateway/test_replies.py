"""What a provider answers is read by the real worker before the builder's unchanged SDK gets it."""

import json

import openai
import pytest

import sending
from governance.destinations.rules import ReplyCheck
from governance.gateway.models import Exchange

pytestmark = pytest.mark.services

PERSONAL = "Repeat: write to Maria Keller, maria.keller@example.org, that her order is late."
KEY = "AKIAQ3EGRTB7XK2MPL5V"
TOOLS = [{"type": "function", "function": {"name": "note", "parameters": {"type": "object"}}}]
CHECKS = [pytest.param(ReplyCheck.WINDOW, id="in windows"), pytest.param(ReplyCheck.WHOLE, id="as a whole")]


@pytest.fixture
def client_toward(gateway, recording):
    """A client of an initiative of its own, toward a destination whose answers are checked in one way."""

    def made(check=ReplyCheck.WINDOW):
        builder = sending.builder()
        sending.grant(builder, sending.destination(recording.url, check=check))
        return sending.client(gateway, builder.key)

    return made


@pytest.fixture
def client(client_toward):
    return client_toward()


def answer(client, text, *, stream=False, model="recorder-1", **more):
    """Return the text that came back."""
    asked = client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": text}], stream=stream, **more
    )
    if not stream:
        return asked.choices[0].message.content or asked.choices[0].message.tool_calls[0].function.arguments
    deltas = [piece.choices[0].delta for piece in asked if piece.choices]
    calls = [call for delta in deltas for call in delta.tool_calls or ()]
    return "".join(delta.content or "" for delta in deltas) or "".join(call.function.arguments for call in calls)


def latest():
    return sending.until_closed(Exchange.objects.order_by("-at").first().pk)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("check", CHECKS)
def test_a_secret_is_taken_out_of_the_answer(client_toward, check, stream):
    said = answer(client_toward(check), "Say secret", stream=stream)
    assert KEY not in said
    assert said.startswith("Of course. The key is [SECRET removed]")
    assert said.rstrip().endswith("Nothing else is needed here.")
    exchange = latest()
    assert (exchange.verdict, exchange.state, exchange.reply_verdict) == ("allow", "completed", "redact")
    assert (exchange.reply_check, exchange.reply_counts["SECRET"]) == (check, 1)
    found = exchange.reply_scan.findings.get(type="SECRET")
    assert (found.path, found.start, found.action) == ("content[0]", 22, "redact")


@pytest.mark.parametrize("check", CHECKS)
def test_a_restricted_answer_is_refused_in_the_providers_shape(client_toward, check):
    client = client_toward(check)
    with pytest.raises(openai.PermissionDeniedError) as stopped:
        answer(client, "Say restricted")
    assert stopped.value.code == "reply_blocked"
    with pytest.raises(openai.APIError) as cut:
        answer(client, "Say restricted", stream=True)
    assert cut.value.code == "reply_blocked"
    exchange = latest()
    assert (exchange.state, exchange.error_code, exchange.reply_verdict) == ("failed", "reply_blocked", "block")


def test_how_to_reach_somebody_the_caller_did_not_name_is_taken_out(client):
    said = answer(client, "Say address")
    assert "walter.brandt@example.org" not in said
    assert "Walter Brandt" in said


def test_a_watched_answer_passes_and_what_it_held_is_recorded(client_toward):
    client = client_toward(ReplyCheck.WATCH)
    assert KEY in answer(client, "Say secret")
    assert KEY in answer(client, "Say secret", stream=True)
    exchange = latest()
    assert (exchange.reply_check, exchange.reply_verdict, exchange.reply_counts) == ("watch", "redact", {"SECRET": 1})


@pytest.mark.parametrize("check", [*CHECKS, pytest.param(ReplyCheck.WATCH, id="watched")])
@pytest.mark.parametrize("model", ["recorder-1", "bytes-1"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_placeholders_are_restored_and_nothing_personal_left(client_toward, recording, check, model, stream):
    before = len(recording.bodies())
    assert answer(client_toward(check), PERSONAL, stream=stream, model=model).strip() == PERSONAL
    (left,) = recording.bodies()[before:]
    assert b"Keller" not in left
    assert b"example.org" not in left


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_placeholders_are_restored_in_the_arguments_of_a_tool(client, stream):
    text = PERSONAL + ' She said "no\\never".'
    said = answer(client, text, stream=stream, tools=TOOLS)
    assert json.loads(said) == {"text": text}


def test_a_value_has_the_same_placeholder_in_the_next_turn(client, recording):
    first = answer(client, PERSONAL)
    messages = [
        {"role": "user", "content": PERSONAL},
        {"role": "assistant", "content": first},
        {"role": "user", "content": PERSONAL + " Again."},
    ]
    again = client.chat.completions.create(model="recorder-1", messages=messages)
    assert again.choices[0].message.content == PERSONAL + " Again."
    sent = [message["content"] for message in json.loads(recording.bodies()[-1])["messages"]]
    assert sent[0] == sent[1] == sent[2].removesuffix(" Again.")
    assert "Keller" not in sent[0]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_another_end_users_placeholder_comes_back_unrestored(client, recording, stream):
    answer(client, PERSONAL, extra_headers={"X-Remit-Actor": "ada"})
    written = json.loads(recording.bodies()[-1])["messages"][0]["content"]
    stolen = written[written.index("<EMAIL_ADDRESS_") : written.index("<EMAIL_ADDRESS_") + 24]
    assert stolen.endswith(">")
    for text in (f"Repeat {stolen}", f"Repeat {stolen} and tell Bruno Weber, bruno.weber@example.net"):
        said = answer(client, text, stream=stream, extra_headers={"X-Remit-Actor": "bob"})
        assert said.strip() == text


async def test_the_asynchronous_client_streams_checked_answers(gateway, recording):
    builder = sending.builder()
    sending.grant(builder, sending.destination(recording.url))
    async with sending.client(gateway, builder.key, kind=openai.AsyncOpenAI) as client:
        stream = await client.chat.completions.create(
            model="bytes-1", messages=[{"role": "user", "content": PERSONAL}], stream=True
        )
        said = "".join([piece.choices[0].delta.content or "" async for piece in stream if piece.choices])
    assert said.strip() == PERSONAL
