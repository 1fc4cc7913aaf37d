"""Ollama's chat, generate, embed and embeddings. Source: the official `ollama` package, version 0.6.

A request that does not say is streamed, as lines of JSON. Token numbers are refused.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from governance.gateway.dialects.enclosures import picture
from governance.gateway.dialects.framing import JsonLines
from governance.gateway.dialects.replies import (
    Answers,
    Channel,
    Kind,
    Placed,
    ToolCall,
    Usage,
    counted,
    found_in,
    free_in,
    named,
    objects_in,
)
from governance.gateway.dialects.shapes import (
    Keys,
    Shape,
    Spot,
    Text,
    either,
    flag,
    free,
    listed,
    number,
    record,
    text,
    texts_only,
    unscannable_field,
    word,
)
from governance.gateway.dialects.surface import Surface, Tree
from governance.gateway.dialects.tools import Declared, declared_tools

IMAGES = listed(picture, most=100)


def _text_or(other: Shape) -> Shape:
    def walk(value: Any, spot: Spot, texts: list[Text]) -> None:
        (text() if isinstance(value, str) else other)(value, spot, texts)

    return walk


SHARED = {
    "model": text(),
    "stream": flag(),
    "options": free(),
    "keep_alive": _text_or(number(-1, 10_000_000)),
    "think": _text_or(flag()),
    "format": either(when_text=text(), when_object=free()),
    "logprobs": flag(),
    "top_logprobs": number(0, 20, whole=True),
}
CALL = record(
    {
        "id": text(),
        "type": word("function"),
        "function": record({"name": text(), "arguments": free(), "index": number(0, 10_000, whole=True)}),
    }
)
MESSAGE = record(
    {
        "role": word("system", "user", "assistant", "tool"),
        "content": text(),
        "thinking": text(),
        "images": IMAGES,
        "tool_calls": listed(CALL, most=1000),
        "tool_name": text(),
        "tool_call_id": text(),
    },
    required=frozenset({"role"}),
)
FUNCTION = record({"name": text(), "description": text(), "parameters": free()}, required=frozenset({"name"}))
TOOL = declared_tools(
    {"function": record({"type": word("function"), "function": FUNCTION}, required=frozenset({"function"}))},
    otherwise="function",
)


def declares(tree: Mapping[str, Any]) -> Iterator[Declared]:
    for index, each in objects_in(tree.get("tools")):
        yield Declared(each["function"]["name"], f"tools[{index}]")


CHATTED = record(
    {**SHARED, "messages": listed(MESSAGE, most=100_000), "tools": listed(TOOL, most=1000)},
    required=frozenset({"model", "messages"}),
)
GENERATED = record(
    {
        **SHARED,
        "prompt": text(),
        "suffix": text(),
        "system": text(),
        "template": text(),
        "raw": flag(),
        "images": IMAGES,
        "context": unscannable_field("Token numbers are text in another form."),
        "width": number(1, 100_000, whole=True),
        "height": number(1, 100_000, whole=True),
        "steps": number(1, 100_000, whole=True),
    },
    required=frozenset({"model", "prompt"}),
)
NUMBERED = {
    "model": text(),
    "options": free(),
    "keep_alive": SHARED["keep_alive"],
    "truncate": flag(),
    "dimensions": number(1, 1_000_000, whole=True),
}
STRUCTURE = frozenset({"model", "created_at", "role", "done_reason", "id", "type", "name"})


def place(keys: Keys, _tree: Any) -> Placed | None:
    """There is one answer. Each line tells its next piece; a call comes whole, its arguments an object."""
    match keys:
        case ("message", "content") | ("response",):
            return Placed(Channel(Kind.CONTENT))
        case ("message", "thinking") | ("thinking",):
            return Placed(Channel(Kind.REASONING))
        case ("message", "tool_calls", int(n), "function", "arguments", *leaf):
            return Placed(Channel(Kind.ARGUMENTS, (n, *leaf)), whole=True)
    return None


def closes(tree: Any) -> tuple[Channel, ...]:
    done = isinstance(tree, dict) and tree.get("done")
    return (Channel(Kind.REASONING), Channel(Kind.CONTENT)) if done else ()


def calls(tree: Any) -> Iterator[ToolCall]:
    for n, call in objects_in(found_in(tree, "message").get("tool_calls")):
        function = found_in(call, "function")
        yield ToolCall((n,), named(function), function.get("arguments") or {})


def usage_of(reply: bytes) -> Usage:
    if b"eval_count" not in reply:
        return Usage()
    try:
        tree = found_in(json.loads(reply))
    except ValueError:
        return Usage()
    return Usage(counted(tree.get("prompt_eval_count")), counted(tree.get("eval_count")))


def streams(tree: Tree) -> bool:
    return tree.get("stream") is not False


def _never(_tree: Tree) -> bool:
    return False


LAST = re.compile(rb'"done"\s*:\s*true|^\s*\{\s*"error"\s*:')
ANSWERS = Answers(
    STRUCTURE,
    place,
    frozenset({"embedding", "embeddings"}),
    closes,
    usage_of,
    # The context is the whole conversation in token numbers, and may not be sent again.
    repeated=frozenset({"logprobs", "context"}),
    calls=calls,
    last=LAST,
    free=free_in("arguments"),
)
CHAT = Surface("ollama.chat", CHATTED, ANSWERS, streams, JsonLines, declares=declares)
GENERATE = Surface("ollama.generate", GENERATED, ANSWERS, streams, JsonLines)
EMBED = Surface(
    "ollama.embed",
    record({**NUMBERED, "input": texts_only(most=10_000)}, required=frozenset({"model", "input"})),
    ANSWERS,
    _never,
)
EMBEDDINGS = Surface(
    "ollama.embeddings",
    record({**NUMBERED, "prompt": text()}, required=frozenset({"model", "prompt"})),
    ANSWERS,
    _never,
)
