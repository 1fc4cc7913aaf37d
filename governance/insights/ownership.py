"""Which unit answers for which initiatives, and where that is contested."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from governance.initiatives.rules import InitiativeState
from governance.insights.scope import Scope, rows_of

MOST_CONTESTED = 50
# A rival is an open claim of another unit than the accountable one.
RIVALS = """
    SELECT claim.initiative_id, claim.unit_id, claim.made_at
    FROM initiatives_claim claim JOIN initiatives_initiative initiative ON initiative.id = claim.initiative_id
    WHERE claim.unit_id <> initiative.accountable_unit_id AND claim.state <> 'withdrawn'
"""
UNITS = f"""
WITH rivals AS ({RIVALS}), owned AS (
    SELECT initiative.accountable_unit_id AS unit_id, initiative.state, count(*) AS number,
           count(*) FILTER (WHERE EXISTS (SELECT 1 FROM rivals WHERE rivals.initiative_id = initiative.id)) AS contested
    FROM initiatives_initiative initiative WHERE initiative.accountable_unit_id = ANY(%(units)s::uuid[]) GROUP BY 1, 2
)
SELECT unit.name, unit.ref, coalesce(head.name, (
           SELECT min(person.name) FROM organisation_role_grant held JOIN organisation_person person ON person.id = held.person_id
           WHERE held.unit_id = unit.id AND held.role = 'unit_head' AND person.is_active
             AND held.starts_at <= %(until)s AND (held.ends_at IS NULL OR held.ends_at > %(until)s)), '') AS head, unit.dissolved_at IS NOT NULL AS dissolved,
       coalesce(jsonb_object_agg(owned.state, owned.number) FILTER (WHERE owned.state IS NOT NULL), '{{}}') AS states,
       coalesce(sum(owned.contested), 0)::int AS contested,
       (SELECT count(DISTINCT initiative_id) FROM rivals WHERE rivals.unit_id = unit.id) AS claims
FROM organisation_unit unit LEFT JOIN owned ON owned.unit_id = unit.id LEFT JOIN organisation_person head ON head.id = unit.head_id
WHERE unit.id = ANY(%(units)s::uuid[])
GROUP BY unit.id, head.name
HAVING unit.dissolved_at IS NULL OR count(owned.state) > 0
ORDER BY coalesce(sum(owned.number), 0) DESC, unit.name, unit.id
"""  # noqa: S608 - put together from constants
CONTESTED = f"""
WITH rivals AS ({RIVALS})
SELECT initiative.code, initiative.title, initiative.state, owner.name AS owner, min(rivals.made_at) AS since,
       array_agg(DISTINCT unit.name ORDER BY unit.name) AS rivals, count(*) OVER () AS total
FROM initiatives_initiative initiative
JOIN rivals ON rivals.initiative_id = initiative.id
JOIN organisation_unit unit ON unit.id = rivals.unit_id
JOIN organisation_unit owner ON owner.id = initiative.accountable_unit_id
WHERE initiative.accountable_unit_id = ANY(%(units)s::uuid[])
   OR initiative.id IN (SELECT initiative_id FROM rivals WHERE unit_id = ANY(%(units)s::uuid[]))
GROUP BY initiative.id, owner.name
ORDER BY since, initiative.id LIMIT %(most)s
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class UnitOwns:
    """What a unit answers for, by state; `contested` of them are claimed by others, `claims` are its own on others'."""

    unit: str
    ref: str
    head: str  # as the unit names it, else who holds the role there; "" when nobody does
    dissolved: bool
    states: dict[InitiativeState, int]
    contested: int
    claims: int

    @property
    def total(self) -> int:
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class Contested:
    """An initiative that other units than the accountable one claim, since the first of them did."""

    code: str
    title: str
    state: InitiativeState
    owner: str
    rivals: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class Ownership:
    """Units by how much they answer for. `contested` are at most MOST_CONTESTED of `contested_total`, the oldest first."""

    units: tuple[UnitOwns, ...]
    contested: tuple[Contested, ...]
    contested_total: int

    @property
    def total(self) -> int:
        return sum(unit.total for unit in self.units)

    def in_state(self, state: InitiativeState) -> int:
        return sum(unit.states.get(state, 0) for unit in self.units)


def ownership(scope: Scope) -> Ownership:
    """Return who answers for what, as it is now. Two queries."""
    contested = rows_of(CONTESTED, {**scope.asked, "most": MOST_CONTESTED})
    return Ownership(
        units=tuple(_unit(row) for row in rows_of(UNITS, scope.asked)),
        contested=tuple(_contested(row) for row in contested),
        contested_total=contested[0]["total"] if contested else 0,
    )


def _unit(row: dict[str, Any]) -> UnitOwns:
    counted = json.loads(row["states"])
    states = {state: counted[state] for state in InitiativeState if state in counted}
    return UnitOwns(row["name"], row["ref"], row["head"], row["dissolved"], states, row["contested"], row["claims"])


def _contested(row: dict[str, Any]) -> Contested:
    state, rivals = InitiativeState(row["state"]), tuple(row["rivals"])
    return Contested(row["code"], row["title"], state, row["owner"], rivals, row["since"])
