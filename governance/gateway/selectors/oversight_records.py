"""The record of oversight as evidence: for whoever decides about a remit, and for whoever says that a grant is still needed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from governance.approvals.subjects import Fact
from governance.core.clock import now
from governance.core.percent import percent
from governance.gateway.reviewing import SPEAKING
from governance.gateway.rules import ExchangeState
from governance.gateway.selectors.oversight import shortfalls_of, tally_of
from governance.remits.promise import promise_in_words
from governance.remits.rules import RemitState
from governance.remits.selectors.promises import promise_of

LOOK_BACK = timedelta(days=90)
RECORDS = """
SELECT i.code, count(x.id), count(x.id) FILTER (
           WHERE EXISTS (SELECT FROM gateway_answer_review v WHERE v.exchange_id = x.id)
       ),
       (
           SELECT m.body->'oversight'->>'share' FROM remits_remit m
           WHERE m.initiative_id = i.id AND m.state = %(approved)s AND NOT m.sandbox
       )
FROM initiatives_initiative i
LEFT JOIN gateway_exchange x ON x.initiative_id = i.id AND x.at >= %(since)s AND x.state = %(completed)s
      AND x.surface = ANY(%(speaking)s)
WHERE i.code = ANY(%(codes)s) GROUP BY i.id
"""


def oversight_so_far(initiative_id: UUID) -> list[Fact]:
    """Return the record of oversight until now, for whoever decides about a remit of the initiative."""
    return oversight_facts(initiative_id, at=now())


def oversight_facts(initiative_id: UUID, *, at: datetime) -> list[Fact]:
    """Return what the initiative's people did with its answers in 90 days, in two or three sentences; [] for none."""
    promise, since = promise_of(initiative_id), at - LOOK_BACK
    tally = tally_of(initiative_id, promise, since=since, until=at)
    if promise is None and not tally.looked:
        return []
    told = f"{tally.looked} of {tally.answers} answers ({percent(tally.looked, tally.answers)})"
    if tally.half is not None:
        done = f"{tally.accepted} accepted, {tally.edited} edited, {tally.rejected} rejected"
        told += f"; half within {tally.half:.0f} seconds; {done}"
    facts = [Fact("Looked at in 90 days", told), Fact("Promised so far", promise_in_words(promise))]
    if shortfalls := shortfalls_of(initiative_id):
        newest = shortfalls[0]
        facts.append(Fact(f"Oversight fell short, {newest.state}", " ".join(newest.sentences)))
    return facts


def records_of(codes: Iterable[str], *, at: datetime) -> dict[str, str]:
    """Return for each initiative that promised figures, or whose answers were looked at, a sentence on the last 90 days. One query."""
    asked: dict[str, Any] = {
        "codes": sorted(set(codes)),
        "since": at - LOOK_BACK,
        "approved": str(RemitState.APPROVED),
        "completed": str(ExchangeState.COMPLETED),
        "speaking": list(SPEAKING),
    }
    with connection.cursor() as cursor:
        cursor.execute(RECORDS, asked)
        return {code: _record(*counted) for code, *counted in cursor.fetchall() if counted[1] or counted[2]}


def _record(answers: int, looked: int, share: str | None) -> str:
    promised = f"; {percent(int(share), 100)} was promised" if share else ""
    return f"People looked at {looked} of {answers} answers in 90 days ({percent(looked, answers)}){promised}."
