"""POST /openai/v1/chat/completions: what a request may hold, and what replies tell about usage.

Source: the request types of the official `openai` package, version 3.54. Whatever that format allows and this table does not name
is refused: audio, images and files cannot be scanned yet, and web search would let the provider pass the prompt on.
"""

import json
from typing import Any

from governance.gateway.dialects.prompt import Prompt
from governance.gateway.dialects.shapes import (
    Shape,
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

SURFACE = "openai.chat_completions"
DONE = b"[DONE]"
MOST_TOKENS = 10_000_000

PART = tagged(
    "type",
    {
        "text": record({"type": word("text"), "text": text()}, required=frozenset({"type", "text"})),
        "refusal": record({"type": word("refusal"), "refusal": text()}, required=frozenset({"type", "refusal"})),
    },
)
CONTENT = either(when_text=text(), when_list=listed(PART, most=2000))
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
CUSTOM = record({"name": text(), "description": text(), "format": free()}, required=frozenset({"name"}))
TOOL = tagged(
    "type",
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
        },
    ),
)
JSON_SCHEMA = record(
    {"name": text(), "description": text(), "schema": free(), "strict": flag()}, required=frozenset({"name"})
)
RESPONSE_FORMAT = record(
    {"type": word("text", "json_object", "json_schema"), "json_schema": JSON_SCHEMA}, required=frozenset({"type"})
)
REQUEST = record(
    {
        "model": text(),
        "messages": listed(MESSAGE, least=1, most=10_000),
        "stream": flag(),
        "stream_options": record({"include_usage": flag(), "include_obfuscation": flag()}),
        "temperature": number(0, 2),
        "top_p": number(0, 1),
        "n": number(1, 128, whole=True),
        "max_tokens": number(1, MOST_TOKENS, whole=True),
        "max_completion_tokens": number(1, MOST_TOKENS, whole=True),
        "presence_penalty": number(-2, 2),
        "frequency_penalty": number(-2, 2),
        "logprobs": flag(),
        "top_logprobs": number(0, 20, whole=True),
        "seed": number(-(2**63), 2**63 - 1, whole=True),
        "stop": either(when_text=text(), when_list=listed(text(), most=16)),
        "user": text(),
        "safety_identifier": text(),
        "prompt_cache_key": text(),
        "metadata": free(),
        "store": flag(),
        "tools": listed(TOOL, most=1000),
        "tool_choice": CHOICE_OF_TOOL,
        "parallel_tool_calls": flag(),
        "functions": listed(FUNCTION, most=1000),
        "function_call": either(when_text=word("none", "auto"), when_object=NAMED_FUNCTION),
        "response_format": RESPONSE_FORMAT,
        "reasoning_effort": word("none", "minimal", "low", "medium", "high", "xhigh"),
        "verbosity": word("low", "medium", "high"),
        "service_tier": word("auto", "default", "flex", "scale", "priority"),
        "prediction": record({"type": word("content"), "content": CONTENT}),
        "modalities": listed(word("text"), most=1),
        "logit_bias": unscannable_field("Token numbers are text in another form."),
        "audio": unscannable_field("Audio cannot be scanned."),
        "web_search_options": unscannable_field("A web search would pass the prompt on to others."),
    },
    required=frozenset({"model", "messages"}),
)


def read(tree: Any, shape: Shape = REQUEST) -> Prompt:
    """Return the prompt of a decoded body. Raises what Prompt.of raises."""
    return Prompt.of(SURFACE, tree, shape)


def usage_of(reply: bytes) -> tuple[int | None, int | None]:
    """Return the tokens in and out that a reply or one event of a stream reports; None where it reports none."""
    if b'"usage"' not in reply:
        return None, None
    try:
        usage = json.loads(reply).get("usage") or {}
        return _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    except (ValueError, AttributeError):
        return None, None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_TOKENS else None
