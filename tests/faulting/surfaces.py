"""The surfaces a fault is put to: one body of each, as its clients send it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Surface:
    """`said(model, text)` is the body; in `path` stands the model where the interface wants it there."""

    name: str
    path: str
    said: Callable[[str, str], dict[str, Any]]

    def request(self, model: str, text: str) -> tuple[str, bytes]:
        """Return path and body. Written with spaces, so that no byte string of ours is one that the gateway would write."""
        return self.path.format(model=model), json.dumps(self.said(model, text)).encode()


def _messages(model: str, text: str) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": text}]}


def _parts(_model: str, text: str) -> dict[str, Any]:
    return {"contents": [{"role": "user", "parts": [{"text": text}]}]}


SURFACES = (
    Surface("chat", "/openai/v1/chat/completions", _messages),
    Surface("chat stream", "/openai/v1/chat/completions", lambda *said: {**_messages(*said), "stream": True}),
    Surface("responses", "/openai/v1/responses", lambda model, text: {"model": model, "input": text}),
    Surface("embeddings", "/openai/v1/embeddings", lambda model, text: {"model": model, "input": [text]}),
    Surface("anthropic", "/anthropic/v1/messages", lambda *said: {**_messages(*said), "max_tokens": 50}),
    Surface(
        "anthropic stream",
        "/anthropic/v1/messages",
        lambda *said: {**_messages(*said), "max_tokens": 50, "stream": True},
    ),
    Surface("gemini", "/gemini/v1beta/models/{model}:generateContent", _parts),
    Surface("gemini stream", "/gemini/v1beta/models/{model}:streamGenerateContent?alt=sse", _parts),
    Surface("ollama", "/ollama/api/chat", _messages),
    Surface("databricks", "/databricks/serving-endpoints/{model}/invocations", lambda _, text: _plain(text)),
)


def _plain(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}]}
