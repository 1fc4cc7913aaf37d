"""Whether a grant is still needed: who is asked when, what an answer leads to, and what silence does. Pure.

    ASKED > KEPT | CONFIRMING > KEPT | REFUSED ; ASKED > NOT_NEEDED | SILENT ; either > OVERTAKEN (the grant ended otherwise)

An owner's silence leads to grace and then to the end of the grant. A steward's never does: it is only reminded of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from governance.core.verdict import Allowed, Denied, Verdict
from governance.core.vocabulary import Classification
from governance.initiatives.rules import Tier

GRACE_WARNED_BEFORE = timedelta(days=3)  # the second warning, before a grant in grace ends; the first begins the grace
STEWARD_REMINDED_EVERY = timedelta(days=7)
LONGEST_COMMENT = 4000


class RecertificationReason(StrEnum):
    DUE = "due"  # its time has come
    UNUSED = "unused"  # nothing was sent by it for long: proposed for lapse


class RecertificationState(StrEnum):
    ASKED = "asked"
    CONFIRMING = "confirming"
    KEPT = "kept"
    NOT_NEEDED = "not_needed"
    REFUSED = "refused"
    SILENT = "silent"
    OVERTAKEN = "overtaken"


_S = RecertificationState
OPEN_RECERTIFICATION = frozenset({_S.ASKED, _S.CONFIRMING})
RECERTIFICATION_MOVES: Mapping[RecertificationState, frozenset[RecertificationState]] = {
    _S.ASKED: frozenset({_S.CONFIRMING, _S.KEPT, _S.NOT_NEEDED, _S.SILENT, _S.OVERTAKEN}),
    _S.CONFIRMING: frozenset({_S.KEPT, _S.REFUSED, _S.OVERTAKEN}),
}


@dataclass(frozen=True, slots=True)
class GrantShape:
    """What makes two grants identical for an owner, and how much is at stake."""

    dataset: UUID
    purpose: str
    mode: str
    destination: UUID
    conditions: str
    classification: Classification
    tier: str

    @property
    def low_risk(self) -> bool:
        return self.classification.height <= Classification.INTERNAL.height and self.tier == Tier.LOW


def needs_steward(classification: Classification) -> bool:
    """Say whether the steward confirms what the owner answers."""
    return classification.height >= Classification.CONFIDENTIAL.height


def may_move_recertification(state: RecertificationState, to: RecertificationState) -> Verdict:
    if to in RECERTIFICATION_MOVES.get(state, frozenset()):
        return Allowed()
    return Denied("answered_already", f"This recertification is {state.replace('_', ' ')} already.")


def may_confirm(person: UUID, answered_by: UUID | None) -> Verdict:
    if person == answered_by:
        return Denied("own_answer", "You answered for the owner.", "Another steward of the dataset confirms.")
    return Allowed()


def may_answer_together(shapes: frozenset[GrantShape]) -> Verdict:
    """Say whether one click may answer for several grants: identical ones, of which each alone risks little."""
    if len(shapes) > 1:
        return Denied("not_identical", "Only identical grants can be answered together.", "Answer them one by one.")
    if not all(shape.low_risk for shape in shapes):
        return Denied("not_low_risk", "Only low-risk grants can be answered together.", "Answer them one by one.")
    return Allowed()


def recertify_at(
    activated_at: datetime, classification: Classification, days: Mapping[str, int], ends_at: datetime
) -> datetime | None:
    """Return when a grant is recertified, None when it ends before that."""
    due = activated_at + timedelta(days=days[classification])
    return due if due < ends_at else None
