"""One of everything of Claims, its people, and calls by them."""

from datetime import timedelta

import pytest

import builders
import rest
from governance.core.clock import now
from governance.organisation.roles import Role
from governance.organisation.services import make_key
from harness.databases import connected_to


@pytest.fixture
def lead(every):
    """Calls of the lead, signed in, who has just entered their secret."""
    return rest.by_session(every.lead_person)


@pytest.fixture
def stranger(retail):
    """Calls of somebody who may do everything, in another unit."""
    return rest.by_session(builders.person(where=retail, roles=list(Role)))


@pytest.fixture(scope="module")
def key(server, django_db_setup, django_db_blocker):
    """A key of somebody with every role, so that cases get past the permissions. What cases write stays in its database."""
    name = server.clone()
    with django_db_blocker.unblock(), connected_to(name):
        somebody, at = builders.person(roles=list(Role)), now()
        ends = at + timedelta(days=1)
        _, text = make_key(title="cases", scope="api:write", expires_at=ends, by=builders.actor(somebody), at=at)
        yield text
    server.drop(name)


def pytest_ignore_collect(collection_path, config):
    """Leave the many cases of the description unmade where the long forms are not asked for."""
    at_length = collection_path.name == "test_description_at_length.py"
    return True if at_length and "not long" in config.option.markexpr else None
