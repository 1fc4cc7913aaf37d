"""The blocks that messages of Anthropic's interface are made of, and its tools.

Source: the request types of the official `anthropic` package, version 2.14. Addresses and files at the provider cannot be scanned.
Tools that run at the provider are scanned whole, and a remit has to list them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from governance.detection.documents.kinds import Kind
from governance.gateway.dialects.enclosures import PICTURES, Carried, carrying
from governance.gateway.dialects.replies import objects_in
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
from governance.gateway.dialects.tools import Declared, declared_tools, host_of, provided, sites_of
from governance.remits.tools import ProviderTool

MOST_BLOCKS = 2000
ELSEWHERE = "It lies elsewhere, where it cannot be scanned."
CACHE = record({"type": word("ephemeral"), "ttl": word("5m", "1h")}, required=frozenset({"type"}))
CITATION = free()
TEXT = record(
    {"type": word("text"), "text": text(), "cache_control": CACHE, "citations": listed(CITATION, most=1000)},
    required=frozenset({"type", "text"}),
)
TEXTS = either(when_text=text(), when_list=listed(tagged("type", {"text": TEXT}), most=MOST_BLOCKS))
CITATIONS = record({"enabled": flag()})
SEARCH_RESULT = record(
    {
        "type": word("search_result"),
        "source": text(),
        "title": text(),
        "content": listed(tagged("type", {"text": TEXT}), most=MOST_BLOCKS),
        "citations": CITATIONS,
        "cache_control": CACHE,
    },
    required=frozenset({"type", "source", "title", "content"}),
)
BASE64 = Carried(("data",), media=("media_type",))
DOCUMENT_SOURCE = tagged(
    "type",
    {
        "text": record({"type": word("text"), "media_type": word("text/plain"), "data": text()}),
        "content": record({"type": word("content"), "content": TEXTS}),
        "base64": carrying(
            BASE64,
            {"type": word("base64")},
            required=frozenset({"type", "media_type", "data"}),
            only=frozenset({Kind.PDF}),
        ),
    },
)
DOCUMENT = record(
    {
        "type": word("document"),
        "source": DOCUMENT_SOURCE,
        "title": text(),
        "context": text(),
        "citations": CITATIONS,
        "cache_control": CACHE,
    },
    required=frozenset({"type", "source"}),
)
PICTURE_SOURCE = carrying(
    BASE64, {"type": word("base64")}, required=frozenset({"type", "media_type", "data"}), only=PICTURES
)
PICTURE = record(
    {
        "type": word("image"),
        "source": tagged("type", {"base64": PICTURE_SOURCE}),
        "cache_control": CACHE,
    },
    required=frozenset({"type", "source"}),
)
TOOL_REFERENCE = record(
    {"type": word("tool_reference"), "tool_name": text(), "cache_control": CACHE},
    required=frozenset({"type", "tool_name"}),
)
IN_A_RESULT = tagged(
    "type",
    {
        "text": TEXT,
        "image": PICTURE,
        "search_result": SEARCH_RESULT,
        "document": DOCUMENT,
        "tool_reference": TOOL_REFERENCE,
    },
)
TOOL_RESULT = record(
    {
        "type": word("tool_result"),
        "tool_use_id": text(),
        "content": either(when_text=text(), when_list=listed(IN_A_RESULT, most=MOST_BLOCKS)),
        "is_error": flag(),
        "toolset_name": text(),
        "cache_control": CACHE,
    },
    required=frozenset({"type", "tool_use_id"}),
)
TOOL_USE = record(
    {
        "type": word("tool_use"),
        "id": text(),
        "name": text(),
        "input": free(),
        "caller": record({"type": word("direct")}),
        "toolset_name": text(),
        "cache_control": CACHE,
    },
    required=frozenset({"type", "id", "name", "input"}),
)
# What a tool that ran at the provider was asked and said, sent again with the conversation.
RAN_THERE = (
    "server_tool_use",
    "web_search_tool_result",
    "web_fetch_tool_result",
    "code_execution_tool_result",
    "bash_code_execution_tool_result",
    "text_editor_code_execution_tool_result",
    "mcp_tool_use",
    "mcp_tool_result",
)
BLOCK = tagged(
    "type",
    {
        **{kind: provided(kind) for kind in RAN_THERE},
        "text": TEXT,
        "image": PICTURE,
        "document": DOCUMENT,
        "search_result": SEARCH_RESULT,
        "tool_use": TOOL_USE,
        "tool_result": TOOL_RESULT,
        # Signed by the provider: what had to be replaced in it blocks.
        "thinking": record(
            {"type": word("thinking"), "thinking": text(fixed=True), "signature": text(fixed=True)},
            required=frozenset({"type", "thinking", "signature"}),
        ),
        "redacted_thinking": record(
            {"type": word("redacted_thinking"), "data": text(fixed=True)}, required=frozenset({"type", "data"})
        ),
    },
)

EXAMPLES = listed(free(), most=1000)
SHARED = {
    "allowed_callers": listed(word("direct"), most=1),
    "cache_control": CACHE,
    "defer_loading": flag(),
    "input_examples": EXAMPLES,
    "strict": flag(),
}


def _of_the_caller(kind: str, name: str, **more: Shape) -> Shape:
    """A tool whose description the provider knows and which the caller runs."""
    fields = {"type": word(kind), "name": word(name), **SHARED, **more}
    return record(fields, required=frozenset({"type", "name"}))


OWN_TOOL = record(
    {
        "type": word("custom"),
        "name": text(),
        "description": text(),
        "input_schema": free(),
        "eager_input_streaming": flag(),
        **SHARED,
    },
    required=frozenset({"name", "input_schema"}),
)
SPACE = number(1, 10_000_000, whole=True)
WEB_TOOLS = (
    "web_search_20250305",
    "web_search_20260209",
    "web_search_20260318",
    "web_fetch_20250910",
    "web_fetch_20260209",
    "web_fetch_20260309",
    "web_fetch_20260318",
)
CODE_TOOLS = (
    "code_execution_20250522",
    "code_execution_20250825",
    "code_execution_20260120",
    "code_execution_20260521",
)
TOOL = declared_tools(
    {
        **{kind: provided(kind, allowed_domains=listed(text(), most=1000)) for kind in WEB_TOOLS},
        **{kind: provided(kind) for kind in CODE_TOOLS},
        "mcp_toolset": provided("mcp_toolset"),
        "custom": OWN_TOOL,
        "bash_20250124": _of_the_caller("bash_20250124", "bash"),
        "memory_20250818": _of_the_caller("memory_20250818", "memory"),
        "text_editor_20250124": _of_the_caller("text_editor_20250124", "str_replace_editor"),
        "text_editor_20250429": _of_the_caller("text_editor_20250429", "str_replace_based_edit_tool"),
        "text_editor_20250728": _of_the_caller(
            "text_editor_20250728", "str_replace_based_edit_tool", max_characters=SPACE
        ),
    },
    otherwise="custom",
)
MCP_SERVERS = listed(provided("url", required="type url"), most=100)


def declares(tree: Mapping[str, Any]) -> Iterator[Declared]:
    """Yield the tools of a body whose shape is known. The set of an MCP server's tools stands for nothing without its server."""
    for index, each in objects_in(tree.get("tools")):
        kind, here = each.get("type") or "custom", f"tools[{index}]"
        if kind in WEB_TOOLS:
            yield Declared(kind, here, ProviderTool.WEB, sites_of(each.get("allowed_domains")))
        elif kind in CODE_TOOLS:
            yield Declared(kind, here, ProviderTool.CODE)
        elif kind != "mcp_toolset":
            yield Declared(each["name"], here)
    for index, each in objects_in(tree.get("mcp_servers")):
        yield Declared("mcp", f"mcp_servers[{index}]", ProviderTool.MCP, host_of(each["url"]))


ONE_TOOL = flag()
TOOL_CHOICE = tagged(
    "type",
    {
        "auto": record({"type": word("auto"), "disable_parallel_tool_use": ONE_TOOL}),
        "any": record({"type": word("any"), "disable_parallel_tool_use": ONE_TOOL}),
        "none": record({"type": word("none")}),
        "tool": record(
            {"type": word("tool"), "name": text(), "disable_parallel_tool_use": ONE_TOOL},
            required=frozenset({"name"}),
        ),
    },
)
PROVIDER_STATE = unscannable_field(ELSEWHERE)
