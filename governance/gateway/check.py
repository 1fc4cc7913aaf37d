"""A dry run: what would become of this prompt. It is scanned and decided as any other; nothing is sent, kept or used up."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from governance.core.errors import DomainError, Unavailable
from governance.detection.document import Document
from governance.detection.policy import Decision, Reason, Verdict
from governance.detection.redact import redact
from governance.detection.report import Report
from governance.detection.spans import Finding
from governance.detection.ways import Way
from governance.gateway.address import Target, toward
from governance.gateway.case import Case
from governance.gateway.decision import Conditions, strictest
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.documents import with_documents_read
from governance.gateway.gate import Gate
from governance.gateway.handler import judge_of, keyed
from governance.gateway.judge import Judge
from governance.gateway.routes import Door
from governance.gateway.understand import Understood, understand
from governance.gateway.wire import Call

PLAIN = "plain"


async def check(call: Call, door: Door, gate: Gate) -> bytes:
    """Return the verdict, what it would be were no rule only observed, that toward every granted destination with this model, the text in pieces with what happens to each, and what would leave.

    Raises:
        DomainError: about the key, the body, or a scan that could not be done.
    """
    async with keyed(call, "check", gate) as case:
        asked = await with_documents_read(await understand(call, door, case, gate), case, gate)
        return await _told(asked, case, gate)


async def _told(asked: Understood, case: Case, gate: Gate) -> bytes:
    enforced = await gate.rulesets.of(asked.access.ruleset)
    judging = judge_of(asked, case, enforced, gate)
    report, decision = await judging.look(asked.prompt)

    def decide(conditions: Conditions) -> Decision:
        return replace(judging, conditions=conditions).decide(asked.prompt, report)

    told = {
        "verdict": decision.verdict,
        "would_be": decision.would_be,
        "rule": _rule(decision),
        "sentences": list(dict.fromkeys(reason.sentence for reason in decision.reasons)),
        "segments": _segments(asked.prompt, report, decision, key=judging.placeholder_key),
        "findings": _findings(decision.reasons),
        "places": _places(asked.prompt, decision.reasons),
        "destinations": [
            {"destination": target.first.destination_ref, "verdict": decide(strictest(target.offers)).verdict}
            for target in _targets(asked)
        ],
        **await _outcome(judging, asked, report, decision),
    }
    return json.dumps(told, ensure_ascii=False).encode()


async def _outcome(judging: Judge, asked: Understood, report: Report, decision: Decision) -> dict[str, Any]:
    """Return `sent`, what the provider would get, or `refused`, what the caller would; the other is null.

    The plain dry run belongs to no interface, so what it would send is not known: `sent` is null there as well.
    """
    try:
        judged = await judging.prepare(asked.prompt, report, decision, justified=False, released=False)
    except Unavailable:
        raise
    except DomainError as refused:
        said = {"code": refused.code, "reason": refused.reason, "remedy": refused.remedy}
        return {"sent": None, "refused": said}
    if asked.door.dialect is None:
        return {"sent": None, "refused": None}
    path, body = asked.provider_path, judged.sent.body.decode()
    return {"sent": {"path": path, "body": body}, "refused": None}


def _targets(asked: Understood) -> list[Target]:
    """Return every destination the initiative may use, the addressed one first."""
    first = asked.target.destination
    places = {offer.destination: offer.destination_ref for offer in asked.access.offers}
    ordered = sorted(places, key=lambda place: (place != first, places[place]))
    return [Target(asked.target.model, toward(place, asked.access.offers)) for place in ordered]


def _rule(decision: Decision) -> str:
    met = [reason for reason in decision.reasons if reason.action is decision.verdict]
    return met[0].rule if met else ""


def _findings(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    counted = Counter((reason.type, str(reason.action), reason.rule) for reason in reasons if reason.finding)
    return [{"type": kind, "action": action, "rule": rule, "count": n} for (kind, action, rule), n in counted.items()]


def _places(prompt: Prompt, reasons: Sequence[Reason]) -> list[dict[str, str]]:
    """Return where each finding stands, in which reading of the text it was seen, and what it leads to."""
    return [
        {
            "type": reason.type,
            "place": prompt.places.get(reason.finding.path, ""),
            "view": reason.finding.view,
            "action": str(reason.action),
            "rule": reason.rule,
            "sentence": reason.sentence,
        }
        for reason in reasons
        if reason.finding
    ]


def _segments(prompt: Prompt, report: Report, decision: Decision, *, key: bytes) -> list[dict[str, str]]:
    """Return the texts in order, cut at the findings: {text, kind, action, place}, kind "plain" between them.

    The name of the model is left out: it is ours.
    """
    reasons = {reason.finding: reason for reason in decision.reasons if reason.finding}
    pieces: list[dict[str, str]] = []
    for text in prompt.texts:
        if text.place == "model":
            continue
        found = [each for each in report.findings if each.path == text.path]
        pieces += [piece | {"place": text.place} for piece in _pieces(text.text, found, reasons, key=key)]
    return pieces


def _pieces(text: str, found: list[Finding], reasons: dict[Finding, Reason], *, key: bytes) -> list[dict[str, str]]:
    pieces, at = [], 0
    for finding in sorted(found, key=lambda each: (each.start, -each.end)):
        if finding.start < at:
            continue
        pieces.append(_piece(text[at : finding.start], PLAIN, Verdict.ALLOW))
        reason, shown = reasons.get(finding), text[finding.start : finding.end]
        action = reason.action if reason else Verdict.ALLOW
        if reason and action is Verdict.REDACT:
            shown = _replacement(shown, finding, reason.way, key=key)
        pieces.append(_piece(shown, finding.type, action))
        at = finding.end
    pieces.append(_piece(text[at:], PLAIN, Verdict.ALLOW))
    return [piece for piece in pieces if piece["text"]]


def _replacement(value: str, finding: Finding, way: Way, *, key: bytes) -> str:
    """Return what stands in the place of the value, made as for sending."""
    whole = Finding(**{**finding.to_dict(), "path": "value", "start": 0, "end": len(value)})
    return redact(Document.of({"value": value}), [whole], key=key, ways={whole: way}).document.segments[0].text


def _piece(text: str, kind: str, action: Verdict) -> dict[str, str]:
    return {"text": text, "kind": kind, "action": str(action)}
