"""Lines a builder pastes: a first call by each official client, with nothing of it changed but the base URL and the key. Pure.

The key is read from the environment in all of them, so that no line of a program ever holds it.
"""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from string import Template

from governance.destinations.rules import Dialect
from governance.gateway.first_call import FIRST_CALLS
from governance.gateway.routes import Own, format_named

KEY_NAME = "REMIT_KEY"
HELLO = "Say hello."
# The shell fills in what stands between the single quotes of the command.
REPORT = """{"exchange": "'$EXCHANGE'", "outcome": "edited", "shown_at": "'$SHOWN'", "decided_at": "'$DECIDED'"}"""


class Language(StrEnum):
    PYTHON = "python"
    JAVASCRIPT = "javascript"
    CURL = "curl"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Snippet:
    """`install` is the command that gets the client, "" when none is needed."""

    client: str
    install: str
    lines: str


class _Lines(Template):
    delimiter = "~"  # the languages have the usual one for themselves


@dataclass(frozen=True, slots=True)
class _Client:
    """An official client: how it is installed and begun, and its call at once and piece by piece.

    In the lines `~base` and `~model` stand for texts in quotes.
    """

    name: str
    install: str
    begun: str
    whole: str
    streamed: str


_OPENAI_PYTHON = _Client(
    "openai",
    "pip install openai",
    """import os

from openai import OpenAI

client = OpenAI(
    base_url=~base,
    api_key=os.environ["REMIT_KEY"],
)""",
    """answer = client.chat.completions.create(
    model=~model,
    messages=[{"role": "user", "content": ~hello}],
)
print(answer.choices[0].message.content)""",
    """pieces = client.chat.completions.create(
    model=~model,
    messages=[{"role": "user", "content": ~hello}],
    stream=True,
)
for piece in pieces:
    for choice in piece.choices:
        print(choice.delta.content or "", end="", flush=True)""",
)
_OPENAI_JAVASCRIPT = _Client(
    "openai",
    "npm install openai",
    """import OpenAI from "openai";

const client = new OpenAI({
  baseURL: ~base,
  apiKey: process.env.REMIT_KEY,
});""",
    """const answer = await client.chat.completions.create({
  model: ~model,
  messages: [{ role: "user", content: ~hello }],
});
console.log(answer.choices[0].message.content);""",
    """const pieces = await client.chat.completions.create({
  model: ~model,
  messages: [{ role: "user", content: ~hello }],
  stream: true,
});
for await (const piece of pieces) process.stdout.write(piece.choices[0]?.delta?.content ?? "");""",
)
CLIENTS: Mapping[tuple[Dialect, Language], _Client] = {
    (Dialect.OPENAI, Language.PYTHON): _OPENAI_PYTHON,
    (Dialect.OPENAI, Language.JAVASCRIPT): _OPENAI_JAVASCRIPT,
    (Dialect.DATABRICKS, Language.PYTHON): _OPENAI_PYTHON,
    (Dialect.DATABRICKS, Language.JAVASCRIPT): _OPENAI_JAVASCRIPT,
    (Dialect.ANTHROPIC, Language.PYTHON): _Client(
        "anthropic",
        "pip install anthropic",
        """import os

from anthropic import Anthropic

client = Anthropic(
    base_url=~base,
    api_key=os.environ["REMIT_KEY"],
)""",
        """message = client.messages.create(
    model=~model,
    max_tokens=500,
    messages=[{"role": "user", "content": ~hello}],
)
print(message.content[0].text)""",
        """with client.messages.stream(
    model=~model,
    max_tokens=500,
    messages=[{"role": "user", "content": ~hello}],
) as stream:
    for text in stream.text_stream:
        print(text, end="", flush=True)""",
    ),
    (Dialect.ANTHROPIC, Language.JAVASCRIPT): _Client(
        "@anthropic-ai/sdk",
        "npm install @anthropic-ai/sdk",
        """import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({
  baseURL: ~base,
  apiKey: process.env.REMIT_KEY,
});""",
        """const message = await client.messages.create({
  model: ~model,
  max_tokens: 500,
  messages: [{ role: "user", content: ~hello }],
});
console.log(message.content[0].text);""",
        """const stream = client.messages.stream({
  model: ~model,
  max_tokens: 500,
  messages: [{ role: "user", content: ~hello }],
});
stream.on("text", (text) => process.stdout.write(text));
await stream.finalMessage();""",
    ),
    (Dialect.GEMINI, Language.PYTHON): _Client(
        "google-genai",
        "pip install google-genai",
        """import os

from google import genai

client = genai.Client(
    api_key=os.environ["REMIT_KEY"],
    http_options={"base_url": ~base},
)""",
        """answer = client.models.generate_content(
    model=~model,
    contents=~hello,
)
print(answer.text)""",
        """pieces = client.models.generate_content_stream(
    model=~model,
    contents=~hello,
)
for piece in pieces:
    print(piece.text or "", end="", flush=True)""",
    ),
    (Dialect.GEMINI, Language.JAVASCRIPT): _Client(
        "@google/genai",
        "npm install @google/genai",
        """import { GoogleGenAI } from "@google/genai";

const client = new GoogleGenAI({
  apiKey: process.env.REMIT_KEY,
  httpOptions: { baseUrl: ~base },
});""",
        """const answer = await client.models.generateContent({
  model: ~model,
  contents: ~hello,
});
console.log(answer.text);""",
        """const pieces = await client.models.generateContentStream({
  model: ~model,
  contents: ~hello,
});
for await (const piece of pieces) process.stdout.write(piece.text ?? "");""",
    ),
    (Dialect.OLLAMA, Language.PYTHON): _Client(
        "ollama",
        "pip install ollama",
        """import os

from ollama import Client

client = Client(
    host=~base,
    headers={"Authorization": f"Bearer {os.environ['REMIT_KEY']}"},
)""",
        """answer = client.chat(
    ~model,
    messages=[{"role": "user", "content": ~hello}],
)
print(answer.message.content)""",
        """pieces = client.chat(
    ~model,
    messages=[{"role": "user", "content": ~hello}],
    stream=True,
)
for piece in pieces:
    print(piece.message.content, end="", flush=True)""",
    ),
    (Dialect.OLLAMA, Language.JAVASCRIPT): _Client(
        "ollama",
        "npm install ollama",
        """import { Ollama } from "ollama";

const client = new Ollama({
  host: ~base,
  headers: { Authorization: `Bearer ${process.env.REMIT_KEY}` },
});""",
        """const answer = await client.chat({
  model: ~model,
  messages: [{ role: "user", content: ~hello }],
});
console.log(answer.message.content);""",
        """const pieces = await client.chat({
  model: ~model,
  messages: [{ role: "user", content: ~hello }],
  stream: true,
});
for await (const piece of pieces) process.stdout.write(piece.message.content);""",
    ),
}
# What the official clients read when their code says nothing: the names of the base URL and of the key.
VARIABLES: Mapping[Dialect, tuple[str, str]] = {
    Dialect.OPENAI: ("OPENAI_BASE_URL", "OPENAI_API_KEY"),
    Dialect.DATABRICKS: ("OPENAI_BASE_URL", "OPENAI_API_KEY"),
    Dialect.ANTHROPIC: ("ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY"),
    Dialect.GEMINI: ("GOOGLE_GEMINI_BASE_URL", "GEMINI_API_KEY"),
    Dialect.OLLAMA: ("OLLAMA_HOST", "OLLAMA_API_KEY"),
}


def base_url(dialect: Dialect, *, gateway: str) -> str:
    """Return what a client of this interface is pointed at. `gateway` is the gateway's own address."""
    spoken = format_named(dialect)
    return gateway.rstrip("/") + (spoken.base if spoken else "")


def snippet(dialect: Dialect, language: Language, *, gateway: str, model: str, stream: bool = False) -> Snippet:
    """Return the lines of a first call. `model` is written as a call names it: `destination/model`."""
    if language is Language.CURL:
        return Snippet("curl", "", _curl(dialect, gateway=gateway, model=model, stream=stream))
    if language is Language.ENVIRONMENT:
        return Snippet("environment", "", _environment(dialect, gateway=gateway))
    client = CLIENTS[dialect, language]
    base = base_url(dialect, gateway=gateway)
    told = {"base": json.dumps(base), "model": json.dumps(model), "hello": json.dumps(HELLO)}
    lines = _Lines(f"{client.begun}\n{client.streamed if stream else client.whole}").substitute(told)
    return Snippet(client.name, client.install, lines)


def export_line(key: str) -> str:
    """Return the line of a shell by which the key stands in the environment."""
    return f"export {KEY_NAME}={shlex.quote(key)}"


def report_lines(*, gateway: str) -> str:
    """Return the call by which a program says what a person did with an answer: `$EXCHANGE` is a header of that answer."""
    return f"""curl {shlex.quote(gateway.rstrip("/") + Own.REVIEWS)} \\
  -H "Authorization: Bearer ${KEY_NAME}" \\
  -H "Content-Type: application/json" \\
  -H "X-Remit-Actor: $REVIEWER" \\
  -d '{REPORT}'"""


def _curl(dialect: Dialect, *, gateway: str, model: str, stream: bool) -> str:
    call = FIRST_CALLS[dialect]
    url = shlex.quote(gateway.rstrip("/") + call.address(model, stream=stream))
    body = shlex.quote(json.dumps(call.asked(model, HELLO, stream=stream), ensure_ascii=False))
    command = "curl --no-buffer" if stream else "curl"
    return (
        f'{command} {url} \\\n  -H "{call.key_header} ${KEY_NAME}" \\\n  -H "Content-Type: application/json" \\\n'
        f"  -d {body}"
    )


def _environment(dialect: Dialect, *, gateway: str) -> str:
    base, key = VARIABLES[dialect]
    return f'export {base}={shlex.quote(base_url(dialect, gateway=gateway))}\nexport {key}="${KEY_NAME}"'
