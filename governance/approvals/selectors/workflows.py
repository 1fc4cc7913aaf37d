"""Which version of the rules holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from governance.approvals.definitions import WorkflowDefinition, parse_definition
from governance.approvals.document import written
from governance.approvals.drafting import ACTIVATION, DEFAULT
from governance.approvals.models import Workflow
from governance.approvals.shipped import has_own, shipped_definition, shipped_source
from governance.core.errors import Invalid, NotFound

MOST_KNOWN = 256
_known: dict[str, WorkflowDefinition] = {}


def workflow_for(kind: str, *, at: datetime) -> Workflow | None:
    """Return the newest workflow in force for subjects of `kind`, else the newest default; None before the first.

    A kind that Remit ships rules for has its own, which no default stands in for.
    """
    in_force = Workflow.objects.filter(active_from__lte=at).order_by("-version")
    own = in_force.filter(name=kind).first()
    return own if own or has_own(kind) else in_force.filter(name=DEFAULT).first()


def definition_of(workflow: Workflow | None) -> WorkflowDefinition:
    """Return what `workflow` says, read once for each digest; None stands for the shipped default."""
    if workflow is None:
        return parse_definition(shipped_definition())
    if workflow.digest not in _known:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[workflow.digest] = parse_definition(workflow.definition)
    return _known[workflow.digest]


def drafted_names() -> list[str]:
    """Return the names rules can be drafted under: the default, or a kind of subject of its own."""
    return [DEFAULT, *sorted(set(settings.APPROVAL_SUBJECTS) - {ACTIVATION})]


def newest_of(name: str, *, at: datetime) -> Workflow | None:
    """Return the version that a draft called `name` begins from.

    Raises:
        Invalid: for a name under which nothing can be drafted.
    """
    if name not in drafted_names():
        raise Invalid("name_unknown", f"Rules are called one of: {', '.join(drafted_names())}.", field="name")
    return workflow_for(name, at=at)


def source_of(workflow: Workflow | None, *, name: str = DEFAULT) -> str:
    """Return the text of a version, one that was installed without a text written out; None: what is shipped under `name`."""
    if workflow is None:
        return shipped_source(name if has_own(name) else DEFAULT)
    return workflow.source or written(workflow.definition)


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
    source: str
    in_force: bool


def workflow(workflow_id: UUID, *, at: datetime) -> WorkflowRow:
    """Return one version.

    Raises:
        NotFound: when there is none.
    """
    found = next((row for row in workflows(at=at) if row.id == workflow_id), None)
    if found is None:
        raise NotFound("workflow_not_found", "There is no such version of the rules.")
    return found


def workflows(*, at: datetime) -> list[WorkflowRow]:
    """Return every version of every workflow, newest first: everybody may know the rules they are decided by."""
    found = list(Workflow.objects.order_by("name", "-version"))
    newest: dict[str, UUID] = {}
    for each in found:
        if each.active_from and each.active_from <= at:
            newest.setdefault(each.name, each.pk)
    return [_row(each, in_force=newest.get(each.name) == each.pk) for each in found]


def _row(workflow: Workflow, *, in_force: bool) -> WorkflowRow:
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
        source=source_of(workflow),
        in_force=in_force,
    )
