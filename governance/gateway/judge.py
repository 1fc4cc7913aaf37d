"""Scan, decide, replace what has to be replaced, and scan again what would leave."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from governance.core.errors import Invalid, NotAllowed
from governance.detection.document import Document
from governance.detection.policy import Decision, Policy, Verdict
from governance.detection.redact import Redacted, redact, residue
from governance.detection.report import Report
from governance.detection.spans import Finding
from governance.detection.ways import Way
from governance.gateway.decision import Conditions, decide_prompt, may_leave, refusal
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.placeholders import outside_placeholders

Ask = Callable[[Document], Awaitable[Report]]


@dataclass(frozen=True, slots=True)
class Judged:
    """`report` and `decision` are of the text as it came in, under `conditions`; `sent` is what may leave, and how it was found.

    `originals` are the values behind the placeholders and stand-ins in `sent`: kept for this one exchange, and nowhere else.
    `ways` says how each finding was replaced.
    """

    report: Report
    decision: Decision
    sent: Prompt
    sent_report: Report
    sent_decision: Decision
    conditions: Conditions
    originals: Mapping[str, str] = field(default_factory=dict, repr=False)
    ways: Mapping[Finding, Way] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judge:
    """`ask` has a document scanned; `placeholder_key` is the initiative's own, so that placeholders mean nothing elsewhere."""

    ask: Ask
    policy: Policy
    conditions: Conditions
    placeholder_key: bytes

    async def look(self, prompt: Prompt) -> tuple[Report, Decision]:
        """Return what was found in the prompt as it is and what follows. Raises Unavailable, TooLarge."""
        report = await self.ask(prompt.document)
        return report, self.decide(prompt, report)

    async def prepare(
        self, prompt: Prompt, report: Report, decision: Decision, *, justified: bool, released: bool
    ) -> Judged:
        """Return what may leave.

        Raises:
            DomainError: the refusal of `decision`, or of what a second look at the replaced text still found.
        """
        if may_leave(decision, justified=justified, released=released) and not decision.redactions:
            return Judged(report, decision, prompt, report, decision, self.conditions)
        if decision.verdict is not Verdict.REDACT and not may_leave(decision, justified=justified, released=released):
            raise refusal(decision, prompt.records_at_fault(decision))
        redacted = self._redacted(prompt, decision)
        sent = prompt.with_document(redacted.document)
        again = outside_placeholders(await self.ask(sent.document), sent.document, redacted.written)
        second = self.decide(sent, again)
        if residue(decision.redactions, again.findings) or not may_leave(
            second, justified=justified, released=released
        ):
            raise _still_there(second, justified=justified, released=released)
        return Judged(report, decision, sent, again, second, self.conditions, redacted.originals, redacted.ways)

    def decide(self, prompt: Prompt, report: Report) -> Decision:
        return decide_prompt(
            report,
            policy=self.policy,
            conditions=self.conditions,
            fixed=prompt.fixed_paths,
            in_documents=prompt.read_paths,
            opaque=prompt.opaque,
            trimmed=prompt.trimmed,
        )

    def _redacted(self, prompt: Prompt, decision: Decision) -> Redacted:
        try:
            return redact(prompt.document, decision.redactions, key=self.placeholder_key, ways=decision.ways)
        except Invalid as wrong:
            raise NotAllowed(wrong.code, wrong.reason, remedy="Take it out by hand.") from wrong


def _still_there(second: Decision, *, justified: bool, released: bool) -> Exception:
    if second.verdict is Verdict.REDACT or may_leave(second, justified=justified, released=released):
        remedy = "Take out what is named by hand."
        return NotAllowed(
            "not_redactable", "Something that had to be replaced is still there after replacing.", remedy=remedy
        )
    return refusal(second)
