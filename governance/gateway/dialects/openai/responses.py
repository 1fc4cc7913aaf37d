"""POST /openai/v1/responses and /responses/input_tokens: what a request may hold, and where the texts of a reply stand.

Source: the types of the official `openai` package, version 3.54. A response that goes on from what lies at the provider is
refused: its text would come and go where nothing looks. One that runs in the background is in background.py; in a batch it is refused.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from governance.gateway.dialects.openai.items import ITEMS, TOOLS, declares
from governance.gateway.dialects.openai.shared import (
    CACHING,
    COUNT,
    EFFORT,
    MODERATION,
    REPEATED,
    SAMPLING,
    STATE,
    STREAM_OPTIONS,
    TOKENS,
    VERBOSITY,
    WHO,
)
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
    off,
    record,
    tagged,
    text,
    word,
)
from governance.gateway.dialects.surface import Surface

FORMAT = tagged(
    "type",
    {
        "text": record({"type": word("text")}),
        "json_object": record({"type": word("json_object")}),
        "json_schema": record(
            {
                "type": word("json_schema"),
                "name": text(),
                "description": text(),
                "schema": free(),
                "strict": flag(),
            },
            required=frozenset({"name", "schema"}),
        ),
    },
)
SUMMARY = word("auto", "concise", "detailed")
REASONING = record(
    {
        "effort": EFFORT,
        "summary": SUMMARY,
        "generate_summary": SUMMARY,
        "context": word("auto", "current_turn", "all_turns"),
        "mode": word("standard", "pro"),
    }
)
INCLUDE = word(
    "file_search_call.results",
    "web_search_call.results",
    "web_search_call.action.sources",
    "code_interpreter_call.outputs",
    "reasoning.encrypted_content",
    "message.output_text.logprobs",
)
COUNTED = {
    "model": text(),
    "input": ITEMS,
    "instructions": text(),
    "tools": TOOLS,
    "tool_choice": either(when_text=word("none", "auto", "required"), when_object=free()),
    "parallel_tool_calls": flag(),
    "reasoning": REASONING,
    "text": record({"format": FORMAT, "verbosity": VERBOSITY}),
    "truncation": word("auto", "disabled"),
    "personality": text(),
    "conversation": STATE,
    "previous_response_id": STATE,
}
REQUEST = {
    **COUNTED,
    "stream": flag(),
    "stream_options": STREAM_OPTIONS,
    "max_output_tokens": TOKENS,
    "max_tool_calls": COUNT,
    "top_logprobs": number(0, 20, whole=True),
    "include": listed(INCLUDE, most=20),
    "store": flag(),
    "background": off("What runs in the background ends where nothing scans it."),
    "background_options": STATE,
    "prompt": STATE,
    "context_management": listed(
        record({"type": word("compaction"), "compact_threshold": TOKENS}, required=frozenset({"type"})), most=10
    ),
    "moderation": MODERATION,
    **SAMPLING,
    **WHO,
    **CACHING,
}
STRUCTURE = frozenset(
    {"id", "object", "type", "role", "status", "model", "item_id", "call_id", "name", "namespace", "tool_choice"}
    | {"truncation", "effort", "summary", "verbosity", "service_tier", "mode", "phase", "context", "code", "syntax"}
    | {"prompt_cache_key", "prompt_cache_retention", "reason", "param"}
)
OPAQUE = frozenset({"encrypted_content", "obfuscation"})
PIECES = {
    "response.output_text": Kind.CONTENT,
    "response.refusal": Kind.REFUSAL,
    "response.reasoning_text": Kind.REASONING,
    "response.reasoning_summary_text": Kind.REASONING,
    "response.function_call_arguments": Kind.ARGUMENTS,
    "response.mcp_call_arguments": Kind.ARGUMENTS,
    "response.custom_tool_call_input": Kind.ARGUMENTS,
    "response.code_interpreter_call_code": Kind.CODE,
}
OWN_CALLS = frozenset({"shell_call", "local_shell_call", "apply_patch_call"})
COPIES = {"text", "refusal", "arguments", "input", "code"}


def place(keys: Keys, tree: Any) -> Placed | None:
    """Part m of item n is channel (n, m), of its summary (n, "summary", m); what a call is asked with is (n,).

    The same channel comes three times: in pieces, whole when it ends, and whole again when the response does.
    """
    match keys:
        case ("item", *rest):
            whole = str(tree.get("type")).endswith(".done")
            return _of_item(tree["item"], index_of(tree, 0, "output_index"), tuple(rest), whole=whole)
        case ("response", "output", int(n), *rest) | ("output", int(n), *rest):
            return _of_item(tree.get("response", tree)["output"][n], n, tuple(rest), whole=True)
    return _of_event(keys, tree)


def _of_event(keys: Keys, tree: Any) -> Placed | None:
    event, stage = _event(tree)
    match keys:
        case ("delta",) if event in PIECES:
            return Placed(_channel(event, tree))
        case (str(field),) if field in COPIES and event in PIECES and stage == "done":
            return Placed(_channel(event, tree), whole=True)
        case ("part", "text" | "refusal" as field):
            kind = Kind.REFUSAL if field == "refusal" else _kind_of_part(tree)
            return Placed(Channel(kind, _at(tree)), whole=stage == "done")
    return None


def _event(tree: Any) -> tuple[str, str]:
    """Return what an event is about, and whether it is a "delta" of it or "done"."""
    event, _, stage = str(tree.get("type")).rpartition(".") if isinstance(tree, dict) else ("", "", "")
    return event, stage


def _channel(event: str, tree: Any) -> Channel:
    kind = PIECES[event]
    return Channel(kind, (index_of(tree, 0, "output_index"),) if kind in {Kind.ARGUMENTS, Kind.CODE} else _at(tree))


def _at(tree: Any) -> Keys:
    item = index_of(tree, 0, "output_index")
    if "summary_index" in tree:
        return (item, "summary", index_of(tree, 0, "summary_index"))
    return (item, index_of(tree, 0, "content_index"))


def _kind_of_part(tree: Any) -> Kind:
    reasoned = "summary_index" in tree or found_in(tree, "part").get("type") == "reasoning_text"
    return Kind.REASONING if reasoned else Kind.CONTENT


def _of_item(item: Any, n: int, keys: Keys, *, whole: bool) -> Placed | None:
    reasoned = item.get("type") == "reasoning"
    match keys:
        case ("content", int(m), "text"):
            return Placed(Channel(Kind.REASONING if reasoned else Kind.CONTENT, (n, m)), whole)
        case ("content", int(m), "refusal"):
            return Placed(Channel(Kind.REFUSAL, (n, m)), whole)
        case ("summary", int(m), "text"):
            return Placed(Channel(Kind.REASONING, (n, "summary", m)), whole)
        case ("arguments" | "input",):
            return Placed(Channel(Kind.ARGUMENTS, (n,)), whole)
        case ("code",):
            return Placed(Channel(Kind.CODE, (n,)), whole)
    return None


def closes(tree: Any) -> tuple[Channel, ...]:
    event, stage = _event(tree)
    return (_channel(event, tree),) if event in PIECES and stage == "done" else ()


def calls(tree: Any) -> Iterator[ToolCall]:
    """What a call would do comes whole when its item ends; the copy in the last event says nothing new."""
    if item := found_in(tree, "item"):
        whole = str(tree.get("type")).endswith(".done")
        yield from _call_in(item, index_of(tree, 0, "output_index"), whole=whole)
    for n, each in objects_in(found_in(tree, "response").get("output")):
        yield from _call_in(each, n, whole=False)
    for n, each in objects_in(found_in(tree).get("output")):
        yield from _call_in(each, n, whole=True)


def _call_in(item: Any, n: int, *, whole: bool) -> Iterator[ToolCall]:
    kind = str(item.get("type"))
    if kind in {"function_call", "custom_tool_call"}:
        yield ToolCall((n,), named(item))
    elif kind in OWN_CALLS:
        done = item.get("action") or item.get("operation")
        yield ToolCall((n,), kind.removesuffix("_call"), done if whole else None)


def usage_of(reply: bytes) -> Usage:
    """Return the tokens of a whole response, which is also what the last event holds; of input_tokens, its count."""
    if b'_tokens"' not in reply:
        return Usage()
    try:
        tree = json.loads(reply)
    except ValueError:
        return Usage()
    usage = found_in(tree, "usage") or found_in(tree, "response", "usage")
    if not usage and found_in(tree).get("object") == "response.input_tokens":
        usage = tree
    return Usage(counted(usage.get("input_tokens")), counted(usage.get("output_tokens")))


LAST = re.compile(
    rb'"type"\s*:\s*"(?:response\.(?:completed|incomplete|failed|cancelled)|error)"|^\s*\[DONE\]|"error"\s*:\s*\{'
)
FREE = free_in("arguments", "attributes", "input_schema", "metadata")
ANSWERS = Answers(STRUCTURE, place, OPAQUE, closes, usage_of, repeated=REPEATED, calls=calls, last=LAST, free=FREE)
RESPONSES = Surface(
    "openai.responses", record(REQUEST, required=frozenset({"model", "input"})), ANSWERS, declares=declares
)
INPUT_TOKENS = Surface(
    "openai.input_tokens", record(COUNTED, required=frozenset({"model", "input"})), ANSWERS, declares=declares
)
