"""New versions of the rules. A version never changes once it is written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from governance.approvals.definitions import WorkflowDefinition, parse_definition
from governance.approvals.document import read_document
from governance.approvals.drafting import DEFAULT
from governance.approvals.locks import hold_subject
from governance.approvals.models import Workflow
from governance.approvals.selectors.workflows import workflow_for
from governance.approvals.shipped import has_own, shipped_source
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor, ActorKind
from governance.core.errors import NotAllowed


@transaction.atomic
def install_workflow(*, document: Mapping[str, Any], source: str = "", by: Actor, at: datetime) -> Workflow:
    """Put a workflow in force from `at` on; open requests stay on the version they began with.

    The same document again returns the version that holds. Only an installation or upgrade may: for people, a change
    of the rules is itself a request.

    Raises:
        NotAllowed: for a person or a key.
        Invalid: names the field of the document at fault.
    """
    if by.kind is not ActorKind.PROCESS:
        raise NotAllowed("rules_need_approval", "Nobody changes the approval rules alone.")
    definition = parse_definition(document)
    return write_version(document=document, source=source, definition=definition, by=by, at=at)


@transaction.atomic
def write_version(
    *, document: Mapping[str, Any], source: str, definition: WorkflowDefinition, by: Actor, at: datetime
) -> Workflow:
    """Write the next version of some rules, in force from `at` on; the same rules again are the version that holds."""
    hold_subject("workflow", definition.name)
    newest = Workflow.objects.filter(name=definition.name).order_by("-version").first()
    if newest and newest.digest == definition.digest:
        return newest
    workflow = Workflow.objects.create(
        name=definition.name,
        version=newest.version + 1 if newest else 1,
        definition=document,
        source=source,
        digest=definition.digest,
        active_from=at,
        made_at=at,
    )
    record(
        EventKind.WORKFLOW_INSTALLED,
        subject=f"workflow:{workflow.pk}",
        by=by,
        at=at,
        name=workflow.name,
        version=workflow.version,
        digest=workflow.digest,
    )
    return workflow


@transaction.atomic
def ensure_workflow(*, kind: str = DEFAULT, by: Actor, at: datetime) -> Workflow:
    """Return the workflow in force for subjects of `kind`, putting the shipped one in force where there is none yet.

    An upgrade that ships another one changes nothing here: who must approve never changes unasked.
    """
    if (in_force := workflow_for(kind, at=at)) is None:
        shipped = kind if has_own(kind) else DEFAULT
        hold_subject("workflow", shipped)
        source = shipped_source(shipped)
        in_force = workflow_for(kind, at=at) or install_workflow(
            document=read_document(source), source=source, by=by, at=at
        )
    return in_force
