"""How a human decision is asked, in what order, who must give it, and what they said."""

from governance.approvals.models.decisions import Decision, Override, Suggestion
from governance.approvals.models.requests import Comment, Look, Request, Revision
from governance.approvals.models.stages import Candidate, Reminder, Slot, Stage
from governance.approvals.models.workflows import Replay, Workflow, WorkflowDraft

__all__ = [
    "Candidate",
    "Comment",
    "Decision",
    "Look",
    "Override",
    "Reminder",
    "Replay",
    "Request",
    "Revision",
    "Slot",
    "Stage",
    "Suggestion",
    "Workflow",
    "WorkflowDraft",
]
