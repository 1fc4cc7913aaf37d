"""The first platform admin: made once, from the link that the installer prints."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, NotFound
from governance.organisation.models import RoleGrant
from governance.organisation.roles import Role
from governance.organisation.selectors import has_platform_admin, root_unit

# Any fixed number: two people who follow two links at once must not both become the first.
FIRST_ADMIN_LOCK = 0x72656D6974


@transaction.atomic
def appoint_first_admin(*, person_id: UUID, by: Actor, at: datetime) -> RoleGrant:
    """Make a person platform admin of the whole organisation, while nobody is.

    Raises:
        Conflict: "admin_exists".
        NotFound: "no_root_unit" when the organisation has no unit yet.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_ADMIN_LOCK])
    if has_platform_admin():
        raise Conflict("admin_exists", "This installation has a platform admin.", remedy="Ask them for your role.")
    root = root_unit()
    if root is None:
        raise NotFound("no_root_unit", "The organisation has no unit yet.")
    grant = RoleGrant.objects.create(person_id=person_id, unit=root, role=Role.PLATFORM_ADMIN, starts_at=at)
    subject = f"person:{person_id}"
    record(
        EventKind.ROLE_GIVEN, subject=subject, by=by, at=at, unit_path=root.path, role=grant.role, source=grant.source
    )
    return grant
