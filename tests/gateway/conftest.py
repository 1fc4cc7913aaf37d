"""The real gateway, a real worker and a recording provider, shared by all tests of this folder that do not break them."""

import pytest

import sending
from harness.databases import connected_to


@pytest.fixture(scope="session")
def stack(start_remit):
    return start_remit(only=("gateway", "interactive"), extra={"GATEWAY_LOOPBACK_ALLOWED": "on"})


@pytest.fixture(scope="session")
def recording(tmp_path_factory):
    started = sending.Recording.start(tmp_path_factory.mktemp("recorded"))
    yield started
    started.stop()


@pytest.fixture
def gateway(stack, django_db_setup, django_db_blocker):
    """Services called in the test are seen by the processes."""
    with django_db_blocker.unblock(), connected_to(stack.database):
        yield stack


@pytest.fixture
def where(gateway, recording):
    return sending.destination(recording.url, secret="synthetic-provider-key-0001")


@pytest.fixture
def who(gateway, where):
    made = sending.builder()
    sending.grant(made, where)
    return made
