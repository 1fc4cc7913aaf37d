"""How batches stand, in the same words whichever provider answers them. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class BatchState(StrEnum):
    """How a batch stands, in the same words for every provider."""

    UNDER_WAY = "under_way"
    ENDING = "ending"  # somebody asked for its end
    ENDED = "ended"
    FAILED = "failed"  # its provider did not begin it
    EXPIRED = "expired"
    CANCELLED = "cancelled"


# The words of OpenAI's interface, which has "status", and of Anthropic's, which has "processing_status".
BATCH_STATES: dict[str, BatchState] = {
    **dict.fromkeys(("validating", "in_progress", "finalizing"), BatchState.UNDER_WAY),
    **dict.fromkeys(("cancelling", "canceling"), BatchState.ENDING),
    **dict.fromkeys(("completed", "ended"), BatchState.ENDED),
    "failed": BatchState.FAILED,
    "expired": BatchState.EXPIRED,
    "cancelled": BatchState.CANCELLED,
}
ANSWERED_IN, FAILED_IN = ("completed", "succeeded"), ("failed", "errored", "expired", "canceled")


def batch_state(seen: Mapping[str, Any]) -> BatchState:
    """Return how a provider said a batch stands. A word nobody knows leaves it under way."""
    word = seen.get("status") or seen.get("processing_status")
    return BATCH_STATES.get(word, BatchState.UNDER_WAY) if isinstance(word, str) else BatchState.UNDER_WAY


def batch_counts(seen: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many records of a batch were answered, and how many came to nothing, as its provider last said."""
    told = seen.get("request_counts")
    counts = told if isinstance(told, dict) else {}
    answered, failed = (
        sum(int(counts[name]) for name in names if isinstance(counts.get(name), int))
        for names in (ANSWERED_IN, FAILED_IN)
    )
    return answered, failed
