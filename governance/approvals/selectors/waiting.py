"""How long people wait, from what has really happened.

Source: Postgres, percentile_cont, which interpolates between two neighbouring waits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from governance.approvals.rules import DECIDED_STAGE

LOOK_BACK = timedelta(days=180)
MOST_SEEN = 200  # the newest say what is usual as well as all do, and an index has just these at hand

USUAL = """
SELECT asked.name, percentile_cont(0.5) WITHIN GROUP (ORDER BY newest.hours), count(*)
FROM unnest(%(names)s::text[]) AS asked (name)
CROSS JOIN LATERAL (
    SELECT extract(epoch FROM stage.closed_at - stage.opened_at)::float8 / 3600 AS hours
    FROM approvals_stage stage
    WHERE stage.name = asked.name AND stage.state = ANY(%(decided)s) AND stage.opened_at IS NOT NULL
      AND stage.closed_at > %(since)s AND stage.closed_at <= %(at)s
    ORDER BY stage.closed_at DESC
    LIMIT %(most)s
) newest
GROUP BY asked.name
"""


@dataclass(frozen=True, slots=True)
class Waited:
    """The median time from a stage's opening to its end, in hours, over `stages` stages."""

    hours: float
    stages: int


def waiting_stats(names: Iterable[str], *, at: datetime) -> dict[str, Waited]:
    """Return the usual wait by name of stage: over the last that ended, at most 200 of each, none older than 180 days.

    A stage that never ended is absent: no data yet. One query.
    """
    seen: dict[str, Any] = {
        "names": sorted(set(names)),
        "decided": sorted(DECIDED_STAGE),
        "since": at - LOOK_BACK,
        "at": at,
        "most": MOST_SEEN,
    }
    with connection.cursor() as cursor:
        cursor.execute(USUAL, seen)
        return {name: Waited(hours, stages) for name, hours, stages in cursor.fetchall()}
