"""The oversight ledger, counted: what people did with the answers of one initiative."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from governance.gateway.models import Shortfall
from governance.gateway.oversight import (
    BURST_SECONDS,
    MOST_CITED,
    OPEN_SHORTFALL,
    READ_TOKENS,
    SETTLES,
    TOKENS_A_SECOND,
    Flag,
    Habit,
    Judgement,
    Tally,
    flags_of,
    judge,
)
from governance.gateway.reviewing import SPEAKING
from governance.gateway.rules import ExchangeState
from governance.initiatives.selectors import initiative_seen
from governance.organisation.permissions import Standing as Held
from governance.organisation.permissions import may
from governance.remits.promise import Promise
from governance.remits.selectors.promises import promise_of

READ, READ_REVIEWERS, LIFT = "gateway:oversight:read", "gateway:oversight:read_reviewers", "gateway:oversight:lift"
PERIODS = (7, 30, 90, 365)  # days
USUAL_DAYS, MOST_REVIEWERS = 30, 100
# The newest report of each answer counts; those of a sandbox were promised to nobody.
LOOKED = """
WITH answered AS (
    SELECT x.id, x.at, x.tokens_out FROM gateway_exchange x LEFT JOIN remits_remit m ON m.id = x.remit_id
    WHERE x.initiative_id = %(initiative)s AND x.at >= %(since)s AND x.at < %(until)s AND x.state = %(completed)s
      AND x.surface = ANY(%(speaking)s) AND m.sandbox IS NOT TRUE
),
looked AS (
    SELECT DISTINCT ON (a.id) a.id, a.at, a.tokens_out, v.outcome, v.reviewer, v.verified, v.decided_at,
           extract(epoch FROM v.decided_at - v.shown_at)::float8 AS seconds
    FROM answered a JOIN gateway_answer_review v ON v.exchange_id = a.id
    ORDER BY a.id, v.number DESC
),
seen AS (
    SELECT a.id, a.at, l.outcome, l.verified, l.seconds, l.id IS NOT NULL AND (l.verified OR NOT %(verified_only)s) AS counts
    FROM answered a LEFT JOIN looked l ON l.id = a.id
)
"""
FIGURES = """
count(*) AS answers, count(*) FILTER (WHERE counts) AS looked,
count(*) FILTER (WHERE counts AND outcome = 'accepted') AS accepted,
count(*) FILTER (WHERE counts AND outcome = 'edited') AS edited,
count(*) FILTER (WHERE counts AND outcome = 'rejected') AS rejected,
count(*) FILTER (WHERE counts AND verified) AS verified,
count(*) FILTER (WHERE counts AND seconds < %(least_seconds)s) AS quick,
percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE counts) AS half,
percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE counts) AS most
"""
TOTAL = f"{LOOKED} SELECT {FIGURES} FROM seen"  # noqa: S608 - constants of this module
WEEKS = f"""
{LOOKED} SELECT date_trunc('week', at AT TIME ZONE %(zone)s)::date AS week, {FIGURES} FROM seen GROUP BY 1 ORDER BY 1
"""  # noqa: S608 - constants of this module
HABITS = f"""
{LOOKED},
paced AS (
    SELECT *, tokens_out >= {READ_TOKENS} AS readable,
           tokens_out >= {READ_TOKENS} AND seconds < tokens_out / {TOKENS_A_SECOND}.0 AS unread,
           count(*) OVER (
               PARTITION BY reviewer, verified ORDER BY decided_at
               RANGE BETWEEN interval '{BURST_SECONDS} seconds' PRECEDING AND CURRENT ROW
           ) AS pace
    FROM looked
)
SELECT reviewer, verified, count(*) AS looks, count(*) FILTER (WHERE outcome = 'accepted') AS accepted,
       count(*) FILTER (WHERE outcome = 'edited') AS edited, count(*) FILTER (WHERE outcome = 'rejected') AS rejected,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS half,
       count(*) FILTER (WHERE readable) AS readable, count(*) FILTER (WHERE unread) AS unread, max(pace) AS pace,
       (array_agg(id ORDER BY decided_at DESC, id))[1:{MOST_CITED}] AS cited,
       coalesce((array_agg(id ORDER BY decided_at DESC, id) FILTER (WHERE unread))[1:{MOST_CITED}], '{{}}') AS unread_cited,
       (array_agg(id ORDER BY pace DESC, decided_at DESC, id))[1:{MOST_CITED}] AS pace_cited
FROM paced GROUP BY reviewer, verified ORDER BY looks DESC, reviewer, verified LIMIT {MOST_REVIEWERS}
"""  # noqa: S608 - constants of this module
NOTHING = Promise(1)


@dataclass(frozen=True, slots=True)
class WeekRow:
    """The answers asked for in the week from `week` on, in the reader's zone."""

    week: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class FlagRow:
    """`reviewer` is "" for readers who may not know."""

    reviewer: str
    flag: Flag


@dataclass(frozen=True, slots=True)
class ShortfallRow:
    """A warning, and what came of it. `sentences` say in what it fell short when it was warned, or when it was put at rest."""

    id: UUID
    state: str
    sentences: tuple[str, ...]
    warned_at: datetime
    due_at: datetime
    rested_at: datetime | None
    closed_at: datetime | None
    lifted_by: str
    lift_reason: str


@dataclass(frozen=True, slots=True)
class OversightPage:
    """The ledger of one initiative over the last `days`. `reviewers` is None for readers who see totals alone.

    `judgement` is over answers that people had a day to look at. `shortfalls` are the newest first, the open one among them.
    """

    initiative_id: UUID
    code: str
    title: str
    unit: str
    days: int
    promise: Promise | None
    tally: Tally
    judgement: Judgement
    weeks: tuple[WeekRow, ...]
    reviewers: tuple[Habit, ...] | None
    flags: tuple[FlagRow, ...]
    shortfalls: tuple[ShortfallRow, ...]
    may_lift: bool

    @property
    def open(self) -> ShortfallRow | None:
        return next((each for each in self.shortfalls if each.state in OPEN_SHORTFALL), None)


def oversight(
    code_or_id: str | UUID, *, standing: Held, at: datetime, days: int = USUAL_DAYS, zone: str = "UTC"
) -> OversightPage:
    """Return the ledger of an initiative the reader may see, in a fixed number of queries. Weeks begin in the zone of that IANA name.

    Raises:
        NotFound: `no_such_initiative`.
    """
    found = initiative_seen(code_or_id, standing)
    path = found.accountable_unit.path
    promise, since = promise_of(found.pk), at - timedelta(days=days)
    habits = habits_of(found.pk, since=since, until=at)
    named = bool(may(standing, READ_REVIEWERS, path))
    return OversightPage(
        initiative_id=found.pk,
        code=found.code,
        title=found.title,
        unit=found.accountable_unit.name,
        days=days,
        promise=promise,
        tally=tally_of(found.pk, promise, since=since, until=at),
        judgement=judge(promise, tally_of(found.pk, promise, since=since, until=at - SETTLES)),
        weeks=tuple(weeks_of(found.pk, promise, since=since, until=at, zone=zone)),
        reviewers=tuple(habits) if named else None,
        flags=tuple(FlagRow(habit.reviewer if named else "", flag) for habit, flag in flags_of(habits)),
        shortfalls=tuple(shortfalls_of(found.pk)),
        may_lift=bool(may(standing, LIFT, path)),
    )


def tally_of(initiative_id: UUID, promise: Promise | None, *, since: datetime, until: datetime) -> Tally:
    """Return the looks at the answers that were asked for in [since, until)."""
    return Tally(**_rows(TOTAL, _asked(initiative_id, promise, since=since, until=until))[0])


def weeks_of(
    initiative_id: UUID, promise: Promise | None, *, since: datetime, until: datetime, zone: str
) -> list[WeekRow]:
    rows = _rows(WEEKS, _asked(initiative_id, promise, since=since, until=until) | {"zone": zone})
    return [WeekRow(row.pop("week"), Tally(**row)) for row in rows]


def habits_of(initiative_id: UUID, *, since: datetime, until: datetime) -> list[Habit]:
    """Return how each reviewer looks, the most diligent first, MOST_REVIEWERS at most."""
    rows = _rows(HABITS, _asked(initiative_id, None, since=since, until=until))
    lists = ("cited", "unread_cited", "pace_cited")
    return [Habit(**row | {name: tuple(row[name]) for name in lists}) for row in rows]


def shortfalls_of(initiative_id: UUID) -> list[ShortfallRow]:
    found = Shortfall.objects.filter(initiative_id=initiative_id).select_related("lifted_by")
    return [
        ShortfallRow(
            each.pk,
            each.state,
            tuple((each.rest_figures or each.figures)["sentences"]),
            each.warned_at,
            each.due_at,
            each.rested_at,
            each.closed_at,
            each.lifted_by.name if each.lifted_by else "",
            each.lift_reason,
        )
        for each in found.order_by("-warned_at", "-id")[:20]
    ]


def open_shortfall_of(initiative_id: UUID) -> ShortfallRow | None:
    return next((each for each in shortfalls_of(initiative_id) if each.state in OPEN_SHORTFALL), None)


def _asked(initiative_id: UUID, promise: Promise | None, *, since: datetime, until: datetime) -> dict[str, Any]:
    return {
        "initiative": initiative_id,
        "since": since,
        "until": until,
        "completed": str(ExchangeState.COMPLETED),
        "speaking": list(SPEAKING),
        "verified_only": (promise or NOTHING).verified_only,
        "least_seconds": (promise or NOTHING).least_seconds,
    }


def _rows(statement: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(asked))
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
