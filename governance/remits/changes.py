"""What differs between two versions of a remit, as rows that people can read. Pure."""

import re
from collections.abc import Iterable, Mapping

from governance.approvals.rules import DiffRow
from governance.core.vocabulary import Classification
from governance.core.wording import several
from governance.detection import ways
from governance.detection.type_names import type_name
from governance.remits.body import Conditions, GrantBody, RemitBody
from governance.remits.promise import promise_in_words, promises_less
from governance.remits.rules import is_looser
from governance.remits.runs import USUAL_CAPS, allows_more, caps_in_words
from governance.remits.tools import in_words, lists_more

Names = Mapping[str, str]  # ref -> title; digest of terms -> what they say


def material_diff(before: RemitBody | None, after: RemitBody, names: Names | None = None) -> list[DiffRow]:
    """Return a row for each field that differs; none for equal bodies. `before` None: everything is new.

    Material is what lets more through, or changes what was decided on: a dataset, purpose, mode, destination, new terms,
    looser conditions, a later end, another risk class, other words about purpose or oversight, figures of oversight that
    promise less, a tool more or one confirmed no more, runs that may do more. What only takes away (a grant left out, an earlier end, stricter
    conditions) is not, nor a new title.
    """
    titles = names or {}
    return [*_scope_rows(before, after, titles), *_grant_rows(before, after, titles)]


def classification_rows(before: Mapping[str, str], after: Mapping[str, str], names: Names) -> list[DiffRow]:
    """Return a row for each dataset whose classification differs; material when it went up."""
    return [
        DiffRow(
            f"Classification of {names.get(ref, ref)}",
            before[ref],
            after[ref],
            material=Classification(after[ref]).height > Classification(before[ref]).height,
        )
        for ref in sorted(before.keys() & after.keys())
        if before[ref] != after[ref]
    ]


def _scope_rows(before: RemitBody | None, after: RemitBody, names: Names) -> Iterable[DiffRow]:
    fields = {
        "Title": ("title", False),
        "Purpose": ("purpose", True),
        "Purpose in words": ("purpose_text", None),
        "Unit": ("unit", True),
        "Technique": ("technique", True),
        "Accuracy need": ("accuracy_need", False),
        "Human oversight": ("human_oversight", None),
        "Risk tier": ("tier", True),
        "AI Act class": ("ai_act_class", True),
    }
    for label, (field, always) in fields.items():
        old, new = ("" if before is None else str(getattr(before, field))), str(getattr(after, field))
        if old != new:
            material = before is None or (_words(old) != _words(new) if always is None else always)
            yield DiffRow(label, _shown(old, names), _shown(new, names), material)
    promised = before.oversight if before else None
    if promised != after.oversight:
        less = before is None or promises_less(promised, after.oversight)
        was = "" if before is None else promise_in_words(promised)
        yield DiffRow("Oversight in figures", was, promise_in_words(after.oversight), less)
    if before is None or before.ends != after.ends:
        later = before is None or after.ends > before.ends
        yield DiffRow("Ends", "" if before is None else before.ends.isoformat(), after.ends.isoformat(), later)
    held = () if before is None else before.tools
    if held != after.tools:
        material = before is None or lists_more(held, after.tools)
        yield DiffRow("Tools", in_words(held), in_words(after.tools) or "not restricted", material)
    capped = USUAL_CAPS if before is None else before.runs
    if capped != after.runs:
        material = before is None or allows_more(capped, after.runs)
        yield DiffRow("Runs of agents", caps_in_words(capped), caps_in_words(after.runs), material)


def _shown(value: str, names: Names) -> str:
    return names.get(value, value)


def _words(text: str) -> list[str]:
    """Return the words alone: a comma or a capital changes nothing that somebody decided on."""
    return re.findall(r"\w+", text.casefold())


def new_terms(before: RemitBody, after: RemitBody) -> set[str]:
    """Return the digests of terms of which only one version speaks: those that a reader of the difference must be told."""
    return {grant.terms for grant in before.grants} ^ {grant.terms for grant in after.grants}


def _grant_rows(before: RemitBody | None, after: RemitBody, names: Names) -> Iterable[DiffRow]:
    old = {grant.key: grant for grant in before.grants} if before else {}
    new = {grant.key: grant for grant in after.grants}
    for key in sorted(old.keys() | new.keys()):
        left, right = old.get(key), new.get(key)
        if left != right:
            material = right is not None and (left is None or _lets_more(left, right))
            yield DiffRow(_heading(key, names), _grant(left, right, names), _grant(right, left, names), material)


def _lets_more(before: GrantBody, after: GrantBody) -> bool:
    new_terms, later = before.terms != after.terms, after.ends > before.ends
    return new_terms or later or is_looser(before.conditions, after.conditions)


def _heading(key: tuple[str, str, str, str], names: Names) -> str:
    dataset, purpose, mode, destination = key
    return (
        f"{_shown(dataset, names)} to {_shown(destination, names)}, "
        f"{mode.replace('_', ' ')}, {purpose.replace('_', ' ')}"
    )


def _grant(grant: GrantBody | None, other: GrantBody | None, names: Names) -> str:
    """Say what a grant promises; terms only where they differ."""
    if grant is None:
        return ""
    said = [f"until {grant.ends.isoformat()}", conditions_in_words(grant.conditions)]
    if other is not None and other.terms != grant.terms:
        said.append(_shown(grant.terms, names))
    return "; ".join(part for part in said if part)


def conditions_in_words(conditions: Conditions) -> str:
    """Return the conditions as people read them; "no conditions" when there are none."""
    said = []
    if conditions.redact:
        said.append(f"{', '.join(map(type_name, conditions.redact))} replaced")
    if conditions.way:
        said.append(f"values replaced only {ways.in_words(conditions.way)}")
    if conditions.calls_per_day is not None:
        said.append(f"at most {several(conditions.calls_per_day, 'call')} a day")
    if conditions.ruleset == "strict":
        said.append("strict rules")
    return ", ".join(said) or "no conditions"
