"""How to reach people, and to which units they belong: for many of them at once, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from governance.organisation.models import Membership, Person, RoleGrant, Unit
from governance.organisation.selectors import ancestors, current


@dataclass(frozen=True, slots=True)
class Contact:
    """Zones are IANA names; `own_zone` is "" for somebody who lives by their unit's, `unit_zone` ("UTC" when no unit has one)."""

    email: str
    own_zone: str
    unit_zone: str


def contacts_of(people: AbstractSet[UUID]) -> dict[UUID, Contact]:
    """Return the contacts of those of `people` who are still here."""
    here = Person.objects.filter(pk__in=people, is_active=True).order_by("pk").values_list("pk", "email", "time_zone")
    zones = _zones_of_units(people)
    return {pk: Contact(email, own, zones.get(pk, "UTC")) for pk, email, own in here}


def places_of(people: AbstractSet[UUID]) -> dict[UUID, set[tuple[str, str]]]:
    """Return the units of each person now as (role, Unit.path), role "" for those they are a member of."""
    places: dict[UUID, set[tuple[str, str]]] = defaultdict(set)
    members = Membership.objects.filter(current(None), person_id__in=people).values_list("person_id", "unit__path")
    for person, path in members:
        places[person].add(("", path))
    grants = RoleGrant.objects.filter(current(None), person_id__in=people)
    for person, role, path in grants.values_list("person_id", "role", "unit__path"):
        places[person].add((role, path))
    return places


def _zones_of_units(people: AbstractSet[UUID]) -> dict[UUID, str]:
    """Return the zone of the unit each person belongs to, of the first by name when there are more."""
    zones = dict(Unit.objects.exclude(time_zone="").values_list("path", "time_zone"))
    members = Membership.objects.filter(current(None), person_id__in=people).order_by("-unit__name", "-pk")
    return {
        person: next((zones[above] for above in reversed(ancestors(path)) if above in zones), "UTC")
        for person, path in members.values_list("person_id", "unit__path")
    }
