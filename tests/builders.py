"""Builders: each makes a thing by the real services, so no test stands on a state that the product could not reach.

Everything here is synthetic.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count

from governance.core.actors import INSTALLER, Actor
from governance.organisation import selectors, services
from governance.organisation.models import Person, Unit
from governance.organisation.roles import Role
from governance.organisation.rules import UnitKind

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "synthetic passphrase"
_numbers = count(1)


def organisation(*, at: datetime = AT) -> Unit:
    """Return the root unit, made at the first call."""
    return selectors.root_unit() or services.make_unit(
        name="Example Group",
        ref="group",
        kind=UnitKind.BUSINESS_LINE,
        parent_id=None,
        time_zone="Europe/Zurich",
        by=INSTALLER,
        at=at,
    )


def unit(
    name: str = "", *, kind: UnitKind = UnitKind.BUSINESS_LINE, parent: Unit | None = None, time_zone: str = "", at=AT
) -> Unit:
    """Return a new unit below `parent`, the root when not given."""
    number = next(_numbers)
    return services.make_unit(
        name=name or f"Unit {number}",
        ref=f"unit-{number}",
        kind=kind,
        parent_id=(parent or organisation(at=at)).pk,
        time_zone=time_zone,
        by=INSTALLER,
        at=at,
    )


def person(
    role: Role | None = None,
    where: Unit | None = None,
    *,
    roles: Iterable[Role] = (),
    name: str = "",
    password: str | None = None,
    at: datetime = AT,
) -> Person:
    """Return a new person, a member of `where` (the root when not given) with the roles there.

    No password: making one is slow on purpose, so only tests of signing in ask for it.
    """
    number = next(_numbers)
    where = where or organisation(at=at)
    made = services.make_person(
        login=f"person-{number}",
        name=name or f"Person {number}",
        email=f"person-{number}@example.invalid",
        password=password,
        by=INSTALLER,
        at=at,
    )
    services.join_unit(person_id=made.pk, unit_id=where.pk, by=INSTALLER, at=at)
    for each in [*([role] if role else []), *roles]:
        services.give_role(person_id=made.pk, role=each, unit_id=where.pk, by=INSTALLER, at=at)
    return made


def actor(who: Person) -> Actor:
    return Actor.of_person(who.pk, who.name)


def actor_with(role: Role, where: Unit | None = None, *, at: datetime = AT) -> Actor:
    return actor(person(role, where, at=at))
