"""Every write of approvals."""

from governance.approvals.services.answers import chase_asker, chase_askers
from governance.approvals.services.decisions import decide
from governance.approvals.services.deputies import tell_deputy
from governance.approvals.services.drafts import (
    activate_draft,
    discard_draft,
    reject_draft,
    return_draft,
    save_draft,
    start_draft,
    submit_draft,
)
from governance.approvals.services.looking import note_look
from governance.approvals.services.moved import move_requests
from governance.approvals.services.overrides import ask_override, confirm_override, end_overrides, review_override
from governance.approvals.services.reminders import chase_deciders, chase_stage
from governance.approvals.services.replays import close_replay, give_up_replay, note_progress, start_replay
from governance.approvals.services.requests import comment, open_request, revise, withdraw
from governance.approvals.services.stages import follow_leaver, seek_deciders, seek_unreached
from governance.approvals.services.suggesting import decline_suggestion
from governance.approvals.services.together import approve_together
from governance.approvals.services.workflows import ensure_workflow, install_workflow

__all__ = [
    "activate_draft",
    "approve_together",
    "ask_override",
    "chase_asker",
    "chase_askers",
    "chase_deciders",
    "chase_stage",
    "close_replay",
    "comment",
    "confirm_override",
    "decide",
    "decline_suggestion",
    "discard_draft",
    "end_overrides",
    "ensure_workflow",
    "follow_leaver",
    "give_up_replay",
    "install_workflow",
    "move_requests",
    "note_look",
    "note_progress",
    "open_request",
    "reject_draft",
    "return_draft",
    "review_override",
    "revise",
    "save_draft",
    "seek_deciders",
    "seek_unreached",
    "start_draft",
    "start_replay",
    "submit_draft",
    "tell_deputy",
    "withdraw",
]
