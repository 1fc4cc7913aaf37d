"""What the gateway process writes of the looks that applications report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.audit.events import EventKind
from governance.audit.services import record_async
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotFound
from governance.core.ids import uuid7
from governance.core.verdict import require
from governance.gateway.access import Access
from governance.gateway.database import Connection, Database, fetched
from governance.gateway.reviewing import AnswerOutcome, Review, may_review

# The row is held, so that of two reports at once one is the first and the other the next.
EXCHANGE = """
SELECT state, at FROM gateway_exchange WHERE id = %(exchange)s AND initiative_id = %(initiative)s FOR UPDATE
"""
REPORTED = """
SELECT id, outcome, reviewer, verified, shown_at, decided_at FROM gateway_answer_review
WHERE exchange_id = %(exchange)s ORDER BY number
"""
WRITE = """
INSERT INTO gateway_answer_review (
    id, exchange_id, initiative_id, number, outcome, reviewer, verified, shown_at, decided_at, reported_at
)
VALUES (
    %(id)s, %(exchange)s, %(initiative)s, %(number)s, %(outcome)s, %(reviewer)s, %(verified)s, %(shown_at)s, %(decided_at)s,
    %(at)s
)
"""
MOST_REPORTS = 20


@dataclass(frozen=True, slots=True)
class Written:
    """`number` is 1 for the first report of an answer; `repeated`: exactly this was reported before, and nothing was written."""

    id: UUID
    number: int
    repeated: bool


async def write_review(
    database: Database, *, exchange: UUID, review: Review, access: Access, by: Actor, at: datetime
) -> Written:
    """Write down a look at an answer of the initiative's; what was said of the same answer before stays.

    Raises:
        NotFound: `no_such_exchange`, also for one of another initiative.
        Invalid: as may_review. Conflict: `amended_too_often`.
        Unavailable: `database_down`.
    """
    asked: dict[str, Any] = {"exchange": exchange, "initiative": access.initiative}
    async with database.writing() as conn:
        found = await fetched(conn, EXCHANGE, asked)
        if found is None:
            raise NotFound("no_such_exchange", "This initiative has no such exchange.")
        require(may_review(review, state=found[0], asked_at=found[1], at=at), Invalid)
        reports = await (await conn.execute(REPORTED, asked)).fetchall()
        if (before := _same(reports, review)) is not None:
            return before
        if len(reports) >= MOST_REPORTS:
            raise Conflict("amended_too_often", f"An answer is reported on at most {MOST_REPORTS} times.")
        written = Written(uuid7(), len(reports) + 1, repeated=False)
        await _write(conn, written, asked, review, access, by=by, at=at)
    return written


async def _write(
    conn: Connection,
    written: Written,
    asked: dict[str, Any],
    review: Review,
    access: Access,
    *,
    by: Actor,
    at: datetime,
) -> None:
    values = asked | {
        "id": written.id,
        "number": written.number,
        "outcome": review.outcome,
        "reviewer": review.reviewer,
        "verified": review.verified,
        "shown_at": review.shown_at,
        "decided_at": review.decided_at,
        "at": at,
    }
    kind = EventKind.ANSWER_AMENDED if written.number > 1 else EventKind.ANSWER_REVIEWED
    # Never who looked: the log is read by more people than may see whose work it was.
    told = {"review": str(written.id), "outcome": str(review.outcome), "verified": review.verified}
    subject = f"exchange:{asked['exchange']}"
    await record_async(conn, kind, subject=subject, by=by, at=at, unit_path=access.unit_path, **told)
    await conn.execute(WRITE, values)


def _same(reports: Sequence[tuple[Any, ...]], review: Review) -> Written | None:
    for number, (key, outcome, *rest) in enumerate(reports, 1):
        if Review(AnswerOutcome(outcome), *rest) == review:
            return Written(key, number, repeated=True)
    return None
