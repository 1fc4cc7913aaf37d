"""States of training sets, what their findings amount to, and who may ask for what. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from governance.core.verdict import Allowed, Denied, Verdict
from governance.core.vocabulary import Mode
from governance.detection.spans import LANGUAGE
from governance.detection.ways import Way, in_words, strictest_demand


class TrainingSetState(StrEnum):
    RECEIVED = "received"
    SCANNING = "scanning"
    CLEAN = "clean"
    FINDINGS = "findings"
    UNSCANNABLE = "unscannable"
    IN_REVIEW = "in_review"
    RELEASABLE = "releasable"
    RELEASED = "released"


MOVES: Mapping[TrainingSetState, frozenset[TrainingSetState]] = {
    TrainingSetState.RECEIVED: frozenset({TrainingSetState.SCANNING, TrainingSetState.UNSCANNABLE}),
    TrainingSetState.SCANNING: frozenset(
        {TrainingSetState.CLEAN, TrainingSetState.FINDINGS, TrainingSetState.UNSCANNABLE}
    ),
    TrainingSetState.CLEAN: frozenset({TrainingSetState.IN_REVIEW}),
    TrainingSetState.FINDINGS: frozenset({TrainingSetState.IN_REVIEW}),
    TrainingSetState.UNSCANNABLE: frozenset(),
    TrainingSetState.IN_REVIEW: frozenset(
        {TrainingSetState.RELEASABLE, TrainingSetState.CLEAN, TrainingSetState.FINDINGS}
    ),
    TrainingSetState.RELEASABLE: frozenset({TrainingSetState.RELEASED, TrainingSetState.IN_REVIEW}),
    TrainingSetState.RELEASED: frozenset({TrainingSetState.IN_REVIEW}),
}


class CopyState(StrEnum):
    """What became of the wish for a redacted copy of a set."""

    NOT_ASKED = "not_asked"
    BEING_MADE = "being_made"
    MADE = "made"
    FAILED = "failed"


TRAINING_MODES = (Mode.FINE_TUNE, Mode.TRAIN)
ALLOWED = Allowed()

# Nobody's approval makes these fit to train on: they would come out of the model again.
NEVER_RELEASED = frozenset({"SECRET", "SOURCE", "EVALUATION"})
_NEVER_SAID = {
    "SECRET": "keys or passwords",
    "SOURCE": "registered source",
    "EVALUATION": "questions of a secret exam",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the scan of a set is. `complete` is False when any scanned chunk could not be checked wholly."""

    chunks: int
    scanned: int
    complete: bool
    findings: int
    broken_lines: int
    records: int

    @property
    def done(self) -> bool:
        return self.scanned == self.chunks

    @property
    def percent(self) -> int:
        return 100 * self.scanned // self.chunks if self.chunks else 0


def may_move(before: TrainingSetState, after: TrainingSetState) -> Verdict:
    if after in MOVES[before]:
        return Allowed()
    return Denied("wrong_state", f"A training set that is {before} cannot become {after}.")


def state_after_scan(progress: Progress) -> TrainingSetState:
    """Return what the set has become once every chunk has been scanned.

    A set that could not be checked wholly, that holds a line nobody could read, or that holds no record at all, is
    unscannable: "could not check" is never "clean".
    """
    if not progress.complete or progress.broken_lines or not progress.records:
        return TrainingSetState.UNSCANNABLE
    return TrainingSetState.FINDINGS if progress.findings else TrainingSetState.CLEAN


def verdict_word(state: TrainingSetState, counts: Mapping[str, int]) -> str:
    """Return the strictest of allow, redact, block and unavailable that the findings of a set amount to."""
    if state == TrainingSetState.UNSCANNABLE:
        return "unavailable"
    if NEVER_RELEASED & counts.keys():
        return "block"
    return "redact" if counts else "allow"


def tells_no_more(made: Way | None, demand: Way | None) -> Verdict:
    """Say whether a redacted copy that was made under the demand `made` keeps to the one that grants make now."""
    if demand is None or strictest_demand([made, demand]) == made:
        return Allowed()
    return Denied(
        "demand_since",
        f"Since this copy was made, a grant came to demand that values are replaced only {in_words(demand)}.",
        "Make the copy of the original anew, and release that.",
    )


def may_ask_release(
    state: TrainingSetState, counts: Mapping[str, int], *, granted: bool, kept_to: Verdict = ALLOWED
) -> Verdict:
    """Say whether the approvers may be asked to let this set go to a destination.

    `counts` is {type: findings}; `granted` says that the initiative has a grant in mode fine-tune or train toward it, `kept_to`
    whether a redacted copy keeps to what grants demand.
    """
    if state in {TrainingSetState.RECEIVED, TrainingSetState.SCANNING}:
        return Denied("not_scanned", "The scan is not finished.", "Wait for it: this page shows how far it is.")
    if state == TrainingSetState.UNSCANNABLE:
        return Denied(
            "unscannable", "Part of this set could not be checked.", "Mend the broken lines and upload it again."
        )
    if state == TrainingSetState.IN_REVIEW:
        return Denied("already_asked", "Its release is being decided already.", "Follow the request on this page.")
    if never := sorted(NEVER_RELEASED & counts.keys()):
        found = " and ".join(_NEVER_SAID[kind] for kind in never)
        return Denied(
            "never_released", f"It holds {found}, which never leave.", "Make a redacted copy and release that."
        )
    if not granted:
        return Denied(
            "no_grant",
            "The initiative has no grant to fine-tune or train toward this destination.",
            "Ask for the grant in a new version of the remit.",
        )
    return kept_to


_ONLY_LANGUAGE = Denied(
    "only_language",
    "All that was found is that part of it is in another language, and a copy cannot take that out.",
    "Ask for its release as it is: those who decide see the language. Or take these records out and upload it again.",
)


def removable(counts: Mapping[str, int]) -> dict[str, int]:
    """Return what a copy replaces: all that was found but languages (`counts` names them "LANGUAGE:de")."""
    return {kind: count for kind, count in counts.items() if kind.partition(":")[0] != LANGUAGE}


def may_redact(state: TrainingSetState, counts: Mapping[str, int]) -> Verdict:
    """Say whether a redacted copy can be made. A language stands at no place, so a copy cannot take it out."""
    scanned = {TrainingSetState.FINDINGS, TrainingSetState.RELEASABLE, TrainingSetState.RELEASED}
    if state in scanned and counts:
        return Allowed() if removable(counts) else _ONLY_LANGUAGE
    if state in scanned or state == TrainingSetState.CLEAN:
        return Denied("nothing_found", "Nothing was found in this set, so there is nothing to redact.")
    return Denied(
        "not_scanned", "Only a set whose scan is finished can be redacted.", "Wait for the scan, or mend the set."
    )
