"""States of an exchange, what is known of the data in it, and who may justify what. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from governance.core.verdict import Allowed, Denied, Verdict

JUSTIFICATION_LIFE = timedelta(minutes=15)
# An intent without an outcome for so long: the process that had it is gone, and the bytes may have left.
OUTCOME_DUE_AFTER = timedelta(minutes=2)
# A training set without an outcome for so long: whoever sent it is gone. A gigabyte on a slow line takes half of it.
PUBLICATION_DUE_AFTER = timedelta(minutes=30)
RELEASE_LIFE = timedelta(hours=24)
DATASET_ROWS = "DATASET"  # the type of a finding that is a row of a registered dataset


class ExchangeState(StrEnum):
    """INTENDED is committed before the first byte leaves; one without an outcome is shown as possibly sent."""

    INTENDED = "intended"
    SENT = "sent"
    COMPLETED = "completed"
    FAILED = "failed"
    REFUSED = "refused"
    JUSTIFIED = "justified"
    HELD = "held"
    RELEASED = "released"
    DISCARDED = "discarded"


# Of these not a byte left; what left after a reason or a release is an exchange of its own.
UNSENT = (
    ExchangeState.REFUSED,
    ExchangeState.JUSTIFIED,
    ExchangeState.HELD,
    ExchangeState.RELEASED,
    ExchangeState.DISCARDED,
)
POSSIBLY_SENT = "possibly_sent"  # shown, never stored: nobody was there to write it


class PublicationState(StrEnum):
    """What became of a training set that was sent to a provider. FAILED: it does not have it; UNKNOWN: it may.

    ARRIVED: a person saw it there; under which name the provider never told us.
    """

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    ARRIVED = "arrived"


class Provenance(StrEnum):
    """How we know which datasets an exchange carries."""

    DECLARED = "declared"
    DETECTED = "detected"
    UNKNOWN = "unknown"


def provenance_of(*, datasets: Collection[str], types_found: Collection[str]) -> Provenance:
    """What the caller named counts first; rows that were recognised are known without being named."""
    if datasets:
        return Provenance.DECLARED
    return Provenance.DETECTED if DATASET_ROWS in types_found else Provenance.UNKNOWN


class JustificationOutcome(StrEnum):
    FINE = "fine"
    CONCERN = "concern"


class NextStep(StrEnum):
    """What a person can do about a refused exchange."""

    JUSTIFY = "justify"
    ASK_GRANT = "ask_grant"
    REPORT_MISTAKE = "report_mistake"
    WAIT = "wait"
    SEND_AGAIN = "send_again"
    TRY_AGAIN = "try_again"


WITHOUT_GRANT = frozenset(
    {"model_unknown", "grant_revoked", "grant_expired", "grant_not_in_force", "dataset_not_granted"}
)


def shown_state(state: str, *, opened_at: datetime, at: datetime) -> str:
    """Return the state people are shown."""
    late = state == ExchangeState.INTENDED and at - opened_at > OUTCOME_DUE_AFTER
    return POSSIBLY_SENT if late else state


def next_steps(
    *, verdict: str, state: str, error_code: str, has_findings: bool, may_pass: bool = False
) -> tuple[NextStep, ...]:
    """Return what can be done now, the most useful first. Nothing for what was sent. `may_pass`: its release was not used, nor ran out."""
    if state == ExchangeState.HELD:
        return (NextStep.WAIT,)
    if state == ExchangeState.RELEASED:
        return (NextStep.SEND_AGAIN,) if may_pass else ()
    if state != ExchangeState.REFUSED:
        return ()
    if error_code in WITHOUT_GRANT:
        return (NextStep.ASK_GRANT,)
    steps = [NextStep.JUSTIFY] if verdict == "justify" else []
    steps += [NextStep.TRY_AGAIN] if verdict == "unavailable" else []
    steps += [NextStep.REPORT_MISTAKE] if has_findings else []
    return tuple(steps)


def may_settle(state: PublicationState, *, asked_by: UUID | None, person: UUID | None) -> Verdict:
    """Say whether a person may tell what became of a training set that was possibly sent."""
    if state is not PublicationState.UNKNOWN:
        return Denied("not_possibly_sent", "What became of this training set is known.", "Its page shows it.")
    if person is None or person == asked_by:
        return Denied(
            "own_release", "Whoever asked for the release does not say what became of it.", "Ask a data steward."
        )
    return Allowed()


def may_justify(*, is_member: bool, verdict: str, state: str, has_digest: bool) -> Verdict:
    if not is_member:
        return Denied("not_a_member", "Only a builder of the initiative can give the reason.", "Ask one of them.")
    if verdict != "justify" or state != ExchangeState.REFUSED or not has_digest:
        return Denied("not_justifiable", "A reason does not open the way for this request.")
    return Allowed()


def may_review(*, reviewer: object, justified_by: object, reviewed: bool) -> Verdict:
    if reviewed:
        return Denied("already_reviewed", "This has been reviewed.")
    if reviewer == justified_by:
        return Denied("own_reason", "You cannot review your own reason.", "Ask another analyst.")
    return Allowed()


class UploadState(StrEnum):
    """How a file that is handed to the gateway stands. Its bytes are kept while it is open or kept, and erased soon after."""

    OPEN = "open"  # parts may still come
    KEPT = "kept"  # whole, and may be named in calls of its initiative
    PASSING = "passing"  # whole, and being made something of another kind
    PASSED_ON = "passed_on"  # whole, and became something of another kind
    CANCELLED = "cancelled"
    DELETED = "deleted"
    EXPIRED = "expired"


PASSING_BEAT_S = 15.0  # how often whoever makes something of an upload says that it still does
PASSING_GONE_AFTER = timedelta(seconds=60)  # without a word it is gone, and another may do it
UPLOAD_BEFORE = {  # how it must stand before
    UploadState.OPEN: (UploadState.PASSING,),
    UploadState.KEPT: (UploadState.OPEN,),
    UploadState.PASSING: (UploadState.OPEN,),
    UploadState.PASSED_ON: (UploadState.PASSING,),
    UploadState.CANCELLED: (UploadState.OPEN,),
    UploadState.DELETED: (UploadState.KEPT,),
}
