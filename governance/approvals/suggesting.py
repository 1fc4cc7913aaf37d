"""A change that whoever asks for it writes themselves: how it stands, and when it can be answered. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from governance.approvals.rules import RequestState
from governance.core.verdict import Allowed, Denied, Verdict


class SuggestionState(StrEnum):
    OPEN = "open"
    TAKEN = "taken"  # sent exactly as it was suggested
    DECLINED = "declined"
    SET_ASIDE = "set_aside"  # another version was sent


@dataclass(frozen=True, slots=True)
class Suggested:
    """`change` is what the subject understands: see Suggestable. `counts`: sent exactly so, it has the writer's yes."""

    change: Mapping[str, Any]
    counts: bool = False


ANSWERED = {
    SuggestionState.TAKEN: "It was taken already.",
    SuggestionState.DECLINED: "It was declined already.",
    SuggestionState.SET_ASIDE: "Another version was sent meanwhile.",
}


def may_answer(state: SuggestionState, request: RequestState) -> Verdict:
    """Say whether a suggestion can be taken or declined now."""
    if state is not SuggestionState.OPEN:
        return Denied("suggestion_answered", ANSWERED[state], "Open the request to see where it stands.")
    if request is not RequestState.CHANGES_REQUESTED:
        return Denied("suggestion_over", "The request does not wait for changes any more.")
    return Allowed()
