"""A unit's handling record: its refusals, overrides, holds and late recertifications, beside what there was of each.

An accusation cites facts, so every count stands with its base, its period, and a way to the events behind it. With few
events a rate says nothing, and none is given.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from governance.organisation.models import RecordComment, Unit

READ, COMMENT = "insights:handling:read", "organisation:record:comment"
USUAL_DAYS = 90
FEWEST_EXCHANGES, FEWEST_OTHERS = 30, 3
MOST_COMMENTS = 20
COUNTS = """
WITH asked AS (SELECT id, path FROM organisation_unit WHERE id = ANY(%(units)s)),
below AS (SELECT asked.id AS asked, unit.id FROM asked JOIN organisation_unit unit ON starts_with(unit.path, asked.path))
SELECT below.asked, 'exchange' AS what, count(*) FILTER (WHERE exchange.state IN ('refused', 'justified')), count(*)
FROM below JOIN gateway_exchange exchange ON exchange.unit_id = below.id
WHERE exchange.at >= %(since)s AND exchange.at < %(until)s GROUP BY below.asked
UNION ALL
SELECT below.asked, 'hold', count(*), 0 FROM below JOIN scanning_hold held ON held.unit_id = below.id
WHERE held.held_at >= %(since)s AND held.held_at < %(until)s GROUP BY below.asked
UNION ALL
SELECT below.asked, 'override', count(DISTINCT lent.id), count(DISTINCT request.id)
FROM below JOIN approvals_request request ON request.unit_id = below.id
LEFT JOIN approvals_override lent ON lent.request_id = request.id AND lent.starts_at >= %(since)s AND lent.starts_at < %(until)s
WHERE request.opened_at < %(until)s AND (request.opened_at >= %(since)s OR lent.id IS NOT NULL) GROUP BY below.asked
UNION ALL
SELECT below.asked, 'recertification', count(*) FILTER (WHERE asked.answered_at IS NULL OR asked.answered_at > asked.due_at), count(*)
FROM below JOIN initiatives_initiative made ON made.accountable_unit_id = below.id
JOIN remits_grant granted ON granted.initiative_id = made.id JOIN remits_recertification asked ON asked.grant_id = granted.id
WHERE asked.due_at >= %(since)s AND asked.due_at < %(until)s GROUP BY below.asked
"""


class Fault(StrEnum):
    """What a handling record counts."""

    REFUSED = "refused"
    HELD = "held"
    OVERRIDDEN = "overridden"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class RecordLine:
    """`number` of `base`; `per` is what the rate is reckoned on (1,000 exchanges, or 1). `rate` None: too little to say."""

    fault: Fault
    number: int
    base: int
    per: int
    rate: float | None


@dataclass(frozen=True, slots=True)
class CommentRow:
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HandlingRecord:
    """What stands beside a contest or a round: the unit and all below it, in [since, until)."""

    unit_id: UUID
    unit: str
    path: str
    since: datetime
    until: datetime
    lines: tuple[RecordLine, ...]
    comments: tuple[CommentRow, ...]


def handling_records(unit_ids: Collection[UUID], *, at: datetime, days: int = USUAL_DAYS) -> dict[UUID, HandlingRecord]:
    """Return the record of each unit, in three queries. Counts only, so whoever may read records may read any unit's."""
    since = at - timedelta(days=days)
    counted = _counts(unit_ids, since, at)
    said = _comments(unit_ids)
    units = Unit.objects.filter(pk__in=list(unit_ids)).order_by("pk")
    return {
        unit.pk: HandlingRecord(
            unit_id=unit.pk,
            unit=unit.name,
            path=unit.path,
            since=since,
            until=at,
            lines=_lines(counted.get(unit.pk, {})),
            comments=tuple(said.get(unit.pk, ())),
        )
        for unit in units
    }


def _counts(unit_ids: Collection[UUID], since: datetime, until: datetime) -> dict[UUID, dict[str, tuple[int, int]]]:
    found: dict[UUID, dict[str, tuple[int, int]]] = {}
    asked: dict[str, Any] = {"units": list(unit_ids), "since": since, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, asked)
        for unit_id, what, number, base in cursor.fetchall():
            found.setdefault(unit_id, {})[what] = (number, base)
    return found


def _lines(counted: dict[str, tuple[int, int]]) -> tuple[RecordLine, ...]:
    refused, exchanges = counted.get("exchange", (0, 0))
    held, _ = counted.get("hold", (0, 0))
    overridden, requests = counted.get("override", (0, 0))
    late, recertified = counted.get("recertification", (0, 0))
    return (
        _line(Fault.REFUSED, refused, exchanges, per=1000, fewest=FEWEST_EXCHANGES),
        _line(Fault.HELD, held, exchanges, per=1000, fewest=FEWEST_EXCHANGES),
        _line(Fault.OVERRIDDEN, overridden, requests, per=1, fewest=FEWEST_OTHERS),
        _line(Fault.LATE, late, recertified, per=1, fewest=FEWEST_OTHERS),
    )


def _line(fault: Fault, number: int, base: int, *, per: int, fewest: int) -> RecordLine:
    return RecordLine(fault, number, base, per, number * per / base if base >= fewest else None)


def _comments(unit_ids: Collection[UUID]) -> dict[UUID, list[CommentRow]]:
    found: dict[UUID, list[CommentRow]] = {}
    rows = RecordComment.objects.filter(unit__in=list(unit_ids)).select_related("by").order_by("-at", "-pk")
    for row in rows[: MOST_COMMENTS * max(len(unit_ids), 1)]:
        found.setdefault(row.unit_id, []).append(CommentRow(row.text, row.by.name, row.at))
    return found
