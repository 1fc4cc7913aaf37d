"""Every way an official client asks the gateway: surface by surface, at once and streamed, waiting and not.

Each function asks with a text and returns what the client made of the answer. Nothing but the base URL and the key is ours.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import anthropic
import httpx
import ollama
import openai
from google import genai
from google.genai import errors as genai_errors

from governance.destinations.rules import Dialect

MODEL = "recorder-1"
TOOL = {"type": "object", "properties": {"unit": {"type": "string", "description": "Unit of the temperature"}}}


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
    call = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"unit":"celsius"}'}}
    past = [{"role": "assistant", "tool_calls": [call]}, {"role": "tool", "tool_call_id": "c1", "content": text}]
    with openai_client(gateway, key) as client:
        messages = [*said("How is the weather?"), *past]
        message = client.chat.completions.create(model=MODEL, messages=messages, tools=[tool]).choices[0].message
        return message.content or message.tool_calls[0].function.arguments


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
    call = {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": '{"unit":"celsius"}'}
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
    call = {"type": "tool_use", "id": "t1", "name": "weather", "input": {"unit": "celsius"}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": text}]}
    past = [{"role": "assistant", "content": [call]}, {"role": "user", "content": [result]}]
    with anthropic_client(gateway, key) as client:
        asked = [*said("How is the weather?"), *past]
        return client.messages.create(model=MODEL, max_tokens=100, messages=asked, tools=[tool]).content[0].text


def messages_batch(gateway, key, text):
    params = {"model": MODEL, "max_tokens": 100, "messages": said(text)}
    with anthropic_client(gateway, key) as client:
        batch = client.messages.batches.create(requests=[{"custom_id": "first", "params": params}])
        return batch.id.startswith("msgbatch_")


def count_tokens(gateway, key, text):
    with anthropic_client(gateway, key) as client:
        return client.messages.count_tokens(model=MODEL, messages=said(text)).input_tokens


# Gemini


def gemini_client(gateway, key, version="v1beta"):
    return genai.Client(api_key=key, http_options={"base_url": f"{gateway}/gemini", "api_version": version})


def generate(gateway, key, text):
    with gemini_client(gateway, key) as client:
        return client.models.generate_content(model=MODEL, contents=text).text


def generate_v1(gateway, key, text):
    with gemini_client(gateway, key, "v1") as client:
        return client.models.generate_content(model=MODEL, contents=text).text


def generate_streamed(gateway, key, text):
    with gemini_client(gateway, key) as client:
        pieces = client.models.generate_content_stream(model=MODEL, contents=text)
        return "".join(piece.text or "" for piece in pieces)


async def generate_async(gateway, key, text):
    config = {"system_instruction": "Be short.", "temperature": 0.5}
    async with gemini_client(gateway, key).aio as client:
        return (await client.models.generate_content(model=MODEL, contents=text, config=config)).text


async def generate_async_streamed(gateway, key, text):
    async with gemini_client(gateway, key).aio as client:
        pieces = await client.models.generate_content_stream(model=MODEL, contents=text)
        return "".join([piece.text or "" async for piece in pieces])


def generate_tools(gateway, key, text):
    tool = {"function_declarations": [{"name": "weather", "description": "The weather", "parameters": TOOL}]}
    call = {"role": "model", "parts": [{"function_call": {"name": "weather", "args": {"unit": "celsius"}}}]}
    past = {"role": "user", "parts": [{"function_response": {"name": "weather", "response": {"said": text}}}]}
    asked = [{"role": "user", "parts": [{"text": "How is the weather?"}]}, call, past]
    with gemini_client(gateway, key) as client:
        answer = client.models.generate_content(model=MODEL, contents=asked, config={"tools": [tool]})
        return answer.candidates[0].content


def generate_array(gateway, key, text):
    """No client of Google's streams without events any more; older ones and curl do."""
    url = f"{gateway}/gemini/v1beta/models/{MODEL}:streamGenerateContent"
    asked = {"contents": [{"role": "user", "parts": [{"text": text}]}]}
    answered = httpx.post(url, params={"key": key}, json=asked, timeout=30)
    if answered.status_code == httpx.codes.FORBIDDEN:
        raise genai_errors.ClientError(answered.status_code, answered.json(), answered)
    return "".join(piece["candidates"][0]["content"]["parts"][0]["text"] for piece in answered.json())


def gemini_count(gateway, key, text):
    with gemini_client(gateway, key) as client:
        return client.models.count_tokens(model=MODEL, contents=text).total_tokens


def gemini_embed(gateway, key, text):
    with gemini_client(gateway, key) as client:
        return client.models.embed_content(model=MODEL, contents=[text, "x"]).embeddings[0].values


def gemini_embed_plain(gateway, key, text):
    url = f"{gateway}/gemini/v1beta/models/{MODEL}:embedContent"
    asked = {"model": f"models/{MODEL}", "content": {"parts": [{"text": text}]}}
    answered = httpx.post(url, headers={"x-goog-api-key": key}, json=asked, timeout=30)
    if answered.status_code == httpx.codes.FORBIDDEN:
        raise genai_errors.ClientError(answered.status_code, answered.json(), answered)
    return answered.json()["embedding"]["values"]


# Ollama


def ollama_client(gateway, key, kind=ollama.Client):
    return kind(host=f"{gateway}/ollama", headers={"Authorization": f"Bearer {key}"})


def ollama_chat(gateway, key, text):
    return ollama_client(gateway, key).chat(MODEL, said(text)).message.content


def ollama_chat_streamed(gateway, key, text):
    return "".join(piece.message.content for piece in ollama_client(gateway, key).chat(MODEL, said(text), stream=True))


async def ollama_chat_async(gateway, key, text):
    pieces = await ollama_client(gateway, key, ollama.AsyncClient).chat(MODEL, said(text), stream=True)
    return "".join([piece.message.content async for piece in pieces])


def ollama_chat_tools(gateway, key, text):
    tool = {"type": "function", "function": {"name": "weather", "description": "The weather", "parameters": TOOL}}
    call = {"function": {"name": "weather", "arguments": {"unit": "celsius"}}}
    past = [{"role": "assistant", "tool_calls": [call]}, {"role": "tool", "tool_name": "weather", "content": text}]
    return ollama_client(gateway, key).chat(MODEL, [*said("How is it?"), *past], tools=[tool]).message.content


def ollama_generate(gateway, key, text):
    return ollama_client(gateway, key).generate(MODEL, text, system="Be short.").response


def ollama_generate_streamed(gateway, key, text):
    return "".join(piece.response for piece in ollama_client(gateway, key).generate(MODEL, text, stream=True))


def ollama_embed(gateway, key, text):
    return ollama_client(gateway, key).embed(MODEL, [text]).embeddings


def ollama_embeddings(gateway, key, text):
    return ollama_client(gateway, key).embeddings(MODEL, text).embedding


# Databricks, which has OpenAI's client call it, or any HTTP client


def databricks_chat(gateway, key, text):
    base = f"{gateway}/databricks/serving-endpoints"
    with openai.OpenAI(base_url=base, api_key=key, max_retries=1) as client:
        model = f"{of_databricks(client)}/{MODEL}"
        return client.chat.completions.create(model=model, messages=said(text)).choices[0].message.content


def of_databricks(client) -> str:
    return client.models.list().data[0].id.split("/")[0]


def invoke(body):
    def ask(gateway, key, text):
        url = f"{gateway}/databricks/serving-endpoints/{MODEL}/invocations"
        answered = httpx.post(url, headers={"Authorization": f"Bearer {key}"}, json=body(text), timeout=30)
        if answered.status_code == httpx.codes.FORBIDDEN:
            raise RefusedPlainly(answered.text)
        return answered.json()

    return ask


class RefusedPlainly(Exception):
    """A 403 to a client that raises nothing of its own."""


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
        ("anthropic.message_batches", "waiting", messages_batch),
        ("anthropic.count_tokens", "waiting", count_tokens),
    ),
    *_ways(
        Dialect.GEMINI,
        "google-genai",
        genai_errors.ClientError,
        ("gemini.generate_content", "waiting", generate),
        ("gemini.generate_content", "waiting, v1", generate_v1),
        ("gemini.generate_content", "async", awaited(generate_async)),
        ("gemini.generate_content", "tools", generate_tools),
        ("gemini.stream_generate_content", "streamed", generate_streamed),
        ("gemini.stream_generate_content", "async, streamed", awaited(generate_async_streamed)),
        ("gemini.stream_generate_content", "array, without the client", generate_array),
        ("gemini.count_tokens", "waiting", gemini_count),
        ("gemini.batch_embed_contents", "waiting", gemini_embed),
        ("gemini.embed_content", "waiting, without the client", gemini_embed_plain),
    ),
    *_ways(
        Dialect.OLLAMA,
        "ollama",
        ollama.ResponseError,
        ("ollama.chat", "waiting", ollama_chat),
        ("ollama.chat", "streamed", ollama_chat_streamed),
        ("ollama.chat", "async, streamed", awaited(ollama_chat_async)),
        ("ollama.chat", "tools", ollama_chat_tools),
        ("ollama.generate", "waiting", ollama_generate),
        ("ollama.generate", "streamed", ollama_generate_streamed),
        ("ollama.embed", "waiting", ollama_embed),
        ("ollama.embeddings", "waiting", ollama_embeddings),
    ),
    *_ways(
        Dialect.DATABRICKS,
        "openai",
        openai.PermissionDeniedError,
        ("openai.chat_completions", "at Databricks", databricks_chat),
    ),
    *_ways(
        Dialect.DATABRICKS,
        "plain HTTP",
        RefusedPlainly,
        ("databricks.invocations", "chat", invoke(lambda text: {"messages": said(text)})),
        ("databricks.invocations", "rows", invoke(lambda text: {"dataframe_records": [{"letter": text}]})),
    ),
]
