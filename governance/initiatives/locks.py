"""The initiative or capability a service works on: locked, and told of in the same words by every event.

Whoever changes who owns something locks that thing first, then the contest or transfer about it, so that two of them
take turns and never wait in a circle. An initiative is held before its row is locked, as it is by whoever decides what it
asks: a ruling goes from the initiative to its remits, an approval from the remit to its initiative.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from governance.approvals.locks import hold_subject
from governance.core.actors import Actor
from governance.core.errors import Invalid, NotFound
from governance.initiatives.models import Capability, Claim, Contest, Initiative
from governance.initiatives.rules import ClaimState
from governance.organisation.models import Unit
from governance.organisation.selectors import heads_of

Owned = Initiative | Capability


def person_behind(by: Actor) -> UUID:
    """Return the person answerable for the act.

    Raises:
        Invalid: "no_person", for a process.
    """
    if by.person is None:
        raise Invalid(
            "no_person", "Only somebody who answers for it can do this.", remedy="Sign in and do it yourself."
        )
    return by.person


def lock_initiative(initiative_id: UUID) -> Initiative:
    """Return the initiative with its row locked.

    Raises:
        NotFound: "no_such_initiative".
    """
    hold_subject("initiative", initiative_id)
    # Without a join: a row whose owner changed while we waited would not match its old owner any more, and be missed.
    found = Initiative.objects.select_for_update().filter(pk=initiative_id).first()
    if found is None:
        raise NotFound("no_such_initiative", "There is no such initiative.", field="initiative")
    return found


def lock_capability(capability_id: UUID) -> Capability:
    """Return the capability with its row locked.

    Raises:
        NotFound: "no_such_capability".
    """
    found = Capability.objects.select_for_update().filter(pk=capability_id).first()  # without a join, as above
    if found is None:
        raise NotFound("no_such_capability", "There is no such capability.", field="capability")
    return found


def lock_owned(row: Claim | Contest) -> Owned:
    """Return what a claim or a contest is about, locked."""
    if row.initiative_id is not None:
        return lock_initiative(row.initiative_id)
    return lock_capability(row.capability_id)  # type: ignore[arg-type]  # the database holds one or the other


def lock_contest(contest_id: UUID) -> tuple[Contest, Owned]:
    """Return the contest and what it is about, both locked.

    Raises:
        NotFound: "no_such_contest".
    """
    found = Contest.objects.filter(pk=contest_id).first()
    if found is None:
        raise NotFound("no_such_contest", "There is no such contest.")
    owned = lock_owned(found)
    return Contest.objects.select_for_update(of=("self",)).get(pk=contest_id), owned


def naming(owned: Owned) -> dict[str, Any]:
    """Return the field by which other rows point at `owned`, for filters and new rows alike."""
    return {"initiative" if isinstance(owned, Initiative) else "capability": owned}


def told(owned: Owned, by: Actor, at: datetime) -> dict[str, Any]:
    """Return what every event about an initiative or a capability says."""
    kind = "initiative" if isinstance(owned, Initiative) else "capability"
    path = owned.accountable_unit.path if owned.accountable_unit else ""
    return {"subject": f"{kind}:{owned.pk}", "by": by, "at": at, "unit_path": path}


def sides_of(contest: Contest) -> list[Unit]:
    """Return the units of a contest: those whose claims are part of it, and the standing owner, by name."""
    claiming = contest.claims.exclude(state=ClaimState.WITHDRAWN).values("unit")
    units = Unit.objects.filter(Q(pk__in=claiming) | Q(pk=contest.standing_unit_id))
    return list(units.order_by("name", "pk"))


def heads(units: Iterable[Unit], *, at: datetime) -> set[UUID]:
    """Return the people who head any of `units`."""
    return {head.person for unit in units for head in heads_of(unit.path, at=at)}


def link_to(owned: Owned) -> str:
    """Return the address of the page about it."""
    return f"/initiatives/{owned.code}/" if isinstance(owned, Initiative) else f"/capabilities/{owned.code}/"
