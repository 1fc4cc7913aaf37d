"""Writes of training sets, by what they are about."""

from governance.training.services.exams import (
    check_sets_again,
    close_exam_check,
    give_up_exam_check,
    queue_check,
    queue_checks,
)
from governance.training.services.receiving import register_set
from governance.training.services.redacting import ask_redacted_copy, close_redaction
from governance.training.services.releasing import ask_release, close_release, issue_permit
from governance.training.services.scanning import close_chunk, give_up, start_scan

__all__ = [
    "ask_redacted_copy",
    "ask_release",
    "check_sets_again",
    "close_chunk",
    "close_exam_check",
    "close_redaction",
    "close_release",
    "give_up",
    "give_up_exam_check",
    "issue_permit",
    "queue_check",
    "queue_checks",
    "register_set",
    "start_scan",
]
