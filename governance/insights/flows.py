"""What data went, and may go, toward which destination.

A call that named several datasets counts for each of them here; one that named none carried what staff type. Calls that
were refused before a destination was known are in no flow.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from governance.catalogue.models import Dataset
from governance.catalogue.rules import BUILT_IN_REF
from governance.core.vocabulary import Classification, Hosting
from governance.destinations.models import Destination
from governance.insights.scope import Scope, rows_of

# Grouped by what the caller named before anything is joined: there are far fewer such groups than calls.
CALLS = """
SELECT datasets, destination_id, count(*) AS calls,
       count(*) FILTER (WHERE verdict = 'redact' AND state NOT IN ('refused', 'justified', 'held', 'discarded')) AS changed,
       count(*) FILTER (WHERE state IN ('refused', 'justified', 'held', 'discarded')) AS stopped
FROM gateway_exchange
WHERE at >= %(since)s AND at < %(until)s AND unit_id = ANY(%(units)s::uuid[])
GROUP BY datasets, destination_id
"""
GRANTS = """
SELECT remits_grant.dataset_id, remits_grant.destination_id, count(*) AS grants
FROM remits_grant JOIN initiatives_initiative initiative ON initiative.id = remits_grant.initiative_id
WHERE remits_grant.state IN ('active', 'grace') AND remits_grant.starts_at <= %(until)s AND remits_grant.ends_at > %(until)s
  AND initiative.accountable_unit_id = ANY(%(units)s::uuid[])
GROUP BY remits_grant.dataset_id, remits_grant.destination_id
"""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Numbers of calls: `changed` of them left with parts replaced, `stopped` did not leave."""

    calls: int = 0
    changed: int = 0
    stopped: int = 0

    @property
    def left(self) -> int:
        return self.calls - self.stopped

    def __add__(self, other: "Traffic") -> "Traffic":
        return Traffic(self.calls + other.calls, self.changed + other.changed, self.stopped + other.stopped)


NO_TRAFFIC = Traffic()


@dataclass(frozen=True, slots=True)
class Data:
    ref: str
    title: str
    classification: Classification
    personal_data: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    ref: str
    title: str
    hosting: Hosting
    region: str


@dataclass(frozen=True, slots=True)
class Flow:
    """One dataset toward one destination: calls of the period, and grants in force now."""

    data: Data
    place: Place
    traffic: Traffic = NO_TRAFFIC
    grants: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """Calls that named the same data (one entry at least) toward the same destination, None when it was not known."""

    data: tuple[Data, ...]
    place: Place | None
    traffic: Traffic

    @property
    def classification(self) -> Classification:
        """The highest of the data: a call is as sensitive as the worst it carries."""
        return max((each.classification for each in self.data), key=lambda found: found.height)


@dataclass(frozen=True, slots=True)
class Flows:
    """`flows`: the busiest first, then those with the most grants. `calls`: the same calls, each counted once."""

    flows: tuple[Flow, ...]
    calls: tuple[Call, ...]

    @property
    def traffic(self) -> Traffic:
        return sum((call.traffic for call in self.calls), NO_TRAFFIC)


def flows(scope: Scope) -> Flows:
    """Return the flows of the scope. Four queries."""
    data = {row.ref: row for row in map(_data, Dataset.objects.order_by("ref"))}
    places = dict(map(_place, Destination.objects.order_by("ref")))
    called = rows_of(CALLS, scope.asked)
    calls = tuple(_call(row, data, places) for row in called)
    return Flows(_sorted(_flows(calls, _granted(scope, data, places))), calls)


def _flows(calls: tuple[Call, ...], granted: Mapping[tuple[Data, Place], int]) -> list[Flow]:
    found = {key: Flow(*key, grants=grants) for key, grants in granted.items()}
    for call in calls:
        for data in call.data:
            if call.place is not None:
                flow = found.get((data, call.place), Flow(data, call.place))
                found[data, call.place] = replace(flow, traffic=flow.traffic + call.traffic)
    return list(found.values())


def _sorted(found: list[Flow]) -> tuple[Flow, ...]:
    return tuple(sorted(found, key=lambda flow: (-flow.traffic.calls, -flow.grants, flow.data.ref, flow.place.ref)))


def _granted(scope: Scope, data: Mapping[str, Data], places: Mapping[UUID, Place]) -> Counter[tuple[Data, Place]]:
    refs = dict(Dataset.objects.values_list("pk", "ref"))
    counted: Counter[tuple[Data, Place]] = Counter()
    for row in rows_of(GRANTS, scope.asked):
        counted[data[refs[row["dataset_id"]]], places[row["destination_id"]]] += row["grants"]
    return counted


def _call(row: Mapping[str, Any], data: Mapping[str, Data], places: Mapping[UUID, Place]) -> Call:
    refs = json.loads(row["datasets"]) or [BUILT_IN_REF]
    return Call(
        data=tuple(data.get(ref) or _unknown(ref) for ref in refs),
        place=places.get(row["destination_id"]),
        traffic=Traffic(row["calls"], row["changed"], row["stopped"]),
    )


def _unknown(ref: str) -> Data:
    """Stand for data that the catalogue does not have: as sensitive as can be, but for what staff type, which is internal."""
    if ref == BUILT_IN_REF:
        return Data(ref, "What staff type", Classification.INTERNAL, ())
    return Data(ref, ref, Classification.RESTRICTED, ())


def _data(row: Dataset) -> Data:
    return Data(row.ref, row.title, Classification(row.classification), tuple(row.personal_data))


def _place(row: Destination) -> tuple[UUID, Place]:
    return row.pk, Place(row.ref, row.title, Hosting(row.hosting), row.region)
