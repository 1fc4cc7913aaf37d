"""The values of the statements by which an exchange is written down."""

from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from psycopg.types.numeric import Int8

from governance.core.errors import DomainError
from governance.core.ids import uuid7
from governance.detection.policy import Decision, Reason, Verdict
from governance.detection.report import Report
from governance.detection.spans import Finding
from governance.detection.ways import Way
from governance.gateway.access import Access
from governance.gateway.case import Case
from governance.gateway.replies.seen import shown_reasons
from governance.gateway.rules import ExchangeState, provenance_of

NO_SCAN: dict[str, Any] = {"scan": None, "receipt": None, "complete": None, "scan_verdict": None, "findings": Jsonb([])}


def entry_values(
    case: Case,
    *,
    state: ExchangeState,
    error: DomainError | None = None,
    closed_at: datetime | None = None,
) -> dict[str, Any]:
    """Return the values of ENTRY but for its event: the exchange, its scan and what was found."""
    counts = counts_of(case.report)
    return {
        **_whose(case),
        **_scan(case),
        "id": case.id,
        "began": case.at,
        "surface": case.surface,
        "end_user": case.end_user,
        "verified_user": case.verified_user,
        "provenance": provenance_of(datasets=case.datasets, types_found=counts),
        "datasets": Jsonb(list(case.datasets)),
        "mode": case.mode,
        "stream": case.stream,
        "digest": case.request_digest,
        "keyed_digest": case.keyed_digest,
        "verdict": "unavailable" if error is not None and error.kind == "unavailable" else case.verdict,
        "error_code": error.code if error is not None else "",
        "counts": Jsonb(counts),
        "reasons": Jsonb(_reasons(case.decision, error)),
        "bytes_in": Int8(case.bytes_in),
        "bytes_out": Int8(case.bytes_out),
        "records": case.records,
        "timings": Jsonb(rounded(case.timings)),
        "state": state,
        "closed_at": closed_at,
        "observation": case.observation,
        "run": case.run.run if case.run else None,
        "would_be": case.would_be,
    }


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


def _scan(case: Case) -> dict[str, Any]:
    """Return the values of SCAN for what was scanned, or those by which it writes nothing."""
    if case.report is None or case.access is None:
        return NO_SCAN
    by_finding = {reason.finding: reason for reason in case.decision.reasons if reason.finding} if case.decision else {}
    places, ways, found = case.places, case.ways, case.report.findings
    return {
        "scan": uuid7(),
        "receipt": Jsonb(case.report.receipt.to_dict()),
        "complete": case.report.complete,
        "scan_verdict": str(case.verdict),
        "findings": Jsonb(
            [_finding(each, places.get(each.path, ""), by_finding.get(each), ways.get(each)) for each in found]
        ),
    }


def reply_values(case: Case, access: Access, *, at: datetime) -> dict[str, Any]:
    """Return the values of CLOSE for what came back, and of its scan."""
    if case.reply is None:
        told = {"reply_check": "", "reply_verdict": "", "reply_counts": Jsonb({}), "reply_reasons": Jsonb([])}
        told["reply_would_be"] = ""
        return told | NO_SCAN | {"unit": None, "digest": "", "ruleset": "", "began": at}
    seen = case.reply.seen
    told = {
        "reply_check": case.reply.check,
        "reply_verdict": str(seen.verdict),
        "reply_counts": Jsonb(seen.counts),
        "reply_reasons": Jsonb(shown_reasons(seen.reasons)),
        "reply_would_be": str(seen.would_be) if case.observation else "",
        "unit": access.unit,
        "digest": "",
        "ruleset": access.ruleset,
        "began": at,
    }
    if seen.receipt is None:
        return told | NO_SCAN
    return told | {
        "scan": uuid7(),
        "receipt": Jsonb(seen.receipt.to_dict()),
        "complete": seen.receipt.complete,
        "scan_verdict": str(seen.verdict),
        "findings": Jsonb([_finding(found, found.path, reason) for found, reason in seen.findings]),
    }


def _finding(found: Finding, place: str, reason: Reason | None, way: Way | None = None) -> dict[str, Any]:
    """Return the row of a finding; `reason` is None where no rule met it, `way` where nothing was put in its place."""
    return {
        "id": str(uuid7()),
        "type": found.type,
        "subtype": found.subtype,
        "detector": found.detector,
        "path": place,
        "start": found.start,
        "end": found.end,
        "score": found.score,
        "view": found.view,
        "action": reason.action if reason else "",
        "way": way or "",
        "rule": reason.rule if reason else "",
        "sentence": reason.sentence if reason else "",
        "would_be": (reason.would_be or "") if reason else "",
        "keyed_digest": found.keyed_digest,
    }


def counts_of(report: Report | None) -> dict[str, int]:
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


def rounded(timings: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 2) for name, value in timings.items()}
