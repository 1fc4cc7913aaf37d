"""The stand-in in Databricks' interface, most of which is OpenAI's."""

from typing import Any

from governance.stack.stand_in import openai as as_openai
from governance.stack.stand_in.openai import whole
from governance.stack.stand_in.told import Reply, text_of

# Which field says what an endpoint is asked for.
FIELDS = {"messages": "/chat/completions", "prompt": "/completions", "input": "/embeddings"}


def reply(method: str, path: str, asked: dict[str, Any]) -> Reply | None:
    """Return the reply to a call of `path`, which follows the base, None for one that is not known here."""
    if not path.endswith("/invocations"):
        return as_openai.reply(method, path, asked)
    found = next((there for field, there in FIELDS.items() if field in asked), None)
    if found:
        return as_openai.reply(method, found, asked)
    rows = asked.get("dataframe_records") or asked.get("inputs") or []
    return whole({"predictions": [len(text_of(list(row.values()))) for row in rows if isinstance(row, dict)]})
