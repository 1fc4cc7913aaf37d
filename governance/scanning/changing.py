"""The next version of a ruleset, as people make it: what its rules lead to, how values are replaced, how sure detectors must be. Pure.

What is registered (registers, exams, recognisers) is not changed here: that makes versions of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from governance.core.errors import Invalid
from governance.detection.policy import NEVER_JUSTIFIED, Verdict
from governance.detection.spans import LANGUAGE
from governance.detection.ways import Way

Rule = Mapping[str, Any]
LOWEST_SURE, HIGHEST_SURE = 10, 95  # per cent: below, nearly every number is a finding; above, hardly any is


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What a rule is to lead to; `way` counts where it is to replace."""

    action: Verdict
    way: Way = Way.PLACEHOLDER


@dataclass(frozen=True, slots=True)
class Changes:
    """`rules` by their codes; those not named stay. `sure` (per cent) and `strict` are of the detectors; None leaves them."""

    rules: Mapping[str, RuleChange]
    sure: int | None = None
    strict: bool | None = None


def actions_open(rule: Rule) -> tuple[Verdict, ...]:
    """Return what a rule may be made to lead to, the mildest first.

    Secrets, registered source and rows of datasets pass on nobody's reason, and no rule may say that they pass without one. A language, and the
    number of people in a text, stand at no place where something could be put instead.
    """
    kinds = set(rule["types"])
    if "unless_dataset_granted" not in rule and NEVER_JUSTIFIED & kinds:
        return (Verdict.REDACT, Verdict.HOLD, Verdict.BLOCK)
    if NEVER_JUSTIFIED & kinds:
        return (Verdict.HOLD, Verdict.BLOCK)
    if LANGUAGE in kinds or "least_distinct" in rule:
        return (Verdict.ALLOW, Verdict.JUSTIFY, Verdict.HOLD, Verdict.BLOCK)
    return (Verdict.ALLOW, Verdict.REDACT, Verdict.JUSTIFY, Verdict.HOLD, Verdict.BLOCK)


def change_of(rule: Rule) -> RuleChange:
    """Return what a rule leads to now."""
    return RuleChange(Verdict(rule["action"]), Way(rule.get("way", Way.PLACEHOLDER)))


def sure_of(body: Mapping[str, Any]) -> int:
    """Return how sure the detector of numbers and addresses must be, in per cent."""
    threshold: float = body["detection"]["detectors"].get("patterns", {}).get("threshold", 0.4)
    return round(threshold * 100)


def is_strict(body: Mapping[str, Any]) -> bool:
    return bool(body["detection"]["detectors"].get("names", {}).get("strict"))


def changed(body: Mapping[str, Any], changes: Changes) -> dict[str, Any]:
    """Return the body of the next version.

    Raises:
        Invalid: `unknown_rule`, `action_not_open`, `bad_threshold`, or `nothing_changed`.
    """
    policy = {**body["policy"], "rules": _rules(body["policy"]["rules"], changes.rules)}
    made = {**body, "policy": policy, "detection": _detection(body, changes)}
    if made == body:
        raise Invalid("nothing_changed", "Nothing is different from the version in force.")
    return made


def _rules(rules: list[Rule], changes: Mapping[str, RuleChange]) -> list[dict[str, Any]]:
    if unknown := sorted(changes.keys() - {rule["code"] for rule in rules}):
        raise Invalid("unknown_rule", f"The version in force has no rule {unknown[0]:.80}.", field="rules")
    return [_rule(rule, changes[rule["code"]]) if rule["code"] in changes else dict(rule) for rule in rules]


def _rule(rule: Rule, change: RuleChange) -> dict[str, Any]:
    if change == change_of(rule):
        return dict(rule)
    if change.action not in actions_open(rule):
        said = ", ".join(actions_open(rule))
        raise Invalid("action_not_open", f"The rule {rule['code']} can lead to: {said}.", field=f"then_{rule['code']}")
    written = {name: value for name, value in rule.items() if name != "way"} | {"action": str(change.action)}
    replaces = change.action is Verdict.REDACT and change.way is not Way.PLACEHOLDER
    return written | ({"way": str(change.way)} if replaces else {})


def _detection(body: Mapping[str, Any], changes: Changes) -> dict[str, Any]:
    detectors = {name: dict(options) for name, options in body["detection"]["detectors"].items()}
    if changes.sure is not None and changes.sure != sure_of(body):
        if not LOWEST_SURE <= changes.sure <= HIGHEST_SURE:
            reason = f"It must be {LOWEST_SURE} to {HIGHEST_SURE} per cent sure."
            raise Invalid("bad_threshold", reason, field="sure")
        detectors["patterns"] = detectors.get("patterns", {}) | {"threshold": changes.sure / 100}
    if changes.strict is not None and changes.strict != is_strict(body):
        detectors["names"] = detectors.get("names", {}) | {"strict": changes.strict}
    return {**body["detection"], "detectors": detectors}


def carried_over(body: Mapping[str, Any], onto: Mapping[str, Any]) -> Changes:
    """Return what `body` decides otherwise, to be said again of a version in force that has since had other things registered."""
    known = {rule["code"] for rule in onto["policy"]["rules"]}
    rules = {rule["code"]: change_of(rule) for rule in body["policy"]["rules"] if rule["code"] in known}
    return Changes(rules, sure_of(body), is_strict(body))
