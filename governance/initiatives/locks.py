"""The initiative a service works on: locked, and told of in the same words by every event."""

from datetime import datetime
from typing import Any
from uuid import UUID

from governance.core.actors import Actor
from governance.core.errors import Invalid, NotFound
from governance.initiatives.models import Initiative


def person_behind(by: Actor) -> UUID:
    if by.person is None:
        raise Invalid(
            "no_person", "Only somebody who answers for it can do this.", remedy="Sign in and do it yourself."
        )
    return by.person


def lock_initiative(initiative_id: UUID) -> Initiative:
    found = (
        Initiative.objects.select_for_update(of=("self",))
        .select_related("accountable_unit")
        .filter(pk=initiative_id)
        .first()
    )
    if found is None:
        raise NotFound("no_such_initiative", "There is no such initiative.", field="initiative")
    return found


def told(initiative: Initiative, by: Actor, at: datetime) -> dict[str, Any]:
    """Return what every event about an initiative says."""
    path = initiative.accountable_unit.path
    return {"subject": f"initiative:{initiative.pk}", "by": by, "at": at, "unit_path": path}
