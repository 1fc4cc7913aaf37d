"""What becomes of a remit once it is decided. Called by the approval's subject, or by a pattern; asks no permission."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from governance.approvals.binding import Binding
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict
from governance.core.verdict import require
from governance.initiatives.rules import InitiativeState
from governance.initiatives.services import move_initiative
from governance.organisation.selectors import time_zone_of
from governance.remits.body import conditions_json, parse_conditions
from governance.remits.bound import bound_conditions
from governance.remits.locks import lock_remit, told, told_pattern
from governance.remits.models import Grant, Pattern, Remit, Sample
from governance.remits.rules import GrantState, RemitState, end_of_day, may_move_remit, states_before
from governance.remits.selectors.patterns import deciders_of
from governance.remits.services.allotting import _begin, _entries_of, _leave_rounds

AS_ASKED = Binding()


@transaction.atomic
def activate_remit(*, remit_id: UUID, binding: Binding = AS_ASKED, by: Actor, at: datetime) -> Remit:
    """Put a submitted remit in force: its grants begin now, and the version before it ends in the same moment.

    Grants on a dataset that is being allocated wait for the award of their round, or begin by it.

    `binding` are the conditions its approvers tied to their yes: they become conditions and ends of the grants.

    The sandbox ends too: its cap on calls would otherwise bind the grants that were just approved.

    Raises:
        Conflict: when the remit is not waiting for a decision.
    """
    remit = lock_remit(remit_id)
    require(may_move_remit(RemitState(remit.state), RemitState.APPROVED), Conflict)
    in_force = Remit.objects.filter(initiative=remit.initiative, state=RemitState.APPROVED)
    for before in in_force.filter(sandbox=True) if remit.sandbox else in_force:
        _supersede(before, by=by, at=at)
    remit.state, remit.starts_at = RemitState.APPROVED, at
    last = _bound_end(remit, binding)
    remit.ends_at = min(filter(None, [remit.ends_at, last]), default=None)
    remit.save(update_fields=["state", "starts_at", "ends_at"])
    pending = remit.grants.select_related("initiative__accountable_unit", "dataset", "remit").filter(
        state=GrantState.PENDING
    )
    entries = _entries_of(remit)
    for grant in pending:
        grant.ends_at = min(grant.ends_at, last or grant.ends_at)
        grant.conditions = _bound_conditions(grant, binding)
        _begin(grant, entries.get(grant.dataset_id), by=by, at=at)
    record(EventKind.REMIT_APPROVED, by=by, at=at, **told(remit))
    if not remit.sandbox and remit.initiative.state == InitiativeState.PROPOSED:
        move_initiative(initiative_id=remit.initiative_id, to=InitiativeState.ACTIVE, by=by, at=at)
    return remit


def _bound_end(remit: Remit, binding: Binding) -> datetime | None:
    return end_of_day(binding.ends, time_zone_of(remit.initiative.accountable_unit)) if binding.ends else None


def _bound_conditions(grant: Grant, binding: Binding) -> dict[str, Any]:
    return conditions_json(bound_conditions(parse_conditions(grant.conditions, "conditions"), binding))


def _supersede(before: Remit, *, by: Actor, at: datetime) -> None:
    before.state = RemitState.SUPERSEDED
    before.save(update_fields=["state"])
    ended = before.grants.filter(state__in=states_before(GrantState.SUPERSEDED)).update(state=GrantState.SUPERSEDED)
    record(EventKind.REMIT_SUPERSEDED, by=by, at=at, grants=ended, **told(before))


@transaction.atomic
def reject_remit(*, remit_id: UUID, by: Actor, at: datetime) -> Remit:
    """Close a version that was refused; the initiative may draft another."""
    remit = _leave(remit_id, RemitState.REJECTED)
    record(EventKind.REMIT_REJECTED, by=by, at=at, **told(remit))
    return remit


@transaction.atomic
def withdraw_remit(*, remit_id: UUID, by: Actor, at: datetime) -> Remit:
    """Close a version that its requester took back."""
    remit = _leave(remit_id, RemitState.WITHDRAWN)
    record(EventKind.REMIT_WITHDRAWN, by=by, at=at, **told(remit))
    return remit


@transaction.atomic
def return_remit(*, remit_id: UUID, by: Actor, at: datetime) -> Remit:
    """Open a version for editing again: changes were requested, or what it names has moved."""
    remit = _leave(remit_id, RemitState.DRAFT)
    record(EventKind.REMIT_RETURNED, by=by, at=at, **told(remit))
    return remit


def _leave(remit_id: UUID, state: RemitState) -> Remit:
    """Move a remit away from being decided. Its pending grants never were a right, so nothing of them stays."""
    remit = lock_remit(remit_id)
    require(may_move_remit(RemitState(remit.state), state), Conflict)
    remit.state = state
    if state is RemitState.DRAFT:  # another unit may have come to answer for it meanwhile
        remit.body = {**remit.body, "unit": remit.initiative.accountable_unit.ref}
    remit.save(update_fields=["state", "body"])
    remit.grants.filter(state=GrantState.PENDING).delete()
    _leave_rounds(remit)
    return remit


@transaction.atomic
def decide_by_pattern(*, remit: Remit, pattern: Pattern, by: Actor, at: datetime) -> Remit:
    """Put a submitted remit in force on the strength of `pattern`, citing its version and who approved it.

    A share of them, `sampling_rate`, is picked for a look afterwards; which, nobody can foresee.
    """
    remit.pattern = pattern
    remit.save(update_fields=["pattern"])
    approvers = sorted(str(person) for person in deciders_of(pattern))
    cited: dict[str, Any] = {
        "pattern": str(pattern.pk),
        "pattern_digest": pattern.digest,
        "pattern_version": pattern.version,
    }
    record(EventKind.REMIT_DECIDED_BY_PATTERN, by=by, at=at, approvers=approvers, **cited, **told(remit))
    if secrets.randbelow(1_000_000) < pattern.sampling_rate * 1_000_000:
        Sample.objects.create(remit=remit, pattern=pattern, picked_at=at)
        record(EventKind.SAMPLE_PICKED, by=by, at=at, remit=str(remit.pk), **told_pattern(pattern))
    return activate_remit(remit_id=remit.pk, by=by, at=at)
