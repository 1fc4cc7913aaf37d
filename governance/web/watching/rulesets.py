"""Pages of rulesets: what is looked for, what happens to what is found, who put that in force, and what a version changed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from governance.core.verdict import Denied
from governance.core.vocabulary import Classification, Hosting, Mode
from governance.detection.policy import Decision, Facts, Policy, Verdict, decide_findings
from governance.detection.ruleset import KNOWN
from governance.detection.spans import LANGUAGE, Finding
from governance.detection.ways import Way
from governance.gateway.comparing import KindChange
from governance.gateway.selectors.comparisons import compared_with
from governance.organisation.permissions import Standing
from governance.scanning import selectors
from governance.scanning.comparing import Change, Difference, differences
from governance.scanning.rules import RulesetMode
from governance.scanning.selectors import Choices, RulesetRow
from governance.web.frame import words
from governance.web.frame.access import holds, requires, standing
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.sayings import Said
from governance.web.frame.shapes import Crumb
from governance.web.watching import ruleset_words
from governance.web.watching.exchanges import ACTIONS

READ, EDIT = "scanning:ruleset:read", "scanning:ruleset:edit"
PROOF = ("approvals:request:decide", "audit:event:read_own_unit")
HOME = Crumb("Rulesets", "/rulesets/")
LIST = ListSpec(sorts={"version": "Version"}, default_sort="-version", noun="version")
CASE = ListSpec(
    sorts={},
    default_sort="",
    filters=(
        Filter("mode", "How it is used", words.choices(Mode), otherwise="in prompts"),
        Filter("classification", "The data is", words.choices(Classification), otherwise="internal"),
        Filter("keeps", "The destination", (("nothing", "keeps nothing"),), otherwise="keeps what it gets"),
    ),
    noun="kind of finding",
    nouns="kinds of finding",
)
SAID = {Change.ADDED: "new", Change.REMOVED: "gone", Change.CHANGED: "changed"}
NEAREST = 5  # versions that are offered to compare with
PARTS = {"rule": "Rule", "detector": "Detector", "entry": "Registered", "otherwise": "What no rule names"}


@requires(READ)
def rulesets(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, LIST)
    found = selectors.rulesets(standing=standing(request), page=state.page, size=state.limit)
    page = ListPage(state, [_row(row) for row in found.rows], found.total)
    context = {"page": page, "new_url": reverse("ruleset_new") if holds(request, EDIT) else ""}
    return page_or_part(request, "rulesets/list.html", "rows", context)


def _row(row: RulesetRow) -> dict[str, Any]:
    return {
        "version": row.version,
        "said": words.state(RulesetMode, row.mode),
        "made_at": row.made_at,
        "made_by": row.made_by or "not written down",
        "enforced_at": row.enforced_at,
        "enforced_by": row.enforced_by,
    }


@requires(READ)
def ruleset(request: HttpRequest, version: int) -> HttpResponse:
    held = standing(request)
    row = selectors.ruleset(version, standing=held)
    before = _before(request, row)
    state = ListState.read(request.GET, CASE)
    outcomes = list(_outcomes(Policy.of(row.body["policy"]), state))
    context = {
        "ruleset": _row(row) | {"trail": [HOME, Crumb(f"Version {row.version}")], "sentence": _sentence(row)},
        "page": ListPage(state, outcomes, len(outcomes)),
        "places": [words.sentence(words.word(Hosting, hosting)) for hosting in Hosting],
        "rules": [_rule(rule) for rule in row.body["policy"]["rules"]],
        "otherwise": _then(row.body["policy"]["otherwise"]),
        "detectors": [
            _detector(name, row.body["detection"]["detectors"][name])
            for name in KNOWN
            if name in row.body["detection"]["detectors"]
        ],
        "before": before.version if before else 0,
        "differences": [_difference(each) for each in differences(before.body, row.body)] if before else [],
        "others": _others(row, before),
        "choices": _choices(row, held),
        "beside": _beside(row, held),
        "proof": row.digest if any(holds(request, permission) for permission in PROOF) else "",
    }
    return page_or_part(request, "rulesets/page.html", "rows", context)


def _choices(row: RulesetRow, held: Standing) -> dict[str, Any]:
    """Return what can be done with a version now, and why not."""
    found = selectors.choices_for(row, standing=held)
    runs = row.mode is RulesetMode.SHADOW
    return {
        "shadow": "stop" if found.edits and runs else "start" if found.shadow else "",
        "renew": found.edits and bool(found.behind),
        "enforce": bool(found.enforce),
        "why_not": _why_not(found) if found.edits and row.mode is not RulesetMode.ENFORCE else "",
    }


def _beside(row: RulesetRow, held: Standing) -> dict[str, Any] | None:
    """Return what a version that runs in shadow, or did, would have changed; None for one that never decided beside another."""
    found = compared_with(row.digest, standing=held)
    if row.mode is not RulesetMode.SHADOW and not found.calls:
        return None
    url = reverse("ruleset_calls", args=[row.version])
    return {
        "calls": found.calls,
        "differing": found.differing,
        "url": url,
        "effects": [
            (ruleset_words.EFFECTS[effect], number, f"{url}?effect={effect}")
            for effect, number in found.effects.items()
            if number
        ],
        "kinds": [kind_row(kind) for kind in found.kinds],
    }


def kind_row(kind: KindChange) -> dict[str, Any]:
    """Return a change of what findings of a type meet, as pages show it."""
    return {
        "kind": words.sentence(words.finding(kind.type)),
        "now": ruleset_words.met(kind.before),
        "would": ruleset_words.met(kind.after),
        "count": kind.count,
    }


def _why_not(found: Choices) -> str:
    return f"{found.enforce.reason} {found.enforce.remedy}" if isinstance(found.enforce, Denied) else ""


def _before(request: HttpRequest, row: RulesetRow) -> RulesetRow | None:
    """Return the version to compare with: the one the reader chose, else the one before; None for the first."""
    asked = request.GET.get("against", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < len("1000000000") else row.version - 1
    return selectors.ruleset(number, standing=standing(request)) if number > 0 and number != row.version else None


def _others(row: RulesetRow, before: RulesetRow | None) -> list[tuple[int, str, bool]]:
    """Return the versions it may be compared with, as (version, address, is it chosen): the nearest few."""
    nearest = range(row.version - 1, max(0, row.version - 1 - NEAREST), -1)
    here = reverse("ruleset", args=[row.version])
    return [(number, f"{here}?against={number}", before is not None and before.version == number) for number in nearest]


def _sentence(row: RulesetRow) -> str:
    match row.mode:
        case RulesetMode.ENFORCE:
            return "In force: every prompt and every training set is read and decided by this."
        case RulesetMode.DRAFT:
            return "It decides nothing: it was made and is not in force."
        case RulesetMode.SHADOW:
            return "In shadow: each call is decided by it a second time, afterwards and with no effect."
        case RulesetMode.RETIRED:
            return "It was in force once, and scans of that time are decided by it."


def _outcomes(policy: Policy, state: ListState) -> Iterator[dict[str, Any]]:
    """Yield what happens to each kind of finding toward each kind of place, in the case that the reader chose."""
    for kind, subtype in _kinds(policy):
        finding = Finding(kind, "", "", 0, 1, 1.0, "00", subtype)
        decided = [decide_findings([finding], policy=policy, facts=_facts(state, hosting)) for hosting in Hosting]
        yield _outcome(_called(kind, subtype), [_decided(decision) for decision in decided])
    yield _outcome("Anything that no rule names", [_then(policy.document["otherwise"])] * len(Hosting))


def _outcome(kind: str, said: Sequence[Said]) -> dict[str, Any]:
    places = [words.sentence(words.word(Hosting, hosting)) for hosting in Hosting]
    return {"kind": kind, "cells": list(zip(places, said, strict=True))}


def _decided(decision: Decision) -> Said:
    return _then(decision.verdict, *decision.ways.values())


def _then(action: str, way: str = Way.PLACEHOLDER) -> Said:
    """Return what becomes of a finding: "Refused", "Masked"."""
    return ruleset_words.WAYS[Way(way)] if action == Verdict.REDACT else ACTIONS[action]


def _kinds(policy: Policy) -> list[tuple[str, str]]:
    """Return the kinds of finding that the rules tell apart, as (type, subtype). A language is no finding: its rules stand below."""
    told = [
        (kind, subtype)
        for rule in policy.rules
        for kind in rule["types"]
        for subtype in rule.get("subtypes", [""])
        if kind != LANGUAGE and (kind != "*" or subtype)
    ]
    return list(dict.fromkeys(told))


def _called(kind: str, subtype: str) -> str:
    if kind == "*":
        return words.sentence(ruleset_words.ANY_OF.get(subtype, subtype))
    return words.sentence(words.finding(f"{kind}:{subtype}" if subtype else kind))


def _facts(state: ListState, hosting: Hosting) -> Facts:
    return Facts(
        classification=state.value("classification") or Classification.INTERNAL,
        hosting=hosting,
        mode=state.value("mode") or Mode.PROMPT,
        keeps_inputs=state.value("keeps") != "nothing",
    )


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": rule["code"],
        "finds": words.sentence(ruleset_words.types(rule)),
        "when": words.sentence(ruleset_words.conditions(rule)),
        "then": _then(rule["action"], rule.get("way", Way.PLACEHOLDER)),
        "sentence": rule["sentence"],
    }


def _detector(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    listed = [each for value in options.values() if isinstance(value, list) for each in value if isinstance(each, dict)]
    return {
        "name": name,
        "looks_for": ruleset_words.looks_for(name),
        "options": ruleset_words.options(options),
        "entries": [ruleset_words.entry(each) for each in listed],
    }


def _difference(found: Difference) -> dict[str, str]:
    return {
        "part": PARTS[found.part],
        "name": found.name.replace("_", " ") if found.part != "otherwise" else "",
        "change": SAID[found.change],
        "before": _told(found.part, found.before, alone=found.after is None),
        "after": _told(found.part, found.after, alone=found.before is None),
    }


def _told(part: str, value: Any, *, alone: bool) -> str:
    if value is None:
        return "not there"
    match part:
        case "rule":
            rule = _rule(value)
            return f"{rule['finds']}: {rule['then'].text.lower()}. {rule['when']}."
        case "detector":
            return ruleset_words.options(value) or "as it comes"
        case "otherwise":
            return _then(value).text
    return "there" if alone else "with other contents"
