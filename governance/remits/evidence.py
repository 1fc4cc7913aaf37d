"""What is known of the exams an initiative is measured by: an accuracy claim counts for as much as its exam stayed unseen. Pure."""

from collections.abc import Iterable
from enum import StrEnum


class ExamOutcome(StrEnum):
    """What came of looking for the items of one exam in one training set."""

    CLEAN = "clean"
    CONTAMINATED = "contaminated"
    COULD_NOT_CHECK = "could_not_check"


class ExamEvidence(StrEnum):
    """All of it together, as rules may ask for it. `present`: an exam is named, and no training set could have seen it yet."""

    ABSENT = "absent"
    PRESENT = "present"
    CLEAN = "clean"
    CONTAMINATED = "contaminated"
    COULD_NOT_CHECK = "could_not_check"


def exam_outcome(*, complete: bool, items_seen: int) -> ExamOutcome:
    """One item that was seen is seen, whatever could not be read besides."""
    if items_seen:
        return ExamOutcome.CONTAMINATED
    return ExamOutcome.CLEAN if complete else ExamOutcome.COULD_NOT_CHECK


def exam_evidence(outcomes: Iterable[ExamOutcome], *, named: bool, unchecked: bool) -> ExamEvidence:
    """Return the worst of what is known. `unchecked`: a training set has not been looked through for an exam that counts."""
    found = set(outcomes)
    if ExamOutcome.CONTAMINATED in found:
        return ExamEvidence.CONTAMINATED
    if ExamOutcome.COULD_NOT_CHECK in found or unchecked:
        return ExamEvidence.COULD_NOT_CHECK
    if found:
        return ExamEvidence.CLEAN
    return ExamEvidence.PRESENT if named else ExamEvidence.ABSENT
