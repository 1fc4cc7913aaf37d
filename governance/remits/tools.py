"""The tools a remit lists: what an initiative's calls may declare, and which calls of them a person must confirm. Pure.

A tool of the application's own code is listed by its name, or by how names begin with a * at the end. What a provider runs itself is a
second way out, so no such beginning reaches it: it is written `provider:code`, `provider:web` (any site), `provider:web:docs.example.com`
or `provider:mcp:tools.example.com`, which name the hosts it may speak to.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from governance.core.errors import Invalid
from governance.remits.fields import known_keys, listed, mapping, missing, one_of

MOST_TOOLS = 200
ANY_END, AT_PROVIDER = "*", "provider:"
OWN = re.compile(r"[A-Za-z0-9_.-]{1,128}\*?|\*")
HOST = r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+"
PROVIDED = re.compile(rf"provider:(?:code|web|web:{HOST}|mcp:{HOST})")


class ToolClass(StrEnum):
    FREE = "free"
    CONFIRM = "confirm"


class ProviderTool(StrEnum):
    """What a provider runs itself. `other`: nobody can list it."""

    CODE = "code"
    WEB = "web"
    MCP = "mcp"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ToolRule:
    """One line of the list. `name` may end in *."""

    name: str
    tool_class: ToolClass = ToolClass.FREE

    @property
    def at_provider(self) -> bool:
        return self.name.startswith(AT_PROVIDER)

    def matches(self, name: str) -> bool:
        """Say whether this line is about the tool `name` of the application's own code."""
        if self.at_provider:
            return False
        return name.startswith(self.name[:-1]) if self.name.endswith(ANY_END) else name == self.name

    def to_json(self) -> dict[str, str]:
        return {"name": self.name, "class": str(self.tool_class)}


def class_of(name: str, rules: Iterable[ToolRule]) -> ToolClass | None:
    """Return how the application's own tool `name` may be used, the stricter when two lines speak of it; None when none does."""
    found = {rule.tool_class for rule in rules if rule.matches(name)}
    return ToolClass.CONFIRM if ToolClass.CONFIRM in found else next(iter(found), None)


def may_run_there(kind: ProviderTool, hosts: Iterable[str], rules: Iterable[ToolRule]) -> bool:
    """Say whether the provider may run a tool of its own that speaks to `hosts`; none named means any it likes."""
    names, asked = {rule.name for rule in rules}, list(hosts)
    whole = f"{AT_PROVIDER}{kind}"
    return whole in names or (bool(asked) and all(f"{whole}:{host}" in names for host in asked))


def lists_more(before: Iterable[ToolRule], after: Iterable[ToolRule]) -> bool:
    """Say whether `after` may let through what `before` did not. Where nothing is listed, every tool of the application's own may be used."""
    held, wanted = set(before), set(after)
    if not held:
        return any(rule.at_provider for rule in wanted)
    confirmed = {rule for rule in held if rule.tool_class is ToolClass.CONFIRM}
    return not wanted or not wanted <= held or not confirmed <= wanted


def _tool(value: Any, field: str) -> ToolRule:
    known_keys(mapping(value, field), {"name", "class"}, field)
    if "name" not in value:
        raise missing(f"{field}.name")
    name = value["name"]
    if not isinstance(name, str) or not (OWN.fullmatch(name) or PROVIDED.fullmatch(name)):
        raise Invalid(
            "not_a_tool",
            f"{field}.name must be a tool's name, or how names begin with a * at the end.",
            field=f"{field}.name",
            remedy="What a provider runs is written provider:code, provider:web, provider:web:HOST or provider:mcp:HOST.",
        )
    rule = ToolRule(name, one_of(ToolClass)(value.get("class", ToolClass.FREE), f"{field}.class"))
    if rule.at_provider and rule.tool_class is ToolClass.CONFIRM:
        raise Invalid(
            "not_confirmable",
            f"{name} has run at the provider before anybody could confirm it.",
            field=f"{field}.class",
            remedy="Leave it out, or have the application run such a tool itself.",
        )
    return rule


def tool_rules(value: Any, field: str) -> tuple[ToolRule, ...]:
    """Return the list that `value` writes down, in the order of names.

    Raises:
        Invalid: names the entry at fault and the remedy; `tool_twice` when a name stands there twice.
    """
    found = listed(_tool, MOST_TOOLS)(value, field)
    names: Mapping[str, ToolRule] = {rule.name: rule for rule in found}
    if len(names) < len(found):
        raise Invalid("tool_twice", "A tool stands in the list once.", field=field, remedy="Leave one of them out.")
    return tuple(names[name] for name in sorted(names))


def in_words(rules: Iterable[ToolRule]) -> str:
    """Return the list as people read it, "" when nothing is listed."""
    said = {ToolClass.FREE: "", ToolClass.CONFIRM: " (a person must confirm)"}
    return ", ".join(f"{rule.name}{said[rule.tool_class]}" for rule in rules)
