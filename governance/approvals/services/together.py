"""Several requests that ask the same are approved after one look, each by a decision of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.approvals.likeness import MOST_TOGETHER
from governance.approvals.locks import person_of
from governance.approvals.rules import DecisionKind
from governance.approvals.selectors.inbox import inbox_page
from governance.approvals.services.decisions import decide
from governance.core.actors import Actor
from governance.core.errors import DomainError, Invalid

NOT_ALIKE = "It does not wait for you any more, or is not like the others."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of several: `refused` is "" when it was approved, else the sentence why not."""

    request_id: UUID
    title: str
    refused: str


def approve_together(*, chosen: Mapping[UUID, str], shape: str, comment: str, by: Actor, at: datetime) -> list[Outcome]:
    """Approve each of `chosen`, request id to the digest that was read, where it still has `shape` and is low in risk.

    Each is decided in a transaction of its own: one that moved meanwhile holds up none of the others.

    Raises:
        Invalid: nothing chosen, or more than 20.
    """
    if not 1 <= len(chosen) <= MOST_TOGETHER:
        raise Invalid("wrong_number", f"Choose 1 to {MOST_TOGETHER} requests.", field="chosen")
    waiting = inbox_page(person_of(by), at=at, only=chosen, size=MOST_TOGETHER).rows
    alike = {row.id: row.title for row in waiting if row.shape and row.shape == shape}
    return [
        Outcome(
            request_id,
            alike.get(request_id, ""),
            _approve(request_id, digest, comment=comment, by=by, at=at) if request_id in alike else NOT_ALIKE,
        )
        for request_id, digest in chosen.items()
    ]


def _approve(request_id: UUID, digest: str, *, comment: str, by: Actor, at: datetime) -> str:
    """Return why it was not approved, "" when it was."""
    try:
        decide(request_id=request_id, kind=DecisionKind.APPROVE, digest=digest, comment=comment, by=by, at=at)
    except DomainError as refused:
        return refused.reason
    return ""
