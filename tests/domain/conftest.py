"""The people who decide, and a scope to decide on. Loaded for every domain test; made only when asked for."""

import pytest

import asking
import builders
import scope
from governance.organisation.roles import Role


@pytest.fixture
def data_office(group):
    """The unit whose stewards look after the data."""
    return builders.unit("Data Office")


@pytest.fixture
def steward(data_office):
    return builders.actor(builders.person(Role.DATA_STEWARD, data_office, name="Stella Steward"))


@pytest.fixture
def it(group):
    return builders.actor(builders.person(Role.IT_APPROVER, group, name="Ines It"))


@pytest.fixture
def security(group):
    return builders.actor(builders.person(Role.SECURITY_APPROVER, group, name="Sven Security"))


@pytest.fixture
def letters(data_office):
    """Confidential data of the Data Office."""
    return scope.dataset(data_office, title="Claims letters", ref="letters", classification="confidential")


@pytest.fixture
def handbook(data_office):
    """Internal data of the Data Office."""
    return scope.dataset(data_office, title="Product handbook", ref="handbook")


@pytest.fixture
def tenant(group):
    """A destination in our own cloud, cleared for confidential data."""
    return scope.destination(title="Example model, our tenant", ref="tenant", **asking.OUR_TENANT)


@pytest.fixture
def assistant(claims, owner):
    return scope.initiative(claims, by=owner, title="Letters assistant")


@pytest.fixture
def deciders(steward, it, security):
    """Those the default workflow asks, in the order in which they can decide."""
    return steward, it, security


@pytest.fixture
def request_for_letters(assistant, letters, tenant, owner, deciders):
    """A request that steward, IT and then security decide."""
    return asking.sent(assistant, [asking.grant(letters, tenant)], by=owner)


@pytest.fixture
def colleague(claims, group):
    """Asks for Claims and approves for IT: allowed, never both for one request."""
    who = builders.person(Role.REQUESTER, claims, name="Bo Both")
    builders.services.give_role(
        person_id=who.pk, role=Role.IT_APPROVER, unit_id=group.pk, by=builders.INSTALLER, at=asking.AT
    )
    return builders.actor(who)
