"""How long requests waited. Hours are hours of the clock, nights and weekends included.

A wait is counted in the period in which it ended. Stages that an earlier decision filled at once made nobody wait and are
left out. Half the waits were at most `half` hours long, nine of ten at most `most`.
Source: Postgres, percentile_cont, which interpolates between two neighbouring waits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from governance.insights.scope import Scope, rows_of

ENDED = """
    SELECT stage.revision_id, stage.position, stage.name, stage.state, stage.opened_at, stage.closed_at, request.unit_id,
           coalesce(initiative.tier, '') AS tier, extract(epoch FROM stage.closed_at - stage.opened_at)::float8 / 3600 AS hours
    FROM approvals_stage stage
    JOIN approvals_revision revision ON revision.id = stage.revision_id
    JOIN approvals_request request ON request.id = revision.request_id
    LEFT JOIN remits_remit remit ON request.subject_kind = 'remit' AND remit.id = request.subject_id
    LEFT JOIN initiatives_initiative initiative ON initiative.id = remit.initiative_id
    WHERE stage.closed_at >= %(since)s AND stage.closed_at < %(until)s AND stage.state IN ('satisfied', 'rejected')
      AND stage.closed_at > stage.opened_at AND request.unit_id = ANY(%(units)s::uuid[])
"""
WAITS = f"""
WITH ended AS ({ENDED})
SELECT ended.name AS stage, tier, unit.name AS unit, grouping(ended.name, tier, unit.id) AS kind, count(*) AS number,
       percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY hours) AS hours
FROM ended JOIN organisation_unit unit ON unit.id = ended.unit_id
GROUP BY GROUPING SETS ((ended.name), (tier), (unit.id, unit.name))
ORDER BY kind, number DESC, ended.name, tier, unit.id
"""  # noqa: S608 - put together from constants
BY_STAGE, BY_TIER, BY_UNIT = 0b011, 0b101, 0b110  # which columns the database did not group by
ANSWERS = """
WITH answered AS (
    SELECT slot.role, request.unit_id AS asking, CASE WHEN slot.unit_id <> request.unit_id THEN slot.unit_id END AS deciding,
           extract(epoch FROM decision.at - stage.opened_at)::float8 / 3600 AS hours
    FROM approvals_decision decision
    JOIN approvals_slot slot ON slot.id = decision.slot_id
    JOIN approvals_stage stage ON stage.id = slot.stage_id
    JOIN approvals_request request ON request.id = decision.request_id
    WHERE decision.at >= %(since)s AND decision.at < %(until)s AND request.unit_id = ANY(%(units)s::uuid[])
)
SELECT role, asking.name AS asking, coalesce(deciding.name, '') AS deciding, count(*) AS number,
       percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY hours) AS hours
FROM answered LEFT JOIN organisation_unit asking ON asking.id = answered.asking
LEFT JOIN organisation_unit deciding ON deciding.id = answered.deciding
GROUP BY GROUPING SETS ((role), (role, asking.id, asking.name, deciding.id, deciding.name))
ORDER BY number DESC, role, asking.id, deciding.id
"""
OPEN_SEATS = """
SELECT asking.name AS asking, slot.role, CASE WHEN slot.unit_id <> request.unit_id THEN deciding.name ELSE '' END AS deciding,
       count(DISTINCT request.id) AS waiting, min(stage.opened_at) AS since
FROM approvals_stage stage
JOIN approvals_revision revision ON revision.id = stage.revision_id
JOIN approvals_request request ON request.id = revision.request_id AND request.state = 'in_review'
JOIN approvals_slot slot ON slot.stage_id = stage.id AND slot.carried_id IS NULL
JOIN organisation_unit asking ON asking.id = request.unit_id
JOIN organisation_unit deciding ON deciding.id = slot.unit_id
WHERE stage.state IN ('open', 'unreachable') AND request.unit_id = ANY(%(units)s::uuid[])
  AND NOT EXISTS (SELECT 1 FROM approvals_decision decision WHERE decision.slot_id = slot.id)
GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Wait:
    """`half` and `most` are hours; `number` is how many waits they are taken from."""

    half: float
    most: float
    number: int


@dataclass(frozen=True, slots=True)
class NamedWait:
    name: str
    wait: Wait


@dataclass(frozen=True, slots=True)
class Waits:
    """Waits by name of stage, by tier of the initiative ("": the request is about none) and by asking unit."""

    stages: tuple[NamedWait, ...]
    tiers: tuple[NamedWait, ...]
    units: tuple[NamedWait, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """One unit waits for one role. `deciding` is the unit the role is held on, "" when it is the asking unit or above it.

    `waiting` requests wait now, the oldest since `since`; `answered` is how long answers took in the period.
    """

    asking: str
    role: str
    deciding: str
    waiting: int = 0
    since: datetime | None = None
    answered: Wait | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """`roles`: how long each role took to answer. `pairs`: who waits for whom, those who wait now first."""

    roles: tuple[NamedWait, ...]
    pairs: tuple[Pair, ...]


def waits(scope: Scope) -> Waits:
    """Return how long the stages took that ended in the period, the most frequent first. One query."""
    found = rows_of(WAITS, scope.asked)

    def kind(number: int, column: str) -> tuple[NamedWait, ...]:
        return tuple(NamedWait(row[column], wait_of(row)) for row in found if row["kind"] == number)

    return Waits(kind(BY_STAGE, "stage"), kind(BY_TIER, "tier"), kind(BY_UNIT, "unit"))


def answers(scope: Scope) -> Answers:
    """Return how long it took people to answer, and who waits for whom now. Two queries.

    Shape: an answer is any decision, also a request for changes; it is counted from the opening of its stage.
    """
    found = rows_of(ANSWERS, scope.asked)
    roles = tuple(NamedWait(row["role"], wait_of(row)) for row in found if row["asking"] is None)
    return Answers(roles, _pairs((row for row in found if row["asking"] is not None), rows_of(OPEN_SEATS, scope.asked)))


def _pairs(answered: Iterable[Mapping[str, Any]], waiting: Iterable[Mapping[str, Any]]) -> tuple[Pair, ...]:
    pairs: dict[tuple[str, str, str], Pair] = {}
    for row in answered:
        key = (row["asking"], row["role"], row["deciding"])
        pairs[key] = Pair(*key, answered=wait_of(row))
    for row in waiting:
        key = (row["asking"], row["role"], row["deciding"])
        pairs[key] = replace(pairs.get(key, Pair(*key)), waiting=row["waiting"], since=row["since"])
    return tuple(sorted(pairs.values(), key=_most_waiting_first))


def _most_waiting_first(pair: Pair) -> tuple[int, int, str, str, str]:
    answered = pair.answered.number if pair.answered else 0
    return -pair.waiting, -answered, pair.asking, pair.role, pair.deciding


def wait_of(row: Mapping[str, Any], column: str = "hours") -> Wait:
    """Return the wait of a row with its `number` and its two percentiles in `column`."""
    half, most = row[column]
    return Wait(half, most, row["number"])
