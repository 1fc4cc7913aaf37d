"""Everything the gateway process writes: intents, refusals, holds and outcomes, each in one transaction with its event."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from psycopg.types.json import Jsonb
from psycopg.types.numeric import Int8

from governance.audit.events import EventKind
from governance.audit.services import named_event, record_async
from governance.core.actors import Actor
from governance.core.errors import DomainError, NotAllowed
from governance.core.ids import uuid7
from governance.gateway.access import Access
from governance.gateway.address import Target
from governance.gateway.case import Case, Held, Outcome
from governance.gateway.database import Connection, Database, fetched
from governance.gateway.decision import start_of_day, too_many_calls
from governance.gateway.entries import counts_of, entry_values, reply_values, rounded
from governance.gateway.rules import UNSENT, ExchangeState
from governance.gateway.selectors.access import stops_in
from governance.gateway.selectors.standing import require_of_run, require_set_aside, taken_back
from governance.gateway.services.exposures import record_exposures
from governance.gateway.services.runs import set_aside_of_run, settle_run
from governance.gateway.services.spending import set_aside, settle
from governance.gateway.services.statements import CLOSE, END, INTEND
from governance.gateway.services.tuning import begin_publication
from governance.gateway.stopping import Sending, require_unstopped
from governance.scanning.rules import HOLD_LIFE, HoldState, exam_items

HOLD = """
INSERT INTO scanning_hold (id, subject, unit_id, digest, storage_ref, state, reason, held_at, expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
USE_JUSTIFICATION = """
UPDATE gateway_justification SET used_at = %(at)s WHERE id = (
    SELECT id FROM gateway_justification
    WHERE keyed_digest = %(digest)s AND initiative_id = %(initiative)s AND used_at IS NULL AND expires_at > %(at)s
    ORDER BY expires_at LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id, exchange_id
"""
USE_RELEASE = """
UPDATE gateway_release SET used_at = %(at)s WHERE id = (
    SELECT id FROM gateway_release
    WHERE keyed_digest = %(digest)s AND initiative_id = %(initiative)s AND used_at IS NULL AND expires_at > %(at)s
    ORDER BY expires_at LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id
"""
STILL_OPEN = "SELECT FROM gateway_exchange WHERE id = %s AND closed_at IS NULL FOR UPDATE"
MARK_JUSTIFIED = "UPDATE gateway_exchange SET state = %s WHERE id = %s"
# Two calls at once must not both be the last one of the day.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
CALLS_TODAY = """
SELECT coalesce(sum(records), 0) FROM gateway_exchange WHERE initiative_id = %s AND destination_id = %s AND at >= %s AND state <> ALL(%s)
"""
UNCOUNTED = list(UNSENT)
TRIES = 3
Write = Callable[[Mapping[str, Any]], Awaitable[tuple[Any, ...] | None]]


async def open_exchange(database: Database, case: Case, *, calls_per_day: int | None, by: Actor, at: datetime) -> None:
    """Commit the intent to send: after this, and not before, bytes may leave.

    What the decision stands on is read again in the same statement, so that a grant revoked during the scan does not count.

    Raises:
        NotAllowed: `stopped`, `no_longer_allowed`, `budget_spent`, `run_money_used_up`, `justification_used`, `release_used`.
        TooMany: `calls_per_day`.
        Unavailable: `database_down`.
    """
    access, target = _known(case)
    kind, state = EventKind.EXCHANGE_INTENDED, ExchangeState.INTENDED
    values = _told(case, kind, by=by, at=at, justified=case.justified, released=case.released)
    values |= entry_values(case, state=state) | {
        "at": at,
        "grants": sorted(set(target.grants)),
        "judged": [stop.id for stop in access.stops],
        "relaxed_by": case.relaxed_by,
    }
    sending = access.sending(target.destination)
    if not _takes_more(case, calls_per_day):
        await _intend(partial(database.write, INTEND), values, sending)
        return
    async with database.writing() as conn:
        asked = await set_aside(conn, case.taken, by=by, at=at)
        of_run = await set_aside_of_run(conn, case.taken_of_run, by=by, at=at) if case.taken_of_run else None
        if calls_per_day is not None:
            await _count_calls(conn, case, cap=calls_per_day, at=at)
        if case.justified:
            await _use_justification(conn, case, access, at=at)
        if case.publishing:
            await begin_publication(conn, case.publishing, by=by, at=at)
        if case.released:
            await _use_release(conn, case, access, at=at)
        await _note_exposures(conn, case, state=ExchangeState.INTENDED)
        # Asked before, awaited after: one wait for all of it.
        await _intend(partial(fetched, conn, INTEND), values, sending)
        await require_set_aside(asked)
        if case.taken_of_run and of_run:
            await require_of_run(case.taken_of_run, of_run)


def _takes_more(case: Case, calls_per_day: int | None) -> bool:
    """Say whether the intent is more than its own rows: something is counted, used up or told beside it."""
    taken = case.taken or case.taken_of_run
    used_up = case.justified or case.released
    return bool(taken or used_up or case.publishing or calls_per_day is not None or _exams_in(case))


async def _intend(write: Write, values: dict[str, Any], sending: Sending) -> None:
    for _ in range(TRIES):
        row = await write(values)
        if row is None:
            break
        written, holds, told = row
        if written:
            return
        stops = stops_in(told)
        require_unstopped(stops, sending)
        if not holds:
            break
        values = values | {"judged": [stop.id for stop in stops]}  # placed a moment ago, on something else
    raise taken_back()


async def refuse_exchange(database: Database, case: Case, *, error: DomainError, by: Actor, at: datetime) -> None:
    """Write down that nothing was sent, and why."""
    kind, state = EventKind.EXCHANGE_REFUSED, ExchangeState.REFUSED
    values = _told(case, kind, by=by, at=at, code=error.code) | entry_values(
        case, state=state, error=error, closed_at=at
    )
    if not _exams_in(case):
        await database.write(END, values)
        return
    async with database.writing() as conn:
        await _note_exposures(conn, case, state=state)
        await conn.execute(END, values)


async def hold_exchange(database: Database, case: Case, *, held: Held, by: Actor, at: datetime) -> None:
    """Write down that an exchange waits for two people. Its sealed copy lies in storage already."""
    access, _ = _known(case)
    subject, state = f"exchange:{case.id}", ExchangeState.HELD
    reason = ", ".join(sorted({reason.rule for reason in case.decision.reasons})) if case.decision else ""
    hold = (uuid7(), subject, access.unit, held.digest, held.storage_ref, HoldState.HELD, reason, at, at + HOLD_LIFE)
    values = _told(case, EventKind.EXCHANGE_HELD, by=by, at=at) | entry_values(case, state=state, closed_at=at)
    async with database.writing() as conn:
        await _note_exposures(conn, case, state=state)
        await conn.execute(END, values | {"error_code": "held"})
        await conn.execute(HOLD, hold)


async def close_exchange(
    database: Database, case: Case, *, outcome: Outcome, by: Actor, at: datetime, again: bool = False
) -> None:
    """Write down how a sent exchange ended. One without this is shown as possibly sent.

    `again`: it was tried before, and it is not known whether that was committed; then it is written only where it was not.
    """
    access, _ = _known(case)
    detail = {"state": str(outcome.state), "code": outcome.error_code, "bytes_out": outcome.bytes_out}
    if case.reply is not None:
        seen = case.reply.seen
        detail |= {"reply_check": case.reply.check, "reply_verdict": str(seen.verdict), "reply_counts": seen.counts}
    kind, subject = EventKind.EXCHANGE_CLOSED, f"exchange:{case.id}"
    values = named_event(kind, subject=subject, by=by, at=at, unit_path=access.unit_path, **detail) | {
        "id": case.id,
        "state": outcome.state,
        "error_code": outcome.error_code,
        "bytes_out": Int8(outcome.bytes_out),
        "tokens_in": outcome.tokens_in,
        "tokens_out": outcome.tokens_out,
        "cost": outcome.cost,
        "timings": Jsonb(rounded(case.timings)),
        "at": at,
        **reply_values(case, access, at=at),
    }
    if not (case.taken or case.taken_of_run or again):
        await database.write(CLOSE, values)
        return
    async with database.writing() as conn:
        if again and await (await conn.execute(STILL_OPEN, [case.id])).fetchone() is None:
            return
        await settle(conn, case.taken, outcome.used, outcome.price, by=by, at=at)
        if case.taken_of_run:
            await settle_run(conn, case.taken_of_run, outcome.used, outcome.price, by=by, at=at)
        await conn.execute(CLOSE, values)


async def refuse_key(database: Database, *, code: str, prefix: str, by: Actor, at: datetime) -> None:
    """Write down that a key with this prefix was refused; it belongs to nobody we know."""
    async with database.writing() as conn:
        await record_async(conn, EventKind.KEY_REFUSED, subject=f"key:{prefix}", by=by, at=at, code=code)


def _known(case: Case) -> tuple[Access, Target]:
    if case.access is None or case.target is None:
        message = "An exchange is opened, held and closed only when its key and target are known."
        raise ValueError(message)
    return case.access, case.target


async def _count_calls(conn: Connection, case: Case, *, cap: int, at: datetime) -> None:
    access, target = _known(case)
    await conn.execute(ONE_AT_A_TIME, [f"calls:{access.initiative}:{target.destination}"])
    asked = [access.initiative, target.destination, start_of_day(at), UNCOUNTED]
    row = await (await conn.execute(CALLS_TODAY, asked)).fetchone()
    if row is None or row[0] + case.records > cap:
        raise too_many_calls(cap)


async def _use_justification(conn: Connection, case: Case, access: Access, *, at: datetime) -> None:
    asked = {"digest": case.keyed_digest, "initiative": access.initiative, "at": at}
    row = await (await conn.execute(USE_JUSTIFICATION, asked)).fetchone()
    if row is None:
        raise NotAllowed("justification_used", "The reason given for this request has been used or has run out.")
    await conn.execute(MARK_JUSTIFIED, [ExchangeState.JUSTIFIED, row[1]])


async def _use_release(conn: Connection, case: Case, access: Access, *, at: datetime) -> None:
    asked = {"digest": case.keyed_digest, "initiative": access.initiative, "at": at}
    if await (await conn.execute(USE_RELEASE, asked)).fetchone() is None:
        raise NotAllowed("release_used", "The release of this request has been used or has run out.")


async def _note_exposures(conn: Connection, case: Case, *, state: ExchangeState) -> None:
    if case.report and case.access:
        told = {"exchange": str(case.id), "state": str(state), "verdict": str(case.verdict)}
        told["destination"] = case.target.first.destination_ref if case.target else ""
        path, by = case.access.unit_path, case.actor
        await record_exposures(conn, case.report, unit_path=path, told=told, by=by, at=case.at)


def _exams_in(case: Case) -> bool:
    return case.report is not None and bool(exam_items(case.report.findings))


def _told(case: Case, kind: EventKind, *, by: Actor, at: datetime, **more: Any) -> dict[str, Any]:
    """Return the values of the event that tells of the exchange."""
    access, target = case.access, case.target
    detail = {
        **({"release_permit": str(case.publishing.permit)} if case.publishing else {}),
        "surface": case.surface,
        "verdict": str(case.verdict),
        "counts": counts_of(case.report),
        "ruleset": access.ruleset if access else "",
        "request_digest": case.request_digest,
        "destination": target.first.destination_ref if target else "",
        "grants": [str(grant) for grant in target.grants] if target else [],
        **({"observation": str(case.observation), "would_be": case.would_be} if case.observation else {}),
        **more,
    }
    path = access.unit_path if access else ""
    return named_event(kind, subject=f"exchange:{case.id}", by=by, at=at, unit_path=path, **detail)
