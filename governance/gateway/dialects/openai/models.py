"""GET /openai/v1/models: the names under which a key's granted models can be addressed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any


def listing(names: Sequence[tuple[str, str]], at: datetime) -> dict[str, Any]:
    """Return the list of `(name, destination)` in OpenAI's shape."""
    made = int(at.timestamp())
    rows = [{"id": name, "object": "model", "created": made, "owned_by": owner} for name, owner in names]
    return {"object": "list", "data": rows}
