"""The names of everything that can happen, and the one form in which it is written down. Pure.

Add a kind under its area; the value is stable, for it stands in the log for ever.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from governance.core.actors import Actor
from governance.core.canonical import canonical
from governance.core.ids import uuid7


class EventKind(StrEnum):
    # organisation
    UNIT_MADE = "organisation.unit_made"
    PERSON_MADE = "organisation.person_made"
    PERSON_DEACTIVATED = "organisation.person_deactivated"
    ROLE_GIVEN = "organisation.role_given"
    ROLE_TAKEN = "organisation.role_taken"
    UNIT_JOINED = "organisation.unit_joined"
    UNIT_LEFT = "organisation.unit_left"
    GROUP_MAPPED = "organisation.group_mapped"
    SIGNED_IN = "organisation.signed_in"
    SIGN_IN_REFUSED = "organisation.sign_in_refused"
    SIGNED_OUT = "organisation.signed_out"
    PROVIDER_CONFIRMED = "organisation.provider_confirmed"
    STEPPED_UP = "organisation.stepped_up"
    STEP_UP_REFUSED = "organisation.step_up_refused"
    KEY_MADE = "organisation.key_made"
    KEY_REVOKED = "organisation.key_revoked"
    # work
    JOB_POISONED = "work.job_poisoned"
    # catalogue
    DATASET_ADDED = "catalogue.dataset_added"
    DATASET_EDITED = "catalogue.dataset_edited"
    DATASET_RETIRED = "catalogue.dataset_retired"
    REGISTER_ADDED = "catalogue.register_added"
    # destinations
    PROVIDER_ADDED = "destinations.provider_added"
    DESTINATION_PROPOSED = "destinations.destination_proposed"
    DESTINATION_EDITED = "destinations.destination_edited"
    DESTINATION_OPENED = "destinations.destination_opened"
    DESTINATION_SUSPENDED = "destinations.destination_suspended"
    DESTINATION_RETIRED = "destinations.destination_retired"
    TERMS_SET = "destinations.terms_set"
    PROVIDER_KEY_SET = "destinations.provider_key_set"
    # initiatives
    INITIATIVE_PROPOSED = "initiatives.initiative_proposed"
    INITIATIVE_EDITED = "initiatives.initiative_edited"
    INITIATIVE_MOVED = "initiatives.initiative_moved"
    MEMBER_ADDED = "initiatives.member_added"
    MEMBER_REMOVED = "initiatives.member_removed"
    CLAIM_ASSERTED = "initiatives.claim_asserted"
    CLAIM_WITHDRAWN = "initiatives.claim_withdrawn"
    # scanning
    RULESET_MADE = "scanning.ruleset_made"
    RULESET_ENFORCED = "scanning.ruleset_enforced"
    HELD = "scanning.held"
    MISTAKE_REPORTED = "scanning.mistake_reported"
    MISTAKE_ANSWERED = "scanning.mistake_answered"
    # gateway
    EXCHANGE_INTENDED = "gateway.exchange_intended"
    EXCHANGE_CLOSED = "gateway.exchange_closed"
    EXCHANGE_REFUSED = "gateway.exchange_refused"
    EXCHANGE_HELD = "gateway.exchange_held"
    KEY_REFUSED = "gateway.key_refused"
    JUSTIFIED = "gateway.justified"
    JUSTIFICATION_REVIEWED = "gateway.justification_reviewed"
    # every door
    ATTEMPT_REFUSED = "access.attempt_refused"


@dataclass(frozen=True, slots=True)
class EventRow:
    """One row of the outbox, ready to insert."""

    event_id: UUID
    occurred_at: datetime
    kind: str
    subject: str
    actor: str
    unit_path: str
    canonical: bytes


def event_row(
    kind: EventKind, *, subject: str, by: Actor, at: datetime, unit_path: str = "", **detail: Any
) -> EventRow:
    """Return the event as it will stand in the log.

    `subject` is "kind:id"; `detail` holds ids, codes, counts and digests, never content or personal values.
    `unit_path` scopes who may read it (Unit.path), "" for the whole organisation.

    Raises:
        ValueError: when `detail` holds something that canonical JSON cannot.
    """
    event_id = uuid7()
    body = {
        "v": 1,
        "id": str(event_id),
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": str(kind),
        "subject": subject,
        "actor": {"kind": str(by.kind), "ref": by.ref, "on_behalf_of": by.on_behalf_of},
        "unit_path": unit_path,
        "request_id": by.request_id,
        "detail": detail,
    }
    return EventRow(event_id, at, str(kind), subject, str(by), unit_path, canonical(body))
