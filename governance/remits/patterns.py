"""The body of a pattern: the bounds of requests that are decided at once. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from governance.core.errors import Invalid
from governance.core.vocabulary import Classification, Mode, Purpose, Technique
from governance.detection.ways import Way
from governance.initiatives.rules import AiActClass, Tier
from governance.remits.body import LONGEST_TITLE, RULESETS, Conditions, GrantBody, RemitBody
from governance.remits.fields import (
    calls_per_day,
    known_keys,
    listed,
    mapping,
    missing,
    one_of,
    ref,
    replacing_way,
    sha256,
    truth,
    type_names,
    whole,
)

MOST_ENTRIES, LONGEST_DAYS, SANDBOX_DAYS = 100, 730, 14


@dataclass(frozen=True, slots=True)
class PatternBody:
    """What a request may hold to be decided by this pattern; the README of `remits.rules.covers`.

    `units` are refs whose subtree is meant; empty: every unit. `datasets` are refs; empty: any dataset, and only public or
    synthetic ones. `synthetic`: synthetic data counts as public. `destinations` maps refs to the digest of their terms:
    new terms leave the pattern. `redact`, `calls_per_day`, `ruleset` and `way` are the least every grant must promise.
    """

    purposes: tuple[Purpose, ...]
    units: tuple[str, ...]
    techniques: tuple[Technique, ...]
    modes: tuple[Mode, ...]
    tier: Tier
    ai_act_class: AiActClass
    datasets: tuple[str, ...]
    highest_classification: Classification
    synthetic: bool
    destinations: tuple[tuple[str, str], ...]
    redact: tuple[str, ...]
    calls_per_day: int | None
    ruleset: str
    longest_days: int
    way: Way | None = None

    @property
    def promised(self) -> Conditions:
        """Return the conditions that every grant must have at least."""
        return Conditions(self.redact, self.calls_per_day, self.ruleset, self.way)

    def to_json(self) -> dict[str, Any]:
        written = asdict(self)
        written["destinations"] = [{"destination": name, "terms": terms} for name, terms in self.destinations]
        for key in ("purposes", "units", "techniques", "modes", "datasets", "redact"):
            written[key] = list(written[key])
        return {key: value for key, value in written.items() if key not in OPTIONAL or value}


def _destination(value: Any, field: str) -> tuple[str, str]:
    known_keys(mapping(value, field), {"destination", "terms"}, field)
    for key in ("destination", "terms"):
        if key not in value:
            raise missing(f"{field}.{key}")
    return ref(value["destination"], f"{field}.destination"), sha256(value["terms"], f"{field}.terms")


def _words(read_one: Callable[[Any, str], Any]) -> Callable[[Any, str], tuple[Any, ...]]:
    read_all = listed(read_one, MOST_ENTRIES)
    return lambda value, field: tuple(sorted(set(read_all(value, field))))


PATTERN: Mapping[str, Callable[[Any, str], Any]] = {
    "purposes": _words(one_of(Purpose)),
    "units": _words(ref),
    "techniques": _words(one_of(Technique)),
    "modes": _words(one_of(Mode)),
    "tier": one_of(Tier),
    "ai_act_class": one_of(AiActClass),
    "datasets": _words(ref),
    "highest_classification": one_of(Classification),
    "synthetic": truth,
    "destinations": _words(_destination),
    "redact": type_names,
    "calls_per_day": calls_per_day,
    "ruleset": one_of(RULESETS),
    "longest_days": whole(1, LONGEST_DAYS),
}
# What bounds may leave out: a pattern of before it was asked keeps its digest.
OPTIONAL: Mapping[str, Callable[[Any, str], Any]] = {"way": replacing_way}


def parse_pattern(value: Mapping[str, Any], *, sandbox: bool = False) -> PatternBody:
    """Return the bounds that `value` writes down.

    Raises:
        Invalid: names the field, its limit and the remedy.
    """
    known_keys(mapping(value, "body"), {**PATTERN, **OPTIONAL}, "body")
    for key in PATTERN:
        if key not in value:
            raise missing(key)
    given = {key: read(value[key], key) for key, read in OPTIONAL.items() if value.get(key)}
    body = PatternBody(**{key: read(value[key], key) for key, read in PATTERN.items()}, **given)
    _check_bounds(body)
    if sandbox:
        _check_sandbox(body)
    return body


def _check_bounds(body: PatternBody) -> None:
    for field in ("purposes", "techniques", "modes", "destinations"):
        if not getattr(body, field):
            raise Invalid("covers_nothing", f"A pattern without {field} covers nothing.", field=field)
    if len({name for name, _ in body.destinations}) < len(body.destinations):
        raise Invalid("destination_twice", "A destination stands in a pattern once.", field="destinations")
    if body.ai_act_class in {AiActClass.HIGH, AiActClass.PROHIBITED}:
        raise Invalid("class_too_high", "People decide every high-risk request; no pattern can.", field="ai_act_class")
    if not body.datasets and body.highest_classification is not Classification.PUBLIC:
        raise Invalid(
            "names_no_dataset",
            "A pattern for data that is not public names its datasets, so that their stewards decide on it.",
            field="datasets",
            remedy="Name the datasets, or lower the classification to public.",
        )


def _check_sandbox(body: PatternBody) -> None:
    faults = {
        "datasets": not body.datasets,
        "highest_classification": body.highest_classification is not Classification.PUBLIC,
        "destinations": len(body.destinations) != 1,
        "ruleset": body.ruleset != "strict",
        "calls_per_day": body.calls_per_day is None,
        "longest_days": body.longest_days > SANDBOX_DAYS,
        "modes": Mode.PROMPT not in body.modes,
        "techniques": Technique.PROMPT not in body.techniques,
    }
    wrong = [field for field, fault in faults.items() if fault]
    if wrong:
        raise Invalid(
            "not_a_sandbox",
            "A sandbox names its public or synthetic datasets and one destination, prompts only under the strict rules, "
            f"caps the calls a day and lasts at most {SANDBOX_DAYS} days.",
            field=wrong[0],
        )


def sandbox_body(bounds: PatternBody, asked: RemitBody, today: date) -> RemitBody:
    """Return the most that a sandbox pattern gives: its datasets, its destination, its conditions, its days.

    The risk classes are the lowest: whatever the initiative will do one day, here staff try prompts on data that is
    public or made up.
    """
    purpose = asked.purpose if asked.purpose in bounds.purposes else bounds.purposes[0]
    ends = today + timedelta(days=bounds.longest_days - 1)
    destination, terms = bounds.destinations[0]
    return RemitBody(
        title=f"Sandbox: {asked.title}"[:LONGEST_TITLE],
        purpose_text="Try prompts on public or synthetic data.",
        purpose=purpose,
        unit=asked.unit,
        technique=Technique.PROMPT,
        accuracy_need="",
        human_oversight="",
        tier=Tier.LOW,
        ai_act_class=AiActClass.MINIMAL,
        grants=tuple(
            GrantBody(dataset, purpose, Mode.PROMPT, destination, terms, bounds.promised, ends)
            for dataset in bounds.datasets
        ),
        ends=ends,
    )
