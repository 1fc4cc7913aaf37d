"""Drafts of rules: what is wrong with one, what it would do, who is writing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.approvals.definitions import ASKING_UNIT, WHOLE_ORGANISATION, Checked, WorkflowDefinition, check_text
from governance.approvals.document import Document, Fault, read_with_lines
from governance.approvals.drafting import DraftState, ReplayState
from governance.approvals.models import WorkflowDraft
from governance.core.errors import Invalid, NotFound
from governance.organisation.models import Person, Unit


@dataclass(frozen=True, slots=True)
class DraftRow:
    id: UUID
    name: str
    state: DraftState
    made_by: str
    changed_at: datetime
    revision: int
    source: str
    based_on_version: int | None
    version_id: UUID | None  # the version it became


def drafts(*, limit: int = 50) -> list[DraftRow]:
    """Return the drafts of rules, last changed first."""
    found = WorkflowDraft.objects.select_related("based_on", "made_by").order_by("-changed_at", "id")
    return [_row(draft) for draft in found[:limit]]


def draft(draft_id: UUID) -> DraftRow:
    """Return one draft.

    Raises:
        NotFound: when there is no such draft.
    """
    found = WorkflowDraft.objects.select_related("based_on", "made_by").filter(pk=draft_id).first()
    if found is None:
        raise NotFound("draft_not_found", "There is no such draft.")
    return _row(found)


def _row(found: WorkflowDraft) -> DraftRow:
    return DraftRow(
        id=found.pk,
        name=found.name,
        state=DraftState(found.state),
        made_by=found.made_by.name,
        changed_at=found.changed_at,
        revision=found.revision,
        source=found.source,
        based_on_version=found.based_on.version if found.based_on else None,
        version_id=found.version_id,
    )


def finished_replays(found: WorkflowDraft) -> frozenset[str]:
    """Return the digests of the rules that this draft was replayed with to the end."""
    return frozenset(found.replays.filter(state=ReplayState.DONE).values_list("digest", flat=True))


def checked_draft(source: str, name: str) -> Checked:
    """Return what a text comes to as rules called `name`, with units and people that exist."""
    checked = check_text(source)
    if checked.definition is None:
        return checked
    document = read_with_lines(source)
    faults = [document.fault(refused) for refused in _unknown(checked.definition, document.value, name)]
    return replace(checked, definition=None, faults=tuple(faults)) if faults else checked


def _unknown(definition: WorkflowDefinition, document: Mapping[str, Any], name: str) -> Iterator[Invalid]:
    if definition.name != name:
        yield Invalid("name_moved", f"These rules are called {name}; a draft keeps its name.", field="name")
    slots = [
        (f"stages[{i}].slots[{j}]", slot)
        for i, stage in enumerate(document["stages"])
        for j, slot in enumerate(stage["slots"])
    ]
    units = {slot["on"] for _, slot in slots if "on" in slot} - {ASKING_UNIT, WHOLE_ORGANISATION}
    logins = {login for _, slot in slots for login in slot.get("people", [])}
    known_units = set(Unit.objects.filter(ref__in=units, dissolved_at=None).values_list("ref", flat=True))
    known_logins = set(Person.objects.filter(login__in=logins, is_active=True).values_list("login", flat=True))
    for where, slot in slots:
        if slot.get("on") in units - known_units:
            yield Invalid("unit_unknown", f"There is no unit with the short name {slot['on']}.", field=f"{where}.on")
        for unknown in sorted(set(slot.get("people", [])) - known_logins):
            yield Invalid("person_unknown", f"Nobody signs in as {unknown}.", field=f"{where}.people")


def fault_of(refused: Invalid) -> Fault:
    """Return a refusal that belongs to no line, such as a fact that a dry run does not state."""
    return Document({}, {}).fault(refused)
