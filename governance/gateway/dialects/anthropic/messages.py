"""POST /anthropic/v1/messages and /count_tokens: what a request may hold, and where the texts of a reply stand.

Source: the types of the official `anthropic` package, version 2.14.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from governance.gateway.dialects.anthropic.blocks import (
    BLOCK,
    CACHE,
    MCP_SERVERS,
    MOST_BLOCKS,
    PROVIDER_STATE,
    TEXTS,
    TOOL,
    TOOL_CHOICE,
    declares,
)
from governance.gateway.dialects.anthropic.files import FILES
from governance.gateway.dialects.replies import (
    MOST_TOKENS,
    Answers,
    Channel,
    Kind,
    Placed,
    ToolCall,
    Usage,
    counted,
    found_in,
    free_in,
    index_of,
    named,
    objects_in,
)
from governance.gateway.dialects.shapes import (
    Keys,
    either,
    flag,
    free,
    listed,
    number,
    record,
    tagged,
    text,
    unscannable_field,
    word,
)
from governance.gateway.dialects.surface import Surface

MESSAGE = record(
    {
        "role": word("user", "assistant", "system"),
        "content": either(when_text=text(), when_list=listed(BLOCK, most=MOST_BLOCKS)),
    },
    required=frozenset({"role", "content"}),
)
DISPLAY = word("summarized", "omitted")
BUDGET = number(1, MOST_TOKENS, whole=True)
THINKING = tagged(
    "type",
    {
        "enabled": record({"type": word("enabled"), "budget_tokens": BUDGET, "display": DISPLAY}),
        "adaptive": record({"type": word("adaptive"), "display": DISPLAY}),
        "between_tools": record({"type": word("between_tools")}),
        "disabled": record({"type": word("disabled")}),
    },
)
OUTPUT = record(
    {
        "effort": word("low", "medium", "high", "xhigh", "max"),
        "format": record({"type": word("json_schema"), "schema": free()}, required=frozenset({"type", "schema"})),
    }
)
COUNTED = {
    "model": text(),
    "messages": listed(MESSAGE, least=1, most=100_000),
    "system": TEXTS,
    "tools": listed(TOOL, most=1000),
    "tool_choice": TOOL_CHOICE,
    "thinking": THINKING,
    "output_config": OUTPUT,
    "cache_control": CACHE,
    "speed": word("standard", "fast"),
    "container": PROVIDER_STATE,
    "mcp_servers": MCP_SERVERS,
    "context_management": PROVIDER_STATE,
    "user_profile_id": PROVIDER_STATE,
    "workspace_id": PROVIDER_STATE,
    "inference_geo": unscannable_field("Where it is computed is part of the destination's terms."),
}
REQUEST = {
    **COUNTED,
    "max_tokens": number(0, MOST_TOKENS, whole=True),
    "stream": flag(),
    "temperature": number(0, 2),
    "top_p": number(0, 1),
    "top_k": number(0, 100_000, whole=True),
    "stop_sequences": listed(text(), most=1000),
    "metadata": record({"user_id": text()}),
    "service_tier": word("auto", "standard_only"),
    "diagnostics": PROVIDER_STATE,
}
STRUCTURE = frozenset(
    {"id", "type", "role", "model", "name", "stop_reason", "stop_sequence", "service_tier", "inference_geo", "speed"}
    | {"tool_use_id", "media_type", "toolset_name"}
)
SEALED = frozenset({"signature", "redacted_thinking.data", "encrypted_content", "encrypted_index"})
FREE = free_in("input")  # of a tool
GROWING = {"text": Kind.CONTENT, "thinking": Kind.REASONING, "partial_json": Kind.ARGUMENTS}


def place(keys: Keys, tree: Any) -> Placed | None:
    """Block n is channel (n,) of its kind; the leaves of arguments that come as an object have channels of their own."""
    match keys:
        case ("content", int(n), str(field)) if field in GROWING:
            return Placed(Channel(GROWING[field], (n,)), whole=True)
        case ("content", int(n), "input", *leaf):
            return Placed(Channel(Kind.ARGUMENTS, (n, *leaf)), whole=True)
        case ("delta" | "content_block", str(field)) if field in GROWING:
            return Placed(Channel(GROWING[field], (index_of(tree),)))
        case ("content_block", "input", *leaf):
            return Placed(Channel(Kind.ARGUMENTS, (index_of(tree), *leaf)), whole=True)
    return None


def closes(tree: Any) -> tuple[Channel, ...]:
    if isinstance(tree, dict) and tree.get("type") == "content_block_stop":
        return tuple(Channel(kind, (index_of(tree),)) for kind in GROWING.values())
    return ()


def calls(tree: Any) -> Iterator[ToolCall]:
    block = found_in(tree, "content_block")
    if block.get("type") == "tool_use":
        yield ToolCall((index_of(tree),), named(block), block.get("input") or None)
    for n, each in objects_in(found_in(tree).get("content")):
        if each.get("type") == "tool_use":
            yield ToolCall((n,), named(each), each.get("input") or {})


def usage_of(reply: bytes) -> Usage:
    """Return the tokens a reply or an event reports; the input's stand in message_start, the output's in message_delta."""
    if b'"usage"' not in reply:
        return Usage()
    try:
        tree = json.loads(reply)
    except ValueError:
        return Usage()
    return usage_in(found_in(tree, "usage") or found_in(tree, "message", "usage"))


def usage_in(usage: Mapping[str, Any]) -> Usage:
    """Return the tokens that a report of them names."""
    read = [counted(usage.get(f"{name}input_tokens")) for name in ("", "cache_creation_", "cache_read_")]
    tokens_in = sum(filter(None, read)) if read[0] is not None else None
    return Usage(tokens_in, counted(usage.get("output_tokens")))


LAST = re.compile(rb'"type"\s*:\s*"(?:message_stop|error)"')
ANSWERS = Answers(STRUCTURE, place, SEALED, closes, usage_of, calls=calls, last=LAST, free=FREE)
MESSAGES = Surface(
    "anthropic.messages",
    record(REQUEST, required=frozenset({"model", "messages", "max_tokens"})),
    ANSWERS,
    declares=declares,
    own_files=FILES,
)
COUNT_TOKENS = Surface(
    "anthropic.count_tokens",
    record(COUNTED, required=frozenset({"model", "messages"})),
    ANSWERS,
    declares=declares,
    own_files=FILES,
)
