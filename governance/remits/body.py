"""The body of a remit: what is hashed, decided and enforced. Pure; JSON in, a frozen value out, and back.

Datasets, destinations and units are named by their `ref`. Times are dates; each ends with its day in the unit's time
zone.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from governance.core.errors import Invalid
from governance.core.vocabulary import Mode, Purpose, Technique
from governance.detection.ways import Way
from governance.initiatives.rules import AiActClass, Tier
from governance.remits.fields import (
    calls_per_day,
    day,
    known_keys,
    listed,
    mapping,
    missing,
    one_of,
    optional_text,
    ref,
    replacing_way,
    sha256,
    text_up_to,
    type_names,
)
from governance.remits.promise import Promise, parse_promise
from governance.remits.runs import USUAL_CAPS, RunCaps, parse_caps
from governance.remits.tools import ToolRule, tool_rules

RULESETS = ("standard", "strict")  # least first
EMPTY = ("", None)  # a tuple: what came in may be a list, which no set can look for
LONGEST_TITLE, LONGEST_TEXT, MOST_GRANTS = 120, 4000, 100

MODES_OF: Mapping[Technique, frozenset[Mode]] = {
    Technique.PROMPT: frozenset({Mode.PROMPT, Mode.EVALUATE}),
    Technique.RETRIEVAL: frozenset({Mode.PROMPT, Mode.RETRIEVAL, Mode.EVALUATE}),
    Technique.ADAPTER: frozenset({Mode.PROMPT, Mode.RETRIEVAL, Mode.FINE_TUNE, Mode.EVALUATE}),
    Technique.FINE_TUNE: frozenset({Mode.PROMPT, Mode.RETRIEVAL, Mode.FINE_TUNE, Mode.EVALUATE}),
    Technique.TRAIN: frozenset({Mode.PROMPT, Mode.RETRIEVAL, Mode.TRAIN, Mode.EVALUATE}),
}

MAIN_MODE: Mapping[Technique, Mode] = {
    Technique.PROMPT: Mode.PROMPT,
    Technique.RETRIEVAL: Mode.RETRIEVAL,
    Technique.ADAPTER: Mode.FINE_TUNE,
    Technique.FINE_TUNE: Mode.FINE_TUNE,
    Technique.TRAIN: Mode.TRAIN,
}


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is done to a prompt on its way: types replaced, calls counted, how strict the rules are.

    `way` is the most that may be told of what is replaced, whatever the type; None leaves it to the rules.
    """

    redact: tuple[str, ...] = ()
    calls_per_day: int | None = None
    ruleset: str = "standard"
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class GrantBody:
    """One right asked for. `terms` is the digest of the destination's terms that the approvers look at."""

    dataset: str
    purpose: Purpose
    mode: Mode
    destination: str
    terms: str
    conditions: Conditions
    ends: date

    @property
    def key(self) -> tuple[str, str, str, str]:
        return (self.dataset, self.purpose, self.mode, self.destination)


@dataclass(frozen=True, slots=True)
class RemitBody:
    """`oversight` are the figures of what `human_oversight` says in words; None when none are promised."""

    title: str
    purpose_text: str
    purpose: Purpose
    unit: str
    technique: Technique
    accuracy_need: str
    human_oversight: str
    tier: Tier
    ai_act_class: AiActClass
    grants: tuple[GrantBody, ...]
    ends: date
    oversight: Promise | None = None
    tools: tuple[ToolRule, ...] = ()
    runs: RunCaps = USUAL_CAPS

    def to_json(self) -> dict[str, Any]:
        """Return the JSON that is hashed: grants in the order of their keys, dates as ISO 8601, nothing for no figures, no tools and usual caps."""
        written = {key: value for key, value in asdict(self).items() if key not in OPTIONAL or value}
        written["ends"] = self.ends.isoformat()
        written["grants"] = [_grant_json(grant) for grant in sorted(self.grants, key=lambda grant: grant.key)]
        if self.tools:
            written["tools"] = [rule.to_json() for rule in sorted(self.tools, key=lambda rule: rule.name)]
        if self.runs == USUAL_CAPS:
            del written["runs"]
        return written


def _grant_json(grant: GrantBody) -> dict[str, Any]:
    return {**asdict(grant), "ends": grant.ends.isoformat(), "conditions": conditions_json(grant.conditions)}


def conditions_json(conditions: Conditions) -> dict[str, Any]:
    """Return the JSON that is hashed; nothing for no way, so that a remit of before it was asked keeps its digest."""
    written = {**asdict(conditions), "redact": sorted(conditions.redact)}
    return {key: value for key, value in written.items() if key != "way" or value}


Reader = Callable[[Any, str], Any]

CONDITIONS: Mapping[str, Reader] = {
    "redact": type_names,
    "calls_per_day": calls_per_day,
    "ruleset": one_of(RULESETS),
    "way": replacing_way,
}


def parse_conditions(value: Any, field: str) -> Conditions:
    """Return the conditions that `value` writes down; what it leaves out is the least.

    Raises:
        Invalid: for anything unknown: conditions that cannot be read must never pass as none.
    """
    known_keys(mapping(value, field), CONDITIONS, field)
    return Conditions(**{key: CONDITIONS[key](given, f"{field}.{key}") for key, given in value.items()})


GRANT: Mapping[str, Reader] = {
    "dataset": ref,
    "purpose": one_of(Purpose),
    "mode": one_of(Mode),
    "destination": ref,
    "terms": sha256,
    "conditions": parse_conditions,
    "ends": day,
}


def _grant(value: Any, field: str) -> dict[str, Any]:
    known_keys(mapping(value, field), GRANT, field)
    return {key: GRANT[key](given, f"{field}.{key}") for key, given in value.items()}


BODY: Mapping[str, Reader] = {
    "title": text_up_to(LONGEST_TITLE),
    "purpose_text": text_up_to(LONGEST_TEXT),
    "purpose": one_of(Purpose),
    "unit": ref,
    "technique": one_of(Technique),
    "accuracy_need": optional_text(LONGEST_TEXT),
    "human_oversight": optional_text(LONGEST_TEXT),
    "tier": one_of(Tier),
    "ai_act_class": one_of(AiActClass),
    "grants": listed(_grant, MOST_GRANTS),
    "ends": day,
}
# What a body may leave out: a remit of before these were asked keeps its digest.
OPTIONAL: Mapping[str, Reader] = {"oversight": parse_promise, "tools": tool_rules, "runs": parse_caps}
ANSWERS: Mapping[str, Reader] = {**BODY, **OPTIONAL}


def check_draft(value: Mapping[str, Any]) -> None:
    """Check the answers given so far. What is still missing, or still empty, is no fault in a draft.

    Raises:
        Invalid: names the field, its limit and the remedy.
    """
    known_keys(mapping(value, "body"), ANSWERS, "body")
    for key, given in value.items():
        if key == "grants":
            listed(_draft_grant, MOST_GRANTS)(given, key)
        elif given not in EMPTY:
            ANSWERS[key](given, key)


def _draft_grant(value: Any, field: str) -> None:
    known_keys(mapping(value, field), GRANT, field)
    for key, given in value.items():
        if key == "conditions" or given not in EMPTY:
            GRANT[key](given, f"{field}.{key}")


def parse_body(value: Mapping[str, Any]) -> RemitBody:
    """Return the body that `value` writes down, complete and in bounds.

    Raises:
        Invalid: names the field, its limit and the remedy.
    """
    known_keys(mapping(value, "body"), ANSWERS, "body")
    fields = {key: BODY[key](_given(value, key, key), key) for key in BODY if key != "grants"}
    fields |= {key: read(value[key], key) for key, read in OPTIONAL.items() if value.get(key) is not None}
    _given(value, "grants", "grants")
    grants = BODY["grants"](value["grants"], "grants")
    body = RemitBody(**fields, grants=tuple(_whole_grant(given, i) for i, given in enumerate(grants)))
    _check_together(body)
    return body


def _given(value: Mapping[str, Any], key: str, field: str) -> Any:
    if key not in value:
        raise missing(field)
    return value[key]


def _whole_grant(given: dict[str, Any], index: int) -> GrantBody:
    for key in GRANT:
        _given(given, key, f"grants[{index}].{key}")
    return GrantBody(**given)


def _check_together(body: RemitBody) -> None:
    if not body.grants:
        raise Invalid("no_grant", "Ask for at least one dataset and one destination.", field="grants")
    if (body.ai_act_class is AiActClass.HIGH or body.tier is Tier.HIGH) and not body.human_oversight.strip():
        raise Invalid(
            "oversight_missing",
            "A high-risk initiative says how a person watches over it.",
            field="human_oversight",
            remedy="Say who checks what, and how often.",
        )
    seen: set[tuple[str, str, str, str]] = set()
    for index, grant in enumerate(body.grants):
        _check_grant(body, grant, f"grants[{index}]")
        if grant.key in seen:
            raise Invalid("grant_twice", "The same right is asked for twice.", field=f"grants[{index}]")
        seen.add(grant.key)


def _check_grant(body: RemitBody, grant: GrantBody, field: str) -> None:
    if grant.ends > body.ends:
        raise Invalid("ends_too_late", f"A grant ends with the remit, {body.ends}, or before.", field=f"{field}.ends")
    if grant.mode not in MODES_OF[body.technique]:
        raise Invalid(
            "mode_not_of_technique",
            f"The technique {body.technique.replace('_', ' ')} does not use data in the mode {grant.mode}.",
            field=f"{field}.mode",
            remedy=f"Choose one of: {', '.join(sorted(MODES_OF[body.technique]))}; or change the technique.",
        )
