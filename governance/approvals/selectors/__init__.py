"""What the pages and the services of approvals read."""

from governance.approvals.selectors.lists import (
    InboxRow,
    RequestRow,
    approvers_of,
    approvers_of_each,
    asked_by,
    decided_by,
    inbox,
    request_of,
)
from governance.approvals.selectors.page import RequestPage, request_page
from governance.approvals.selectors.seats import candidates_for, decision_standing
from governance.approvals.selectors.waiting import Waited, waiting_stats
from governance.approvals.selectors.workflows import WorkflowRow, workflow_for, workflows

__all__ = [
    "InboxRow",
    "RequestPage",
    "RequestRow",
    "Waited",
    "WorkflowRow",
    "approvers_of",
    "approvers_of_each",
    "asked_by",
    "candidates_for",
    "decided_by",
    "decision_standing",
    "inbox",
    "request_of",
    "request_page",
    "waiting_stats",
    "workflow_for",
    "workflows",
]
