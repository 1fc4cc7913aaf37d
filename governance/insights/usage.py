"""What calls used in a month: tokens and money, by initiative, destination and model."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import connection

from governance.core.paging import Page, page_window
from governance.organisation.permissions import Standing
from governance.organisation.selectors import paths_for, unit_ids_within

READ = "insights:usage:read"
MOST_ROWS = 2000
USAGE = """
SELECT i.code AS initiative, i.title, u.name AS unit, coalesce(d.ref, '') AS destination, x.model,
       count(*) FILTER (WHERE NOT unsent) AS calls, count(*) FILTER (WHERE unsent) AS refused,
       coalesce(sum(x.tokens_in), 0)::bigint AS tokens_in, coalesce(sum(x.tokens_out), 0)::bigint AS tokens_out,
       coalesce(sum(x.cost), 0)::bigint AS cost, count(*) FILTER (WHERE NOT unsent AND x.cost IS NULL) AS unpriced
FROM gateway_exchange x
JOIN initiatives_initiative i ON i.id = x.initiative_id
JOIN organisation_unit u ON u.id = x.unit_id
LEFT JOIN destinations_destination d ON d.id = x.destination_id
CROSS JOIN LATERAL (SELECT x.state IN ('refused', 'justified', 'held', 'released', 'discarded') AS unsent) sent
WHERE x.at >= %(since)s AND x.at < %(until)s AND x.unit_id = ANY(%(units)s::uuid[])
  AND (%(initiative)s = '' OR i.code = %(initiative)s)
GROUP BY i.code, i.title, u.name, d.ref, x.model
ORDER BY cost DESC, calls DESC, i.code, destination, x.model
LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class UsageRow:
    """`cost` is in micro-euro; `unpriced` of the `calls` are not in it, for nobody knew their price or their tokens."""

    initiative: str
    title: str
    unit: str
    destination: str
    model: str
    calls: int
    refused: int
    tokens_in: int
    tokens_out: int
    cost: int
    unpriced: int


@dataclass(frozen=True, slots=True)
class Total:
    calls: int
    tokens: int
    cost: int
    unpriced: int


def usage(
    *,
    standing: Standing,
    since: datetime,
    until: datetime,
    initiative: str = "",
    page: int = 1,
    size: int = 50,
) -> Page[UsageRow]:
    """Return what was used in [since, until) in the units the reader watches, the dearest first, in a fixed number of queries.

    `initiative` is the code of one.
    """
    rows = all_usage(standing=standing, since=since, until=until, initiative=initiative)
    start, end = page_window(page, size)
    return Page(rows[start:end], len(rows), max(page, 1), end - start)


def all_usage(
    *,
    standing: Standing,
    since: datetime,
    until: datetime,
    initiative: str = "",
) -> list[UsageRow]:
    """Return the same as a whole, MOST_ROWS at most."""
    units = unit_ids_within(paths_for(standing, READ))
    narrowed: dict[str, Any] = {
        "units": units,
        "initiative": initiative,
        "since": since,
        "until": until,
        "most": MOST_ROWS,
    }
    with connection.cursor() as cursor:
        cursor.execute(USAGE, narrowed)
        return [UsageRow(**dict(zip(COLUMNS, row, strict=True))) for row in cursor.fetchall()]


def total_of(rows: Sequence[UsageRow]) -> Total:
    return Total(
        calls=sum(row.calls for row in rows),
        tokens=sum(row.tokens_in + row.tokens_out for row in rows),
        cost=sum(row.cost for row in rows),
        unpriced=sum(row.unpriced for row in rows),
    )


COLUMNS = [each.name for each in fields(UsageRow)]
