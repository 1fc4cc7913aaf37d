"""Every write of approvals."""

from governance.approvals.services.answers import chase_asker, chase_askers
from governance.approvals.services.decisions import decide
from governance.approvals.services.deputies import tell_deputy
from governance.approvals.services.overrides import ask_override, confirm_override, end_overrides, review_override
from governance.approvals.services.reminders import chase_deciders, chase_stage
from governance.approvals.services.requests import comment, open_request, revise, withdraw
from governance.approvals.services.stages import follow_leaver, seek_deciders, seek_unreached
from governance.approvals.services.together import approve_together
from governance.approvals.services.workflows import ensure_workflow, install_workflow

__all__ = [
    "approve_together",
    "ask_override",
    "chase_asker",
    "chase_askers",
    "chase_deciders",
    "chase_stage",
    "comment",
    "confirm_override",
    "decide",
    "end_overrides",
    "ensure_workflow",
    "follow_leaver",
    "install_workflow",
    "open_request",
    "review_override",
    "revise",
    "seek_deciders",
    "seek_unreached",
    "tell_deputy",
    "withdraw",
]
