"""Which requests are alike: for precedents, and for saying yes to several at once. Pure."""

from collections.abc import Mapping
from typing import Any

from governance.core.canonical import digest

# Whose request it is makes no difference to what is asked.
WHOSE = frozenset({"unit", "unit_path", "unit_ref", "unit_refs", "requester_unit_path", "initiative"})
LOW_CLASSES = frozenset({"public", "internal"})
LOW_AI_ACT = frozenset({"minimal", "limited"})
MOST_TOGETHER = 20


def likeness(kind: str, facts: Mapping[str, Any]) -> str:
    """Return what is equal for requests for the same data, the same way, to the same place; "" when no data is named."""
    data = _names(facts.get("datasets", []))
    if not data:
        return ""
    ways = sorted(map(str, [*facts.get("techniques", []), *facts.get("modes", [])]))
    return digest({"kind": kind, "datasets": data, "ways": ways, "toward": _names(facts.get("destinations", []))})


def _names(entries: Any) -> list[str]:
    return sorted(str(each.get("ref") or each.get("title")) for each in entries)


def shape(kind: str, workflow: str, seat: str, facts: Mapping[str, Any]) -> str:
    """Return what is equal for requests that one look is enough for: same rules, same seat, same facts but whose."""
    told = {name: value for name, value in facts.items() if name not in WHOSE}
    return digest({"kind": kind, "workflow": workflow, "seat": seat, "facts": told})


def is_low_risk(facts: Mapping[str, Any]) -> bool:
    """Say whether a request may be decided beside its like. A fact that is not stated counts as high."""
    return (
        facts.get("tier") == "low"
        and facts.get("ai_act_class") in LOW_AI_ACT
        and facts.get("classification") in LOW_CLASSES
        and "public_api" not in facts.get("hostings", ["public_api"])
    )
