"""What waits for somebody, themselves or in the place of others."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from governance.approvals.models import Candidate, Slot
from governance.organisation.away import handed_on
from governance.organisation.delegation import HandedOn, Scope
from governance.organisation.selectors import holding


class Place(NamedTuple):
    """Somebody whose deputy a person is, and the scopes, all of which a seat must lie in: two at second hand."""

    giver: UUID
    scopes: tuple[Scope, ...]


def places_of(person: UUID, *, at: datetime) -> list[Place]:
    """Return in whose places `person` decides, at first or second hand."""
    return places_among(handed_on(at), person)


def places_among(known: Sequence[HandedOn], person: UUID) -> list[Place]:
    """Return the same from all that is handed on."""
    first = [each for each in known if each.deputy == person]
    second = [(on, by) for on in first for by in known if by.deputy == on.giver and by.giver != person]
    return [Place(on.giver, (on.scope,)) for on in first] + [Place(by.giver, (on.scope, by.scope)) for on, by in second]


def seats_asking(person: UUID, known: Sequence[HandedOn]) -> "QuerySet[Slot, Any]":
    """Return the seats of any time that ask `person`, or somebody in whose place they decide by what is handed on."""
    return Slot.objects.filter(asks(person) | in_place(places_among(known, person)))


def seats_under_way(people: Iterable[UUID]) -> Q:
    """Return the condition that a slot asks one of `people` in a review that is under way; found by index."""
    return Q(pk__in=Candidate.objects.filter(person_id__in=list(people), live=True).values("slot_id"))


def asks(person: UUID) -> Q:
    """Return the condition that a slot asks `person` themselves."""
    return Q(Exists(Candidate.objects.filter(slot=OuterRef("pk"), person_id=person)))


def asks_still(person: UUID, at: datetime) -> Q:
    """Return the condition that a slot asks `person`, who may still fill it: by the role, or because others were silent."""
    seat = Candidate.objects.filter(slot=OuterRef("pk"), person_id=person)
    by_name = Q(slot__role="") | ~Q(reason="")
    return Q(
        Exists(
            seat.filter(by_name | Q(Exists(holding(OuterRef("slot__role"), OuterRef("slot__unit__path"), person, at))))
        )
    )


def in_place(places: Iterable[Place], *, at: datetime | None = None) -> Q:
    """Return the condition that a slot lies in one of `places`; nothing matches when there is none.

    `at`: only where whoever sits there usually may still fill it then.
    """
    found = Q(pk__in=[])
    for place in places:
        found |= _asks(place, asks_still(place.giver, at) if at else asks(place.giver))
    return found


def _asks(place: Place, asked: Q) -> Q:
    for scope in place.scopes:
        asked &= Q(unit__path__startswith=scope.unit_path)
        if scope.role is not None:
            asked &= Q(role=scope.role)
        if scope.subject_kind:
            asked &= Q(stage__revision__request__subject_kind=scope.subject_kind)
    return asked
