"""GET /openai/v1/models: the names under which a key's granted models can be addressed."""

import json
from collections.abc import Sequence
from datetime import datetime


def listing(names: Sequence[tuple[str, str]], *, at: datetime) -> bytes:
    """Return the list of `(name, destination)` in OpenAI's shape."""
    made = int(at.timestamp())
    rows = [{"id": name, "object": "model", "created": made, "owned_by": owner} for name, owner in names]
    return json.dumps({"object": "list", "data": rows}, ensure_ascii=False).encode()
