"""The tools a remit lists."""

import pytest

from governance.core.errors import Invalid
from governance.remits.body import parse_body
from governance.remits.facts import remit_facts
from governance.remits.rules import covers, outside_field
from governance.remits.tools import (
    ProviderTool,
    ToolClass,
    ToolRule,
    class_of,
    in_words,
    lists_more,
    may_run_there,
    tool_rules,
)
from remit_bodies import WORLD, body, pattern

FREE, CONFIRM = ToolClass.FREE, ToolClass.CONFIRM
LOOK, DELETE, WEB = ToolRule("look_up"), ToolRule("delete_*", CONFIRM), ToolRule("provider:web")
MCP = ToolRule("provider:mcp:tools.quill.example")


@pytest.mark.parametrize(
    ("name", "rules", "expected"),
    [
        pytest.param("look_up", (LOOK,), FREE, id="by its name"),
        pytest.param("look_up_all", (LOOK,), None, id="a longer name is another tool"),
        pytest.param("delete_claim", (DELETE,), CONFIRM, id="by how it begins"),
        pytest.param("delete_claim", (ToolRule("*"), DELETE), CONFIRM, id="the stricter of two lines"),
        pytest.param("DELETE_claim", (DELETE,), None, id="letters are told apart"),
        pytest.param("provider:web", (WEB, ToolRule("look_up")), None, id="no own tool takes a provider's name"),
        pytest.param("x", (), None, id="nothing listed"),
    ],
)
def test_a_tool_has_the_class_of_its_line(name, rules, expected):
    assert class_of(name, rules) is expected


@pytest.mark.parametrize(
    ("kind", "hosts", "rules", "expected"),
    [
        pytest.param(ProviderTool.WEB, (), (WEB,), True, id="any site"),
        pytest.param(ProviderTool.WEB, (), (ToolRule("*"),), False, id="no beginning reaches a provider's tool"),
        pytest.param(ProviderTool.WEB, ("a.example",), (ToolRule("provider:web:a.example"),), True, id="a listed site"),
        pytest.param(ProviderTool.WEB, (), (ToolRule("provider:web:a.example"),), False, id="any site, one is listed"),
        pytest.param(
            ProviderTool.WEB,
            ("a.example", "b.example"),
            (ToolRule("provider:web:a.example"),),
            False,
            id="one too many",
        ),
        pytest.param(ProviderTool.MCP, ("tools.quill.example",), (MCP,), True, id="a listed server"),
        pytest.param(ProviderTool.MCP, ("evil.example",), (MCP,), False, id="another server"),
        pytest.param(ProviderTool.MCP, (), (MCP,), False, id="a server nobody names"),
        pytest.param(ProviderTool.CODE, (), (ToolRule("provider:code"),), True, id="code"),
        pytest.param(ProviderTool.OTHER, (), (WEB, MCP), False, id="what nobody can list"),
    ],
)
def test_a_provider_runs_what_is_listed(kind, hosts, rules, expected):
    assert may_run_there(kind, hosts, rules) is expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param((), (LOOK, DELETE), False, id="the first list takes away"),
        pytest.param((), (LOOK, WEB), True, id="a provider's tool is new"),
        pytest.param((LOOK, DELETE), (DELETE,), False, id="a tool less"),
        pytest.param((LOOK,), (LOOK, DELETE), True, id="a tool more"),
        pytest.param((DELETE,), (ToolRule("delete_*"),), True, id="confirmed no more"),
        pytest.param((ToolRule("*"), DELETE), (ToolRule("*"),), True, id="the line that asked for a person is gone"),
        pytest.param((LOOK,), (), True, id="no list any more"),
    ],
)
def test_a_list_that_lets_more_through_is_known(before, after, expected):
    assert lists_more(before, after) is expected


@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param("look_up", "not_a_list", id="a text"),
        pytest.param(["look_up"], "not_a_mapping", id="a text for an entry"),
        pytest.param([{}], "missing", id="no name"),
        pytest.param([{"name": "look up"}], "not_a_tool", id="a space"),
        pytest.param([{"name": "*look"}], "not_a_tool", id="a star in front"),
        pytest.param([{"name": "provider:*"}], "not_a_tool", id="all of a provider's"),
        pytest.param([{"name": "provider:mcp"}], "not_a_tool", id="any server"),
        pytest.param([{"name": "provider:mcp:https://a.example/"}], "not_a_tool", id="an address for a host"),
        pytest.param([{"name": "provider:shell"}], "not_a_tool", id="what nobody can list"),
        pytest.param([{"name": "x", "class": "ask"}], "not_in_list", id="an unknown class"),
        pytest.param([{"name": "x", "who": "me"}], "unknown_field", id="an unknown field"),
        pytest.param([{"name": "x"}, {"name": "x", "class": "confirm"}], "tool_twice", id="twice"),
        pytest.param([{"name": "provider:web", "class": "confirm"}], "not_confirmable", id="ran already"),
        pytest.param([{"name": "x" * 129}], "not_a_tool", id="a long name"),
    ],
)
def test_a_list_is_read_strictly(value, code):
    with pytest.raises(Invalid) as refused:
        tool_rules(value, "tools")
    assert refused.value.code == code
    assert refused.value.field.startswith("tools")


def test_a_body_without_tools_is_written_as_before_there_were_any():
    assert "tools" not in body().to_json()
    assert parse_body(body(tools=(DELETE, LOOK)).to_json()).tools == (DELETE, LOOK)


def test_the_policy_is_told_what_tools_are_used():
    told = remit_facts(body(tools=(DELETE, WEB)), WORLD)
    assert [told[name] for name in ("uses_tools", "confirms_tools", "provider_tools")] == [True, True, ["provider:web"]]


def test_no_pattern_covers_what_a_provider_runs():
    assert covers(pattern(), body(tools=(LOOK, DELETE)), WORLD)
    assert outside_field(covers(pattern(), body(tools=(WEB,)), WORLD)) == "tools"


def test_people_read_which_tools_wait_for_them():
    assert in_words((DELETE, LOOK)) == "delete_* (a person must confirm), look_up"
