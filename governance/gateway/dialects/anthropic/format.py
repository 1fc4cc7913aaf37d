"""Anthropic's interface, path by path.

Source of the list: the resources of the official `anthropic` package, version 2.14.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from governance.destinations.rules import Dialect
from governance.gateway.dialects.anthropic.batches import ASK, BATCH, BEGIN, TAKE
from governance.gateway.dialects.anthropic.errors import EVENT, body_of
from governance.gateway.dialects.anthropic.files import KEPT
from governance.gateway.dialects.anthropic.messages import COUNT_TOKENS, MESSAGES
from governance.gateway.dialects.wire_format import (
    BATCH_ID,
    NAMED_ID,
    Listed,
    Route,
    WireFormat,
    keeps_files,
    lists_batches,
    lists_models,
    refused,
    scanned,
    unsupported,
)

VERSION, A_VERSION = "2023-06-01", re.compile(r"20\d\d-\d\d-\d\d")
# These change how much is read, written and kept warm, or bring fields that have a shape here and no other.
BETAS = frozenset(
    {
        "context-1m-2025-08-07",
        "extended-cache-ttl-2025-04-11",
        "mcp-client-2025-11-20",
        "interleaved-thinking-2025-05-14",
        "output-128k-2025-02-19",
        "prompt-caching-2024-07-31",
        "token-efficient-tools-2025-02-19",
    }
)
STATE = "What it needs lies at the provider, where it cannot be scanned together with what is new."
ROUTES: tuple[Route, ...] = (
    scanned("POST", "/v1/messages", "Messages", MESSAGES),
    scanned("POST", "/v1/messages/count_tokens", "Counting tokens", COUNT_TOKENS),
    lists_models("/v1/models"),
    scanned("POST", "/v1/messages/batches", "Message batches", BEGIN),
    lists_batches("/v1/messages/batches"),
    scanned("GET", f"/v1/messages/batches/{BATCH_ID}", "How a batch stands", ASK),
    scanned("POST", f"/v1/messages/batches/{BATCH_ID}/cancel", "Ending a batch early", ASK),
    scanned("GET", f"/v1/messages/batches/{BATCH_ID}/results", "Answers of a batch", TAKE),
    unsupported(
        "/v1/messages/batches/{rest}", "More about batches", "The provider deletes a batch by itself after a month."
    ),
    keeps_files("POST", "/v1/files", "Handing over a file", Listed.HANDED, KEPT),
    keeps_files("GET", "/v1/files", "List of files", Listed.UPLOADS, KEPT),
    keeps_files("GET", f"/v1/files/{NAMED_ID}", "How a file stands", Listed.UPLOADED, KEPT),
    keeps_files("DELETE", f"/v1/files/{NAMED_ID}", "Deleting a file", Listed.DELETED, KEPT),
    keeps_files(
        "GET", f"/v1/files/{NAMED_ID}/content", "Bytes of a file, which are not given back", Listed.BYTES, KEPT
    ),
    refused("/v1/skills", "Skills", STATE, "Write the instructions into the prompt."),
    refused("/v1/skills/{rest}", "Skills", STATE, "Write the instructions into the prompt."),
    refused("/v1/sessions", "Agents at the provider", STATE, "Run the agent in your own systems."),
    refused("/v1/sessions/{rest}", "Agents at the provider", STATE, "Run the agent in your own systems."),
    refused("/v1/agents", "Agents at the provider", STATE, "Run the agent in your own systems."),
    refused("/v1/agents/{rest}", "Agents at the provider", STATE, "Run the agent in your own systems."),
    refused("/v1/complete", "Text completions", "The provider has closed it.", "Use /v1/messages."),
)


def headers(secret: str | None, sent: Callable[[str], str]) -> Mapping[str, str]:
    """Return the key, the version of the interface the caller speaks, and of the betas it asks for those named in BETAS."""
    version = sent("anthropic-version")
    told = {"anthropic-version": version if A_VERSION.fullmatch(version) else VERSION}
    asked = {beta.strip() for beta in sent("anthropic-beta").split(",")}
    if known := sorted(asked & BETAS):
        told["anthropic-beta"] = ",".join(known)
    return told if secret is None else told | {"x-api-key": secret}


def listing(names: Sequence[tuple[str, str]], at: datetime) -> dict[str, Any]:
    """Return the list of `(name, destination)` in Anthropic's shape."""
    made = at.isoformat()
    rows = [{"type": "model", "id": name, "display_name": name, "created_at": made} for name, _ in names]
    ends = {"first_id": rows[0]["id"], "last_id": rows[-1]["id"]} if rows else {"first_id": None, "last_id": None}
    return {"data": rows, "has_more": False, **ends}


def batch_listing(rows: Sequence[Mapping[str, Any]], *, more: bool) -> dict[str, Any]:
    """Return a page of the list of batches."""
    ends = {"first_id": rows[0]["id"], "last_id": rows[-1]["id"]} if rows else {"first_id": None, "last_id": None}
    return {"data": list(rows), "has_more": more, **ends}


ANTHROPIC = WireFormat(
    Dialect.ANTHROPIC, "Anthropic", "/anthropic", ROUTES, body_of, headers, listing, EVENT, batch_listing, BATCH
)
