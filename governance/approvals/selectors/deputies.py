"""What waits for somebody in the place of others."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from governance.approvals.models import Candidate, Slot
from governance.organisation.away import handed_on
from governance.organisation.delegation import Scope


def seats_asking(person: UUID, *, at: datetime) -> "QuerySet[Slot, Any]":
    """Return the seats of any time that ask `person`, or somebody whose deputy they are at first or second hand."""
    return Slot.objects.filter(asks(person) | in_place_of(person, at=at))


def asks(person: UUID) -> Q:
    """Return the condition that a slot asks `person` themselves."""
    return Q(Exists(Candidate.objects.filter(slot=OuterRef("pk"), person_id=person)))


def in_place_of(person: UUID, *, at: datetime) -> Q:
    """Return the condition that a slot asks somebody whose deputy `person` is; nothing matches when there is nobody."""
    found = Q(pk__in=[])
    known = handed_on(at)
    for first in [each for each in known if each.deputy == person]:
        found |= _asks(first.giver, first.scope)
        for second in [each for each in known if each.deputy == first.giver and each.giver != person]:
            found |= _asks(second.giver, first.scope, second.scope)
    return found


def _asks(giver: UUID, *scopes: Scope) -> Q:
    asked = asks(giver)
    for scope in scopes:
        asked &= Q(unit__path__startswith=scope.unit_path)
        if scope.role is not None:
            asked &= Q(role=scope.role)
        if scope.subject_kind:
            asked &= Q(stage__revision__request__subject_kind=scope.subject_kind)
    return asked
