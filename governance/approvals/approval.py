"""New rules as something that can be approved: exactly this text, by two people who did not write it."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.approvals import services
from governance.approvals.document import written
from governance.approvals.models import Workflow, WorkflowDraft
from governance.approvals.rules import DiffRow
from governance.approvals.selectors.drafts import checked_draft
from governance.approvals.selectors.workflows import newest_of
from governance.approvals.subjects import Fact, Shown, Snapshot
from governance.core.actors import Actor
from governance.core.errors import Conflict
from governance.core.verdict import Allowed, Denied, Verdict
from governance.organisation.selectors import root_unit

PARTS = {"denials": "code", "attach": "because", "stages": "name"}


class WorkflowSubject:
    """See approvals.subjects.Subject. `subject_id` is the id of a WorkflowDraft."""

    def title(self, subject_id: UUID) -> str:
        draft = _draft(subject_id)
        return f"{draft.made_by.name} wants new rules for who decides ({draft.name})"

    def unit_id(self, subject_id: UUID) -> UUID:  # noqa: ARG002 - rules are the whole organisation's
        root = root_unit()
        if root is None:
            raise Conflict("no_organisation", "There is no organisation yet.")
        return root.pk

    def snapshot(self, subject_id: UUID, *, at: datetime) -> Snapshot:  # noqa: ARG002 - a draft is as it is
        draft, root = _draft(subject_id), root_unit()
        document = checked_draft(draft.source, draft.name).document
        return Snapshot({"name": draft.name, "rules": document}, {"unit_path": root.path if root else ""})

    def authors(self, subject_id: UUID) -> frozenset[UUID]:
        draft = _draft(subject_id)
        return frozenset({draft.made_by_id, *(UUID(person) for person in draft.authors)})

    def unmoved(self, subject_id: UUID, *, at: datetime) -> Verdict:
        draft = _draft(subject_id)
        newest = newest_of(draft.name, at=at)
        if newest is not None and newest.name == draft.name and newest.pk != draft.based_on_id:
            return Denied("rules_moved", "Newer rules are in force.", "Begin a new draft from them.")
        if checked_draft(draft.source, draft.name).definition is None:
            return Denied("rules_wrong", "A unit or a person these rules name is gone.", "Mend the draft.")
        return Allowed()

    def shown(self, subject_id: UUID) -> Shown:
        draft = _draft(subject_id)
        before = draft.based_on
        follows = f"version {before.version}" if before else "nothing: it is the first of its name"
        facts = [Fact("Rules", draft.name), Fact("Follows", follows), Fact("Open requests", "stay on their own rules")]
        in_force = Snapshot({"rules": before.definition}, {}) if before else None
        return Shown(f"/rules/drafts/{subject_id}/", facts, in_force)

    def differences(self, before: Snapshot | None, after: Snapshot) -> Sequence[DiffRow]:
        return rule_rows(before.body["rules"] if before else {}, after.body["rules"])

    def on_approved(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        services.activate_draft(draft_id=subject_id, by=by, at=at)

    def on_rejected(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        services.reject_draft(draft_id=subject_id, by=by, at=at)

    def on_withdrawn(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        if _draft(subject_id).state == "submitted":
            services.return_draft(draft_id=subject_id, by=by, at=at)

    def on_returned(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        services.return_draft(draft_id=subject_id, by=by, at=at)

    def on_lapsed(self, subject_id: UUID, *, by: Actor, at: datetime) -> None:
        """The draft stays as it is and can be put to people again."""


def _draft(subject_id: UUID) -> WorkflowDraft:
    return WorkflowDraft.objects.select_related("based_on", "made_by").get(pk=subject_id)


def rule_rows(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[DiffRow]:
    """Return the parts of two documents that differ, each stage, denial and attachment by its name."""
    return [
        DiffRow(f"{part}: {name}", *_changed_lines(old, new), material=True)
        for part, key in PARTS.items()
        for name, old, new in _pairs(before.get(part, []), after.get(part, []), key)
        if old != new
    ]


def _pairs(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], key: str) -> Iterator[Any]:
    old, new = {each[key]: each for each in before}, {each[key]: each for each in after}
    for name in dict.fromkeys([*old, *new]):
        yield name, old.get(name), new.get(name)


def _changed_lines(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> tuple[str, str]:
    """Return the lines that differ on either side; the whole part where the other side has none."""
    was, now = (written(each).splitlines() if each else [] for each in (old, new))
    lines = (
        list(difflib.ndiff(was, now))
        if was and now
        else [*(f"- {line}" for line in was), *(f"+ {line}" for line in now)]
    )
    gone, come = ([line[2:].rstrip() for line in lines if line.startswith(sign)] for sign in ("- ", "+ "))
    return "\n".join(gone), "\n".join(come)


def version_rows(workflow_id: UUID) -> list[DiffRow]:
    """Return what a version changed against the one before it; everything for the first."""
    version = Workflow.objects.get(pk=workflow_id)
    before = Workflow.objects.filter(name=version.name, version=version.version - 1).first()
    return rule_rows(before.definition if before else {}, version.definition)
