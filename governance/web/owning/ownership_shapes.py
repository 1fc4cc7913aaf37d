"""What the page of ownership shows."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from governance.initiatives.rules import InitiativeState
from governance.insights.ownership import Ownership, UnitOwns
from governance.web.frame import charts, words
from governance.web.frame.insights_words import counted
from governance.web.frame.sayings import Said
from governance.web.frame.tables import Table

SHOWN = 50


def sentence(found: Ownership) -> str:
    if not found.total:
        return "No initiative has been proposed yet"
    owned = "The one initiative has" if found.total == 1 else f"Each of {found.total:,} initiatives has"
    if not found.contested_total:
        return f"{owned} one accountable unit, none is contested"
    are = "is" if found.contested_total == 1 else "are"
    return f"{owned} one accountable unit, {found.contested_total:,} {are} contested"


def units(found: Ownership, *, shown: int = SHOWN) -> list[dict[str, Any]]:
    most = max((unit.total for unit in found.units), default=0)
    return [_unit(unit, most) for unit in found.units[:shown]]


def _unit(unit: UnitOwns, most: int) -> dict[str, Any]:
    said = [(words.state(InitiativeState, state), number) for state, number in unit.states.items()]
    parts = [(each.tone, f"{number:,} {each.text.lower()}", number) for each, number in said]
    return {
        "unit": unit.unit,
        "head": unit.head or "nobody named",
        "dissolved": unit.dissolved,
        "total": unit.total,
        "states": words.joined([about for _, about, _ in parts], "nothing"),
        "strip": charts.strip(parts, most),
        "contested": unit.contested,
        "claims": unit.claims,
        "url": _listed(unit=unit.ref),
        "contested_url": _listed(unit=unit.ref, whose="contested"),
    }


def _listed(**narrowed: str) -> str:
    return f"{reverse('initiatives')}?{urlencode(narrowed)}"


def contested(found: Ownership, *, shown: int = SHOWN) -> list[dict[str, Any]]:
    return [
        {
            "code": each.code,
            "title": each.title,
            "said": words.state(InitiativeState, each.state),
            "owner": each.owner,
            "rivals": words.joined(list(each.rivals)),
            "arbiter": each.arbiter or "nobody yet",
            "due_at": each.due_at,
        }
        for each in found.contested[:shown]
    ]


def keys(found: Ownership) -> list[Said]:
    """Return the states that some initiative is in, in the order in which strips show them: two states may share a tone."""
    return [words.state(InitiativeState, state) for state in InitiativeState if found.in_state(state)]


def more(found: Ownership) -> str:
    left = len(found.units) - SHOWN
    return counted(left, "more unit") if left > 0 else ""


def tables(found: Ownership) -> dict[str, Table]:
    states = [str(state) for state in InitiativeState]
    return {
        "units": Table(
            ("unit", "ref", "head", *states, "contested", "claims_on_others"),
            [
                (
                    unit.unit,
                    unit.ref,
                    unit.head,
                    *(unit.states.get(state, 0) for state in InitiativeState),
                    unit.contested,
                    unit.claims,
                )
                for unit in found.units
            ],
        ),
        "contested": Table(
            ("code", "title", "state", "accountable_unit", "claimed_by", "arbiter", "since", "due"),
            [
                (
                    c.code,
                    c.title,
                    c.state,
                    c.owner,
                    "; ".join(c.rivals),
                    c.arbiter,
                    c.since.isoformat(),
                    c.due_at.isoformat(),
                )
                for c in found.contested
            ],
        ),
    }
