"""Which of the tools a call declares its remits allow, and which calls of them a person must confirm. Pure."""

from collections.abc import Iterable, Sequence

from governance.core.errors import NotAllowed
from governance.gateway.access import Offer
from governance.gateway.dialects.tools import Declared, tool_refused
from governance.remits.tools import ToolClass, ToolRule, class_of, may_run_there

Lists = tuple[tuple[ToolRule, ...], ...]


def lists_of(offers: Sequence[Offer]) -> Lists:
    """Return what each remit behind the offers lists. Where there is more than one, all of them have to allow a tool."""
    return tuple({offer.remit: offer.tools for offer in offers}.values())


def check_tools(declared: Iterable[Declared], lists: Lists) -> None:
    """Refuse a tool that a remit does not allow. One that lists nothing lets the application's own tools pass, and none of a provider's.

    Raises:
        NotAllowed: `tool_not_allowed`.
    """
    for each in declared:
        if not all(_allowed(each, rules) for rules in lists):
            raise tool_refused(each)


def _allowed(tool: Declared, rules: tuple[ToolRule, ...]) -> bool:
    if tool.provided is not None:
        return may_run_there(tool.provided, tool.hosts, rules)
    return not rules or class_of(tool.name, rules) is not None


def check_batched(declared: Iterable[Declared], lists: Lists) -> None:
    """Refuse in a batch, and in the background, a tool whose calls a person must confirm: its answers come where nobody waits for one.

    Raises:
        NotAllowed: `tool_not_in_batches`.
    """
    for each in declared:
        if each.provided is None and needs_confirming(each.name, lists):
            reason = "A person must confirm the calls of this tool, and nobody can in an answer that is fetched later."
            raise NotAllowed(
                "tool_not_in_batches",
                reason,
                field=each.place,
                remedy="Send such calls one by one, and not in the background.",
            )


def confirms_any(lists: Lists) -> bool:
    return any(rule.tool_class is ToolClass.CONFIRM for rules in lists for rule in rules)


def rules_of(names: Iterable[str], lists: Lists) -> list[str]:
    """Return the lines by which calls of these tools must be confirmed: what may be shown where a name that a model wrote may not."""
    asked = set(names)
    confirmed = {rule for rules in lists for rule in rules if rule.tool_class is ToolClass.CONFIRM}
    return sorted({rule.name for rule in confirmed if any(map(rule.matches, asked))})


def needs_confirming(name: str, lists: Lists) -> bool:
    """Say whether a person must confirm a call of the application's own tool `name`."""
    return any(class_of(name, rules) is ToolClass.CONFIRM for rules in lists)
