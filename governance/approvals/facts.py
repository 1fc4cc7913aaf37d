"""The facts a workflow may ask about: one vocabulary, stated by every subject, typed for the conditions. Pure.

A new fact is one entry here and one line where subjects state it (governance/remits/facts.py). A condition that names
anything else is refused when the document is saved; a fact that a subject leaves out stops the route, by name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from governance.core.vocabulary import Classification, Hosting, Mode, Purpose, Technique, WeightsOwner


class FactType(StrEnum):
    TEXT = "text"
    WHOLE = "whole number"
    DECIMAL = "number with decimals"
    TRUTH = "true or false"
    TEXTS = "list of texts"
    ENTRIES = "list of entries"


# Orders of words, least first: `a.at_least("b")` asks whether a stands at b or above it in the order that holds both.
TIERS = ("low", "medium", "high")
AI_ACT_CLASSES = ("minimal", "limited", "high", "prohibited")
# `present`: an exam is named, and no training set has been checked against it; `contaminated`: one has seen questions of it.
EXAM_EVIDENCE = ("absent", "present", "clean", "contaminated", "could_not_check")
ORDERS: tuple[tuple[str, ...], ...] = (tuple(Classification), TIERS, AI_ACT_CLASSES)


@dataclass(frozen=True, slots=True)
class FactKind:
    """One fact. `words` are all the values it can have, "" when it is free; `entries` are the fields of each entry."""

    type: FactType
    meaning: str
    example: Any
    words: tuple[str, ...] = ()
    entries: Mapping[str, "FactKind"] = field(default_factory=dict)


_TEXT, _TEXTS, _TRUTH = FactType.TEXT, FactType.TEXTS, FactType.TRUTH

DATASET: Mapping[str, FactKind] = {
    "ref": FactKind(_TEXT, "short name", "claims-letters"),
    "title": FactKind(_TEXT, "title", "Claims letters"),
    "classification": FactKind(_TEXT, "how much harm a leak would do", "confidential", tuple(Classification)),
    "personal_data": FactKind(_TEXTS, "kinds of personal data in it", ["names", "health"]),
    "steward": FactKind(_TEXT, "unit that looks after it", "Claims"),
    "steward_path": FactKind(_TEXT, "where that unit stands in the organisation", "/1/2/"),
    "crown_jewel": FactKind(_TRUTH, "among the most valuable data", example=False),
    "synthetic": FactKind(_TRUTH, "made up, about nobody", example=False),
    "jurisdictions": FactKind(_TEXTS, "countries whose law applies", ["DE", "FR"]),
}
DESTINATION: Mapping[str, FactKind] = {
    "ref": FactKind(_TEXT, "short name", "tenant-gpt"),
    "title": FactKind(_TEXT, "title", "Model in our tenant"),
    "hosting": FactKind(_TEXT, "where it runs", "tenant_cloud", tuple(Hosting)),
    "region": FactKind(_TEXT, "region", "EU"),
    "retention_days": FactKind(FactType.WHOLE, "days it keeps what it gets", 30),
    "trains_on_inputs": FactKind(_TRUTH, "it learns from what it gets", example=False),
    "weights_owner": FactKind(_TEXT, "who owns what comes of training", "us", tuple(WeightsOwner)),
    "cleared_for": FactKind(_TEXT, "highest classification it may get", "confidential", tuple(Classification)),
    "price": FactKind(FactType.DECIMAL, "euros a million tokens, the dearer way; left out when not known", 7.5),
}

FACTS: Mapping[str, FactKind] = {
    "classification": FactKind(_TEXT, "the highest of its data", "confidential", tuple(Classification)),
    "datasets": FactKind(FactType.ENTRIES, "the data asked for", [], entries=DATASET),
    "destinations": FactKind(FactType.ENTRIES, "where it would go, with terms", [], entries=DESTINATION),
    "personal_data": FactKind(_TEXTS, "kinds of personal data in any of it", ["names", "health"]),
    "hostings": FactKind(_TEXTS, "where its destinations run", ["tenant_cloud"], tuple(Hosting)),
    "purposes": FactKind(_TEXTS, "what the data is used for", ["summarise"], tuple(Purpose)),
    "modes": FactKind(_TEXTS, "how the data is used", ["prompt"], tuple(Mode)),
    "techniques": FactKind(_TEXTS, "how the model is made to do it", ["prompt"], tuple(Technique)),
    "tier": FactKind(_TEXT, "how much harm a mistake could do", "medium", TIERS),
    "ai_act_class": FactKind(_TEXT, "risk class of the EU AI Act", "limited", AI_ACT_CLASSES),
    "cost": FactKind(FactType.DECIMAL, "dearest destination, euros a million tokens; left out when not known", 7.5),
    "contest_open": FactKind(_TRUTH, "another unit claims the initiative", example=False),
    "exam_evidence": FactKind(_TEXT, "what is known of the exams it is measured by", "absent", EXAM_EVIDENCE),
    "oversight_share": FactKind(FactType.WHOLE, "per cent of answers people promise to look at, 0 for no figure", 100),
    "uses_tools": FactKind(_TRUTH, "it lists tools that a model may call", example=False),
    "confirms_tools": FactKind(_TRUTH, "a person must confirm calls of some tool", example=False),
    "provider_tools": FactKind(_TEXTS, "tools that a provider runs itself: a second way out", ["provider:web"]),
    "sandbox": FactKind(_TRUTH, "a pattern for sandboxes", example=False),
    "unit": FactKind(_TEXT, "the unit that asks", "Claims"),
    "unit_refs": FactKind(_TEXTS, "short names of that unit and all above it", ["claims", "group"]),
    "unit_path": FactKind(_TEXT, "where that unit stands in the organisation", "/1/2/"),
}


def example_facts() -> dict[str, Any]:
    """Return one example of every fact, with one dataset and one destination: what the dry run starts from."""
    stated = {name: kind.example for name, kind in FACTS.items()}
    for name in ("datasets", "destinations"):
        stated[name] = [{key: kind.example for key, kind in FACTS[name].entries.items()}]
    return stated


def wrong_facts(stated: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the types of `stated`, each as a sentence; what is left out is not wrong."""
    return [fault for name, value in stated.items() for fault in _faults(name, value, FACTS.get(name))]


def _faults(name: str, value: Any, kind: FactKind | None) -> list[str]:
    if kind is None:
        return [f"{name} is no fact."]
    if kind.type is FactType.ENTRIES and isinstance(value, list) and all(isinstance(entry, Mapping) for entry in value):
        return [
            fault
            for i, entry in enumerate(value)
            for key, given in entry.items()
            for fault in _faults(f"{name}[{i}].{key}", given, kind.entries.get(key))
        ]
    return [] if kind.type is not FactType.ENTRIES and _TYPES[kind.type](value) else [f"{name} must be: {kind.type}."]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: Mapping[FactType, Callable[[Any], bool]] = {
    FactType.TEXT: lambda value: isinstance(value, str),
    FactType.WHOLE: lambda value: isinstance(value, int) and not isinstance(value, bool),
    FactType.DECIMAL: _is_number,
    FactType.TRUTH: lambda value: isinstance(value, bool),
    FactType.TEXTS: lambda value: isinstance(value, list) and all(isinstance(each, str) for each in value),
}
