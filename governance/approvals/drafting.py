"""States of a draft of rules and of its replays, and when a draft may do what. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from governance.core.verdict import Allowed, Denied, Verdict

DEFAULT, ACTIVATION = "default", "workflow"
MOST_REPLAYED = 10_000


class DraftState(StrEnum):
    WRITING = "writing"
    SUBMITTED = "submitted"
    IN_FORCE = "in_force"
    REJECTED = "rejected"
    DISCARDED = "discarded"


DRAFT_MOVES: Mapping[DraftState, frozenset[DraftState]] = {
    DraftState.WRITING: frozenset({DraftState.SUBMITTED, DraftState.DISCARDED}),
    DraftState.SUBMITTED: frozenset({DraftState.WRITING, DraftState.IN_FORCE, DraftState.REJECTED}),
}


class ReplayState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


def may_move_draft(state: DraftState, to: DraftState) -> Verdict:
    if to in DRAFT_MOVES.get(state, ()):
        return Allowed()
    return Denied("wrong_state", f"A draft that is {state.replace('_', ' ')} cannot become {to.replace('_', ' ')}.")


def may_submit_draft(*, digest: str, based_on_digest: str, replayed: frozenset[str]) -> Verdict:
    """Say whether a draft may be put to two people: it says something new, and its replay is there to be read."""
    if digest == based_on_digest:
        return Denied("nothing_new", "The draft says the same as the rules in force.", "Change it, or discard it.")
    if digest not in replayed:
        return Denied(
            "replay_missing",
            "Nobody knows yet what these rules would have changed.",
            "Replay the draft as it stands; the two people who decide see the result.",
        )
    return Allowed()
