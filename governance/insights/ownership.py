"""Which unit answers for which initiatives, and where that is contested."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from governance.initiatives.rules import InitiativeState
from governance.insights.scope import Scope, rows_of

MOST_CONTESTED = 50
# Contested: an arbiter has yet to rule. Its rivals are the other units that claim to answer for it.
RIVALS = """
    SELECT contest.initiative_id, claim.unit_id
    FROM initiatives_contest contest
    JOIN initiatives_claim claim ON claim.initiative_id = contest.initiative_id AND claim.unit_id <> contest.interim_unit_id
     AND claim.accountable AND claim.state IN ('asserted', 'contested', 'appealed')
    WHERE contest.state IN ('open', 'appealed')
"""
UNITS = f"""
WITH rivals AS ({RIVALS}), owned AS (
    SELECT initiative.accountable_unit_id AS unit_id, initiative.state, count(*) AS number,
           count(*) FILTER (WHERE initiative.id IN (SELECT initiative_id FROM initiatives_contest
                                                    WHERE state IN ('open', 'appealed') AND initiative_id IS NOT NULL)) AS contested
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
SELECT initiative.code, initiative.title, initiative.state, owner.name AS owner, contest.opened_at AS since, contest.due_at,
       coalesce(arbiter.name, '') AS arbiter, count(*) OVER () AS total,
       (SELECT coalesce(array_agg(DISTINCT unit.name ORDER BY unit.name), '{{}}') FROM rivals JOIN organisation_unit unit ON unit.id = rivals.unit_id
        WHERE rivals.initiative_id = initiative.id) AS rivals
FROM initiatives_contest contest
JOIN initiatives_initiative initiative ON initiative.id = contest.initiative_id
JOIN organisation_unit owner ON owner.id = contest.interim_unit_id
LEFT JOIN organisation_person arbiter ON arbiter.id = contest.arbiter_id
WHERE contest.state IN ('open', 'appealed') AND (
    initiative.accountable_unit_id = ANY(%(units)s::uuid[])
    OR initiative.id IN (SELECT initiative_id FROM rivals WHERE unit_id = ANY(%(units)s::uuid[])))
ORDER BY contest.due_at, contest.id LIMIT %(most)s
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
    """An initiative that waits for a ruling: `owner` answers for it meanwhile, and still does if nobody rules by `due_at`."""

    code: str
    title: str
    state: InitiativeState
    owner: str
    rivals: tuple[str, ...]
    arbiter: str  # "" while nobody holds the role
    since: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Ownership:
    """Units by how much they answer for. `contested` are at most MOST_CONTESTED of `contested_total`, the first due on top."""

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
    return Contested(
        code=row["code"],
        title=row["title"],
        state=InitiativeState(row["state"]),
        owner=row["owner"],
        rivals=tuple(row["rivals"]),
        arbiter=row["arbiter"],
        since=row["since"],
        due_at=row["due_at"],
    )
