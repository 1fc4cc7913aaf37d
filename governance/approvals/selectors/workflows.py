"""Which version of the rules holds."""

from datetime import datetime

from governance.approvals.models import Workflow
from governance.approvals.policy import WorkflowDefinition, parse_definition
from governance.approvals.shipped import shipped_definition


def workflow_for(kind: str, *, at: datetime) -> Workflow | None:
    """Return the newest workflow in force for subjects of `kind`, else the newest default; None before the first."""
    in_force = Workflow.objects.filter(active_from__lte=at).order_by("-version")
    return in_force.filter(name=kind).first() or in_force.filter(name="default").first()


def definition_of(workflow: Workflow | None) -> WorkflowDefinition:
    """Return what `workflow` says; None stands for the shipped default, which the first request installs."""
    return parse_definition(workflow.definition if workflow else shipped_definition())
