"""A change to a remit that an approver writes: it only ever takes away, or turns what is asked to another of its own ways. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from governance.core.errors import Invalid
from governance.core.vocabulary import Mode
from governance.core.wording import several
from governance.detection.ways import Way
from governance.remits.body import LONGEST_TEXT, MOST_GRANTS, Conditions, GrantBody, RemitBody, parse_body
from governance.remits.fields import (
    calls_per_day,
    day,
    known_keys,
    listed,
    mapping,
    missing,
    one_of,
    ref,
    replacing_way,
    text_up_to,
    truth,
    type_names,
    whole,
)
from governance.remits.rules import strictest

Reader = Callable[[Any, str], Any]


@dataclass(frozen=True, slots=True)
class GrantChange:
    """What becomes of the grant with this `number`, counted from 1 in the order of the body. None: as it is.

    `redact` are types replaced besides those asked for; `way` is the most that may be told of what is replaced.
    """

    number: int
    leave_out: bool = False
    mode: Mode | None = None
    destination: str | None = None
    ends: date | None = None
    redact: tuple[str, ...] = ()
    calls_per_day: int | None = None
    strict: bool = False
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class Change:
    ends: date | None = None
    human_oversight: str | None = None
    grants: tuple[GrantChange, ...] = field(default=())


GRANT: Mapping[str, Reader] = {
    "number": whole(1, MOST_GRANTS),
    "leave_out": truth,
    "mode": one_of(Mode),
    "destination": ref,
    "ends": day,
    "redact": type_names,
    "calls_per_day": calls_per_day,
    "strict": truth,
    "way": replacing_way,
}


def _grant_change(value: Any, where: str) -> GrantChange:
    known_keys(mapping(value, where), GRANT, where)
    if "number" not in value:
        raise missing(f"{where}.number")
    return GrantChange(**{key: GRANT[key](given, f"{where}.{key}") for key, given in value.items()})


CHANGE: Mapping[str, Reader] = {
    "ends": day,
    "human_oversight": text_up_to(LONGEST_TEXT),
    "grants": listed(_grant_change, MOST_GRANTS),
}


def parse_change(value: Any) -> Change:
    """Return the change that JSON writes down.

    Raises:
        Invalid: names the field, its limit and the remedy.
    """
    known_keys(mapping(value, "suggestion"), CHANGE, "suggestion")
    said = {key: CHANGE[key](given, f"suggestion.{key}") for key, given in value.items()}
    return Change(**said | {"grants": tuple(said.get("grants", ()))})


def suggested_body(asked: RemitBody, change: Change) -> RemitBody:
    """Return `asked` with `change` made to it: a whole body in bounds.

    Raises:
        Invalid: a later end, more calls, a destination that the request does not name, a number that no grant has.
    """
    grants = sorted(asked.grants, key=lambda grant: grant.key)
    last = _earlier(asked.ends, change.ends, "suggestion.ends")
    by_number = _by_number(change.grants, len(grants))
    kept = [
        _changed(grant, by_number.get(number, GrantChange(number)), grants, last)
        for number, grant in enumerate(grants, 1)
        if number not in by_number or not by_number[number].leave_out
    ]
    oversight = asked.human_oversight if change.human_oversight is None else change.human_oversight.strip()
    return parse_body(replace(asked, ends=last, human_oversight=oversight, grants=tuple(kept)).to_json())


def _by_number(changes: Sequence[GrantChange], count: int) -> dict[int, GrantChange]:
    by_number = {each.number: each for each in changes}
    if len(by_number) < len(changes) or any(number > count for number in by_number):
        told = f"Number each right once, from 1 to {count}."
        raise Invalid("no_such_right", told, field="suggestion.grants", remedy="Open the request again.")
    return by_number


def _changed(grant: GrantBody, change: GrantChange, grants: Sequence[GrantBody], last: date) -> GrantBody:
    where = f"suggestion.grants[{change.number}]"
    terms = {each.destination: each.terms for each in grants}
    toward = change.destination or grant.destination
    if toward not in terms:
        named = ", ".join(sorted(terms))
        raise Invalid("not_asked_for", f"The request names only: {named}.", field=f"{where}.destination")
    most = grant.conditions.calls_per_day
    if change.calls_per_day and most and change.calls_per_day > most:
        asked = f"It was asked with {several(most, 'call')} a day."
        raise Invalid("more_calls", asked, field=f"{where}.calls_per_day", remedy="Choose that number or fewer.")
    ruleset = "strict" if change.strict else grant.conditions.ruleset
    tied = Conditions(change.redact, change.calls_per_day, ruleset, change.way)
    return replace(
        grant,
        mode=change.mode or grant.mode,
        destination=toward,
        terms=terms[toward],
        conditions=strictest([grant.conditions, tied]),
        ends=min(last, _earlier(grant.ends, change.ends, f"{where}.ends")),
    )


def _earlier(asked: date, wanted: date | None, where: str) -> date:
    if wanted is not None and wanted > asked:
        told = f"It was asked until {asked.isoformat()}."
        raise Invalid("ends_later", told, field=where, remedy="Choose that day or one before it.")
    return wanted or asked
