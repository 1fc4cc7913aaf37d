"""Questions about units, people, roles and keys. Everything about permissions goes through `authorize` or `paths_for`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import ExpressionWrapper, F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Now

from governance.core.actors import Actor, ActorKind
from governance.core.errors import NotAllowed, NotFound
from governance.core.verdict import Denied
from governance.organisation import permissions
from governance.organisation.key_text import matches, prefix_of
from governance.organisation.models import Key, Membership, Person, RoleGrant, Unit
from governance.organisation.permissions import EVERYWHERE, Standing, holders_of, may
from governance.organisation.roles import Anyone, Role

ACTIVE, MEMBER = "active", "member"
# Every page and every call asks this: as a statement of its own it costs a tenth of what it costs to put the same together anew.
STANDINGS = """
SELECT id, 'active', '' FROM organisation_person WHERE id = ANY(%(people)s) AND is_active
UNION ALL
SELECT held.person_id, held.word, unit.path FROM (
    SELECT person_id, role AS word, unit_id, starts_at, ends_at FROM organisation_role_grant WHERE person_id = ANY(%(people)s)
    UNION ALL
    SELECT person_id, 'member', unit_id, starts_at, ends_at FROM organisation_membership WHERE person_id = ANY(%(people)s)
) AS held JOIN organisation_unit AS unit ON unit.id = held.unit_id
WHERE (%(at)s::timestamptz IS NULL OR held.starts_at <= %(at)s)
  AND (held.ends_at IS NULL OR held.ends_at > COALESCE(%(at)s, statement_timestamp()))
"""
NAMES_IN_A_REMEDY = 3


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody, and through which role on which unit they are meant here (both "" when that does not matter)."""

    id: UUID
    name: str
    role: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class UnitRow:
    id: UUID
    path: str
    depth: int  # 0 for the root
    name: str
    ref: str
    kind: str
    head: str
    head_id: UUID | None
    revision: int


def current(at: datetime | None) -> Q:
    """Select rows of [starts_at, ends_at) that hold at `at`; None: now, by the database's clock."""
    if at is None:
        return Q(ends_at=None) | Q(ends_at__gt=Now())
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


def standing_of(person_id: UUID, at: datetime | None = None) -> Standing:
    """Return what a person is here, in one query. Nobody known by that id: not active, no roles."""
    return standings_of([person_id], at)[person_id]


def standings_of(people: Collection[UUID], at: datetime | None = None) -> dict[UUID, Standing]:
    """Return what each of `people` is here, in one query for all of them; see standing_of."""
    rows: dict[UUID, set[tuple[str, str]]] = {person: set() for person in people}
    with connection.cursor() as cursor:
        cursor.execute(STANDINGS, {"people": list(people), "at": at})
        for person, word, path in cursor.fetchall():
            rows[person].add((word, path))
    return {person: _standing(person, held) for person, held in rows.items()}


def _standing(person: UUID, rows: set[tuple[str, str]]) -> Standing:
    return Standing(
        person=person,
        active=(ACTIVE, "") in rows,
        roles=frozenset((Role(word), path) for word, path in rows if word not in {ACTIVE, MEMBER}),
        member_of=frozenset(path for word, path in rows if word == MEMBER),
    )


def authorize(by: Actor, permission: str, unit_path: str | None) -> None:
    """Do nothing when the actor may; processes may, they ask for nothing on their own account.

    `unit_path` is the unit of the thing, None when holding the permission anywhere is enough. A key may what its maker may.

    Raises:
        NotAllowed: "not_permitted" (the remedy names people who may) or "not_active".
        UnknownPermissionError: when the matrix has no such row.
    """
    holders_of(permission)
    if by.kind is ActorKind.PROCESS:
        return
    if by.person is None:
        raise NotAllowed("not_permitted", "Nobody is answerable for this key.", remedy="Make a new key.")
    verdict = may(standing_of(by.person), permission, unit_path)
    if isinstance(verdict, Denied):
        remedy = ask_one_of(who_may(permission, unit_path)) if verdict.code == "not_permitted" else ""
        raise NotAllowed(verdict.code, verdict.reason, remedy=remedy)


def authorize_on_one(by: Actor, permission: str, unit_paths: Collection[str]) -> None:
    """Do nothing when the actor may on one of the units, of which there is at least one; otherwise raise as authorize."""
    held = standing_of(by.person) if by.person else None
    allowed = [path for path in unit_paths if held and may(held, permission, path)]
    authorize(by, permission, min(allowed or unit_paths))


def ask_one_of(people: list[PersonRow]) -> str:
    """Return the sentence that tells a person without a permission who has it."""
    names = list(dict.fromkeys(person.name for person in people))
    if not names:
        return "Nobody has it yet. Ask a platform admin to give the role."
    shown = names[:NAMES_IN_A_REMEDY]
    more = len(names) - len(shown)
    *others, last = shown
    named = f"{', '.join(others)} or {last}" if others else last
    rest = f" ({more} more {'has' if more == 1 else 'have'} it)" if more else ""
    return f"Ask {named}{rest}."


def who_may(permission: str, unit_path: str | None) -> list[PersonRow]:
    """Return the active people who hold `permission` on the unit (None: anywhere), nearest unit first.

    [] for a permission that everyone signed in has.
    """
    holders = holders_of(permission)
    if isinstance(holders, Anyone):
        return []
    grants = _grants_at(unit_path, None).filter(role__in=list(holders)).select_related("person", "unit")
    nearest = sorted(grants, key=lambda grant: (-len(grant.unit.path), grant.person.name, str(grant.pk)))
    return [PersonRow(grant.person.pk, grant.person.name, grant.role, grant.unit.name) for grant in nearest]


def people_with(role: Role, unit_path: str, *, at: datetime) -> list[Person]:
    """Return the active people who hold `role` on the unit or above it, by name."""
    ids = _grants_at(unit_path, at).filter(role=role).values("person_id")
    return list(Person.objects.filter(pk__in=ids).order_by("name", "pk"))


def people_with_each(asked: Collection[tuple[Role, str]], *, at: datetime) -> dict[tuple[Role, str], list[Person]]:
    """Return the same for several roles, each on a unit of its own, in one query."""
    roles, paths = {role for role, _ in asked}, {above for _, path in asked for above in ancestors(path)}
    grants = _grants_at(None, at).filter(role__in=roles, unit__path__in=paths).select_related("person", "unit")
    held = [(grant.role, grant.unit.path, grant.person) for grant in grants.order_by("person__name", "person_id")]
    return {
        (role, path): list(dict.fromkeys(who for given, on, who in held if given == role and path.startswith(on)))
        for role, path in asked
    }


def may_head(unit_path: str, *, at: datetime) -> list[Person]:
    """Return who can be named as the head of a unit: whoever is unit head on it or above it, by name."""
    return people_with(Role.UNIT_HEAD, unit_path, at=at)


def people_named(logins: Collection[str], permission: str) -> list[Person]:
    """Return the active people with these logins who hold `permission` on any unit, by name."""
    people = Person.objects.filter(login__in=list(logins), is_active=True).order_by("name", "pk")
    return _holding(people, permission)


def people_still(ids: Collection[UUID], permission: str) -> list[Person]:
    """Return those of `ids` who are active and hold `permission` on any unit, by name."""
    return _holding(Person.objects.filter(pk__in=list(ids), is_active=True).order_by("name", "pk"), permission)


def _holding(people: QuerySet[Person], permission: str) -> list[Person]:
    found = list(people)
    standings = standings_of([person.pk for person in found]) if found else {}
    return [person for person in found if may(standings[person.pk], permission, None)]


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a role on the unit at `held_on`. `belongs_to`: paths of the units they are a member of."""

    person: UUID
    name: str
    held_on: str
    belongs_to: frozenset[str]


def holders_above(role: Role, unit_path: str, *, at: datetime) -> list[Holder]:
    """Return the active people who hold `role` on the unit or above it, nearest unit first, then by name."""
    grants = list(_grants_at(unit_path, at).filter(role=role).select_related("person", "unit"))
    belonging: dict[UUID, set[str]] = {grant.person_id: set() for grant in grants}
    members = Membership.objects.filter(current(at), person__in=belonging).values_list("person_id", "unit__path")
    for person_id, path in members:
        belonging[person_id].add(path)
    found = [Holder(g.person_id, g.person.name, g.unit.path, frozenset(belonging[g.person_id])) for g in grants]
    return sorted(found, key=lambda holder: (-len(holder.held_on), holder.name, str(holder.person)))


def heads_of(unit_path: str, *, at: datetime) -> list[Holder]:
    """Return who heads a unit: whoever is unit head on it, else on the nearest unit above that has one."""
    heads = holders_above(Role.UNIT_HEAD, unit_path, at=at)
    return [head for head in heads if head.held_on == heads[0].held_on]


def paths_for(standing: Standing, permission: str) -> list[str]:
    """Return the path prefixes where the permission holds; see permissions.paths_for."""
    return permissions.paths_for(standing, permission)


def within(paths: list[str], field: str) -> Q:
    """Return the filter "`field` (such as "unit__path") lies in one of these subtrees". No path: nothing does."""
    if EVERYWHERE in paths:
        return ~Q(pk__in=[])  # always true, and no SQL; an empty Q() says nothing, so that "Q() | mine" is mine alone
    inside = Q(pk__in=[])
    for path in paths:
        inside |= Q(**{f"{field}__startswith": path})
    return inside


def unit_ids_within(paths: list[str]) -> list[UUID]:
    """Return the ids of the units in these subtrees, dissolved ones included: what was theirs stays to be read.

    A list, not a subquery: an index answers "one of these ids or mine", and no index answers a prefix behind a join.
    """
    return list(Unit.objects.filter(within(paths, "path")).order_by("path").values_list("pk", flat=True))


def ancestors(path: str) -> list[str]:
    """Return the paths from the root down to `path` itself."""
    ids = path.strip("/").split("/") if path.strip("/") else []
    return ["/" + "/".join(ids[: count + 1]) + "/" for count in range(len(ids))]


def _grants_at(unit_path: str | None, at: datetime | None) -> QuerySet[RoleGrant]:
    grants = RoleGrant.objects.filter(current(at), person__is_active=True)
    return grants if unit_path is None else grants.filter(unit__path__in=ancestors(unit_path))


def holding(role: OuterRef, unit_path: OuterRef, person: UUID, at: datetime) -> QuerySet[RoleGrant]:
    """Return the grants by which `person` holds a role on a unit or above it: both are columns of an outer query."""
    grants = _grants_at(None, at).alias(asked_on=ExpressionWrapper(unit_path, TextField()))
    return grants.filter(person=person, role=role, asked_on__startswith=F("unit__path"))


def has_platform_admin() -> bool:
    return bool(_admins())


def is_last_admin(person_id: UUID) -> bool:
    """Say whether taking this person away would leave the organisation without a platform admin."""
    return _admins() == {person_id}


def _admins() -> set[UUID]:
    grants = _grants_at(None, None).filter(role=Role.PLATFORM_ADMIN, unit__parent=None)
    return set(grants.values_list("person_id", flat=True))


def key_from_text(text: str, at: datetime) -> Key | None:
    """Return the key that `text` is, None unless it holds at `at` and its maker is still here. One query."""
    prefix = prefix_of(text)
    key = Key.objects.select_related("made_by").filter(prefix=prefix).first() if prefix else None
    if key is None or not matches(text, bytes(key.digest)):
        return None
    holds = key.revoked_at is None and at < key.expires_at and key.made_by.is_active
    return key if holds else None


def unit(unit_id: UUID) -> Unit:
    """Return one unit that is not dissolved.

    Raises:
        NotFound: "no_such_unit".
    """
    found = Unit.objects.filter(pk=unit_id, dissolved_at=None).first()
    if found is None:
        raise NotFound("no_such_unit", "There is no such unit.")
    return found


def unit_names(*, most: int) -> list[tuple[str, str]]:
    """Return (reference, name) of the units, by name, at most `most`."""
    return list(Unit.objects.order_by("name", "id").values_list("ref", "name")[:most])


def root_unit() -> Unit | None:
    return Unit.objects.filter(parent=None).first()


def units_tree() -> list[UnitRow]:
    """Return all units that are not dissolved, parents before children, siblings by name."""
    units = list(Unit.objects.filter(dissolved_at=None).select_related("head"))
    names = {str(each.pk): each.name for each in units}
    units.sort(key=lambda each: [(names.get(step, ""), step) for step in each.path.strip("/").split("/")])
    return [
        UnitRow(
            id=each.pk,
            path=each.path,
            depth=each.path.count("/") - 2,
            name=each.name,
            ref=each.ref,
            kind=each.kind,
            head=each.head.name if each.head else "",
            head_id=each.head_id,
            revision=each.revision,
        )
        for each in units
    ]


def time_zone_of(unit: Unit) -> str:
    """Return the IANA name of the unit's time zone: its own, else the nearest one above it, else "UTC"."""
    return time_zone_at(unit.path)


def time_zone_at(unit_path: str) -> str:
    """Return the time zone of the unit at `unit_path`; see time_zone_of."""
    above = ancestors(unit_path)
    zones = dict(Unit.objects.filter(path__in=above).values_list("path", "time_zone"))
    return next((zones[path] for path in reversed(above) if zones.get(path)), "UTC")
