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
    UNIT_HEAD_NAMED = "organisation.unit_head_named"
    WORKING_HOURS_SET = "organisation.working_hours_set"
    CLOSURE_ADDED = "organisation.closure_added"
    CLOSURE_REMOVED = "organisation.closure_removed"
    UNIT_DISSOLVED = "organisation.unit_dissolved"
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
    DELEGATED = "organisation.delegated"
    DELEGATION_ENDED = "organisation.delegation_ended"
    KEY_MADE = "organisation.key_made"
    KEY_REVOKED = "organisation.key_revoked"
    TIME_ZONE_SET = "organisation.time_zone_set"
    # notices
    WEBHOOK_ADDED = "notices.webhook_added"
    WEBHOOK_EDITED = "notices.webhook_edited"
    WEBHOOK_SECRET_REPLACED = "notices.webhook_secret_replaced"  # noqa: S105 - a name, not a secret
    WEBHOOK_DISABLED = "notices.webhook_disabled"
    WEBHOOK_ENABLED = "notices.webhook_enabled"
    WEBHOOK_TESTED = "notices.webhook_tested"
    WEBHOOK_REMOVED = "notices.webhook_removed"
    DELIVERY_SENT_AGAIN = "notices.delivery_sent_again"
    RECORD_COMMENTED = "organisation.record_commented"
    # work
    JOB_POISONED = "work.job_poisoned"
    # catalogue
    DATASET_ADDED = "catalogue.dataset_added"
    DATASET_EDITED = "catalogue.dataset_edited"
    STEWARD_UNIT_CHANGED = "catalogue.steward_unit_changed"
    DATASET_RETIRED = "catalogue.dataset_retired"
    REGISTER_ADDED = "catalogue.register_added"
    REGISTER_INDEXED = "catalogue.register_indexed"
    REGISTER_RETIRED = "catalogue.register_retired"
    ROWS_REGISTERED = "catalogue.rows_registered"
    EXAM_REGISTERED = "catalogue.exam_registered"
    EXAM_RECEIVED = "catalogue.exam_received"
    EXAM_ADDED = "catalogue.exam_added"
    EXAM_REFUSED = "catalogue.exam_refused"
    EXAM_RETIRED = "catalogue.exam_retired"
    # destinations
    PROVIDER_ADDED = "destinations.provider_added"
    DESTINATION_PROPOSED = "destinations.destination_proposed"
    DESTINATION_EDITED = "destinations.destination_edited"
    UNREAD_SET = "destinations.unread_set"
    REPLY_CHECK_SET = "destinations.reply_check_set"
    DESTINATION_OPENED = "destinations.destination_opened"
    DESTINATION_SUSPENDED = "destinations.destination_suspended"
    DESTINATION_RETIRED = "destinations.destination_retired"
    TERMS_SET = "destinations.terms_set"
    PRICE_SET = "destinations.price_set"
    PROVIDER_KEY_SET = "destinations.provider_key_set"
    # initiatives
    INITIATIVE_PROPOSED = "initiatives.initiative_proposed"
    INITIATIVE_EDITED = "initiatives.initiative_edited"
    INITIATIVE_MOVED = "initiatives.initiative_moved"
    MEMBER_ADDED = "initiatives.member_added"
    MEMBER_REMOVED = "initiatives.member_removed"
    CLAIM_ASSERTED = "initiatives.claim_asserted"
    CLAIM_WITHDRAWN = "initiatives.claim_withdrawn"
    OVERLAP_FOUND = "initiatives.overlap_found"
    OVERLAP_CHANGED = "initiatives.overlap_changed"
    OVERLAP_GONE = "initiatives.overlap_gone"
    OVERLAP_REOPENED = "initiatives.overlap_reopened"
    OVERLAP_RESOLVED = "initiatives.overlap_resolved"
    JOIN_ASKED = "initiatives.join_asked"
    JOIN_ANSWERED = "initiatives.join_answered"
    CLAIM_CONFIRMED = "initiatives.claim_confirmed"
    CAPABILITY_ADDED = "initiatives.capability_added"
    CONTEST_OPENED = "initiatives.contest_opened"
    CONTEST_WIDENED = "initiatives.contest_widened"
    CONTEST_REMINDED = "initiatives.contest_reminded"
    CONTEST_ENDED = "initiatives.contest_ended"
    ARBITER_NAMED = "initiatives.arbiter_named"
    STATEMENT_WRITTEN = "initiatives.statement_written"
    CONTEST_COMMENTED = "initiatives.contest_commented"
    CONTEST_RULED = "initiatives.contest_ruled"
    CONTEST_APPEALED = "initiatives.contest_appealed"
    RULING_APPLIED = "initiatives.ruling_applied"
    OWNER_CHANGED = "initiatives.owner_changed"
    INITIATIVE_SHARED = "initiatives.initiative_shared"
    TRANSFER_OFFERED = "initiatives.transfer_offered"
    TRANSFER_ANSWERED = "initiatives.transfer_answered"
    TRANSFER_EXPIRED = "initiatives.transfer_expired"
    # scanning
    RECOGNISER_ADDED = "scanning.recogniser_added"
    RECOGNISER_EDITED = "scanning.recogniser_edited"
    RECOGNISER_SWITCHED = "scanning.recogniser_switched"
    RULESET_MADE = "scanning.ruleset_made"
    RULESET_ENFORCED = "scanning.ruleset_enforced"
    RULESET_SHADOWED = "scanning.ruleset_shadowed"
    HELD = "scanning.held"
    HOLD_REVEALED = "scanning.hold_revealed"
    HOLD_RELEASED = "scanning.hold_released"
    HOLD_DISCARDED = "scanning.hold_discarded"
    HOLD_OVER = "scanning.hold_over"
    MISTAKE_REPORTED = "scanning.mistake_reported"
    MISTAKE_ANSWERED = "scanning.mistake_answered"
    SUPPRESSION_ENDED = "scanning.suppression_ended"
    # gateway
    EXCHANGE_INTENDED = "gateway.exchange_intended"
    EXAM_EXPOSED = "gateway.exam_exposed"
    EXCHANGE_CLOSED = "gateway.exchange_closed"
    EXCHANGE_REFUSED = "gateway.exchange_refused"
    EXCHANGE_HELD = "gateway.exchange_held"
    EXCHANGE_RELEASED = "gateway.exchange_released"
    EXCHANGE_DISCARDED = "gateway.exchange_discarded"
    BATCH_BEGUN = "gateway.batch_begun"
    BATCH_COUNTED = "gateway.batch_counted"
    BATCH_FORGOTTEN = "gateway.batch_forgotten"
    TUNING_JOB_BEGUN = "gateway.tuning_job_begun"
    UPLOAD_BEGUN = "gateway.upload_begun"
    UPLOAD_WHOLE = "gateway.upload_whole"
    UPLOAD_REOPENED = "gateway.upload_reopened"
    UPLOAD_RENEWED = "gateway.upload_renewed"
    UPLOAD_ENDED = "gateway.upload_ended"
    UPLOAD_ERASED = "gateway.upload_erased"
    RUN_BEGUN = "gateway.run_begun"
    CALL_WAITS = "gateway.call_waits"
    CALL_CONFIRMED = "gateway.call_confirmed"
    CALL_REFUSED = "gateway.call_refused"
    CALL_PASSED = "gateway.call_passed"
    CALL_OVER = "gateway.call_over"
    KEY_REFUSED = "gateway.key_refused"
    JUSTIFIED = "gateway.justified"
    JUSTIFICATION_REVIEWED = "gateway.justification_reviewed"
    STOP_PLACED = "gateway.stop_placed"
    STOP_DRILLED = "gateway.stop_drilled"
    STOP_TOOK_EFFECT = "gateway.stop_took_effect"
    STOP_LIFT_ASKED = "gateway.stop_lift_asked"
    STOP_KEPT = "gateway.stop_kept"
    STOP_LIFTED = "gateway.stop_lifted"
    LIMIT_SET = "gateway.limit_set"
    LIMIT_ENDED = "gateway.limit_ended"
    BUDGET_TOLD = "gateway.budget_told"
    ISSUER_SET = "gateway.issuer_set"
    ISSUER_ENDED = "gateway.issuer_ended"
    OBSERVE_ASKED = "gateway.observe_asked"
    OBSERVE_BEGAN = "gateway.observe_began"
    OBSERVE_CLOSED = "gateway.observe_closed"
    OBSERVE_ENDS_SOON = "gateway.observe_ends_soon"
    OBSERVE_ENDED = "gateway.observe_ended"
    ANSWER_REVIEWED = "gateway.answer_reviewed"
    ANSWER_AMENDED = "gateway.answer_amended"
    OVERSIGHT_WARNED = "gateway.oversight_warned"
    OVERSIGHT_MET = "gateway.oversight_met"
    OVERSIGHT_RESTS = "gateway.oversight_rests"
    OVERSIGHT_LIFTED = "gateway.oversight_lifted"
    OVERSIGHT_OVERTAKEN = "gateway.oversight_overtaken"
    # approvals
    WORKFLOW_INSTALLED = "approvals.workflow_installed"
    WORKFLOW_DRAFTED = "approvals.workflow_drafted"
    WORKFLOW_SAVED = "approvals.workflow_saved"
    WORKFLOW_REPLAYED = "approvals.workflow_replayed"
    WORKFLOW_SUBMITTED = "approvals.workflow_submitted"
    WORKFLOW_ACTIVATED = "approvals.workflow_activated"
    WORKFLOW_RETURNED = "approvals.workflow_returned"
    WORKFLOW_DISCARDED = "approvals.workflow_discarded"
    BLIND_REVIEW_OPENED = "approvals.blind_review_opened"
    REQUEST_OPENED = "approvals.request_opened"
    REQUEST_REVISED = "approvals.request_revised"
    REQUEST_WITHDRAWN = "approvals.request_withdrawn"
    REQUEST_MOVED = "approvals.request_moved"
    REQUEST_COMMENTED = "approvals.request_commented"
    REQUEST_APPROVED = "approvals.request_approved"
    REQUEST_REJECTED = "approvals.request_rejected"
    REQUEST_STALE = "approvals.request_stale"
    CHANGES_REQUESTED = "approvals.changes_requested"
    DECISION_MADE = "approvals.decision_made"
    SUGGESTION_COUNTED = "approvals.suggestion_counted"
    SUGGESTION_DECLINED = "approvals.suggestion_declined"
    OVERRIDE_ASKED = "approvals.override_asked"
    OVERRIDDEN = "approvals.overridden"
    OVERRIDE_ENDED = "approvals.override_ended"
    OVERRIDE_REVIEWED = "approvals.override_reviewed"
    STAGE_OPENED = "approvals.stage_opened"
    STAGE_UNREACHABLE = "approvals.stage_unreachable"
    DECIDERS_NAMED = "approvals.deciders_named"
    DECIDERS_REMINDED = "approvals.deciders_reminded"
    STAGE_ESCALATED = "approvals.stage_escalated"
    REQUESTER_WARNED = "approvals.requester_warned"
    REQUEST_LAPSED = "approvals.request_lapsed"
    # remits
    REMIT_DRAFTED = "remits.remit_drafted"
    REMIT_SAVED = "remits.remit_saved"
    REMIT_OPTION_CHOSEN = "remits.option_chosen"
    REMIT_SUBMITTED = "remits.remit_submitted"
    REMIT_DECIDED_BY_PATTERN = "remits.remit_decided_by_pattern"
    REMIT_APPROVED = "remits.remit_approved"
    REMIT_SUPERSEDED = "remits.remit_superseded"
    REMIT_RETURNED = "remits.remit_returned"
    REMIT_REJECTED = "remits.remit_rejected"
    REMIT_WITHDRAWN = "remits.remit_withdrawn"
    REMIT_REVOKED = "remits.remit_revoked"
    REMIT_EXPIRED = "remits.remit_expired"
    GRANT_LENT = "remits.grant_lent"
    LENT_GRANTS_ENDED = "remits.lent_grants_ended"
    REMIT_CARRIED_OVER = "remits.remit_carried_over"
    REMIT_MERGE_PROPOSED = "remits.merge_proposed"
    GRANT_ACTIVATED = "remits.grant_activated"
    GRANT_SUSPENDED = "remits.grant_suspended"
    GRANT_RESUMED = "remits.grant_resumed"
    GRANT_REVOKED = "remits.grant_revoked"
    GRANT_EXPIRED = "remits.grant_expired"
    RECERTIFICATION_ASKED = "remits.recertification_asked"
    RECERTIFICATION_ANSWERED = "remits.recertification_answered"
    RECERTIFICATION_CONFIRMED = "remits.recertification_confirmed"
    RECERTIFICATION_REMINDED = "remits.recertification_reminded"
    RECERTIFICATION_CLOSED = "remits.recertification_closed"
    GRANT_IN_GRACE = "remits.grant_in_grace"
    REMIT_EXTENSION_ASKED = "remits.extension_asked"
    PATTERN_PROPOSED = "remits.pattern_proposed"
    PATTERN_APPROVED = "remits.pattern_approved"
    PATTERN_REJECTED = "remits.pattern_rejected"
    PATTERN_RETURNED = "remits.pattern_returned"
    PATTERN_OWNER_CHANGED = "remits.pattern_owner_changed"
    PATTERN_RETIRED = "remits.pattern_retired"
    PATTERN_END_TOLD = "remits.pattern_end_told"
    SAMPLE_PICKED = "remits.sample_picked"
    SAMPLE_REVIEWED = "remits.sample_reviewed"
    DATASET_MARKED = "remits.dataset_marked_scarce"
    DATASET_UNMARKED = "remits.dataset_unmarked"
    ROUND_OPENED = "remits.round_opened"
    ROUND_ENTERED = "remits.round_entered"
    ROUND_CLOSED = "remits.round_closed"
    ROUND_AWARDED = "remits.round_awarded"
    CASE_STATED = "remits.case_stated"
    SANDBOX_OPENED = "remits.sandbox_opened"
    SANDBOX_NOT_OPENED = "remits.sandbox_not_opened"
    # training
    EXAM_NAMED = "remits.exam_named"
    EXAM_UNNAMED = "remits.exam_unnamed"
    EXAM_CHECKED = "remits.exam_checked"
    TRAINING_SET_RECEIVED = "training.set_received"
    TRAINING_SCAN_STARTED = "training.scan_started"
    TRAINING_SCAN_CLOSED = "training.scan_closed"
    TRAINING_COPY_ASKED = "training.copy_asked"
    TRAINING_COPY_MADE = "training.copy_made"
    TRAINING_RELEASE_ASKED = "training.release_asked"
    TRAINING_RELEASE_CLOSED = "training.release_closed"
    TRAINING_SET_PUBLISHED = "training.set_published"
    TRAINING_SET_NOT_PUBLISHED = "training.set_not_published"
    TRAINING_SET_POSSIBLY_SENT = "training.set_possibly_sent"
    TRAINING_SET_SETTLED = "training.set_settled"
    RELEASE_PERMIT_ISSUED = "training.release_permit_issued"
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

    def values(self) -> dict[str, Any]:
        """Return what INSERT names. Not `asdict`, which copies each value: every call writes two events."""
        return {name: getattr(self, name) for name in self.__slots__}


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
