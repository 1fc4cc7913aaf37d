"""What the pages and the services of approvals read."""

from governance.approvals.selectors.bound import binding_of
from governance.approvals.selectors.inbox import Due, InboxRow, inbox, inbox_count, inbox_page
from governance.approvals.selectors.lists import (
    RequestRow,
    approvers_of,
    approvers_of_each,
    asked_by,
    asked_page,
    decided_by,
    decided_page,
    request_of,
    requests_of,
)
from governance.approvals.selectors.overrides import OverrideRow, overrides, overrides_of, waiting_overrides
from governance.approvals.selectors.page import RequestPage, request_page
from governance.approvals.selectors.seats import candidates_for, decision_standing
from governance.approvals.selectors.waiting import Waited, waiting_stats
from governance.approvals.selectors.workflows import WorkflowRow, workflow_for, workflows

__all__ = [
    "Due",
    "InboxRow",
    "OverrideRow",
    "RequestPage",
    "RequestRow",
    "Waited",
    "WorkflowRow",
    "approvers_of",
    "approvers_of_each",
    "asked_by",
    "asked_page",
    "binding_of",
    "candidates_for",
    "decided_by",
    "decided_page",
    "decision_standing",
    "inbox",
    "inbox_count",
    "inbox_page",
    "overrides",
    "overrides_of",
    "request_of",
    "request_page",
    "requests_of",
    "waiting_overrides",
    "waiting_stats",
    "workflow_for",
    "workflows",
]
