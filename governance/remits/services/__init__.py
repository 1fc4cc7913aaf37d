"""Every write of remits."""

from governance.remits.services.activation import activate_remit, reject_remit, return_remit, withdraw_remit
from governance.remits.services.allocations import (
    award,
    close_rounds,
    enter_rounds,
    mark_dataset,
    state_case,
    unmark_dataset,
)
from governance.remits.services.drafts import choose_option, save_draft, start_draft
from governance.remits.services.endings import (
    expire_grants,
    follow_classification,
    follow_retirement,
    reopen_for_terms,
    revoke_grant,
    revoke_remit,
)
from governance.remits.services.exams import ExamSeen, name_exam, record_exam_checks, unname_exam
from governance.remits.services.extension import extend_remit
from governance.remits.services.grace import chase_recertifications
from governance.remits.services.overlaps import follow_merge, look_at_all, look_for_overlaps
from governance.remits.services.overriding import end_lent_grants, lend_grants
from governance.remits.services.ownership import (
    check_split,
    follow_dissolution,
    follow_owner,
    follow_split,
    propose_merged,
)
from governance.remits.services.patterns import (
    approve_pattern,
    propose_pattern,
    reject_pattern,
    retire_pattern,
    return_pattern,
    review_sample,
    revise_pattern,
)
from governance.remits.services.recertification import (
    answer_recertification,
    answer_together,
    ask_recertification,
    confirm_recertification,
    propose_lapse,
)
from governance.remits.services.resting import rest_for_oversight, resume_after_oversight
from governance.remits.services.submission import Outcome, submit
from governance.remits.services.suggestions import decline_suggestion, take_suggestion
from governance.remits.services.warning import warn_of_pattern_ends

__all__ = [
    "ExamSeen",
    "Outcome",
    "activate_remit",
    "answer_recertification",
    "answer_together",
    "approve_pattern",
    "ask_recertification",
    "award",
    "chase_recertifications",
    "check_split",
    "choose_option",
    "close_rounds",
    "confirm_recertification",
    "decline_suggestion",
    "end_lent_grants",
    "enter_rounds",
    "expire_grants",
    "extend_remit",
    "follow_classification",
    "follow_dissolution",
    "follow_merge",
    "follow_owner",
    "follow_retirement",
    "follow_split",
    "lend_grants",
    "look_at_all",
    "look_for_overlaps",
    "mark_dataset",
    "name_exam",
    "propose_lapse",
    "propose_merged",
    "propose_pattern",
    "record_exam_checks",
    "reject_pattern",
    "reject_remit",
    "reopen_for_terms",
    "rest_for_oversight",
    "resume_after_oversight",
    "retire_pattern",
    "return_pattern",
    "return_remit",
    "review_sample",
    "revise_pattern",
    "revoke_grant",
    "revoke_remit",
    "save_draft",
    "start_draft",
    "state_case",
    "submit",
    "take_suggestion",
    "unmark_dataset",
    "unname_exam",
    "warn_of_pattern_ends",
    "withdraw_remit",
]
