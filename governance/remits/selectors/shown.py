"""Remits and patterns in the words of a decision page."""

from collections.abc import Iterable, Mapping
from typing import Any

from governance.approvals.rules import DiffRow
from governance.approvals.subjects import Fact
from governance.catalogue.models import Dataset
from governance.core.vocabulary import Classification
from governance.core.wording import several
from governance.destinations.models import Destination, Terms
from governance.detection import ways
from governance.detection.ways import Way
from governance.remits.body import RemitBody, parse_body
from governance.remits.models import Pattern, Remit
from governance.remits.promise import promise_in_words
from governance.remits.runs import USUAL_CAPS, caps_in_words
from governance.remits.tools import in_words as tools_in_words

MOST_NAMED = 2
MOST_TOLD = "What stands for a value"


def remit_title(remit: Remit) -> str:
    """Return the sentence that is decided: who wants to send which data where."""
    body = parse_body(remit.body)
    data = list(Dataset.objects.filter(ref__in={grant.dataset for grant in body.grants}).order_by("title"))
    toward = Destination.objects.filter(ref__in={grant.destination for grant in body.grants}).order_by("title")
    heights = [Classification(dataset.classification) for dataset in data]
    highest = max(heights, key=lambda found: found.height, default=Classification.INTERNAL)
    named = listed_in_words(dataset.title for dataset in data)
    return f"{body.title} wants to send {highest} data ({named}) to {listed_in_words(each.title for each in toward)}"


def pattern_title(pattern: Pattern) -> str:
    what = "a sandbox pattern" if pattern.sandbox else "a pattern"
    return f"{pattern.owner_unit.name} proposes {what}, {pattern.name}, that decides requests at once"


def listed_in_words(titles: Iterable[str]) -> str:
    """Return "A", "A and B", or "A, B and 3 more"."""
    names = list(titles)
    if len(names) <= MOST_NAMED:
        return " and ".join(names)
    return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"


def shown_facts(remit: Remit) -> list[Fact]:
    """Return the facts of a remit beside its difference."""
    body = parse_body(remit.body)
    return [
        Fact("Owner", remit.initiative.accountable_unit.name),
        Fact("Purpose", body.purpose_text),
        Fact("Technique", spoken(body.technique)),
        Fact("Risk", f"{body.tier} tier; AI Act class {body.ai_act_class}"),
        Fact("Oversight", body.human_oversight or "none stated"),
        Fact("Oversight in figures", promise_in_words(body.oversight)),
        Fact("Accuracy need", body.accuracy_need or "none stated"),
        *_terms_facts(body),
        Fact("Tools", tools_in_words(body.tools) or "the application's own, none that a provider runs"),
        *([Fact("Runs of agents", caps_in_words(body.runs))] if body.runs != USUAL_CAPS else []),
        Fact("Version", str(remit.version)),
    ]


def _terms_facts(body: RemitBody) -> list[Fact]:
    digests = {(grant.destination, grant.terms) for grant in body.grants}
    found = Terms.objects.filter(digest__in={terms for _, terms in digests}).select_related("destination")
    return [
        Fact(f"Terms of {terms.destination.title}", terms_in_words(terms))
        for terms in found.order_by("destination__title", "-version")
        if (terms.destination.ref, terms.digest) in digests
    ]


def terms_in_words(terms: Terms) -> str:
    trains = "trains on what it is sent" if terms.trains_on_inputs else "no training"
    return f"{trains}, {several(terms.retention_days, 'day')} kept, cleared for {terms.cleared_for}"


def terms_named(digests: Iterable[str]) -> dict[str, str]:
    """Return what each version of terms says, by its digest."""
    found = Terms.objects.filter(digest__in=digests).order_by("version")
    return {terms.digest: f"terms version {terms.version}: {terms_in_words(terms)}" for terms in found}


def pattern_rows(before: Mapping[str, Any] | None, after: Mapping[str, Any], names: Mapping[str, str]) -> list[DiffRow]:
    """Return a row for each bound that differs. Every bound decides what passes without a person: all are material."""
    return [
        DiffRow(
            MOST_TOLD if key == "way" else spoken(key).capitalize(),
            "" if before is None else _bound_in_words(key, before.get(key), names),
            _bound_in_words(key, after.get(key), names),
            material=True,
        )
        for key in {**after, **(before or {})}  # a bound that may be left out can stand in either
        if before is None or before.get(key) != after.get(key)
    ]


def _bound_in_words(key: str, value: Any, names: Mapping[str, str]) -> str:
    if key == "way":
        return f"only {ways.in_words(Way(value))}" if value else "as the rules say"
    return in_words(value=value, names=names)


def in_words(*, value: Any, names: Mapping[str, str] | None = None) -> str:
    """Return a bound as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "no limit"
    if isinstance(value, Mapping):
        return in_words(value=value["destination"], names=names)
    if isinstance(value, list | tuple):
        return ", ".join(in_words(value=each, names=names) for each in value) or "any"
    return (names or {}).get(str(value), spoken(str(value)))


def spoken(word: str) -> str:
    return str(word).replace("_", " ")
