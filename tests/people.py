"""The people of most tests. The owner asks, the approver decides, the outsider is of another unit, the auditor reads."""

from copy import deepcopy
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

import builders
import everything
from governance.organisation.roles import Role
from governance.organisation.rules import UnitKind
from harness.databases import connected_to


@pytest.fixture
def at():
    return builders.AT


@pytest.fixture
def group(db):
    """The root unit."""
    return builders.organisation()


@pytest.fixture
def claims(group):
    """The owner's unit."""
    return builders.unit("Claims")


@pytest.fixture
def retail(group):
    """A unit that has nothing to do with the owner."""
    return builders.unit("Retail")


@pytest.fixture
def owner_person(claims):
    return builders.person(Role.REQUESTER, claims, name="Olga Owner")


@pytest.fixture
def owner(owner_person):
    return builders.actor(owner_person)


@pytest.fixture
def approver(group):
    """IT approver of the whole organisation."""
    information_technology = builders.unit("IT", kind=UnitKind.IT)
    who = builders.person(Role.IT_APPROVER, group, name="Ines Approver")
    builders.services.join_unit(
        person_id=who.pk, unit_id=information_technology.pk, by=builders.INSTALLER, at=builders.AT
    )
    return builders.actor(who)


@pytest.fixture
def outsider(retail):
    """May ask, but in another unit."""
    return builders.actor(builders.person(Role.REQUESTER, retail, name="Otto Outsider"))


@pytest.fixture
def auditor(group):
    return builders.actor(builders.person(Role.AUDITOR, group, name="Aude Auditor"))


@pytest.fixture
def admin_person(group):
    return builders.person(Role.PLATFORM_ADMIN, group, name="Pia Admin")


@pytest.fixture
def admin(admin_person):
    return builders.actor(admin_person)


@pytest.fixture(scope="module")
def everything_of_claims(server, django_db_setup, django_db_blocker):
    """One of everything of Claims, made once for the tests of a file: four thousand statements are too many for each.

    It stands in a database of the file's own; each test undoes there what it did.
    """
    name = server.clone()
    with django_db_blocker.unblock(), connected_to(name):
        with transaction.atomic():
            made = everything.of(builders.unit("Claims"))
            connection.run_on_commit.clear()  # as in a test that is rolled back: no task starts, no letter leaves
        yield made
    server.drop(name)


@pytest.fixture
def every(everything_of_claims, db) -> SimpleNamespace:
    """One of everything of Claims, the test's own copy."""
    everything.lay_held_copy(everything_of_claims)
    return deepcopy(everything_of_claims)
