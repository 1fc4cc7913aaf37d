"""States of an exchange and what is known of the data in it."""

from enum import StrEnum


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


class Provenance(StrEnum):
    """How we know which datasets an exchange carries."""

    DECLARED = "declared"
    DETECTED = "detected"
    UNKNOWN = "unknown"


class JustificationOutcome(StrEnum):
    FINE = "fine"
    CONCERN = "concern"
