"""The remit a service works on: locked, of the right revision, and told of in the same words by every event."""

from typing import Any
from uuid import UUID

from governance.approvals.locks import hold_subject
from governance.core.errors import NotFound
from governance.remits.models import Grant, Pattern, Remit


def lock_remit(remit_id: UUID) -> Remit:
    """Return the remit with its row locked, nobody else deciding on it.

    Raises:
        NotFound: when there is none.
    """
    hold_subject(*whole_of(remit_id))
    hold_subject("remit", remit_id)
    locked = Remit.objects.select_for_update(of=("self",)).select_related("initiative__accountable_unit")
    remit = locked.filter(pk=remit_id).first()
    if remit is None:
        raise NotFound("remit_not_found", "There is no such remit.")
    return remit


def whole_of(remit_id: UUID) -> tuple[str, UUID]:
    """Return what a remit is part of, as it is held.

    Raises:
        NotFound: when there is no such remit.
    """
    found = Remit.objects.filter(pk=remit_id).values_list("initiative_id", flat=True).first()
    if found is None:
        raise NotFound("remit_not_found", "There is no such remit.")
    return "initiative", found


def told(remit: Remit) -> dict[str, Any]:
    """Return what every event about a remit says: ids, version and digest, never its words."""
    return {
        "subject": f"remit:{remit.pk}",
        "unit_path": remit.initiative.accountable_unit.path,
        "initiative": str(remit.initiative_id),
        "version": remit.version,
        "sandbox": remit.sandbox,
        "digest": remit.digest,
    }


def told_grant(grant: Grant) -> dict[str, Any]:
    return {
        "subject": f"grant:{grant.pk}",
        "unit_path": grant.initiative.accountable_unit.path,
        "initiative": str(grant.initiative_id),
        "remit": str(grant.remit_id),
        "dataset": str(grant.dataset_id),
        "destination": str(grant.destination_id),
        "purpose": grant.purpose,
        "mode": grant.mode,
    }


def told_pattern(pattern: Pattern) -> dict[str, Any]:
    return {
        "subject": f"pattern:{pattern.pk}",
        "unit_path": pattern.owner_unit.path,
        "name": pattern.name,
        "version": pattern.version,
        "digest": pattern.digest,
    }
