"""A unit hands an initiative to another: one head offers, the other accepts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from governance.core.verdict import Allowed, Denied, Verdict

OFFER_LASTS = timedelta(days=14)


class TransferState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Through(StrEnum):
    """How a unit came to be accountable."""

    PROPOSAL = "proposal"
    CLAIM = "claim"
    INTERIM = "interim"
    RULING = "ruling"
    TRANSFER = "transfer"
    DISSOLUTION = "dissolution"


TRANSFER_MOVES: Mapping[TransferState, frozenset[TransferState]] = {
    TransferState.OFFERED: frozenset(TransferState) - {TransferState.OFFERED},
    **dict.fromkeys(set(TransferState) - {TransferState.OFFERED}, frozenset()),
}


def may_offer(*, ended: bool, contested: bool, same_unit: bool, offered_already: bool) -> Verdict:
    if ended:
        return Denied("ended", "This initiative has ended; there is nothing left to hand over.")
    if contested:
        return Denied("contested", "Several units claim it, so an arbiter rules.", "Withdraw claims, or wait for that.")
    if same_unit:
        return Denied("same_unit", "This unit answers for it already.")
    if offered_already:
        return Denied("offered_already", "It is offered to a unit already.", "Wait for the answer, or withdraw that.")
    return Allowed()


def may_answer(
    state: TransferState, *, expires_at: datetime, at: datetime, contested: bool, offered_by: UUID, person: UUID
) -> Verdict:
    """Both heads must want it; whoever heads both units needs another person for the other side."""
    if state is not TransferState.OFFERED or at >= expires_at:
        return Denied("not_open", "This offer is not open any more.")
    if contested:
        return Denied("contested", "Several units claim it meanwhile, so an arbiter rules.")
    if person == offered_by:
        return Denied("own_offer", "You made this offer; the other unit's head must accept it.")
    return Allowed()
