"""POST /openai/v1/chat/completions: what a request may hold, and where the texts of a reply stand.

Source: the request types of the official `openai` package, version 3.54. Whatever that format allows and this table does not name
is refused: audio cannot be scanned.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from governance.gateway.dialects.enclosures import PICTURES, Carried, carrying
from governance.gateway.dialects.openai.shared import (
    BREAKPOINT,
    CACHING,
    DETAIL,
    EFFORT,
    FILE,
    FILE_FIELDS,
    GRAMMAR,
    LAST,
    MODERATION,
    MOST_PARTS,
    OF_VLLM,
    REPEATED,
    SAMPLING,
    STREAM_OPTIONS,
    TOKEN_BIAS,
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
    record,
    tagged,
    text,
    unscannable_field,
    word,
)
from governance.gateway.dialects.surface import Surface
from governance.gateway.dialects.tools import Declared, declared_tools
from governance.remits.tools import ProviderTool

IMAGE = carrying(Carried(("url",)), {"detail": DETAIL}, only=PICTURES)
PART = tagged(
    "type",
    {
        "text": record(
            {"type": word("text"), "text": text(), "prompt_cache_breakpoint": BREAKPOINT},
            required=frozenset({"type", "text"}),
        ),
        "refusal": record({"type": word("refusal"), "refusal": text()}, required=frozenset({"type", "refusal"})),
        "image_url": record(
            {"type": word("image_url"), "image_url": IMAGE, "prompt_cache_breakpoint": BREAKPOINT},
            required=frozenset({"type", "image_url"}),
        ),
        "file": record(
            {"type": word("file"), "file": carrying(FILE, FILE_FIELDS), "prompt_cache_breakpoint": BREAKPOINT},
            required=frozenset({"type", "file"}),
        ),
    },
)
CONTENT = either(when_text=text(), when_list=listed(PART, most=MOST_PARTS))
FUNCTION_CALL = record({"name": text(), "arguments": text()}, required=frozenset({"name"}))
CUSTOM_CALL = record({"name": text(), "input": text()}, required=frozenset({"name"}))
TOOL_CALL = record(
    {
        "id": text(),
        "type": word("function", "custom"),
        "function": FUNCTION_CALL,
        "custom": CUSTOM_CALL,
        "index": number(0, 1000, whole=True),
    },
    required=frozenset({"id"}),
)
MESSAGE = record(
    {
        "role": word("system", "developer", "user", "assistant", "tool", "function"),
        "content": CONTENT,
        "name": text(),
        "refusal": text(),
        "reasoning_content": text(),
        "tool_calls": listed(TOOL_CALL, most=1000),
        "tool_call_id": text(),
        "function_call": FUNCTION_CALL,
        "annotations": listed(free(), most=1000),
        "audio": unscannable_field("Audio cannot be scanned."),
    },
    required=frozenset({"role"}),
)
FUNCTION = record(
    {"name": text(), "description": text(), "parameters": free(), "strict": flag()}, required=frozenset({"name"})
)
CUSTOM = record({"name": text(), "description": text(), "format": GRAMMAR}, required=frozenset({"name"}))
TOOL = declared_tools(
    {
        "function": record({"type": word("function"), "function": FUNCTION}, required=frozenset({"function"})),
        "custom": record({"type": word("custom"), "custom": CUSTOM}, required=frozenset({"custom"})),
    },
)
NAMED_FUNCTION = record({"name": text()}, required=frozenset({"name"}))
CHOICE_OF_TOOL = either(
    when_text=word("none", "auto", "required"),
    when_object=tagged(
        "type",
        {
            "function": record({"type": word("function"), "function": NAMED_FUNCTION}),
            "custom": record({"type": word("custom"), "custom": NAMED_FUNCTION}),
            "allowed_tools": record(
                {
                    "type": word("allowed_tools"),
                    "allowed_tools": record({"mode": word("auto", "required"), "tools": listed(free(), most=1000)}),
                }
            ),
        },
    ),
)
JSON_SCHEMA = record(
    {"name": text(), "description": text(), "schema": free(), "strict": flag()}, required=frozenset({"name"})
)
RESPONSE_FORMAT = record(
    {"type": word("text", "json_object", "json_schema"), "json_schema": JSON_SCHEMA}, required=frozenset({"type"})
)
FIELDS = {
    "model": text(),
    "messages": listed(MESSAGE, least=1, most=10_000),
    "stream": flag(),
    "stream_options": STREAM_OPTIONS,
    "n": number(1, 128, whole=True),
    "max_tokens": TOKENS,
    "max_completion_tokens": TOKENS,
    "logprobs": flag(),
    "top_logprobs": number(0, 20, whole=True),
    "store": flag(),
    "tools": listed(TOOL, most=1000),
    "tool_choice": CHOICE_OF_TOOL,
    "parallel_tool_calls": flag(),
    "functions": listed(FUNCTION, most=1000),
    "function_call": either(when_text=word("none", "auto"), when_object=NAMED_FUNCTION),
    "response_format": RESPONSE_FORMAT,
    "reasoning_effort": EFFORT,
    "verbosity": VERBOSITY,
    "prediction": record({"type": word("content"), "content": CONTENT}),
    "modalities": listed(word("text"), most=1),
    "moderation": MODERATION,
    "logit_bias": TOKEN_BIAS,
    "audio": unscannable_field("Audio cannot be scanned."),
    "web_search_options": free(),
    **SAMPLING,
    **WHO,
    **CACHING,
    **OF_VLLM,
}
REQUEST = record(FIELDS, required=frozenset({"model", "messages"}))


def declares(tree: Mapping[str, Any]) -> Iterator[Declared]:
    """Yield the tools of a body whose shape is known: functions in both spellings, custom tools, and the search of the web."""
    for index, each in objects_in(tree.get("tools")):
        kind = each["type"]
        yield Declared(each[kind]["name"], f"tools[{index}]")
    for index, each in objects_in(tree.get("functions")):
        yield Declared(each["name"], f"functions[{index}]")
    if tree.get("web_search_options") is not None:
        yield Declared("web_search", "web_search_options", ProviderTool.WEB)


STRUCTURE = frozenset(
    {
        "id",
        "object",
        "model",
        "role",
        "type",
        "finish_reason",
        "system_fingerprint",
        "service_tier",
        "name",
        "obfuscation",
    }
)
TEXTS = {
    "content": Kind.CONTENT,
    "refusal": Kind.REFUSAL,
    "reasoning_content": Kind.REASONING,
    "reasoning": Kind.REASONING,
}


def place(keys: Keys, tree: Any) -> Placed | None:
    """Texts of choice n are channels (n,), its tool calls (n, m), its old-style function call (n, "function_call")."""
    match keys:
        case ("choices", int(n), "delta" | "message" as part, str(field)) if field in TEXTS:
            return Placed(Channel(TEXTS[field], (index_of(tree["choices"][n], n),)), part == "message")
        case (
            "choices",
            int(n),
            "delta" | "message" as part,
            "tool_calls",
            int(m),
            "function" | "custom",
            "arguments" | "input",
        ):
            call = tree["choices"][n][part]["tool_calls"][m]
            return Placed(
                Channel(Kind.ARGUMENTS, (index_of(tree["choices"][n], n), index_of(call, m))), part == "message"
            )
        case ("choices", int(n), "delta" | "message" as part, "function_call", "arguments"):
            at = (index_of(tree["choices"][n], n), "function_call")
            return Placed(Channel(Kind.ARGUMENTS, at), part == "message")
    return None


def closes(tree: Any) -> tuple[Channel, ...]:
    """Every channel of a choice ends with the frame that tells why it stopped."""
    choices = tree.get("choices") if isinstance(tree, dict) else None
    ended = [
        index_of(each, n)
        for n, each in enumerate(choices or ())
        if isinstance(each, dict) and each.get("finish_reason")
    ]
    return tuple(Channel(kind, (n,)) for n in ended for kind in dict.fromkeys(TEXTS.values()))


def calls(tree: Any) -> Iterator[ToolCall]:
    for n, choice in objects_in(found_in(tree).get("choices")):
        at = index_of(choice, n)
        for part in (found_in(choice, "delta"), found_in(choice, "message")):
            for m, call in objects_in(part.get("tool_calls")):
                name = named(call.get("function")) or named(call.get("custom"))
                yield ToolCall((at, index_of(call, m)), name)
            if part.get("function_call"):
                yield ToolCall((at, "function_call"), named(part["function_call"]))


def usage_of(reply: bytes) -> Usage:
    """Return the tokens that a reply or one event of a stream reports."""
    if b'"usage"' not in reply:
        return Usage()
    try:
        usage = found_in(json.loads(reply), "usage")
    except ValueError:
        return Usage()
    return Usage(counted(usage.get("prompt_tokens")), counted(usage.get("completion_tokens")))


CHAT = Surface(
    "openai.chat_completions",
    REQUEST,
    Answers(
        STRUCTURE,
        place,
        closes=closes,
        usage_of=usage_of,
        repeated=REPEATED,
        calls=calls,
        last=LAST,
        free=free_in("arguments", "input"),
    ),
    declares=declares,
)
