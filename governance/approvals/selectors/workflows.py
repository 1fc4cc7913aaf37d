"""Which version of the rules holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.approvals.definitions import WorkflowDefinition, parse_definition
from governance.approvals.models import Workflow
from governance.approvals.shipped import shipped_definition

DEFAULT, ACTIVATION = "default", "workflow"
MOST_KNOWN = 256
_known: dict[str, WorkflowDefinition] = {}


def workflow_for(kind: str, *, at: datetime) -> Workflow | None:
    """Return the newest workflow in force for subjects of `kind`, else the newest default; None before the first.

    What puts rules in force has its own, which no default stands in for.
    """
    in_force = Workflow.objects.filter(active_from__lte=at).order_by("-version")
    own = in_force.filter(name=kind).first()
    return own if own or kind == ACTIVATION else in_force.filter(name=DEFAULT).first()


def definition_of(workflow: Workflow | None) -> WorkflowDefinition:
    """Return what `workflow` says, read once for each digest; None stands for the shipped default."""
    if workflow is None:
        return parse_definition(shipped_definition())
    if workflow.digest not in _known:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[workflow.digest] = parse_definition(workflow.definition)
    return _known[workflow.digest]


@dataclass(frozen=True, slots=True)
class WorkflowRow:
    """One version of the rules. `stages` and `denials` are its sentences, `document` all of it."""

    id: UUID
    name: str
    version: int
    digest: str
    active_from: datetime | None
    stages: tuple[str, ...]
    denials: tuple[str, ...]
    document: dict[str, Any]


def workflows() -> list[WorkflowRow]:
    """Return every version of every workflow, newest first: everybody may know the rules they are decided by."""
    return [_row(workflow) for workflow in Workflow.objects.order_by("name", "-version")]


def _row(workflow: Workflow) -> WorkflowRow:
    definition = definition_of(workflow)
    return WorkflowRow(
        id=workflow.pk,
        name=workflow.name,
        version=workflow.version,
        digest=workflow.digest,
        active_from=workflow.active_from,
        stages=tuple(f"{stage.name}: {stage.reason}" for stage in definition.stages),
        denials=tuple(denial.reason for denial in definition.denials),
        document=workflow.definition,
    )
