"""States of a durable job, and when it is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID


class JobState(StrEnum):
    QUEUED = "queued"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"
    POISONED = "poisoned"


WAITING = (JobState.QUEUED, JobState.FAILED)
OPEN = (*WAITING, JobState.LEASED)


@dataclass(frozen=True, slots=True)
class LeasedJob:
    """A job as its worker holds it. `token` proves the lease; `tries` counts this try too."""

    id: UUID
    kind: str
    input: Any  # JSON: what the kind's own function expects
    token: UUID
    tries: int


MOST_TRIES = 3
WINDOW = 200  # jobs of one queue whose bell has rung and that are not done
RING_AGAIN_S = 10  # a bell that was not answered for so long may be lost: then the broker's queue is counted
STARVED_S, IDLE_S = 30, 15  # a job due for so long while nothing was leased for so long: the workers are stuck
BACK_OFF_S = (1, 5)  # after the first and the second failed try


def back_off(tries: int, jitter: float) -> timedelta:
    """Return how long to wait after the `tries`-th failed try; `jitter` in [0, 1) spreads jobs that failed together."""
    base = BACK_OFF_S[min(max(tries, 1), len(BACK_OFF_S)) - 1]
    return timedelta(seconds=base * (1 + jitter))


def after_failure(tries: int) -> JobState:
    """Return the state of a job whose `tries`-th try failed: given up after MOST_TRIES, else waiting for the next."""
    return JobState.POISONED if tries >= MOST_TRIES else JobState.FAILED


def is_stuck(at: datetime, oldest_due_at: datetime | None, last_lease_at: datetime | None) -> bool:
    """Tell whether work waits although nobody takes any: progress is watched, not whether a process is alive."""
    if oldest_due_at is None or at - oldest_due_at <= timedelta(seconds=STARVED_S):
        return False
    return last_lease_at is None or at - last_lease_at > timedelta(seconds=IDLE_S)
