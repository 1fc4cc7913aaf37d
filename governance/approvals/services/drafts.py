"""Rules are written, put to two people, and put in force by their word."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from governance.approvals.definitions import WorkflowDefinition
from governance.approvals.drafting import DraftState, may_move_draft, may_submit_draft
from governance.approvals.locks import lock_draft, person_of
from governance.approvals.models import Workflow, WorkflowDraft
from governance.approvals.rules import REVISABLE
from governance.approvals.selectors.drafts import checked_draft, finished_replays
from governance.approvals.selectors.lists import request_of
from governance.approvals.selectors.workflows import newest_of, source_of
from governance.approvals.services.requests import open_request, revise
from governance.approvals.services.workflows import write_version
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid
from governance.core.revisions import require_fresh
from governance.core.verdict import require
from governance.organisation.selectors import authorize

EDIT = "approvals:workflow:edit"


@transaction.atomic
def start_draft(*, name: str, by: Actor, at: datetime) -> WorkflowDraft:
    """Begin a new version of the workflow called `name` from the text in force.

    Raises:
        NotAllowed: the permission.
        Invalid: a name that no subject has; what puts rules in force is Remit's own and is not edited.
    """
    authorize(by, EDIT, None)
    author, newest = person_of(by), newest_of(name, at=at)
    draft = WorkflowDraft.objects.create(
        name=name,
        source=source_of(newest, name=name),
        based_on=newest if newest and newest.name == name else None,
        authors=[str(author)],
        made_by_id=author,
        made_at=at,
        changed_at=at,
    )
    _tell(EventKind.WORKFLOW_DRAFTED, draft, by=by, at=at)
    return draft


@transaction.atomic
def save_draft(*, draft_id: UUID, source: str, revision: int, by: Actor, at: datetime) -> WorkflowDraft:
    """Keep a text as it stands, right or wrong: what is wrong with it is told, and stops it only later.

    Raises:
        NotFound, NotAllowed: the draft, the permission.
        Conflict: a stale form, or a draft that is no longer written.
        Invalid: a text that is too large to be kept.
    """
    draft = _writing(draft_id, by)
    require_fresh(held=draft.revision, seen=revision)
    checked = checked_draft(source, draft.name)
    if checked.too_large:
        raise Invalid("document_too_long", checked.faults[0].said, field="source")
    draft.source, draft.changed_at, draft.revision = source, at, draft.revision + 1
    draft.authors = sorted({*draft.authors, str(person_of(by))})
    draft.save(update_fields=["source", "changed_at", "revision", "authors"])
    _tell(EventKind.WORKFLOW_SAVED, draft, by=by, at=at, faults=len(checked.faults))
    return draft


@transaction.atomic
def discard_draft(*, draft_id: UUID, by: Actor, at: datetime) -> WorkflowDraft:
    """Give up a draft that is still written."""
    draft = _writing(draft_id, by)
    asked = request_of("workflow", draft.pk)
    if asked and asked.state in REVISABLE:
        raise Conflict("still_asked", f"Request {asked.number} waits for it.", remedy="Withdraw that request first.")
    _move(draft, DraftState.DISCARDED)
    _tell(EventKind.WORKFLOW_DISCARDED, draft, by=by, at=at)
    return draft


@transaction.atomic
def submit_draft(*, draft_id: UUID, revision: int, by: Actor, at: datetime) -> UUID:
    """Put a draft to two people, none of whom wrote it; return their request.

    Raises:
        NotFound, NotAllowed: the draft, the permission.
        Conflict: a stale form, nothing new, no replay of exactly these rules, or newer rules in force meanwhile.
        Invalid: the first fault of the text.
    """
    draft = _writing(draft_id, by)
    require_fresh(held=draft.revision, seen=revision)
    definition = _sound(draft)
    based_on = draft.based_on.digest if draft.based_on else ""
    newest = newest_of(draft.name, at=at)
    if newest is not None and newest.name == draft.name and newest.pk != draft.based_on_id:
        raise Conflict("rules_moved", "Newer rules are in force.", remedy="Begin a new draft from them.")
    require(
        may_submit_draft(digest=definition.digest, based_on_digest=based_on, replayed=finished_replays(draft)), Conflict
    )
    _move(draft, DraftState.SUBMITTED)
    _tell(EventKind.WORKFLOW_SUBMITTED, draft, by=by, at=at, digest=definition.digest)
    asked = request_of("workflow", draft.pk)
    if asked and asked.state in REVISABLE:
        return revise(request_id=asked.id, by=by, at=at).pk
    return open_request(subject_kind="workflow", subject_id=draft.pk, by=by, at=at).pk


@transaction.atomic
def activate_draft(*, draft_id: UUID, by: Actor, at: datetime) -> Workflow:
    """Put approved rules in force from now on; open requests stay on the version they began with."""
    draft = lock_draft(draft_id)
    definition = _sound(draft)
    document = checked_draft(draft.source, draft.name).document
    version = write_version(document=document, source=draft.source, definition=definition, by=by, at=at)
    _move(draft, DraftState.IN_FORCE)
    draft.version = version
    draft.save(update_fields=["version"])
    _tell(EventKind.WORKFLOW_ACTIVATED, draft, by=by, at=at, version=version.version)
    return version


@transaction.atomic
def return_draft(*, draft_id: UUID, by: Actor, at: datetime) -> WorkflowDraft:
    """Let a draft be written again: changes were asked for, or it was taken back."""
    draft = lock_draft(draft_id)
    _move(draft, DraftState.WRITING)
    _tell(EventKind.WORKFLOW_RETURNED, draft, by=by, at=at)
    return draft


@transaction.atomic
def reject_draft(*, draft_id: UUID, by: Actor, at: datetime) -> WorkflowDraft:
    """Close a draft that was refused."""
    draft = lock_draft(draft_id)
    _move(draft, DraftState.REJECTED)
    _tell(EventKind.WORKFLOW_DISCARDED, draft, by=by, at=at)
    return draft


def _writing(draft_id: UUID, by: Actor) -> WorkflowDraft:
    authorize(by, EDIT, None)
    draft = lock_draft(draft_id)
    if draft.state != DraftState.WRITING:
        raise Conflict("not_writing", f"The draft is {draft.state.replace('_', ' ')}.", remedy="Begin a new one.")
    return draft


def _sound(draft: WorkflowDraft) -> WorkflowDefinition:
    checked = checked_draft(draft.source, draft.name)
    if checked.definition is None:
        fault = checked.faults[0]
        raise Invalid("rules_wrong", f"Line {fault.line}: {fault.said}", field="source")
    return checked.definition


def _move(draft: WorkflowDraft, to: DraftState) -> None:
    require(may_move_draft(DraftState(draft.state), to), Conflict)
    draft.state = to
    draft.save(update_fields=["state"])


def _tell(kind: EventKind, draft: WorkflowDraft, *, by: Actor, at: datetime, **detail: Any) -> None:
    record(kind, subject=f"workflow_draft:{draft.pk}", by=by, at=at, name=draft.name, revision=draft.revision, **detail)
