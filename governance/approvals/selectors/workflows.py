"""Which version of the rules holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.approvals.models import Workflow
from governance.approvals.policy import WorkflowDefinition, parse_definition
from governance.approvals.shipped import shipped_definition


def workflow_for(kind: str, *, at: datetime) -> Workflow | None:
    """Return the newest workflow in force for subjects of `kind`, else the newest default; None before the first."""
    in_force = Workflow.objects.filter(active_from__lte=at).order_by("-version")
    return in_force.filter(name=kind).first() or in_force.filter(name="default").first()


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
    definition = parse_definition(workflow.definition)
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


def definition_of(workflow: Workflow | None) -> WorkflowDefinition:
    """Return what `workflow` says; None stands for the shipped default, which the first request installs."""
    return parse_definition(workflow.definition if workflow else shipped_definition())
