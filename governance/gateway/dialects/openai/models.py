"""GET /openai/v1/models and /batches: the names under which a key's granted models can be addressed, and its batches."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any


def listing(names: Sequence[tuple[str, str]], at: datetime) -> dict[str, Any]:
    """Return the list of `(name, destination)` in OpenAI's shape."""
    made = int(at.timestamp())
    rows = [{"id": name, "object": "model", "created": made, "owned_by": owner} for name, owner in names]
    return {"object": "list", "data": rows}


def batch_listing(rows: Sequence[Mapping[str, Any]], *, more: bool) -> dict[str, Any]:
    """Return a page of the list of batches."""
    ends = {"first_id": rows[0]["id"], "last_id": rows[-1]["id"]} if rows else {"first_id": None, "last_id": None}
    return {"object": "list", "data": list(rows), "has_more": more, **ends}
