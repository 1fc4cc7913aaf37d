"""Grounds, states and rules of a claim."""

from collections.abc import Collection
from enum import StrEnum

from governance.core.verdict import Allowed, Denied, Verdict
from governance.initiatives.rules.states import ENDED, InitiativeState


class Basis(StrEnum):
    """On what ground a unit says that an initiative is its own."""

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


def may_claim(state: InitiativeState, *, basis: str, evidence: str, claimed_already: bool) -> Verdict:
    """A unit claims once, says on what ground, and shows something for it."""
    if state in ENDED:
        return Denied("ended", f"This initiative is {state}; there is nothing left to own.")
    if basis not in list(Basis):
        return Denied("unknown_basis", f"Choose one of: {', '.join(Basis)}.")
    if not evidence.strip():
        return Denied("no_evidence", "Say what shows it: a budget line, a contract, a system you run.")
    if claimed_already:
        return Denied("claimed_already", "Your unit has an open claim on this initiative.")
    return Allowed()


def may_withdraw(state: ClaimState) -> Verdict:
    if state in {ClaimState.ASSERTED, ClaimState.UNCONTESTED, ClaimState.CONTESTED}:
        return Allowed()
    return Denied("wrong_state", f"A claim that is {state} cannot be withdrawn.")


def is_contested(accountable_unit: str, claiming_units: Collection[str]) -> bool:
    """Return whether somebody other than the accountable unit holds an open claim. Ids of units, as text."""
    return any(unit != accountable_unit for unit in claiming_units)
