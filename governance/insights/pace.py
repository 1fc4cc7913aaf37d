"""How fast requests come to a decision: in all, week by week, and what standing in line costs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from governance.insights.scope import Scope, rows_of
from governance.insights.waiting import ENDED, Wait, wait_of

DECIDED = """
SELECT decided_at >= %(since)s AS of_period, count(*) AS number, count(*) FILTER (WHERE state = 'approved') AS approved,
       percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM decided_at - opened_at)::float8 / 3600) AS hours
FROM approvals_request
WHERE decided_at >= %(before)s AND decided_at < %(until)s AND state IN ('approved', 'rejected') AND unit_id = ANY(%(units)s::uuid[])
GROUP BY 1
"""
WEEKS = """
WITH weeks AS (
    SELECT generate_series(date_trunc('week', %(since)s AT TIME ZONE %(zone)s), %(until)s AT TIME ZONE %(zone)s, interval '1 week') AS week
), asked AS (
    SELECT date_trunc('week', opened_at AT TIME ZONE %(zone)s) AS week, count(*) AS number FROM approvals_request
    WHERE opened_at >= %(since)s AND opened_at < %(until)s AND unit_id = ANY(%(units)s::uuid[]) GROUP BY 1
), decided AS (
    SELECT date_trunc('week', decided_at AT TIME ZONE %(zone)s) AS week, count(*) AS number FROM approvals_request
    WHERE decided_at >= %(since)s AND decided_at < %(until)s AND state IN ('approved', 'rejected') AND unit_id = ANY(%(units)s::uuid[])
    GROUP BY 1
)
SELECT weeks.week::date AS week, coalesce(asked.number, 0) AS asked, coalesce(decided.number, 0) AS decided
FROM weeks LEFT JOIN asked USING (week) LEFT JOIN decided USING (week) ORDER BY week
"""
# A step is all stages of one position: they already run side by side. Pairs that overlapped did not stand in line.
STEPS = f"""
WITH ended AS ({ENDED}), steps AS (
    SELECT revision_id, position, string_agg(name, ' and ' ORDER BY name) AS name, bool_or(state = 'rejected') AS refused,
           min(opened_at) AS opened_at, max(closed_at) AS closed_at,
           extract(epoch FROM max(closed_at) - min(opened_at))::float8 / 3600 AS hours
    FROM ended GROUP BY revision_id, position
), following AS (
    SELECT first.name, first.hours, first.refused, lead(first.name) OVER line AS next,
           CASE WHEN lead(first.opened_at) OVER line >= first.closed_at THEN lead(first.hours) OVER line END AS next_hours,
           (SELECT string_agg(DISTINCT later.name, ' and ' ORDER BY later.name) FROM approvals_stage later
            WHERE first.refused AND later.revision_id = first.revision_id AND later.state = 'waiting' AND later.position = (
                SELECT min(nearest.position) FROM approvals_stage nearest
                WHERE nearest.revision_id = first.revision_id AND nearest.position > first.position AND nearest.state = 'waiting')) AS spared
    FROM steps first WINDOW line AS (PARTITION BY first.revision_id ORDER BY first.position)
)
SELECT name, coalesce(next, spared) AS next, count(next_hours) AS number, count(*) FILTER (WHERE refused) AS spared,
       percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY hours + next_hours) AS in_line,
       percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY greatest(hours, next_hours)) FILTER (WHERE next_hours IS NOT NULL) AS beside
FROM following WHERE coalesce(next, spared) IS NOT NULL
GROUP BY 1, 2 HAVING count(next_hours) > 0 ORDER BY number DESC, 1, 2
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class Pace:
    """From being sent to a yes or no. `before` is the same of the period of equal length before; None: nothing ended."""

    wait: Wait | None
    before: Wait | None
    approved: int


@dataclass(frozen=True, slots=True)
class Week:
    """The week that begins on the Monday `week`: how many requests were sent, how many got a yes or no."""

    week: date
    asked: int
    decided: int


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two steps that stood in line. `beside`: the longer of the two alone, had both been asked at once.

    `spared`: how often the first said no, so that those of the second were never asked.
    """

    first: str
    second: str
    in_line: Wait
    beside: Wait
    spared: int

    @property
    def saved_hours(self) -> float:
        """Half of the requests would have come through at least about so much earlier."""
        return self.in_line.half - self.beside.half


def pace(scope: Scope) -> Pace:
    """Return how long requests took that were decided in the period, beside the period before it. One query."""
    found = rows_of(DECIDED, {**scope.asked, "before": scope.since - scope.length})
    of_period: dict[bool, dict[str, Any]] = {row["of_period"]: row for row in found}
    now, before = of_period.get(True), of_period.get(False)
    return Pace(
        wait=wait_of(now) if now else None,
        before=wait_of(before) if before else None,
        approved=now["approved"] if now else 0,
    )


def weeks(scope: Scope, *, zone: str) -> list[Week]:
    """Return every week that the period touches, in the zone with this IANA name. One query."""
    return [Week(**row) for row in rows_of(WEEKS, {**scope.asked, "zone": zone})]


def side_by_side(scope: Scope) -> list[SideBySide]:
    """Return what would have been faster had two steps been asked at once, from requests that passed both. One query.

    What it cannot know: whether people would have answered as fast without the first answer before them, or with more
    to do at once. Both percentiles are of the same requests.
    """
    return [
        SideBySide(
            first=row["name"],
            second=row["next"],
            in_line=wait_of(row, "in_line"),
            beside=wait_of(row, "beside"),
            spared=row["spared"],
        )
        for row in rows_of(STEPS, scope.asked)
    ]
