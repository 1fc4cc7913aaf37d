"""A stream that is stopped in the middle ends in the shape of its interface: the official clients raise, and what came before was clean."""

import anthropic
import ollama
import openai
import pytest
from google.genai import errors

import sending
import talking
from governance.gateway.models import Exchange
from harness.databases import connected_to

pytestmark = pytest.mark.services
LATE = "Say late"


@pytest.fixture(scope="module")
def key(stack, recording, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connected_to(stack.database):
        return sending.granted_everywhere(recording).key


def chat(gateway, key):
    with talking.openai_client(gateway, key) as client:
        stream = client.chat.completions.create(model=talking.MODEL, messages=talking.said(LATE), stream=True)
        for piece in stream:
            yield piece.choices[0].delta.content or ""


def respond(gateway, key):
    with talking.openai_client(gateway, key) as client:
        for event in client.responses.create(model=talking.MODEL, input=LATE, stream=True):
            yield event.delta if event.type == "response.output_text.delta" else ""


def message(gateway, key):
    asked = {"model": talking.MODEL, "max_tokens": 100, "messages": talking.said(LATE)}
    with talking.anthropic_client(gateway, key) as client, client.messages.stream(**asked) as stream:
        yield from stream.text_stream


def generate(gateway, key):
    with talking.gemini_client(gateway, key) as client:
        for piece in client.models.generate_content_stream(model=talking.MODEL, contents=LATE):
            yield piece.text or ""


def speak(gateway, key):
    for piece in talking.ollama_client(gateway, key).chat(talking.MODEL, talking.said(LATE), stream=True):
        yield piece.message.content


@pytest.mark.parametrize(
    ("stream", "raised"),
    [
        pytest.param(chat, openai.APIError, id="chat completions"),
        pytest.param(respond, openai.APIError, id="responses"),
        pytest.param(message, anthropic.APIStatusError, id="messages"),
        pytest.param(generate, errors.APIError, id="Gemini"),
        pytest.param(speak, ollama.ResponseError, id="Ollama"),
    ],
)
def test_the_client_raises_and_had_nothing_of_what_was_stopped(gateway, key, stream, raised):
    pieces = []
    with pytest.raises(raised) as stopped:
        pieces.extend(stream(gateway.gateway, key))  # what came before it raised is kept
    text = "".join(pieces)
    assert "Nothing of this is secret yet." in text
    assert "RESTRICTED" not in text
    assert "May" not in text
    assert "The answer was stopped" in str(stopped.value)
    exchange = sending.until_closed(Exchange.objects.order_by("-at").first().pk)
    assert (exchange.state, exchange.error_code, exchange.reply_verdict) == ("failed", "reply_blocked", "block")
