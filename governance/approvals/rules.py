"""State machines of an approval, and who may decide what. Pure: values in, a verdict out."""

from enum import StrEnum


class RequestState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    STALE = "stale"


OPEN_REQUEST = frozenset({RequestState.SUBMITTED, RequestState.IN_REVIEW, RequestState.CHANGES_REQUESTED})


class StageState(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    SATISFIED = "satisfied"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    UNREACHABLE = "unreachable"


class DecisionKind(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    REQUEST_CHANGES = "request_changes"


class Quorum(StrEnum):
    """How many of a stage's slots must be filled."""

    ANY = "any"
    ALL = "all"
    AT_LEAST = "at_least"
