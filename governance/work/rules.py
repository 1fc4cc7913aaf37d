"""States of a durable job and of the processes that do the work."""

from enum import StrEnum


class JobState(StrEnum):
    QUEUED = "queued"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"
    POISONED = "poisoned"


MOST_TRIES = 3
