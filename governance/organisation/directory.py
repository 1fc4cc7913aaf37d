"""Lists of people and keys, ready to show. A reader sees those of the units where they may read people or keys, and their own."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from governance.core.errors import Invalid, NotFound
from governance.core.paging import Page, page_window
from governance.organisation.models import Key, Membership, Person, RoleGrant
from governance.organisation.permissions import Standing
from governance.organisation.roles import Role
from governance.organisation.rules import RoleSource
from governance.organisation.selectors import current, paths_for, within

READ_PEOPLE, READ_KEYS = "organisation:person:read", "organisation:key:read"
SORTS = {
    "name": ("name", "id"),
    "-name": ("-name", "-id"),
    "created": ("created_at", "id"),
    "-created": ("-created_at", "-id"),
}


@dataclass(frozen=True, slots=True)
class HeldRole:
    role: Role
    unit_id: UUID
    unit: str
    since: datetime
    source: RoleSource


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """Somebody, the units they belong to and the roles they hold now."""

    id: UUID
    name: str
    login: str
    email: str
    active: bool
    created_at: datetime
    units: tuple[str, ...]
    roles: tuple[HeldRole, ...]


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """All that is known of a key once it was shown: never its text. `state` is active, ended or revoked at `at`."""

    id: UUID
    title: str
    prefix: str
    scope: str
    made_by_id: UUID
    made_by: str
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    state: str


def people(
    *,
    standing: Standing,
    search: str = "",
    role: str = "",
    active: bool | None = None,
    sort: str = "name",
    page: int = 1,
    size: int = 50,
) -> Page[PersonEntry]:
    """Return one page of the people the reader may see, in a fixed number of queries. `active` None: both.

    Raises:
        Invalid: "unknown_sort".
    """
    if sort not in SORTS:
        raise Invalid("unknown_sort", f"Sort by one of: {', '.join(SORTS)}.", field="sort")
    found = _visible(standing)
    if search:
        found = found.filter(Q(name__icontains=search) | Q(login__icontains=search))
    if role:
        found = found.filter(Exists(RoleGrant.objects.filter(current(None), person=OuterRef("pk"), role=role)))
    if active is not None:
        found = found.filter(is_active=active)
    start, end = page_window(page, size)
    return Page(_entries(list(found.order_by(*SORTS[sort])[start:end])), found.count(), max(page, 1), end - start)


def people_counted() -> tuple[int, int]:
    """Return how many people can sign in, and how many of them hold no role."""
    active = Person.objects.filter(is_active=True)
    held = RoleGrant.objects.filter(current(None), person=OuterRef("pk"))
    return active.count(), active.filter(~Exists(held)).count()


def person(person_id: UUID, *, standing: Standing) -> PersonEntry:
    """Return one person.

    Raises:
        NotFound: "no_such_person", also when the reader may not see them.
    """
    found = _visible(standing).filter(pk=person_id).first()
    if found is None:
        raise NotFound("no_such_person", "There is no such person, or you may not see them.")
    return _entries([found])[0]


def active_people(search: str = "", *, limit: int = 500) -> list[tuple[UUID, str]]:
    """Return id and name of active people by name, for a choice in a form."""
    found = Person.objects.filter(is_active=True, name__icontains=search).order_by("name", "id")
    return list(found.values_list("pk", "name")[:limit])


def keys(
    *,
    standing: Standing,
    at: datetime,
    scope: str = "",
    state: str = "",
    mine: bool = False,
    page: int = 1,
    size: int = 50,
) -> Page[KeyEntry]:
    """Return one page of the reader's own keys and of those made in the units where they may read keys, newest first."""
    found = _visible_keys(standing, at)
    if mine:
        found = found.filter(made_by_id=standing.person)
    if scope:
        found = found.filter(scope=scope)
    if state:
        found = found.filter(_in_state(state, at))
    start, end = page_window(page, size)
    rows = found.select_related("made_by").order_by("-made_at", "-id")[start:end]
    return Page([_key(row, at) for row in rows], found.count(), max(page, 1), end - start)


def key(key_id: UUID, *, standing: Standing, at: datetime) -> KeyEntry:
    """Return one key.

    Raises:
        NotFound: "no_such_key", also when the reader may not see it.
    """
    found = _visible_keys(standing, at).select_related("made_by").filter(pk=key_id).first()
    if found is None:
        raise NotFound("no_such_key", "There is no such key, or you may not see it.")
    return _key(found, at)


def names_of(person_ids: set[UUID]) -> dict[UUID, str]:
    """Return the names of people by id, left or not."""
    return dict(Person.objects.filter(pk__in=person_ids).values_list("pk", "name"))


def _visible(standing: Standing) -> QuerySet[Person]:
    inside = within(paths_for(standing, READ_PEOPLE), "unit__path")
    members = Membership.objects.filter(inside, person=OuterRef("pk"))
    holders = RoleGrant.objects.filter(inside, current(None), person=OuterRef("pk"))
    return Person.objects.filter(Exists(members) | Exists(holders) | Q(pk=standing.person))


def _visible_keys(standing: Standing, at: datetime) -> QuerySet[Key]:
    members = Membership.objects.filter(
        current(at), within(paths_for(standing, READ_KEYS), "unit__path"), person=OuterRef("made_by_id")
    )
    return Key.objects.filter(Q(made_by_id=standing.person) | Exists(members))


def _entries(found: list[Person]) -> list[PersonEntry]:
    ids = [each.pk for each in found]
    units: dict[UUID, list[str]] = defaultdict(list)
    for person_id, name in (
        Membership.objects.filter(current(None), person__in=ids)
        .order_by("unit__name")
        .values_list("person_id", "unit__name")
    ):
        units[person_id].append(name)
    roles: dict[UUID, list[HeldRole]] = defaultdict(list)
    grants = (
        RoleGrant.objects.filter(current(None), person__in=ids).select_related("unit").order_by("role", "unit__name")
    )
    for grant in grants:
        held = HeldRole(Role(grant.role), grant.unit_id, grant.unit.name, grant.starts_at, RoleSource(grant.source))
        roles[grant.person_id].append(held)
    return [
        PersonEntry(
            id=each.pk,
            name=each.name,
            login=each.login,
            email=each.email,
            active=each.is_active,
            created_at=each.created_at,
            units=tuple(units[each.pk]),
            roles=tuple(roles[each.pk]),
        )
        for each in found
    ]


def _in_state(state: str, at: datetime) -> Q:
    if state == "revoked":
        return ~Q(revoked_at=None)
    return Q(revoked_at=None, expires_at__gt=at) if state == "active" else Q(revoked_at=None, expires_at__lte=at)


def _key(row: Key, at: datetime) -> KeyEntry:
    state = "revoked" if row.revoked_at else "active" if row.expires_at > at else "ended"
    return KeyEntry(
        id=row.pk,
        title=row.title,
        prefix=row.prefix,
        scope=row.scope,
        made_by_id=row.made_by_id,
        made_by=row.made_by.name,
        made_at=row.made_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        state=state,
    )
