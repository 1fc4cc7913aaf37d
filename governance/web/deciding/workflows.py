"""Pages of the rules of who decides: what is asked when, for everybody to read, and how the rules came about."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from governance.approvals.approval import version_rows
from governance.approvals.definitions import parse_definition
from governance.approvals.drafting import ACTIVATION, DEFAULT, DraftState
from governance.approvals.selectors import WorkflowRow, workflows
from governance.approvals.selectors.drafts import drafts
from governance.approvals.selectors.workflows import drafted_names, workflow
from governance.core.clock import now
from governance.web.deciding.request_shapes import diff_rows
from governance.web.deciding.rule_shapes import said_of
from governance.web.frame import words
from governance.web.frame.access import holds, requires
from governance.web.frame.shapes import Crumb

READ, EDIT = "approvals:workflow:read", "approvals:workflow:edit"
HOME = Crumb("Who decides", "/rules/")
NAMES = {DEFAULT: "Everything, unless it has rules of its own", ACTIVATION: "New rules"}


@requires(READ)
def rules(request: HttpRequest) -> HttpResponse:
    versions, may_edit = workflows(at=now()), holds(request, EDIT)
    context = {
        "in_force": [_shown(row) for row in versions if row.in_force],
        "versions": [_version(row) for row in versions],
        "drafts": [_draft(row) for row in drafts()] if may_edit else [],
        "names": [(name, _named(name)) for name in drafted_names()],
        "may_edit": may_edit,
    }
    return render(request, "rules/list.html", context)


def _named(name: str) -> str:
    return NAMES.get(name, f"Only {words.plain(name.replace('_', ' '))} requests")


def _shown(row: WorkflowRow) -> dict[str, Any]:
    """Return one version as everybody reads it."""
    return {**_version(row), **said_of(parse_definition(row.document))}


def _version(row: WorkflowRow) -> dict[str, Any]:
    return {
        "title": f"{_named(row.name)}, version {row.version}",
        "name": row.name,
        "version": row.version,
        "since": row.active_from,
        "in_force": row.in_force,
        "url": reverse("rules_version", args=[row.id]),
        "stages_said": len(row.stages),
    }


def _draft(row: Any) -> dict[str, Any]:
    return {
        "title": f"{_named(row.name)}",
        "url": reverse("rules_draft", args=[row.id]),
        "said": words.state(DraftState, row.state),
        "made_by": row.made_by,
        "changed_at": row.changed_at,
        "after": f"after version {row.based_on_version}" if row.based_on_version else "the first of its name",
    }


@requires(READ)
def rules_version(request: HttpRequest, workflow_id: UUID) -> HttpResponse:
    row = workflow(workflow_id, at=now())
    page = _shown(row) | {"trail": [HOME, Crumb(f"Version {row.version}")], "source": row.source}
    page["follows"] = row.version > 1
    return render(request, "rules/version.html", {"page": page, "rows": diff_rows(version_rows(row.id))})
