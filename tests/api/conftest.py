"""One of everything of Claims, its people, and calls by them."""

import pytest

import builders
import rest
from governance.organisation.roles import Role


@pytest.fixture
def lead(every):
    """Calls of the lead, signed in, who has just entered their secret."""
    return rest.by_session(every.lead_person)


@pytest.fixture
def stranger(retail):
    """Calls of somebody who may do everything, in another unit."""
    return rest.by_session(builders.person(where=retail, roles=list(Role)))
