"""Every write of approvals."""

from governance.approvals.services.answers import chase_asker, chase_askers
from governance.approvals.services.decisions import decide
from governance.approvals.services.reminders import chase_deciders, chase_stage
from governance.approvals.services.requests import comment, open_request, revise, withdraw
from governance.approvals.services.stages import follow_leaver, seek_deciders, seek_unreached
from governance.approvals.services.workflows import ensure_workflow, install_workflow

__all__ = [
    "chase_asker",
    "chase_askers",
    "chase_deciders",
    "chase_stage",
    "comment",
    "decide",
    "ensure_workflow",
    "follow_leaver",
    "install_workflow",
    "open_request",
    "revise",
    "seek_deciders",
    "seek_unreached",
    "withdraw",
]
