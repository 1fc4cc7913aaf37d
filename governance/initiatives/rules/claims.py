"""Grounds, states and rules of a claim."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from governance.core.verdict import Allowed, Denied, Verdict
from governance.initiatives.rules.states import ENDED, InitiativeState

LONGEST_EVIDENCE = 4000
CLAIM_AGAIN_AFTER = timedelta(days=90)
STANDS_AFTER = timedelta(days=10)  # a claim on a capability nobody owns, when nobody else claims it meanwhile


class Basis(StrEnum):
    """On what ground a unit says that an initiative or a capability is its own."""

    BUDGET = "budget"
    BUILD = "build"
    RUN = "run"
    DATA = "data"
    REGULATORY = "regulatory"


class ClaimState(StrEnum):
    ASSERTED = "asserted"
    UNCONTESTED = "uncontested"
    OWNER = "owner"
    CONTESTED = "contested"
    RULED = "ruled"
    APPEALED = "appealed"
    WITHDRAWN = "withdrawn"


_S = ClaimState
CLAIM_MOVES: Mapping[ClaimState, frozenset[ClaimState]] = {
    _S.ASSERTED: frozenset({_S.UNCONTESTED, _S.CONTESTED, _S.WITHDRAWN}),
    _S.UNCONTESTED: frozenset({_S.OWNER, _S.CONTESTED, _S.WITHDRAWN}),
    _S.OWNER: frozenset({_S.CONTESTED, _S.WITHDRAWN}),
    _S.CONTESTED: frozenset({_S.UNCONTESTED, _S.RULED, _S.WITHDRAWN}),
    _S.RULED: frozenset({_S.APPEALED}),
    # Withdrawn from an appeal only when the unit itself is dissolved: an appeal is not a bargaining chip.
    _S.APPEALED: frozenset({_S.RULED, _S.WITHDRAWN}),
    _S.WITHDRAWN: frozenset(),
}
OPEN_CLAIM = frozenset({_S.ASSERTED, _S.UNCONTESTED, _S.OWNER, _S.CONTESTED, _S.APPEALED})
WITHDRAWABLE = frozenset({_S.ASSERTED, _S.UNCONTESTED, _S.OWNER, _S.CONTESTED})


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What decides about a claim. `vouched`: the person named heads the unit. `state` is None for a capability.

    `lost_at`: when the unit last lost a contest about the same. `settled_until`: until when a ruling may still be appealed.
    """

    state: InitiativeState | None
    basis: str
    evidence: str
    vouched: bool
    at: datetime
    claimed_already: bool = False
    new_evidence: str = ""
    lost_at: datetime | None = None
    settled_until: datetime | None = None


def may_move_claim(state: ClaimState, to: ClaimState) -> Verdict:
    if to in CLAIM_MOVES[state]:
        return Allowed()
    return Denied("wrong_state", f"A claim that is {state} cannot become {to}.")


def may_claim(facts: ClaimFacts) -> Verdict:
    """A unit claims once, says on what ground, shows something for it, and its head stands for it by name."""
    if facts.state in ENDED:
        return Denied("ended", f"This initiative is {facts.state}; there is nothing left to own.")
    if facts.claimed_already:
        return Denied("claimed_already", "Your unit has an open claim on this.")
    if facts.settled_until is not None:
        day = facts.settled_until.date().isoformat()
        return Denied("just_ruled", f"This was ruled on; until {day} the ruling may only be appealed.")
    return _may_ground(facts)


def _may_ground(facts: ClaimFacts) -> Verdict:
    if facts.basis not in list(Basis):
        return Denied("unknown_basis", f"Choose one of: {', '.join(Basis)}.")
    if not facts.evidence.strip():
        return Denied("no_evidence", "Say what shows it: a budget line, a contract, a system you run.")
    if max(len(facts.evidence), len(facts.new_evidence)) > LONGEST_EVIDENCE:
        return Denied("evidence_too_long", f"Evidence has at most {LONGEST_EVIDENCE} characters.", "Link to the rest.")
    if not facts.vouched:
        return Denied("not_the_head", "The person named does not head this unit.", "Name the head of the unit.")
    if facts.lost_at and facts.at < facts.lost_at + CLAIM_AGAIN_AFTER and not facts.new_evidence.strip():
        again = (facts.lost_at + CLAIM_AGAIN_AFTER).date().isoformat()
        return Denied(
            "lost_lately", f"Your unit lost this contest; it may claim again on {again}.", "Say what is new since then."
        )
    return Allowed()


def may_withdraw(state: ClaimState) -> Verdict:
    if state in WITHDRAWABLE:
        return Allowed()
    return Denied("wrong_state", f"A claim that is {state} cannot be withdrawn.")
