"""States of scans, holds and rulesets; how long a scan may take; who may answer for a mistake. Pure."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from governance.core.errors import TooLarge
from governance.core.verdict import Allowed, Denied, Verdict
from governance.core.wording import length_as_read
from governance.detection.spans import Finding

KIB = 1024
MISTAKE_ANSWERED_WITHIN = timedelta(days=3)
LONGEST_SUPPRESSION = timedelta(days=366)
HOLD_LIFE = timedelta(days=14)
RELEASES_NEEDED = 2
SHORTEST_REASON = 10


MOST_RECOGNISERS = 100  # switched on at once: each reads every text
RECOGNISER_REF = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
RESERVED = frozenset({"identifier", "restricted", "confidential", "canary"})  # kinds of other detectors' findings
EXAM = "EVALUATION"  # the type of a finding that is an item of an evaluation set


def exam_items(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    """Return the items of secret exams among the findings, each once: (name of the exam, item)."""
    parts = (finding.subtype.partition(":") for finding in findings if finding.type == EXAM)
    return {(exam, item) for exam, _, item in parts}


class RulesetMode(StrEnum):
    """Draft: made, and decides nothing. Shadow: decides beside the one in force, with no effect."""

    DRAFT = "draft"
    SHADOW = "shadow"
    ENFORCE = "enforce"
    RETIRED = "retired"


class HoldState(StrEnum):
    HELD = "held"
    RELEASED = "released"
    DISCARDED = "discarded"
    EXPIRED = "expired"


class HoldAct(StrEnum):
    """What a person does about something held."""

    REVEAL = "reveal"
    RELEASE = "release"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long a scan may take: `base_s` and `s_per_kib` of text not scanned before, at most `longest_s`."""

    base_s: float
    s_per_kib: float
    longest_s: float
    largest_fresh: int  # bytes of text not scanned before

    def of(self, fresh: int) -> float:
        """Return the seconds that `fresh` bytes may take.

        Raises:
            TooLarge: `text_too_long`, when they cannot be scanned in time at all.
        """
        if fresh > self.largest_fresh:
            raise TooLarge(
                "text_too_long",
                f"{_kib(fresh)} KiB of this text have not been scanned before; at most {_kib(self.largest_fresh)} KiB can be at once.",
                remedy="Split it over several requests, or leave out what the model does not need.",
            )
        return min(self.base_s + self.s_per_kib * fresh / KIB, self.longest_s)


def _kib(size: int) -> str:
    return f"{size / KIB:.0f}"


def may_answer_mistake(*, analyst: object, reported_by: object, answered: bool) -> Verdict:
    if answered:
        return Denied("already_answered", "This report has been answered.")
    if analyst == reported_by:
        return Denied("own_report", "You cannot answer your own report.", remedy="Ask another analyst.")
    return Allowed()


def may_run(mode: RulesetMode, *, behind: Sequence[str]) -> Verdict:
    """Say whether a version can run in shadow or be put in force; `behind` is what is registered and not in it."""
    if mode is RulesetMode.ENFORCE:
        return Denied("in_force", "This version is in force already.")
    if behind:
        more = f" and {len(behind) - 1} more" if len(behind) > 1 else ""
        reason = f"What is registered has changed since it was made: {behind[0]}{more}."
        return Denied("behind", reason, remedy="Bring it up to date first.")
    return Allowed()


def may_enforce(*, person: object, maker: object) -> Verdict:
    """What everybody is decided by takes two people: one who makes it, one who puts it in force."""
    if person is not None and person == maker:
        remedy = "Ask somebody else who may: of security or policy."
        return Denied("own_version", "Somebody else puts in force what you made.", remedy=remedy)
    return Allowed()


def recogniser_ref_fault(ref: str) -> str:
    """Return what is wrong with the name of a recogniser, "" when nothing is. Rules of policies name findings by it."""
    if not RECOGNISER_REF.fullmatch(ref):
        return "A name is 1 to 64 lower-case letters, digits and hyphens."
    return "Rules use this name for something else." if ref in RESERVED else ""


def reason_fault(reason: str) -> str:
    """Return what is wrong with a reason, "" when nothing is."""
    return "" if length_as_read(reason) >= SHORTEST_REASON else f"Write at least {SHORTEST_REASON} characters."


def is_held(*, state: str, expires_at: datetime, at: datetime) -> bool:
    """Say whether something still waits; what nobody decided about in time is over."""
    return state == HoldState.HELD and at < expires_at


def may_act_on_hold(
    *, person: object, sender: object, released_by: Collection[object], held: bool, act: HoldAct
) -> Verdict:
    """Whoever sent it decides nothing about it; one person's release counts once."""
    if not held:
        return Denied("hold_over", "This does not wait any more.")
    if person == sender:
        return Denied("own_request", "You cannot decide about a request of your own key.", remedy="Ask two others.")
    if act is HoldAct.RELEASE and person in released_by:
        return Denied("already_released", "You have released it; a second person has to.", remedy="Ask a colleague.")
    return Allowed()


def suppression_fault(*, at: datetime, until: datetime) -> str:
    """Return what is wrong with the end of a suppression, "" when nothing is."""
    if until <= at:
        return "It must end in the future."
    if until - at > LONGEST_SUPPRESSION:
        return f"It lasts at most {LONGEST_SUPPRESSION.days} days."
    return ""
