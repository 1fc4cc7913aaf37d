"""Everything the gateway process writes: intents, refusals, holds and outcomes, each in one transaction with its event."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from governance.audit.events import EventKind
from governance.audit.services import record_async
from governance.core.actors import GATEWAY, Actor
from governance.core.errors import DomainError, NotAllowed
from governance.core.ids import uuid7
from governance.destinations.rules import ReplyCheck
from governance.detection.policy import Decision, Reason, Verdict
from governance.detection.report import Report
from governance.detection.spans import Finding
from governance.gateway.access import Access
from governance.gateway.address import Target
from governance.gateway.database import Connection, Database
from governance.gateway.decision import start_of_day, too_many_calls
from governance.gateway.limits import Price, Taking, Use
from governance.gateway.replies.seen import Seen, shown_reasons
from governance.gateway.rules import UNSENT, ExchangeState, provenance_of
from governance.gateway.selectors.standing import ask_standing, require_set_aside, require_standing
from governance.gateway.services.exposures import record_exposures
from governance.gateway.services.spending import set_aside, settle
from governance.scanning.rules import HOLD_LIFE, HoldState

EXCHANGE = """
INSERT INTO gateway_exchange (
    id, at, key_id, initiative_id, unit_id, remit_id, destination_id, scan_id, surface, model, mode, end_user, provenance,
    datasets, stream, request_digest, keyed_digest, ruleset_digest, verdict, error_code, counts, reasons, bytes_in, bytes_out,
    timings, state, closed_at
) VALUES (
    %(id)s, %(at)s, %(key)s, %(initiative)s, %(unit)s, %(remit)s, %(destination)s, %(scan)s, %(surface)s, %(model)s, 'prompt',
    %(end_user)s, %(provenance)s, %(datasets)s, %(stream)s, %(request_digest)s, %(keyed_digest)s, %(ruleset)s, %(verdict)s,
    %(error_code)s, %(counts)s, %(reasons)s, %(bytes_in)s, %(bytes_out)s, %(timings)s, %(state)s, %(closed_at)s
)
"""
SCAN = """
INSERT INTO scanning_scan (id, subject, unit_id, digest, ruleset_digest, receipt, complete, verdict, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
FINDING = """
INSERT INTO scanning_finding (
    id, scan_id, type, subtype, detector, path, start, "end", score, view, action, rule, sentence, keyed_digest
) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
HOLD = """
INSERT INTO scanning_hold (id, subject, unit_id, digest, storage_ref, state, reason, held_at, expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
CLOSE = """
UPDATE gateway_exchange SET state = %(state)s, error_code = %(error_code)s, bytes_out = %(bytes_out)s,
       tokens_in = %(tokens_in)s, tokens_out = %(tokens_out)s, cost = %(cost)s, timings = %(timings)s, closed_at = %(at)s,
       reply_check = %(reply_check)s, reply_verdict = %(reply_verdict)s, reply_counts = %(reply_counts)s,
       reply_reasons = %(reply_reasons)s, reply_scan_id = %(reply_scan)s
WHERE id = %(id)s
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
MARK_JUSTIFIED = "UPDATE gateway_exchange SET state = %s WHERE id = %s"
# Two calls at once must not both be the last one of the day.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
CALLS_TODAY = """
SELECT count(*) FROM gateway_exchange WHERE initiative_id = %s AND destination_id = %s AND at >= %s AND state <> ALL(%s)
"""
UNCOUNTED = list(UNSENT)


@dataclass(frozen=True, slots=True)
class Held:
    """The sealed copy of a request: where it lies, and the SHA-256 of its bytes."""

    storage_ref: str
    digest: str


@dataclass(frozen=True, slots=True)
class Answered:
    """How what came back was checked, and what was seen."""

    check: ReplyCheck
    seen: Seen


@dataclass(slots=True)
class Case:
    """What is known of one exchange so far; the later parts are None until the handler gets there. Never a text."""

    id: UUID
    at: datetime
    surface: str
    access: Access | None = None
    target: Target | None = None
    report: Report | None = None
    decision: Decision | None = None
    places: dict[str, str] = field(default_factory=dict)
    stream: bool = False
    end_user: str = ""
    datasets: tuple[str, ...] = ()
    bytes_in: int = 0
    bytes_out: int = 0
    request_digest: str = ""
    keyed_digest: bytes | None = None
    justified: bool = False
    released: bool = False
    held: Held | None = None
    taken: tuple[Taking, ...] = ()
    reply: Answered | None = None
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        return self.decision.verdict if self.decision else Verdict.BLOCK

    @property
    def actor(self) -> Actor:
        if self.access is None:
            return replace(GATEWAY, request_id=str(self.id))
        return Actor.of_key(self.access.prefix, person=self.access.made_by, request_id=str(self.id))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a sent exchange ended. `used` counts against budgets, None when nothing was sent; where no provider told, it is a guess."""

    state: ExchangeState
    error_code: str = ""
    bytes_out: int = 0
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: int | None = None
    used: Use | None = None
    price: Price | None = None


async def open_exchange(database: Database, case: Case, *, calls_per_day: int | None, by: Actor, at: datetime) -> None:
    """Commit the intent to send: after this, and not before, bytes may leave.

    What the decision stands on is read again inside the transaction, so that a grant revoked during the scan does not count.

    Raises:
        NotAllowed: `stopped`, `no_longer_allowed`, `budget_spent`, `justification_used`, `release_used`.
        TooMany: `calls_per_day`.
        Unavailable: `database_down`.
    """
    access, target = _known(case)
    async with database.writing() as conn:
        standing = await ask_standing(conn, key=access.key, grants=target.grants, at=at)
        asked = await set_aside(conn, case.taken, by=by, at=at)
        if calls_per_day is not None:
            await _count_call(conn, access, target, cap=calls_per_day, at=at)
        if case.justified:
            await _use_justification(conn, case, access, at=at)
        if case.released:
            await _use_release(conn, case, access, at=at)
        await _record(
            conn, EventKind.EXCHANGE_INTENDED, case, by=by, at=at, justified=case.justified, released=case.released
        )
        await _insert(conn, case, state=ExchangeState.INTENDED, error_code="", closed_at=None)
        # Asked first, awaited last: one wait for all of it.
        await require_set_aside(asked)
        await require_standing(standing, grants=target.grants, sending=access.sending(target.destination))


async def refuse_exchange(database: Database, case: Case, *, error: DomainError, by: Actor, at: datetime) -> None:
    """Write down that nothing was sent, and why."""
    async with database.writing() as conn:
        await _record(conn, EventKind.EXCHANGE_REFUSED, case, by=by, at=at, code=error.code)
        await _insert(conn, case, state=ExchangeState.REFUSED, error_code=error.code, closed_at=at, error=error)


async def hold_exchange(database: Database, case: Case, *, held: Held, by: Actor, at: datetime) -> None:
    """Write down that an exchange waits for two people. Its sealed copy lies in storage already."""
    access, _ = _known(case)
    subject = f"exchange:{case.id}"
    reason = ", ".join(sorted({reason.rule for reason in case.decision.reasons})) if case.decision else ""
    values = (uuid7(), subject, access.unit, held.digest, held.storage_ref, HoldState.HELD, reason, at, at + HOLD_LIFE)
    async with database.writing() as conn:
        await _record(conn, EventKind.EXCHANGE_HELD, case, by=by, at=at)
        await _insert(conn, case, state=ExchangeState.HELD, error_code="held", closed_at=at)
        await conn.execute(HOLD, values)


async def close_exchange(database: Database, case: Case, *, outcome: Outcome, by: Actor, at: datetime) -> None:
    """Write down how a sent exchange ended. One without this is shown as possibly sent."""
    access, _ = _known(case)
    values = {
        "id": case.id,
        "state": outcome.state,
        "error_code": outcome.error_code,
        "bytes_out": outcome.bytes_out,
        "tokens_in": outcome.tokens_in,
        "tokens_out": outcome.tokens_out,
        "cost": outcome.cost,
        "timings": Jsonb(_rounded(case.timings)),
        "at": at,
    }
    detail = {"state": str(outcome.state), "code": outcome.error_code, "bytes_out": outcome.bytes_out}
    if case.reply is not None:
        seen = case.reply.seen
        detail |= {"reply_check": case.reply.check, "reply_verdict": str(seen.verdict), "reply_counts": seen.counts}
    async with database.writing() as conn:
        subject = f"exchange:{case.id}"
        await record_async(
            conn, EventKind.EXCHANGE_CLOSED, subject=subject, by=by, at=at, unit_path=access.unit_path, **detail
        )
        await settle(conn, case.taken, outcome.used, outcome.price, by=by, at=at)
        await conn.execute(CLOSE, values | await _insert_reply(conn, case, access, at=at))


async def refuse_key(database: Database, *, code: str, prefix: str, by: Actor, at: datetime) -> None:
    """Write down that a key with this prefix was refused; it belongs to nobody we know."""
    async with database.writing() as conn:
        await record_async(conn, EventKind.KEY_REFUSED, subject=f"key:{prefix}", by=by, at=at, code=code)


def _known(case: Case) -> tuple[Access, Target]:
    if case.access is None or case.target is None:
        message = "An exchange is opened, held and closed only when its key and target are known."
        raise ValueError(message)
    return case.access, case.target


async def _count_call(conn: Connection, access: Access, target: Target, *, cap: int, at: datetime) -> None:
    await conn.execute(ONE_AT_A_TIME, [f"calls:{access.initiative}:{target.destination}"])
    asked = [access.initiative, target.destination, start_of_day(at), UNCOUNTED]
    row = await (await conn.execute(CALLS_TODAY, asked)).fetchone()
    if row is None or row[0] >= cap:
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


async def _record(conn: Connection, kind: EventKind, case: Case, *, by: Actor, at: datetime, **more: Any) -> None:
    access = case.access
    detail = {
        "surface": case.surface,
        "verdict": str(case.verdict),
        "counts": _counts(case.report),
        "ruleset": access.ruleset if access else "",
        "request_digest": case.request_digest,
        "destination": case.target.first.destination_ref if case.target else "",
        "grants": [str(grant) for grant in case.target.grants] if case.target else [],
    }
    path = access.unit_path if access else ""
    await record_async(conn, kind, subject=f"exchange:{case.id}", by=by, at=at, unit_path=path, **detail, **more)


async def _insert(
    conn: Connection,
    case: Case,
    *,
    state: ExchangeState,
    error_code: str,
    closed_at: datetime | None,
    error: DomainError | None = None,
) -> None:
    scan = await _insert_scan(conn, case) if case.report else None
    if case.report and case.access:
        told = {"exchange": str(case.id), "state": str(state), "verdict": str(case.verdict)}
        told["destination"] = case.target.first.destination_ref if case.target else ""
        path, by = case.access.unit_path, case.actor
        await record_exposures(conn, case.report, unit_path=path, told=told, by=by, at=case.at)
    await conn.execute(
        EXCHANGE,
        {
            **_whose(case),
            "id": case.id,
            "at": case.at,
            "scan": scan,
            "surface": case.surface,
            "end_user": case.end_user,
            "provenance": provenance_of(datasets=case.datasets, types_found=_counts(case.report)),
            "datasets": Jsonb(list(case.datasets)),
            "stream": case.stream,
            "request_digest": case.request_digest,
            "keyed_digest": case.keyed_digest,
            "verdict": "unavailable" if error is not None and error.kind == "unavailable" else case.verdict,
            "error_code": error_code,
            "counts": Jsonb(_counts(case.report)),
            "reasons": Jsonb(_reasons(case.decision, error)),
            "bytes_in": case.bytes_in,
            "bytes_out": case.bytes_out,
            "timings": Jsonb(_rounded(case.timings)),
            "state": state,
            "closed_at": closed_at,
        },
    )


def _whose(case: Case) -> dict[str, Any]:
    access, target = case.access, case.target
    return {
        "key": access.key if access else None,
        "initiative": access.initiative if access else None,
        "unit": access.unit if access else None,
        "ruleset": access.ruleset if access else "",
        "remit": target.first.remit if target else None,
        "destination": target.destination if target else None,
        "model": target.model if target else "",
    }


async def _insert_scan(conn: Connection, case: Case) -> UUID | None:
    if case.report is None or case.access is None:
        return None
    scan, report = uuid7(), case.report
    subject, unit, digest = f"exchange:{case.id}", case.access.unit, case.request_digest
    receipt = Jsonb(report.receipt.to_dict())
    ruleset, verdict = case.access.ruleset, str(case.verdict)
    await conn.execute(SCAN, (scan, subject, unit, digest, ruleset, receipt, report.complete, verdict, case.at))
    for values in _findings(scan, case):
        await conn.execute(FINDING, values)
    return scan


async def _insert_reply(conn: Connection, case: Case, access: Access, *, at: datetime) -> dict[str, Any]:
    """Write down what came back and return its part of the exchange."""
    if case.reply is None:
        unread = {"reply_check": "", "reply_verdict": "", "reply_scan": None}
        return unread | {"reply_counts": Jsonb({}), "reply_reasons": Jsonb([])}
    seen, scan = case.reply.seen, None
    if seen.receipt is not None:
        scan, subject, receipt = uuid7(), f"exchange:{case.id}", seen.receipt
        shown = Jsonb(receipt.to_dict())
        values = (scan, subject, access.unit, "", access.ruleset, shown, receipt.complete, str(seen.verdict), at)
        await conn.execute(SCAN, values)
        for found, reason in seen.findings:
            await conn.execute(FINDING, _finding(scan, found, found.path, reason))
    return {
        "reply_check": case.reply.check,
        "reply_verdict": str(seen.verdict),
        "reply_counts": Jsonb(seen.counts),
        "reply_reasons": Jsonb(shown_reasons(seen.reasons)),
        "reply_scan": scan,
    }


def _findings(scan: UUID, case: Case) -> list[tuple[Any, ...]]:
    by_finding = {reason.finding: reason for reason in case.decision.reasons if reason.finding} if case.decision else {}
    return [
        _finding(scan, found, case.places.get(found.path, ""), by_finding.get(found))
        for found in (case.report.findings if case.report else ())
    ]


def _finding(scan: UUID, found: Finding, place: str, reason: Reason | None) -> tuple[Any, ...]:
    """Return the row of a finding; `reason` is None where no rule met it."""
    said = (reason.action, reason.rule, reason.sentence) if reason else ("", "", "")
    where = (found.type, found.subtype, found.detector, place, found.start, found.end, found.score, found.view)
    return (uuid7(), scan, *where, *said, bytes.fromhex(found.keyed_digest))


def _counts(report: Report | None) -> dict[str, int]:
    counts: dict[str, int] = {}
    for finding in report.findings if report else ():
        counts[finding.type] = counts.get(finding.type, 0) + 1
    return counts


def _reasons(decision: Decision | None, error: DomainError | None) -> list[dict[str, str]]:
    """Return each reason once; a refusal that no policy made gives its own."""
    reasons = decision.reasons if decision else ()
    if error is not None and not reasons:
        reasons = (Reason(error.code, error.reason, "", Verdict.BLOCK),)
    return shown_reasons(reasons)


def _rounded(timings: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 2) for name, value in timings.items()}
