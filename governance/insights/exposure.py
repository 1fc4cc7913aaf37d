"""How sensitive what left is, where it went, and what was held back."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from governance.core.vocabulary import Classification
from governance.insights.flows import NO_TRAFFIC, Flows, Place, Traffic
from governance.insights.scope import Scope, rows_of

FOUND = """
WITH grouped AS (
    SELECT counts, CASE WHEN state IN ('refused', 'justified', 'held', 'discarded') THEN 'stopped'
                        WHEN verdict = 'redact' THEN 'changed' ELSE 'left' END AS ending, count(*) AS calls
    FROM gateway_exchange
    WHERE at >= %(since)s AND at < %(until)s AND unit_id = ANY(%(units)s::uuid[]) AND counts <> '{}'
    GROUP BY 1, 2
)
SELECT found.key AS kind, sum(calls * found.value::bigint)::bigint AS found, sum(calls)::bigint AS calls,
       coalesce(sum(calls) FILTER (WHERE ending = 'changed'), 0)::bigint AS changed,
       coalesce(sum(calls) FILTER (WHERE ending = 'stopped'), 0)::bigint AS stopped
FROM grouped CROSS JOIN LATERAL jsonb_each_text(counts) found
GROUP BY 1 ORDER BY calls DESC, kind
"""
REFUSED = """
SELECT error_code AS code, count(*) AS calls FROM gateway_exchange
WHERE at >= %(since)s AND at < %(until)s AND unit_id = ANY(%(units)s::uuid[])
  AND state IN ('refused', 'justified', 'held', 'discarded') AND error_code <> ''
GROUP BY 1 ORDER BY calls DESC, code
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """Data of one classification or kind toward places of one hosting or region."""

    what: str
    toward: str
    traffic: Traffic
    grants: int


@dataclass(frozen=True, slots=True)
class FoundKind:
    """One type of finding: how many of it, in how many calls, of which so many were changed and so many stopped."""

    kind: str
    found: int
    traffic: Traffic


@dataclass(frozen=True, slots=True)
class Refusal:
    """`code` is the stable code of the refusal."""

    code: str
    calls: int


@dataclass(frozen=True, slots=True)
class Exposure:
    """`by_hosting` and `by_region` are by classification, each call counted once under the highest of its data.

    `personal` is by kind of personal data and hosting: a call whose data hold several kinds counts for each.
    """

    by_hosting: tuple[Cell, ...]
    by_region: tuple[Cell, ...]
    personal: tuple[Cell, ...]
    found: tuple[FoundKind, ...]
    refused: tuple[Refusal, ...]


def exposure(scope: Scope, found: Flows) -> Exposure:
    """Return what the flows of a scope expose. Two queries beside those of the flows."""
    return Exposure(
        by_hosting=_by_classification(found, lambda place: str(place.hosting)),
        by_region=_by_classification(found, lambda place: place.region),
        personal=_personal(found),
        found=tuple(_kind(**row) for row in rows_of(FOUND, scope.asked)),
        refused=tuple(Refusal(row["code"], row["calls"]) for row in rows_of(REFUSED, scope.asked)),
    )


def _by_classification(found: Flows, toward: Callable[[Place], str]) -> tuple[Cell, ...]:
    traffic: defaultdict[tuple[str, str], Traffic] = defaultdict(Traffic)
    grants: defaultdict[tuple[str, str], int] = defaultdict(int)
    for call in found.calls:
        if call.place is not None:
            traffic[call.classification, toward(call.place)] += call.traffic
    for flow in found.flows:
        grants[flow.data.classification, toward(flow.place)] += flow.grants
    return _cells(traffic, grants)


def _personal(found: Flows) -> tuple[Cell, ...]:
    traffic: defaultdict[tuple[str, str], Traffic] = defaultdict(Traffic)
    grants: defaultdict[tuple[str, str], int] = defaultdict(int)
    for call in found.calls:
        if call.place is not None:
            for kind in {kind for data in call.data for kind in data.personal_data}:
                traffic[kind, call.place.hosting] += call.traffic
    for flow in found.flows:
        for kind in flow.data.personal_data:
            grants[kind, flow.place.hosting] += flow.grants
    return _cells(traffic, grants)


def _cells(traffic: dict[tuple[str, str], Traffic], grants: dict[tuple[str, str], int]) -> tuple[Cell, ...]:
    keys = sorted({key for key, number in grants.items() if number} | traffic.keys())
    return tuple(Cell(*key, traffic.get(key, NO_TRAFFIC), grants.get(key, 0)) for key in keys)


def _kind(*, kind: str, found: int, calls: int, changed: int, stopped: int) -> FoundKind:
    return FoundKind(kind, found, Traffic(calls, changed, stopped))


def highest_left(found: Flows) -> Classification | None:
    """Return the highest classification of what left in the period, None when nothing did."""
    return max((call.classification for call in found.calls if call.traffic.left), key=_height, default=None)


def _height(classification: Classification) -> int:
    return classification.height
