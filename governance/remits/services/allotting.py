"""Grants on a scarce dataset begin by what their round awards; those of any other begin when their remit is approved."""

from datetime import datetime
from uuid import UUID

from django.conf import settings

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.vocabulary import Classification
from governance.remits.allocations import EntryState
from governance.remits.locks import told_grant
from governance.remits.models import Entry, Grant, Remit
from governance.remits.recertifying import recertify_at
from governance.remits.rules import GrantState


def _entries_of(remit: Remit) -> dict[UUID, Entry]:
    """Return dataset id -> the entry of this remit that has a say about its grants there."""
    found = Entry.objects.filter(remit=remit).exclude(state=EntryState.WITHDRAWN).select_related("allocation")
    return {entry.allocation.dataset_id: entry for entry in found.order_by("entered_at", "pk")}


def _begin(grant: Grant, entry: Entry | None, *, by: Actor, at: datetime) -> None:
    """Let a pending grant begin, wait for its round, or vanish: a right that was refused never was one."""
    if entry is not None and entry.state == EntryState.REFUSED:
        grant.delete()
        return
    if entry is not None and entry.state == EntryState.WAITING:
        grant.save(update_fields=["ends_at", "conditions"])
        return
    starts = max(at, entry.starts_at or at) if entry else at
    ends = min(grant.ends_at, entry.ends_at or grant.ends_at) if entry else grant.ends_at
    if ends <= starts:  # its turn had passed before people approved it
        grant.delete()
        return
    grant.state, grant.starts_at, grant.ends_at = GrantState.ACTIVE, starts, ends
    if not grant.remit.sandbox:
        classification = Classification(grant.dataset.classification)
        grant.recertify_at = recertify_at(starts, classification, settings.RECERTIFY_DAYS, ends)
    grant.save(update_fields=["state", "starts_at", "ends_at", "conditions", "recertify_at"])
    record(EventKind.GRANT_ACTIVATED, by=by, at=at, ends_at=grant.ends_at.isoformat(), **told_grant(grant))


def _leave_rounds(remit: Remit) -> None:
    """Take a request out of its rounds; told by the event of the remit that leaves. Sent again, it keeps its place."""
    Entry.objects.filter(remit=remit, state=EntryState.WAITING).update(state=EntryState.WITHDRAWN)
