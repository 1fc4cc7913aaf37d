"""States of remits, grants and patterns."""

from enum import StrEnum


class RemitState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class GrantState(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    GRACE = "grace"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


USABLE_GRANT = frozenset({GrantState.ACTIVE, GrantState.GRACE})


class PatternState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETIRED = "retired"


class SampleOutcome(StrEnum):
    FINE = "fine"
    CONCERN = "concern"
