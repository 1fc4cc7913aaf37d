"""The tools a call declares, in every interface, and what the remit's list lets pass."""

import pytest

from governance.core.errors import NotAllowed
from governance.gateway.dialects.anthropic.batches import BEGIN as BATCHES
from governance.gateway.dialects.anthropic.messages import MESSAGES
from governance.gateway.dialects.databricks.invocations import INVOCATIONS
from governance.gateway.dialects.gemini.generate import COUNT_TOKENS, GENERATE
from governance.gateway.dialects.ollama.texts import CHAT as OLLAMA
from governance.gateway.dialects.openai.chat import CHAT
from governance.gateway.dialects.openai.responses import RESPONSES
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.tools import check_batched, check_tools, lists_of, needs_confirming
from governance.remits.tools import ToolClass, ToolRule
from prompt_samples import offer

ASKED = [{"role": "user", "content": "Hi"}]
FUNCTION = {"type": "function", "function": {"name": "wipe"}}
OPEN = ToolRule("*")
MCP = {"type": "mcp", "server_label": "t", "server_url": "https://tools.evil.example/sse"}


def chat(**more):
    return CHAT, {"model": "m", "messages": ASKED, **more}


def responses(*tools, **more):
    return RESPONSES, {"model": "m", "input": "Hi", "tools": list(tools), **more}


def anthropic(**more):
    return MESSAGES, {"model": "m", "max_tokens": 9, "messages": ASKED, **more}


def batch():
    params = anthropic(tools=[{"name": "wipe", "input_schema": {}}])[1]
    return BATCHES, {"requests": [{"custom_id": "one", "params": params}]}


def gemini(tool):
    return GENERATE, {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}], "tools": [tool]}


def check(surface, tree, rules):
    """Judge a body as the gateway does: by its shape, then by the list."""
    prompt = Prompt.of(surface, tree, in_path="m")
    check_tools(surface.declares(prompt.tree), (rules,))


OWN = [
    pytest.param(*chat(tools=[FUNCTION]), "tools[0]", id="chat function"),
    pytest.param(*chat(functions=[{"name": "wipe"}]), "functions[0]", id="chat function as it was"),
    pytest.param(*chat(tools=[{"type": "custom", "custom": {"name": "wipe"}}]), "tools[0]", id="chat custom"),
    pytest.param(*responses({"type": "function", "name": "wipe"}), "tools[0]", id="responses function"),
    pytest.param(
        *responses({"type": "namespace", "name": "n", "tools": [{"type": "custom", "name": "wipe"}]}),
        "tools[0].tools[0]",
        id="responses, in a namespace",
    ),
    pytest.param(
        RESPONSES,
        {
            "model": "m",
            "input": [{"type": "additional_tools", "tools": [{"type": "function", "name": "wipe"}]}],
        },
        "input[0].tools[0]",
        id="responses, among the items",
    ),
    pytest.param(*anthropic(tools=[{"name": "wipe", "input_schema": {}}]), "tools[0]", id="anthropic"),
    pytest.param(
        *gemini({"functionDeclarations": [{"name": "wipe"}]}), "tools[0].functionDeclarations[0]", id="gemini"
    ),
    pytest.param(
        *gemini({"function_declarations": [{"name": "wipe"}]}), "tools[0].function_declarations[0]", id="gemini_snake"
    ),
    pytest.param(OLLAMA, {"model": "m", "messages": ASKED, "tools": [FUNCTION]}, "tools[0]", id="ollama"),
    pytest.param(*batch(), "requests[0].params.tools[0]", id="anthropic, in a batch"),
    pytest.param(INVOCATIONS, {"messages": ASKED, "tools": [FUNCTION]}, "tools[0]", id="databricks"),
]


@pytest.mark.parametrize(("surface", "tree", "place"), OWN)
def test_a_tool_outside_the_list_is_refused_by_name(surface, tree, place):
    with pytest.raises(NotAllowed) as refused:
        check(surface, tree, (ToolRule("look_up"),))
    assert (refused.value.code, refused.value.field) == ("tool_not_allowed", place)
    assert "wipe" in refused.value.reason
    assert "lists wipe" in refused.value.remedy


@pytest.mark.parametrize(("surface", "tree", "place"), OWN)
@pytest.mark.parametrize("rules", [(), (ToolRule("wi*", ToolClass.CONFIRM),)], ids=["nothing listed", "listed"])
def test_a_tool_of_the_application_passes(surface, tree, place, rules):
    check(surface, tree, rules)


@pytest.mark.parametrize(
    ("surface", "tree", "listed"),
    [
        pytest.param(*chat(web_search_options={}), "provider:web", id="chat, the web"),
        pytest.param(*responses({"type": "web_search"}), "provider:web", id="responses, the web"),
        pytest.param(
            *responses({"type": "web_search", "filters": {"allowed_domains": ["a.example"]}}),
            "provider:web:a.example",
            id="responses, one site",
        ),
        pytest.param(
            *responses({"type": "code_interpreter", "container": {"type": "auto"}}),
            "provider:code",
            id="responses, code",
        ),
        pytest.param(*responses(MCP), "provider:mcp:tools.evil.example", id="responses, an MCP server"),
        pytest.param(
            *anthropic(tools=[{"type": "web_search_20250305", "name": "web_search"}]), "provider:web", id="anthropic"
        ),
        pytest.param(
            *anthropic(
                tools=[{"type": "web_fetch_20250910", "name": "web_fetch", "allowed_domains": ["A.example/docs"]}]
            ),
            "provider:web:a.example",
            id="anthropic, one site",
        ),
        pytest.param(
            *anthropic(tools=[{"type": "code_execution_20250825", "name": "code_execution"}]),
            "provider:code",
            id="anthropic, code",
        ),
        pytest.param(
            *anthropic(mcp_servers=[{"type": "url", "url": "https://tools.evil.example/", "name": "t"}]),
            "provider:mcp:tools.evil.example",
            id="anthropic, an MCP server",
        ),
        pytest.param(*gemini({"googleSearch": {}}), "provider:web", id="gemini, search"),
        pytest.param(*gemini({"url_context": {}}), "provider:web", id="gemini, addresses"),
        pytest.param(*gemini({"codeExecution": {}}), "provider:code", id="gemini, code"),
        pytest.param(
            *gemini({"mcpServers": [{"streamableHttpTransport": {"url": "https://tools.evil.example/"}}]}),
            "provider:mcp:tools.evil.example",
            id="gemini, an MCP server",
        ),
        pytest.param(
            COUNT_TOKENS,
            {"generateContentRequest": gemini({"googleSearch": {}})[1] | {"model": "m"}},
            "provider:web",
            id="gemini, inside a request that is counted",
        ),
    ],
)
def test_what_a_provider_runs_passes_only_where_it_is_listed(surface, tree, listed):
    for rules in ((), (OPEN,)):
        with pytest.raises(NotAllowed, match="second way out") as refused:
            check(surface, tree, rules)
        assert f"lists {listed}," in refused.value.remedy
    check(surface, tree, (OPEN, ToolRule(listed)))


@pytest.mark.parametrize(
    ("surface", "tree"),
    [
        pytest.param(*responses({"type": "file_search", "vector_store_ids": ["v"]}), id="a search of stored files"),
        pytest.param(*responses({"type": "shell"} | {"type": "computer"}), id="a computer"),
        pytest.param(*anthropic(tools=[{"type": "browser_toolset_20260801"}]), id="a browser"),
        pytest.param(*gemini({"fileSearch": {}}), id="stored files of gemini"),
        pytest.param(*responses(MCP | {"server_url": "http://tools.evil.example/"}), id="an address without TLS"),
        pytest.param(*responses(MCP | {"server_url": "https://a@tools.evil.example/"}), id="an address with a user"),
        pytest.param(*responses(MCP | {"server_url": "https://tools.evil.example:8443/"}), id="another port"),
        pytest.param(*responses({"type": "mcp", "server_label": "t"}), id="a server without an address"),
        pytest.param(*responses(MCP | {"server_url": "https://[::1/"}), id="an address that is none"),
    ],
)
def test_what_no_remit_can_list_is_refused(surface, tree):
    everything = (
        OPEN,
        ToolRule("provider:web"),
        ToolRule("provider:code"),
        ToolRule("provider:mcp:tools.evil.example"),
    )
    with pytest.raises(NotAllowed) as refused:
        check(surface, tree, everything)
    assert refused.value.code == "tool_not_allowed"
    assert refused.value.remedy.startswith("Leave it away")


def test_a_tool_that_waits_for_a_person_is_in_no_batch():
    declared = list(BATCHES.declares(batch()[1]))
    check_batched(declared, ((ToolRule("wipe"),), ()))
    with pytest.raises(NotAllowed) as refused:
        check_batched(declared, ((ToolRule("wipe", ToolClass.CONFIRM),),))
    assert (refused.value.code, refused.value.field) == ("tool_not_in_batches", "requests[0].params.tools[0]")


def test_a_name_that_may_be_data_is_not_quoted():
    with pytest.raises(NotAllowed) as refused:
        check(*chat(functions=[{"name": "Maria Keller's file"}]), (ToolRule("look_up"),))
    assert "Keller" not in refused.value.reason + refused.value.remedy


def test_where_two_remits_lead_to_one_place_both_have_to_allow_a_tool():
    lists = lists_of(
        [offer(1, remit=1, tools=(OPEN,)), offer(2, remit=2, tools=(ToolRule("wipe", ToolClass.CONFIRM),))]
    )
    check_tools(CHAT.declares(chat(tools=[FUNCTION])[1]), lists)
    assert needs_confirming("wipe", lists)
    with pytest.raises(NotAllowed):
        check_tools(CHAT.declares(chat(functions=[{"name": "look_up"}])[1]), lists)
