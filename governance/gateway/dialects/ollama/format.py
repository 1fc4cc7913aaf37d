"""Ollama's interface, path by path, with the part of OpenAI's that it speaks. Source: the official `ollama` package, version 0.6."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from governance.core.errors import DomainError
from governance.destinations.rules import Dialect
from governance.gateway.dialects.next_steps import next_step
from governance.gateway.dialects.ollama.texts import CHAT, EMBED, EMBEDDINGS, GENERATE
from governance.gateway.dialects.openai.chat import CHAT as OPENAI_CHAT
from governance.gateway.dialects.openai.completions import COMPLETIONS
from governance.gateway.dialects.openai.numbers import EMBEDDINGS as OPENAI_EMBEDDINGS
from governance.gateway.dialects.refusals import message_of
from governance.gateway.dialects.wire_format import Route, WireFormat, bearer, lists_models, refused, scanned

ADMIN = "It changes or ships the models themselves."
ASK = "Ask whoever runs the server."
ROUTES: tuple[Route, ...] = (
    scanned("POST", "/api/chat", "Chat", CHAT),
    scanned("POST", "/api/generate", "Generating", GENERATE),
    scanned("POST", "/api/embed", "Embeddings", EMBED),
    scanned("POST", "/api/embeddings", "Embeddings, older form", EMBEDDINGS),
    lists_models("/api/tags"),
    scanned("POST", "/v1/chat/completions", "Chat completions, as OpenAI's", OPENAI_CHAT),
    scanned("POST", "/v1/completions", "Completions, as OpenAI's", COMPLETIONS),
    scanned("POST", "/v1/embeddings", "Embeddings, as OpenAI's", OPENAI_EMBEDDINGS),
    refused("/api/create", "Making models", ADMIN, ASK),
    refused("/api/push", "Shipping models out", ADMIN, ASK),
    refused("/api/pull", "Fetching models", ADMIN, ASK),
    refused("/api/copy", "Copying models", ADMIN, ASK),
    refused("/api/delete", "Deleting models", ADMIN, ASK),
    refused("/api/blobs/{rest}", "Uploads of models", ADMIN, ASK),
    refused("/api/show", "Details of models", "Their prompts are not yours to read.", "The list of models: /api/tags."),
    refused("/api/ps", "Running models", "Who else is asking is not yours to read.", "The list of models: /api/tags."),
    refused(
        "/api/web_search", "Web search", "A search would pass the prompt on to others.", "Search in your own systems."
    ),
    refused("/api/web_fetch", "Web pages", "An address can carry what may not leave.", "Fetch in your own systems."),
)


def body_of(error: DomainError, *, request_id: str, link: str = "") -> dict[str, Any]:
    """Return the body: Ollama's one sentence, our own fields beside it."""
    ours = {"code": error.code, "field": error.field or None, "request_id": request_id}
    return {"error": message_of(error, link=link), **ours, "remedy": next_step(error), "link": link or None}


def listing(names: Sequence[tuple[str, str]], at: datetime) -> dict[str, Any]:
    """Return the list of `(name, destination)` in Ollama's shape."""
    shared = {"modified_at": at.isoformat(), "size": 0, "digest": "", "details": {}}
    return {"models": [{"name": name, "model": name, **shared} for name, _ in names]}


OLLAMA = WireFormat(Dialect.OLLAMA, "Ollama", "/ollama", ROUTES, body_of, bearer, listing)
