"""States of training sets and their chunks."""

from enum import StrEnum


class TrainingSetState(StrEnum):
    RECEIVED = "received"
    SCANNING = "scanning"
    CLEAN = "clean"
    FINDINGS = "findings"
    UNSCANNABLE = "unscannable"
    IN_REVIEW = "in_review"
    RELEASABLE = "releasable"
    RELEASED = "released"


class RecordFormat(StrEnum):
    CHAT = "chat"
    COMPLETION = "completion"
