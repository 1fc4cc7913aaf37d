"""An answer whose calls a person must confirm waits on the wire; what comes of it reaches the official clients."""

import json
from concurrent.futures import ThreadPoolExecutor

import anthropic
import openai
import pytest
from google import genai

import builders
import sending
import talking
from governance.core.clock import now
from governance.destinations.rules import Dialect
from governance.gateway.confirming import ConfirmationState
from governance.gateway.models import Confirmation, Exchange
from governance.gateway.services.confirmations import answer_confirmation
from governance.remits.tools import ToolClass, ToolRule
from harness.processes import wait_until

pytestmark = pytest.mark.services
SCHEMA = {"type": "object", "properties": {}}
NOTE = {"type": "function", "function": {"name": "note", "parameters": SCHEMA}}
PLEASE = "Please call note about the window that was broken."


@pytest.fixture
def who(gateway, where):
    made = sending.builder()
    sending.grant(made, where, tools=(ToolRule("no*", ToolClass.CONFIRM), ToolRule("look_up")))
    return made


@pytest.fixture
def aside():
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield pool


def ask(gateway, who, *, stream=False, seconds=30):
    """Return the arguments of the call that the answer holds, as the official client gives them."""
    client = openai.OpenAI(base_url=f"{gateway.gateway}/openai/v1", api_key=who.key, max_retries=0, timeout=seconds)
    asked = {"model": talking.MODEL, "messages": talking.said("Say new"), "tools": [NOTE], "stream": stream}
    with client:
        answer = client.chat.completions.create(**asked)
        if not stream:
            return answer.choices[0].message.tool_calls[0].function.arguments
        calls = [call for piece in answer for choice in piece.choices for call in choice.delta.tool_calls or ()]
        return "".join(call.function.arguments for call in calls)


def waiting(who):
    def found():
        return Confirmation.objects.filter(initiative=who.initiative, state=ConfirmationState.WAITING).first()

    wait_until(found, what="an answer that waits for a person")
    return found()


def say(who, asked, *, confirm=True, reason=""):
    by = builders.actor(who.person)
    answer_confirmation(exchange_id=asked.exchange_id, confirm=confirm, reason=reason, by=by, at=now())


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_it_passes_once_somebody_has_confirmed(gateway, who, aside, stream):
    coming = aside.submit(ask, gateway, who, stream=stream)
    asked = waiting(who)
    assert (asked.tools, coming.done()) == (["no*"], False)
    say(who, asked)
    assert "that nobody has read before" in json.loads(coming.result(30))["text"]
    asked.refresh_from_db()
    assert asked.served_at
    assert sending.until_closed(asked.exchange_id).state == "completed"


def by_anthropic(gateway, key):
    tools = [{"name": "note", "input_schema": SCHEMA}]
    with anthropic.Anthropic(base_url=f"{gateway}/anthropic", api_key=key, max_retries=0) as client:
        asked = {"model": talking.MODEL, "max_tokens": 9, "messages": talking.said(PLEASE), "tools": tools}
        return client.messages.create(**asked).content[0].input


def by_gemini(gateway, key):
    tools = [genai.types.Tool(function_declarations=[genai.types.FunctionDeclaration(name="note")])]
    config = genai.types.GenerateContentConfig(tools=tools)
    client = talking.gemini_client(gateway, key)  # named: it closes when nobody holds it
    answer = client.models.generate_content(model=talking.MODEL, contents=PLEASE, config=config)
    return answer.function_calls[0].args


def by_ollama(gateway, key):
    asked = {"model": talking.MODEL, "messages": talking.said(PLEASE), "tools": [NOTE]}
    return talking.ollama_client(gateway, key).chat(**asked).message.tool_calls[0].function.arguments


@pytest.mark.parametrize(
    ("dialect", "ask_by"),
    [
        pytest.param(Dialect.ANTHROPIC, by_anthropic, id="anthropic"),
        pytest.param(Dialect.GEMINI, by_gemini, id="gemini"),
        pytest.param(Dialect.OLLAMA, by_ollama, id="ollama"),
    ],
)
def test_the_other_clients_get_the_confirmed_call_too(gateway, recording, aside, dialect, ask_by):
    who = sending.builder()
    there = sending.destination(recording.speaking(dialect), dialect=dialect, secret=sending.PROVIDER_SECRET)
    sending.grant(who, there, tools=(ToolRule("note", ToolClass.CONFIRM),))
    coming = aside.submit(ask_by, gateway.gateway, who.key)
    asked = waiting(who)
    assert not coming.done()
    say(who, asked)
    assert coming.result(30)["text"] == PLEASE


def test_a_refusal_reaches_the_client_in_its_own_shape(gateway, who, aside):
    coming = aside.submit(ask, gateway, who)
    say(who, waiting(who), confirm=False, reason="Nothing may be noted today.")
    with pytest.raises(openai.PermissionDeniedError, match="refused"):
        coming.result(30)


def test_who_left_gets_the_confirmed_answer_once_by_asking_again(gateway, who, recording):
    with pytest.raises(openai.APITimeoutError):
        ask(gateway, who, seconds=2)
    asked = waiting(who)
    sending.until_closed(asked.exchange_id)
    say(who, asked)
    before = recording.count()
    assert "that nobody has read before" in json.loads(ask(gateway, who))["text"]
    assert recording.count() == before
    served = Exchange.objects.filter(initiative=who.initiative).latest("at")
    assert (served.state, served.bytes_out) == ("completed", 0)
    with pytest.raises(openai.APITimeoutError):
        ask(gateway, who, seconds=2)  # a new answer, which waits anew
    assert recording.count() == before + 1


def test_what_is_taken_back_during_the_wait_ends_it(gateway, who, aside):
    coming = aside.submit(ask, gateway, who)
    asked = waiting(who)
    sending.revoke_grants(who)
    with pytest.raises(openai.PermissionDeniedError):
        coming.result(30)
    wait_until(lambda: Confirmation.objects.get(pk=asked.pk).state == "ended", what="the end of the wait")
