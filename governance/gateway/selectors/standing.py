"""Whether what calls stand on still stands, read without the ORM: once before the intent, twice a second for all that are open."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.core.errors import NotAllowed
from governance.gateway.database import Answer, Connection
from governance.gateway.limits import Taking, budget_spent
from governance.gateway.runs import RunTaking, money_used_up
from governance.gateway.selectors.access import FIXED, IN_FORCE, JOINED, OBSERVED, STOPS, stops_in
from governance.gateway.stopping import DRILL_LIFE_S, InForce, StopScope

# A call goes by grants of its own mode; one that trains by those of either mode that does.
OF_MODE = f"(g.mode = %(mode)s::text OR %(mode)s::text <> {FIXED['mode']} AND g.mode = ANY({FIXED['train']}))"
KEYS = "organisation_key k JOIN organisation_person p ON p.id = k.made_by_id"
HOLDS = "k.revoked_at IS NULL AND k.expires_at > %(at)s AND p.is_active"
# Whether the key, every one of the grants and the period in which rules are only observed hold, and the stops in force.
STANDING = f"""
standing AS MATERIALIZED (
    SELECT EXISTS (SELECT 1 FROM {KEYS} WHERE k.id = %(key)s AND {HOLDS})
           AND (SELECT count(*) FROM {JOINED} WHERE g.id = ANY(%(grants)s) AND {OF_MODE} AND {IN_FORCE}) = cardinality(%(grants)s)
           AND (%(relaxed_by)s::uuid IS NULL OR EXISTS (
               SELECT FROM gateway_observation ob WHERE ob.id = %(relaxed_by)s::uuid AND {OBSERVED}
           )) AS holds,
           {STOPS} AS stops
)"""  # noqa: S608 - constants of this module
# Ages by the database's clock alone: the machines' clocks may differ.
LOOK = f"""
SELECT ARRAY(SELECT k.id FROM {KEYS} WHERE k.id = ANY(%(keys)s) AND {HOLDS}),
       ARRAY(SELECT g.id FROM {JOINED} WHERE g.id = ANY(%(grants)s) AND {IN_FORCE}),
       ARRAY(SELECT ob.id FROM gateway_observation ob WHERE ob.id = ANY(%(observations)s) AND {OBSERVED}),
       {STOPS},
       (SELECT jsonb_agg(jsonb_build_array(id, scope, coalesce(initiative_id, destination_id, person_id), drill))
        FROM gateway_stop stop
        WHERE CASE WHEN drill THEN placed_at > clock_timestamp() - make_interval(secs => {DRILL_LIFE_S})
                   ELSE lifted_at IS NULL END
          AND placed_at > clock_timestamp() - make_interval(secs => %(age_s)s)
          AND NOT EXISTS (SELECT 1 FROM gateway_stop_effect e WHERE e.stop_id = stop.id AND e.process = %(process)s))
"""  # noqa: S608 - constants of this module


TAKEN_BACK = "no_longer_allowed"


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A stop, or a drill of one, that a process has not said anything about."""

    of: InForce
    drill: bool


@dataclass(frozen=True, slots=True)
class View:
    """What still stands of what was asked about, and the stops in force."""

    keys: frozenset[UUID]
    grants: frozenset[UUID]
    observations: frozenset[UUID]
    stops: tuple[InForce, ...]
    unanswered: tuple[Unanswered, ...]


async def require_set_aside(asked: Sequence[tuple[Taking, Answer]]) -> None:
    """Do nothing when every budget covers what the call may use.

    Raises:
        NotAllowed: `budget_spent`.
    """
    for taking, answer in asked:
        if await answer.fetchone() is None:
            raise budget_spent(taking)


async def require_of_run(taken: RunTaking, asked: Answer) -> None:
    """Do nothing when the money of the run covers what the call may cost.

    Raises:
        NotAllowed: `run_money_used_up`: another call of the run took it while this one was scanned.
    """
    if await asked.fetchone() is None:
        raise money_used_up(taken.most)


def taken_back() -> NotAllowed:
    return NotAllowed(TAKEN_BACK, "What allowed this was taken back while it was scanned.")


async def look(
    conn: Connection,
    *,
    keys: Collection[UUID],
    grants: Collection[UUID],
    observations: Collection[UUID],
    process: str,
    age_s: float,
    at: datetime,
) -> View:
    """Return what stands of `keys`, `grants` and `observations`, and which stops `process`, alive for `age_s`, has not answered."""
    asked: dict[str, Any] = {"keys": list(keys), "grants": list(grants), "observations": list(observations)}
    asked |= {"process": process, "age_s": age_s, "at": at}
    row = await (await conn.execute(LOOK, asked)).fetchone()
    if row is None:
        return View(frozenset(), frozenset(), frozenset(), (), ())
    standing_keys, standing_grants, observing, stops, unanswered = row
    standing = frozenset(standing_keys), frozenset(standing_grants), frozenset(observing)
    return View(*standing, stops_in(stops), tuple(map(_unanswered, unanswered or ())))


def _unanswered(value: list[Any]) -> Unanswered:
    key, scope, target, drill = value
    return Unanswered(InForce(UUID(key), StopScope(scope), UUID(target) if target else None, ""), drill)
