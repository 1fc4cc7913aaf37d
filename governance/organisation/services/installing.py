"""The first platform admin: made once, from the link that the installer prints."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict
from governance.organisation.models import Person, RoleGrant, Unit
from governance.organisation.roles import Role
from governance.organisation.rules import UnitKind
from governance.organisation.selectors import has_platform_admin, root_unit
from governance.organisation.services.people import join_unit, make_person
from governance.organisation.services.units import make_unit
from governance.work.consequences import follow

# Any fixed number: two people who follow two links at once must not both become the first.
FIRST_ADMIN_LOCK = 0x72656D6974


@transaction.atomic
def make_first_admin(
    *, organisation: str, login: str, name: str, email: str, password: str, by: Actor, at: datetime
) -> Person:
    """Make the person who runs the installation, and the organisation's root unit when there is none.

    Raises:
        Conflict: "admin_exists", "login_taken".
        Invalid: as make_person and make_unit.
    """
    _require_none()
    person = make_person(login=login, name=name, email=email, password=password, by=by, at=at)
    root = _appoint(person.pk, organisation, by=by, at=at)
    join_unit(person_id=person.pk, unit_id=root.pk, by=by, at=at)
    return person


@transaction.atomic
def appoint_first_admin(*, person_id: UUID, organisation: str = "", by: Actor, at: datetime) -> None:
    """Make somebody who signed in by the identity provider the platform admin, while nobody is.

    Raises:
        Conflict: "admin_exists".
        Invalid: "no_name" when there is no root unit and `organisation` names none.
    """
    _require_none()
    _appoint(person_id, organisation, by=by, at=at)


def _require_none() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_ADMIN_LOCK])
    if has_platform_admin():
        raise Conflict("admin_exists", "This installation has a platform admin.", remedy="Ask them for your role.")


def _appoint(person_id: UUID, organisation: str, *, by: Actor, at: datetime) -> Unit:
    root = root_unit() or make_unit(
        name=organisation, ref="organisation", kind=UnitKind.BUSINESS_LINE, parent_id=None, by=by, at=at
    )
    grant = RoleGrant.objects.create(person_id=person_id, unit=root, role=Role.PLATFORM_ADMIN, starts_at=at)
    subject, path = f"person:{person_id}", root.path
    record(EventKind.ROLE_GIVEN, subject=subject, by=by, at=at, unit_path=path, role=grant.role, source=grant.source)
    follow("organisation.founded", unit_id=root.pk, by=by, at=at)
    return root
