"""Roles given and taken: by a platform admin, or as a group at the identity provider says."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, NotFound
from governance.core.verdict import require
from governance.organisation.models import GroupRole, Person, RoleGrant
from governance.organisation.roles import Role
from governance.organisation.rules import RoleSource, may_change_roles, may_take_role
from governance.organisation.selectors import authorize, is_last_admin, unit
from governance.work.consequences import follow

PERMISSION = "organisation:role:give"


@transaction.atomic
def give_role(*, person_id: UUID, role: Role, unit_id: UUID, by: Actor, at: datetime) -> RoleGrant:
    """Give a role on a unit and all below it, from `at` on.

    Raises:
        NotAllowed: "not_permitted" or "own_roles".
        NotFound: "no_such_person" or "no_such_unit".
        Conflict: "role_held".
    """
    where = unit(unit_id)
    authorize(by, PERMISSION, where.path)
    require(may_change_roles(actor=by.person, person=person_id))
    person = Person.objects.select_for_update().filter(pk=person_id, is_active=True).first()
    if person is None:
        raise NotFound("no_such_person", "There is no such person, or they have left.")
    if RoleGrant.objects.filter(person=person, unit=where, role=role, ends_at=None).exists():
        raise Conflict("role_held", "This person has the role on this unit already.")
    grant = RoleGrant.objects.create(person=person, unit=where, role=Role(role), starts_at=at)
    record(
        EventKind.ROLE_GIVEN,
        subject=f"person:{person_id}",
        by=by,
        at=at,
        unit_path=where.path,
        role=grant.role,
        source=grant.source,
    )
    return grant


@transaction.atomic
def take_role(*, person_id: UUID, role: Role, unit_id: UUID, by: Actor, at: datetime) -> None:
    """End a role that was given on exactly this unit. A role that follows a group is ended at the provider.

    Raises:
        NotAllowed: "not_permitted", "own_roles" or "last_admin".
        NotFound: "role_not_held" or "no_such_unit".
        Conflict: "role_follows_group".
    """
    where = unit(unit_id)
    authorize(by, PERMISSION, where.path)
    require(may_change_roles(actor=by.person, person=person_id))
    require(may_take_role(role, last_admin=is_last_admin(person_id)))
    grant = (
        RoleGrant.objects.select_for_update().filter(person_id=person_id, unit=where, role=role, ends_at=None).first()
    )
    if grant is None:
        raise NotFound("role_not_held", "This person does not have the role on this unit.")
    if grant.source == RoleSource.PROVIDER:
        raise Conflict("role_follows_group", "This role follows a group.", remedy="Change the group at the provider.")
    grant.ends_at = at
    grant.save(update_fields=["ends_at"])
    follow("organisation.role_taken", person_id=person_id, by=by, at=at)
    subject = f"person:{person_id}"
    record(
        EventKind.ROLE_TAKEN, subject=subject, by=by, at=at, unit_path=where.path, role=grant.role, source=grant.source
    )


@transaction.atomic
def map_group(*, group: str, role: Role, unit_id: UUID, by: Actor, at: datetime) -> GroupRole:
    """Let a group at the identity provider mean a role on a unit, from each member's next sign-in on.

    Raises:
        NotFound: "no_such_unit".
    """
    where = unit(unit_id)
    authorize(by, PERMISSION, where.path)
    mapping, new = GroupRole.objects.get_or_create(group=group, role=Role(role), unit=where)
    if new:
        subject = f"group_role:{mapping.pk}"
        record(EventKind.GROUP_MAPPED, subject=subject, by=by, at=at, unit_path=where.path, role=mapping.role)
    return mapping


@transaction.atomic
def sync_provider_roles(*, person_id: UUID, groups: list[str], by: Actor, at: datetime) -> None:
    """Give and take roles so that those that follow groups are exactly what `groups` mean. Local roles stay."""
    held = {
        (grant.role, grant.unit_id): grant
        for grant in RoleGrant.objects.select_for_update(of=("self",))
        .filter(person_id=person_id, ends_at=None)
        .select_related("unit")
    }
    meant = {
        (each.role, each.unit_id): each.unit
        for each in GroupRole.objects.filter(group__in=groups).select_related("unit")
    }
    subject = f"person:{person_id}"
    for place, where in meant.items():
        if place not in held:
            role, unit_id = place
            RoleGrant.objects.create(
                person_id=person_id, unit_id=unit_id, role=role, source=RoleSource.PROVIDER, starts_at=at
            )
            record(
                EventKind.ROLE_GIVEN, subject=subject, by=by, at=at, unit_path=where.path, role=role, source="provider"
            )
    for place, grant in held.items():
        if grant.source == RoleSource.PROVIDER and place not in meant:
            grant.ends_at = at
            grant.save(update_fields=["ends_at"])
            path = grant.unit.path
            record(
                EventKind.ROLE_TAKEN, subject=subject, by=by, at=at, unit_path=path, role=grant.role, source="provider"
            )
            follow("organisation.role_taken", person_id=person_id, by=by, at=at)
