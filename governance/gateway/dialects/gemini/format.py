"""Gemini's interface, path by path, in both versions its clients call. Source: the official `google-genai` package, version 3.6."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from governance.core.errors import DomainError
from governance.destinations.rules import Dialect
from governance.gateway.dialects.gemini.caches import KEPT as CACHES
from governance.gateway.dialects.gemini.embed import EMBED, EMBED_MANY
from governance.gateway.dialects.gemini.files import KEPT
from governance.gateway.dialects.gemini.generate import COUNT_TOKENS, GENERATE, STREAM_ARRAY, STREAM_EVENTS
from governance.gateway.dialects.next_steps import next_step
from governance.gateway.dialects.refusals import message_of, status_of
from governance.gateway.dialects.wire_format import (
    KEPT_ID,
    NAMED_ID,
    Listed,
    Route,
    WireFormat,
    keeps_files,
    lists_models,
    refused,
    scanned,
    unsupported,
)

STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
}
STATE = "What it needs lies at the provider, where it cannot be scanned together with what is new."
MEDIA = "Pictures and sound cannot be scanned."
EVENTS = "sse"


def _routes(version: str) -> tuple[Route, ...]:
    model, cache = "/models/{model}", f"{version}/cachedContents/{NAMED_ID}"
    stream = f"{model}:streamGenerateContent"
    return (
        scanned("POST", f"{version}{model}:generateContent", "Generating", GENERATE, f"{model}:generateContent"),
        scanned("POST", version + stream, "Generating, in events", STREAM_EVENTS, f"{stream}?alt={EVENTS}", alt=EVENTS),
        scanned("POST", version + stream, "Generating, as an array", STREAM_ARRAY, stream),
        scanned("POST", f"{version}{model}:countTokens", "Counting tokens", COUNT_TOKENS, f"{model}:countTokens"),
        scanned("POST", f"{version}{model}:embedContent", "Embeddings", EMBED, f"{model}:embedContent"),
        scanned(
            "POST",
            f"{version}{model}:batchEmbedContents",
            "Embeddings of many texts",
            EMBED_MANY,
            f"{model}:batchEmbedContents",
        ),
        lists_models(f"{version}/models"),
        unsupported(
            f"{version}{model}:batchGenerateContent", "Batches", "Send the records one by one to generateContent."
        ),
        refused(f"{version}{model}:predict", "Pictures", MEDIA, "Describe in words what you need."),
        refused(f"{version}{model}:predictLongRunning", "Videos", MEDIA, "Describe in words what you need."),
        keeps_files("POST", f"/upload{version}/files", "Uploads of files", Listed.UPLOAD),
        keeps_files("GET", f"{version}/files", "List of files", Listed.UPLOADS, KEPT),
        keeps_files("GET", f"{version}/files/{KEPT_ID}", "How a file stands", Listed.UPLOADED, KEPT),
        keeps_files("DELETE", f"{version}/files/{KEPT_ID}", "Deleting a file", Listed.DELETED, KEPT),
        refused(
            f"{version}/files/{{rest}}", "Other files", STATE, "Hand the file over with files.upload, to the gateway."
        ),
        keeps_files("POST", f"{version}/cachedContents", "Keeping contents for many calls", Listed.CACHED, CACHES),
        keeps_files("GET", f"{version}/cachedContents", "List of cached contents", Listed.UPLOADS, CACHES),
        keeps_files("GET", cache, "How cached contents stand", Listed.UPLOADED, CACHES),
        keeps_files("PATCH", cache, "Moving when cached contents expire", Listed.RENEWED, CACHES),
        keeps_files("DELETE", cache, "Deleting cached contents", Listed.DELETED, CACHES),
        refused(f"{version}/interactions", "Interactions", STATE, "Send the whole conversation each time."),
        refused(f"{version}/interactions/{{rest}}", "Interactions", STATE, "Send the whole conversation each time."),
        unsupported(f"{version}/tunedModels", "Tuning", "Hand in a training set on its page in Remit."),
        unsupported(f"{version}/tunedModels/{{rest}}", "Tuning", "Hand in a training set on its page in Remit."),
    )


def body_of(error: DomainError, *, request_id: str, link: str = "") -> dict[str, Any]:
    """Return the body in the shape of google.rpc.Status; our own fields stand in its details."""
    status = status_of(error)
    ours = {"request_id": request_id, "remedy": next_step(error), "link": link, "field": error.field}
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": error.code,
        "domain": "remit",
        "metadata": {name: value for name, value in ours.items() if value},
    }
    told = {"code": status, "message": message_of(error, link=link), "status": STATUSES[status]}
    return {"error": {**told, "details": [detail]}}


def headers(secret: str | None, _sent: Callable[[str], str]) -> Mapping[str, str]:
    return {} if secret is None else {"x-goog-api-key": secret}


def listing(names: Sequence[tuple[str, str]], _at: datetime) -> dict[str, Any]:
    """Return the list of `(name, destination)` in Gemini's shape."""
    methods = ["generateContent", "countTokens", "embedContent"]
    return {
        "models": [
            {"name": f"models/{name}", "displayName": name, "supportedGenerationMethods": methods} for name, _ in names
        ]
    }


ROUTES = (*_routes("/v1beta"), *_routes("/v1"))
GEMINI = WireFormat(Dialect.GEMINI, "Gemini", "/gemini", ROUTES, body_of, headers, listing)
