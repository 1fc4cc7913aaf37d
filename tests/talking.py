"""Every way an official client asks the gateway: surface by surface, at once and streamed, waiting and not.

Each function asks with a text and returns what the client made of the answer. Nothing but the base URL and the key is ours.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import anthropic
import openai

from governance.destinations.rules import Dialect

MODEL = "recorder-1"
TOOL = {"type": "object", "properties": {"city": {"type": "string", "description": "Name of a city"}}}


@dataclass(frozen=True)
class Way:
    """`ask(gateway, key, text)` returns the answer's text or number; `refused` is what the client raises for a 403."""

    surface: str
    client: str
    manner: str
    dialect: Dialect
    refused: type[Exception]
    ask: Callable[[str, str, str], Any]

    @property
    def id(self) -> str:
        return f"{self.surface}, {self.client}, {self.manner}"


def awaited(ask: Callable[[str, str, str], Coroutine]) -> Callable[[str, str, str], Any]:
    return lambda gateway, key, text: asyncio.run(ask(gateway, key, text))


# OpenAI


@contextmanager
def openai_client(gateway, key):
    with openai.OpenAI(base_url=f"{gateway}/openai/v1", api_key=key, max_retries=1) as client:
        yield client


@asynccontextmanager
async def openai_async(gateway, key):
    async with openai.AsyncOpenAI(base_url=f"{gateway}/openai/v1", api_key=key, max_retries=1) as client:
        yield client


def said(text):
    return [{"role": "user", "content": text}]


def chat(gateway, key, text):
    with openai_client(gateway, key) as client:
        return client.chat.completions.create(model=MODEL, messages=said(text)).choices[0].message.content


def chat_streamed(gateway, key, text):
    with openai_client(gateway, key) as client:
        pieces = client.chat.completions.create(model=MODEL, messages=said(text), stream=True)
        return "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices)


async def chat_async(gateway, key, text):
    async with openai_async(gateway, key) as client:
        pieces = await client.chat.completions.create(model=MODEL, messages=said(text), stream=True)
        return "".join([piece.choices[0].delta.content or "" async for piece in pieces if piece.choices])


def chat_tools(gateway, key, text):
    tool = {"type": "function", "function": {"name": "weather", "description": "The weather", "parameters": TOOL}}
    call = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Bern"}'}}
    past = [{"role": "assistant", "tool_calls": [call]}, {"role": "tool", "tool_call_id": "c1", "content": text}]
    with openai_client(gateway, key) as client:
        messages = [*said("How is the weather?"), *past]
        return client.chat.completions.create(model=MODEL, messages=messages, tools=[tool]).choices[0].message.content


def respond(gateway, key, text):
    with openai_client(gateway, key) as client:
        return client.responses.create(model=MODEL, input=text, instructions="Be short.").output_text


def respond_streamed(gateway, key, text):
    with openai_client(gateway, key) as client, client.responses.stream(model=MODEL, input=said(text)) as stream:
        pieces = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        assert stream.get_final_response().output_text == pieces
        return pieces


async def respond_async(gateway, key, text):
    async with openai_async(gateway, key) as client:
        events = await client.responses.create(model=MODEL, input=said(text), stream=True)
        return "".join([event.delta async for event in events if event.type == "response.output_text.delta"])


def respond_tools(gateway, key, text):
    tool = {"type": "function", "name": "weather", "description": "The weather", "parameters": TOOL, "strict": False}
    call = {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": '{"city":"Bern"}'}
    output = {"type": "function_call_output", "call_id": "c1", "output": [{"type": "input_text", "text": text}]}
    with openai_client(gateway, key) as client:
        asked = [*said("How is the weather?"), call, output]
        return client.responses.create(model=MODEL, input=asked, tools=[tool]).output_text


def input_tokens(gateway, key, text):
    with openai_client(gateway, key) as client:
        return client.responses.input_tokens.count(model=MODEL, input=text).input_tokens


def complete(gateway, key, text):
    with openai_client(gateway, key) as client:
        return client.completions.create(model=MODEL, prompt=[text]).choices[0].text


def complete_streamed(gateway, key, text):
    with openai_client(gateway, key) as client:
        pieces = client.completions.create(model=MODEL, prompt=text, stream=True)
        return "".join(piece.choices[0].text for piece in pieces)


def embed(gateway, key, text):
    with openai_client(gateway, key) as client:
        return client.embeddings.create(model=MODEL, input=[text]).data[0].embedding[0]


async def embed_async(gateway, key, text):
    async with openai_async(gateway, key) as client:
        return (await client.embeddings.create(model=MODEL, input=text)).data[0].embedding[0]


def moderate(gateway, key, text):
    with openai_client(gateway, key) as client:
        return len(client.moderations.create(model=MODEL, input=text).results)


# Anthropic


@contextmanager
def anthropic_client(gateway, key):
    with anthropic.Anthropic(base_url=f"{gateway}/anthropic", api_key=key, max_retries=1) as client:
        yield client


@asynccontextmanager
async def anthropic_async(gateway, key):
    async with anthropic.AsyncAnthropic(base_url=f"{gateway}/anthropic", api_key=key, max_retries=1) as client:
        yield client


def messages(gateway, key, text):
    with anthropic_client(gateway, key) as client:
        return client.messages.create(model=MODEL, max_tokens=100, messages=said(text)).content[0].text


def messages_streamed(gateway, key, text):
    with (
        anthropic_client(gateway, key) as client,
        client.messages.stream(model=MODEL, max_tokens=100, messages=said(text)) as stream,
    ):
        return "".join(stream.text_stream)


async def messages_async(gateway, key, text):
    async with anthropic_async(gateway, key) as client:
        answer = await client.messages.create(model=MODEL, max_tokens=100, messages=said(text), system="Be short.")
        return answer.content[0].text


async def messages_async_streamed(gateway, key, text):
    async with (
        anthropic_async(gateway, key) as client,
        client.messages.stream(model=MODEL, max_tokens=100, messages=said(text)) as stream,
    ):
        return (await stream.get_final_message()).content[0].text


def messages_tools(gateway, key, text):
    tool = {"name": "weather", "description": "The weather", "input_schema": TOOL}
    call = {"type": "tool_use", "id": "t1", "name": "weather", "input": {"city": "Bern"}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": text}]}
    past = [{"role": "assistant", "content": [call]}, {"role": "user", "content": [result]}]
    with anthropic_client(gateway, key) as client:
        asked = [*said("How is the weather?"), *past]
        return client.messages.create(model=MODEL, max_tokens=100, messages=asked, tools=[tool]).content[0].text


def count_tokens(gateway, key, text):
    with anthropic_client(gateway, key) as client:
        return client.messages.count_tokens(model=MODEL, messages=said(text)).input_tokens


def _ways(dialect: Dialect, client: str, refused: type[Exception], *ways: tuple[str, str, Any]) -> list[Way]:
    return [Way(surface, client, manner, dialect, refused, ask) for surface, manner, ask in ways]


WAYS = [
    *_ways(
        Dialect.OPENAI,
        "openai",
        openai.PermissionDeniedError,
        ("openai.chat_completions", "waiting", chat),
        ("openai.chat_completions", "streamed", chat_streamed),
        ("openai.chat_completions", "async, streamed", awaited(chat_async)),
        ("openai.chat_completions", "tools", chat_tools),
        ("openai.responses", "waiting", respond),
        ("openai.responses", "streamed", respond_streamed),
        ("openai.responses", "async, streamed", awaited(respond_async)),
        ("openai.responses", "tools", respond_tools),
        ("openai.input_tokens", "waiting", input_tokens),
        ("openai.completions", "waiting", complete),
        ("openai.completions", "streamed", complete_streamed),
        ("openai.embeddings", "waiting", embed),
        ("openai.embeddings", "async", awaited(embed_async)),
        ("openai.moderations", "waiting", moderate),
    ),
    *_ways(
        Dialect.ANTHROPIC,
        "anthropic",
        anthropic.PermissionDeniedError,
        ("anthropic.messages", "waiting", messages),
        ("anthropic.messages", "streamed", messages_streamed),
        ("anthropic.messages", "async", awaited(messages_async)),
        ("anthropic.messages", "async, streamed", awaited(messages_async_streamed)),
        ("anthropic.messages", "tools", messages_tools),
        ("anthropic.count_tokens", "waiting", count_tokens),
    ),
]
