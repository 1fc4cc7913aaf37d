"""The items that OpenAI's responses are asked with, and the tools. Source: the official `openai` package, version 3.54.

What the caller wrote has its own shape. What tools said and did before is scanned whole, whatever is in it. What lies at
the provider is refused. Tools that run there are scanned whole, and a remit has to list them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from governance.gateway.dialects.enclosures import PICTURES, Carried, carrying
from governance.gateway.dialects.openai.shared import (
    BREAKPOINT,
    DETAIL,
    ELSEWHERE,
    FILE,
    FILE_FIELDS,
    GRAMMAR,
    MOST_PARTS,
)
from governance.gateway.dialects.replies import objects_in
from governance.gateway.dialects.shapes import Shape, either, flag, free, listed, record, tagged, text, word
from governance.gateway.dialects.tools import Declared, declared_tools, host_of, provided, sites_of
from governance.remits.tools import ProviderTool

STATUS = word("in_progress", "completed", "incomplete")
CALLER = tagged(
    "type",
    {
        "direct": record({"type": word("direct")}),
        "program": record({"type": word("program"), "caller_id": text()}),
    },
)
PART = tagged(
    "type",
    {
        "input_text": record(
            {"type": word("input_text"), "text": text(), "prompt_cache_breakpoint": BREAKPOINT},
            required=frozenset({"type", "text"}),
        ),
        "output_text": record(
            {
                "type": word("output_text"),
                "text": text(),
                "annotations": listed(free(), most=1000),
                "logprobs": listed(free(), most=100_000),
            },
            required=frozenset({"type", "text"}),
        ),
        "refusal": record({"type": word("refusal"), "refusal": text()}, required=frozenset({"type", "refusal"})),
        "input_image": carrying(
            Carried(("image_url",)),
            {
                "type": word("input_image"),
                "detail": DETAIL,
                "file_id": ELSEWHERE,
                "prompt_cache_breakpoint": BREAKPOINT,
            },
            required=frozenset({"type"}),
            only=PICTURES,
        ),
        "input_file": carrying(
            FILE,
            {
                "type": word("input_file"),
                "detail": word("auto", "low", "high"),
                "prompt_cache_breakpoint": BREAKPOINT,
                **FILE_FIELDS,
            },
            required=frozenset({"type"}),
        ),
    },
)
CONTENT = either(when_text=text(), when_list=listed(PART, most=MOST_PARTS))


def _item(kind: str, required: str, **fields: Shape) -> Shape:
    known = {"type": word(kind), "id": text(), "status": STATUS, "caller": CALLER, **fields}
    return record(known, required=frozenset(required.split()))


def _scanned_whole(kind: str) -> Shape:
    return record({"type": word(kind)}, others_scanned=True)


NAMED = {"call_id": text(), "name": text(), "namespace": text(), "async": flag()}
SIDE = word("server", "client")
SCANNED_WHOLE = (
    "local_shell_call",
    "local_shell_call_output",
    "shell_call_output",
    "apply_patch_call",
    "apply_patch_call_output",
    "file_search_call",
    "web_search_call",
    "code_interpreter_call",
    "mcp_list_tools",
    "mcp_approval_request",
    "mcp_approval_response",
    "mcp_call",
    "program",
    "program_output",
    "configuration_update",
    "compaction_trigger",
)


def _function(**more: Shape) -> Shape:
    fields = {
        "type": word("function", "custom"),
        "name": text(),
        "description": text(),
        "parameters": free(),
        "output_schema": free(),
        "format": GRAMMAR,
        "strict": flag(),
        "defer_loading": flag(),
        "async": flag(),
        "allowed_callers": listed(word("direct", "programmatic"), most=2),
    }
    return record({**fields, **more}, required=frozenset({"type", "name"}))


FUNCTION = _function()
LOCAL = record(
    {
        "type": word("local"),
        "skills": listed(record({"name": text(), "description": text(), "path": text()}), most=1000),
    },
    required=frozenset({"type"}),
)
OWN_TOOLS = {
    "function": FUNCTION,
    "custom": FUNCTION,
    "namespace": record(
        {
            "type": word("namespace"),
            "name": text(),
            "description": text(),
            "tools": listed(declared_tools({"function": FUNCTION, "custom": FUNCTION}), most=1000),
        }
    ),
    "apply_patch": record(
        {"type": word("apply_patch"), "allowed_callers": listed(word("direct", "programmatic"), most=2)}
    ),
    "local_shell": record({"type": word("local_shell")}),
    # Without an environment it runs at the provider.
    "shell": record({"type": word("shell"), "environment": LOCAL}, required=frozenset({"environment"})),
    "tool_search": record(
        {"type": word("tool_search"), "execution": SIDE, "description": text(), "parameters": free()}
    ),
}
WEB_TOOLS = ("web_search", "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11")
# A container that lies there already may hold anything, and one with a network is a way out of its own.
CONTAINER = record(
    {
        "type": word("auto"),
        "memory_limit": word("1g", "4g", "16g", "64g"),
        "network_policy": record({"type": word("disabled")}, required=frozenset({"type"})),
        "file_ids": ELSEWHERE,
    },
    required=frozenset({"type"}),
)
PROVIDED = {
    **{kind: provided(kind, filters=record({"allowed_domains": listed(text(), most=1000)})) for kind in WEB_TOOLS},
    "code_interpreter": provided("code_interpreter", required="container", container=either(when_object=CONTAINER)),
    "mcp": provided("mcp", connector_id=ELSEWHERE, tunnel_id=ELSEWHERE),
}
TOOLS = listed(declared_tools({**OWN_TOOLS, **PROVIDED}), most=1000)


def declares(tree: Mapping[str, Any]) -> Iterator[Declared]:
    """Yield the tools of a body whose shape is known, those that stand among its items too."""
    yield from _tools(tree.get("tools"), "tools")
    for index, item in objects_in(tree.get("input")):
        if item.get("type") in {"additional_tools", "tool_search_output"}:
            yield from _tools(item.get("tools"), f"input[{index}].tools")


def _tools(tools: Any, place: str) -> Iterator[Declared]:
    for index, each in objects_in(tools):
        kind, here = each["type"], f"{place}[{index}]"
        if kind == "namespace":
            yield from _tools(each.get("tools"), f"{here}.tools")
        elif kind in WEB_TOOLS:
            sites = sites_of((each.get("filters") or {}).get("allowed_domains"))
            yield Declared(kind, here, ProviderTool.WEB, sites)
        elif kind == "code_interpreter":
            yield Declared(kind, here, ProviderTool.CODE)
        elif kind == "mcp":
            yield Declared(kind, here, ProviderTool.MCP, host_of(each.get("server_url")))
        else:
            yield Declared(each.get("name", kind), here)


ITEM = tagged(
    "type",
    {
        "message": _item(
            "message",
            "role content",
            role=word("user", "assistant", "system", "developer"),
            content=CONTENT,
            phase=word("commentary", "final_answer"),
        ),
        "function_call": _item("function_call", "name arguments", arguments=text(), **NAMED),
        "function_call_output": _item("function_call_output", "output", output=CONTENT, **NAMED),
        "custom_tool_call": _item("custom_tool_call", "name input", input=text(), **NAMED),
        "custom_tool_call_output": _item("custom_tool_call_output", "output", output=CONTENT, **NAMED),
        # What is sealed by the provider is scanned as it stands; what had to be replaced in it blocks.
        "reasoning": _item(
            "reasoning",
            "type",
            summary=listed(free(), most=1000),
            content=listed(free(), most=1000),
            encrypted_content=text(fixed=True),
        ),
        "compaction": _item("compaction", "encrypted_content", encrypted_content=text(fixed=True)),
        "tool_search_call": _item(
            "tool_search_call", "arguments", arguments=free(only_objects=False), execution=SIDE, call_id=text()
        ),
        "tool_search_output": _item("tool_search_output", "tools", tools=TOOLS, execution=SIDE, call_id=text()),
        "additional_tools": _item("additional_tools", "tools", tools=TOOLS, role=word("developer")),
        "shell_call": record({"type": word("shell_call"), "environment": LOCAL}, others_scanned=True),
        **{kind: _scanned_whole(kind) for kind in SCANNED_WHOLE},
    },
    otherwise="message",
)
ITEMS = either(when_text=text(), when_list=listed(ITEM, most=100_000))
