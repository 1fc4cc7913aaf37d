"""Read what a provider answers before it is passed on: scanned by a worker, decided, taken out or stopped, placeholders restored."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from uuid import UUID

from governance.core.errors import DomainError, Invalid, NotAllowed, TooLarge, Unavailable
from governance.destinations.rules import ReplyCheck
from governance.detection.document import Document, Segment
from governance.detection.edits import Edit
from governance.detection.policy import Decision, Facts, Policy, Verdict, decide
from governance.detection.redact import begun, restorations
from governance.detection.report import Report
from governance.detection.spans import Finding
from governance.gateway.confirming import AskedCall
from governance.gateway.decision import sentences
from governance.gateway.dialects.framing import Frame
from governance.gateway.dialects.replies import Answers
from governance.gateway.observing import relaxed
from governance.gateway.placeholders import outside_placeholders
from governance.gateway.replies.calls import Calls
from governance.gateway.replies.held import HeldAnswer
from governance.gateway.replies.questions import Asked, Marks, Pace, Question
from governance.gateway.replies.seen import Seen

# Longer than every placeholder and every value that a detector knows by its form, a private key aside, which is held until it ends.
WINDOW = Pace(step=128, hold=128, context=256)
WHOLE = Pace(step=2**31, hold=0, context=0, whole=True)
AT_ONCE = Pace(step=0, hold=0, context=0)
PACES = {ReplyCheck.WINDOW: WINDOW, ReplyCheck.WHOLE: WHOLE, ReplyCheck.WATCH: AT_ONCE}
FRAMES_A_TURN = 16
WAS_SENT = "The request was sent; its answer is withheld."


class Person(Protocol):
    """Who confirms calls of tools."""

    def needs(self, tool: str) -> bool: ...

    async def confirm(self, calls: Sequence[AskedCall], frames: Iterable[Frame], media_type: str) -> None: ...


@dataclass(slots=True)
class Reading:
    """How the answer to one request is read.

    `known` are the keyed digests of what the caller wrote: theirs to see. `originals` are the values behind the placeholders and
    stand-ins of this very request, and of no other. At most `most_held` bytes of a stream wait here. `observation` is the
    period in which most rules are only watched, None when they hold; it may end while the answer comes. `escaped`: what looked like
    a placeholder was escaped on its way out, though nothing was replaced beside it.
    `person` is who confirms calls of tools, None where no tool's must be.
    """

    ask: Callable[[Document], Awaitable[Report]]
    check: ReplyCheck
    policy: Policy
    facts: Facts
    known: frozenset[str]
    originals: Mapping[str, str] = field(repr=False)
    most_held: int
    observation: UUID | None = None
    escaped: bool = False
    person: Person | None = None
    seen: Seen = field(default_factory=Seen)

    @property
    def as_it_comes(self) -> bool:
        """Say whether an answer is passed on untouched, and looked at afterwards."""
        return self.check is ReplyCheck.WATCH and not self.originals and self.person is None

    def enforce(self) -> None:
        """Let the rules hold from the next piece on: what is passed on already is past."""
        self.observation = None

    def hold(self, answers: Answers) -> HeldAnswer:
        calls = Calls(self.person.needs) if self.person else None
        return HeldAnswer(answers, PACES[self.check], calls=calls, most_kept=self.most_held)

    def hold_record(self, answers: Answers, number: int) -> HeldAnswer:
        """Return what holds one record of many: it is here as a whole, and named by its number."""
        return HeldAnswer(answers, WHOLE, within=f"records[{number}].")

    async def confirm(self, held: HeldAnswer, media_type: str) -> None:
        """Have a person confirm what an answer that has ended would call, and let it go. Raises as Person.confirm, and `reply_too_long`."""
        if self.person is not None and held.waits:
            whole = held.whole()
            if whole is None:
                raise too_long()
            await self.person.confirm(held.asked(), whole, media_type)
            held.let_go()

    async def settle(self, held: HeldAnswer) -> None:
        """Have everything scanned that can be, so that what may be passed on is ready.

        Raises:
            NotAllowed: `reply_blocked`.
            Unavailable: `reply_unchecked`, `reply_too_long`.
        """
        if self.check is ReplyCheck.WATCH:
            for question in held.questions():
                question.settle([self._marks(asked, (), ()) for asked in question.texts])
            return
        while questions := held.questions():
            await self._answer(questions)

    async def _answer(self, questions: list[Question]) -> None:
        asked = {text.path: text for question in questions for text in question.texts}
        report, decision = await self._judge(asked)
        self.seen.note(report.receipt, decision, asked)
        if decision.verdict is Verdict.UNAVAILABLE:
            raise _unchecked()
        if decision.verdict.strictness > Verdict.REDACT.strictness:
            raise _blocked(sentences(decision))
        if any(asked[found.path].fixed for found in decision.redactions):
            raise _blocked("Something that would have to be taken out stands in the name of a field or in a number.")
        for question in questions:
            question.settle([self._marks(text, report.findings, decision.redactions) for text in question.texts])

    async def _judge(self, asked: Mapping[str, Asked]) -> tuple[Report, Decision]:
        # Names of fields last: between two texts they would hide a value that is split over both.
        ordered = sorted(asked.values(), key=lambda each: each.fixed)
        document = Document(tuple(Segment(text.path, text.text) for text in ordered))
        began = time.monotonic()
        try:
            report = await self.ask(document)
        except TooLarge as large:
            raise too_long() from large
        except DomainError as fault:
            self.seen.note_verdict(Verdict.UNAVAILABLE)
            raise _unchecked() from fault
        finally:
            self.seen.milliseconds += (time.monotonic() - began) * 1000
        report = outside_placeholders(report, document, self.originals)
        news = tuple(each for each in report.findings if self._is_news(each, asked[each.path]))
        decision = decide(replace(report, findings=news), policy=self.policy, facts=self.facts)
        return report, relaxed(decision, self.facts) if self.observation else decision

    def _is_news(self, found: Finding, asked: Asked) -> bool:
        return found.end > asked.read and found.keyed_digest not in self.known

    def _marks(self, asked: Asked, findings: Iterable[Finding], redactions: Iterable[Finding]) -> Marks:
        taken = _merged([each for each in redactions if each.path == asked.path])
        restored = [each for each in restorations(asked.text, self.originals) if self.originals or self.escaped]
        restored = [each for each in restored if not any(_overlap(each, other) for other in taken)]
        spans = [(each.start, each.end) for each in findings if each.path == asked.path]
        spans += [(each.start, each.end) for each in restored]
        # A stand-in looks like any text: what may be the beginning of one waits for its end.
        if (start := begun(asked.text, self.originals)) is not None:
            spans.append((start, len(asked.text) + 1))
        return Marks(tuple(sorted([*taken, *restored], key=lambda edit: edit.start)), tuple(spans))

    async def look_back(self, answers: Answers, frames: Iterable[Frame] | None) -> None:
        """Scan an answer that was passed on already, and note what would have become of it. Nothing is raised."""
        held = HeldAnswer(answers, WHOLE)
        if frames is None:
            self.seen.note_verdict(Verdict.UNAVAILABLE)
            return
        try:
            for number, frame in enumerate(frames, 1):
                held.take(frame)
                if number % FRAMES_A_TURN == 0:
                    await asyncio.sleep(0)  # nobody waits for this; everybody else on this loop waits for somebody
            held.end()
            asked = {text.path: text for question in held.questions() for text in question.texts}
            if asked:
                report, decision = await self._judge(asked)
                self.seen.note(report.receipt, decision, asked)
        except DomainError:
            self.seen.note_verdict(Verdict.UNAVAILABLE)


def _merged(redactions: Iterable[Finding]) -> list[Edit]:
    """Return what is put in the place of findings; places that overlap become one."""
    merged: list[Edit] = []
    for found in sorted(redactions, key=lambda each: (each.start, -each.end)):
        if merged and found.start < merged[-1].end:
            merged[-1] = replace(merged[-1], end=max(merged[-1].end, found.end))
        else:
            merged.append(Edit(found.start, found.end, f"[{found.type} removed]"))
    return merged


def _overlap(one: Edit, other: Edit) -> bool:
    return one.start < other.end and other.start < one.end


def _unchecked() -> Unavailable:
    return Unavailable(
        "reply_unchecked", f"The answer could not be checked. {WAS_SENT}", remedy="Try again in a moment."
    )


def _blocked(why: str) -> NotAllowed:
    remedy = "Ask in another way, or report a mistake at the link."
    return NotAllowed("reply_blocked", f"The answer was stopped. {why}", remedy=remedy)


def too_long() -> Unavailable:
    remedy = "Ask for a shorter answer."
    return Unavailable("reply_too_long", f"The answer is too long to be checked at once. {WAS_SENT}", remedy=remedy)


def unreadable(wrong: Invalid) -> Unavailable:
    reason = f"The provider's answer cannot be read: {wrong.reason} {WAS_SENT}"
    return Unavailable("reply_unreadable", reason, remedy="Try again in a moment.")
