"""What was found on the way back, put together from all the scans of one answer. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from governance.detection.policy import Decision, Reason, Verdict
from governance.detection.receipt import Receipt, Run, State
from governance.detection.spans import Finding
from governance.gateway.replies.questions import Asked


@dataclass(slots=True)
class Seen:
    """`verdict` is the strictest of all; `findings` are placed as they are stored, and never hold a text.

    `would_be` is what the verdict would be were no rule only observed.
    """

    verdict: Verdict = Verdict.ALLOW
    would_be: Verdict = Verdict.ALLOW
    receipt: Receipt | None = None
    milliseconds: float = 0.0
    _reasons: dict[tuple[str, str, int], Reason] = field(default_factory=dict)

    @property
    def reasons(self) -> list[Reason]:
        return list(self._reasons.values())

    def note(self, receipt: Receipt, decision: Decision, asked: Mapping[str, Asked]) -> None:
        """Add one scan and what was decided of it."""
        self.receipt = receipt if self.receipt is None else receipts_together(self.receipt, receipt)
        self.note_verdict(decision.verdict)
        self.would_be = max(self.would_be, decision.would_be, key=lambda each: each.strictness)
        for reason in (_placed(each, asked) for each in decision.reasons):
            # Windows overlap, so that one finding is met twice; the later look saw more of what follows it.
            found = reason.finding
            place = (found.path, found.type, found.start) if found else (reason.rule, reason.type, -1)
            self._reasons[place] = reason

    def note_verdict(self, verdict: Verdict) -> None:
        self.verdict = max(self.verdict, verdict, key=lambda each: each.strictness)
        self.would_be = max(self.would_be, verdict, key=lambda each: each.strictness)

    @property
    def findings(self) -> list[tuple[Finding, Reason]]:
        return [(reason.finding, reason) for reason in self.reasons if reason.finding is not None]

    @property
    def counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for finding, _ in self.findings:
            counts[finding.type] = counts.get(finding.type, 0) + 1
        return counts


def _placed(reason: Reason, asked: Mapping[str, Asked]) -> Reason:
    if reason.finding is None:
        return reason
    text, found = asked[reason.finding.path], reason.finding
    moved = replace(found, path=text.place, start=found.start + text.start, end=found.end + text.start)
    return replace(reason, finding=moved)


def receipts_together(one: Receipt, other: Receipt) -> Receipt:
    """Return one receipt for both; a detector that failed in either of them failed."""
    worse = {run.name: run for run in sorted((*one.runs, *other.runs), key=_is_bad)}
    return replace(
        other,
        segments=one.segments + other.segments,
        bytes_given=one.bytes_given + other.bytes_given,
        bytes_seen=one.bytes_seen + other.bytes_seen,
        bytes_cached=one.bytes_cached + other.bytes_cached,
        runs=tuple(worse.values()),
        milliseconds=one.milliseconds + other.milliseconds,
    )


def _is_bad(run: Run) -> bool:
    return run.state is not State.OK


def shown_reasons(reasons: Sequence[Reason]) -> list[dict[str, str]]:
    """Return each reason once, as it is stored and shown."""
    rows = [
        {"rule": each.rule, "sentence": each.sentence, "type": each.type, "action": str(each.action)}
        | ({"would_be": str(each.would_be)} if each.would_be else {})
        for each in reasons
    ]
    return list({tuple(row.items()): row for row in rows}.values())
