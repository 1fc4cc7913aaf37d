"""Two units with their heads, an initiative of one of them, and the people who rule."""

import pytest

import builders
import contesting
import scope
from governance.organisation.roles import Role


@pytest.fixture
def mine(group):
    """The unit that proposes and owns."""
    return contesting.headed("Claims")


@pytest.fixture
def theirs(group):
    """The unit that says it is its own."""
    return contesting.headed("Digital")


@pytest.fixture
def third(group):
    return contesting.headed("IT")


@pytest.fixture
def arbiter(group):
    return builders.actor_with(Role.ARBITER, group)


@pytest.fixture
def chief(group):
    """The head of the top unit, who rules on appeals when no arbiter stands above the first."""
    return builders.actor_with(Role.UNIT_HEAD, group)


@pytest.fixture
def portal(mine):
    return scope.initiative(mine.unit, by=mine.head, title="Letters")


@pytest.fixture
def contest(portal, theirs, arbiter, chief):
    """An open contest between the owner and another unit."""
    contesting.claim(portal, theirs)
    return contesting.contest_about(portal)
