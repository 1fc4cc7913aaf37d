"""Observe: for a few weeks most rules are only watched. What they would have done is written down, and only the worst is stopped. Pure.

Observe relaxes the policy and nothing else: not the duty to scan and record, not what a grant asks for, not a limit, not a stop.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from governance.core.verdict import Allowed, Denied, Verdict
from governance.core.vocabulary import Classification
from governance.detection.policy import NEVER_JUSTIFIED, Decision, Facts, Reason
from governance.detection.policy import Verdict as Action
from governance.detection.spans import LANGUAGE

LONGEST_DAYS = 30  # of one initiative toward one destination, all its periods together
WARN_BEFORE = timedelta(days=3)
LONGEST_REASON = 500
# Nobody takes back what these say once it has left. A language that is not read is text that was not checked.
ALWAYS = NEVER_JUSTIFIED | {"EVALUATION", LANGUAGE}
RESTRICTED_MARKINGS = frozenset({"restricted", "canary"})
# Not rules of the policy: what the destination is cleared for, and what nobody could read.
NOT_OF_THE_POLICY = frozenset({"above_clearance", "restricted_not_justified", "incomplete_scan"})


class ObservationState(StrEnum):
    """One period of one initiative toward one destination."""

    ASKED = "asked"
    IN_FORCE = "in_force"
    ENDED = "ended"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN_OBSERVATION = (ObservationState.ASKED, ObservationState.IN_FORCE)
MOVES = {
    ObservationState.ASKED: {ObservationState.IN_FORCE, ObservationState.REFUSED, ObservationState.WITHDRAWN},
    ObservationState.IN_FORCE: {ObservationState.ENDED},
}


class Because(StrEnum):
    """Why a period ended."""

    TIME = "time"
    PERSON = "person"
    TERMS = "terms"
    CLASSIFICATION = "classification"


@dataclass(frozen=True, slots=True)
class Period:
    """[starts_at, ends_at) in which a pair was, or is, only observed."""

    starts_at: datetime
    ends_at: datetime


def relaxed(decision: Decision, facts: Facts) -> Decision:
    """Return the decision when most of its rules are only observed: those let through, each with what it would have done.

    A scan that is not whole decides nothing, so nothing of it is relaxed.
    """
    if decision.verdict is Action.UNAVAILABLE:
        return decision
    reasons = tuple(_relaxed(reason, facts) for reason in decision.reasons)
    verdict = max((reason.action for reason in reasons), key=lambda action: action.strictness, default=Action.ALLOW)
    redactions = tuple(
        reason.finding for reason in reasons if reason.finding is not None and reason.action is Action.REDACT
    )
    return replace(decision, verdict=verdict, reasons=reasons, redactions=redactions)


def _relaxed(reason: Reason, facts: Facts) -> Reason:
    if reason.action is Action.ALLOW or _holds_always(reason):
        return reason
    # What a grant asks for is no rule of the policy: it was decided by whoever looks after the data.
    least = Action.REDACT if reason.finding is not None and reason.type in facts.redacted else Action.ALLOW
    if reason.action.strictness <= least.strictness:
        return reason
    return replace(reason, action=least, would_be=reason.action)


def _holds_always(reason: Reason) -> bool:
    marked = reason.finding is not None and reason.finding.family in RESTRICTED_MARKINGS
    return reason.type in ALWAYS or reason.rule in NOT_OF_THE_POLICY or (reason.type == "MARKING" and marked)


def may_observe(classifications: Collection[str], *, strict: bool) -> Verdict:
    """Say whether calls under these grants can be observed: `strict` when one of them lets nobody's reason open the way."""
    if not classifications:
        return Denied("no_grant", "Nothing may be sent there yet.", "Ask for the right to send something there first.")
    if Classification.RESTRICTED in classifications:
        return Denied("not_observable", "Restricted data is never only observed.", "It stays under the rules.")
    if strict:
        return Denied("not_observable", "A grant under strict rules is never only observed.", "It stays under them.")
    return Allowed()


def days_left(periods: Sequence[Period]) -> int:
    """Return how many whole days of observing a pair has left; a day that was begun is used up."""
    used = sum(-(-(period.ends_at - period.starts_at) // timedelta(days=1)) for period in periods)
    return max(0, LONGEST_DAYS - used)


def may_ask(days: int, *, left: int) -> Verdict:
    if left <= 0:
        return Denied(
            "observed_enough",
            f"This has been observed for {LONGEST_DAYS} days, and that is the most.",
            "Switch the rules on, or have a rule changed that stops too much.",
        )
    if not 1 <= days <= left:
        return Denied("wrong_days", f"It can be observed for 1 to {left} days.", "Choose fewer days.")
    return Allowed()


def may_move(state: ObservationState, to: ObservationState) -> Verdict:
    if to in MOVES.get(state, ()):
        return Allowed()
    return Denied("not_observed_now", f"This is {state.replace('_', ' ')}.", "Look at the page again.")
