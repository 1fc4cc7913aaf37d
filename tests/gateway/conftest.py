"""The real gateway, a real worker and a recording provider, shared by all tests of this folder that do not break them."""

import pytest

import sending
from builders import INSTALLER
from governance.core.clock import now
from governance.gateway.upload_vault import upload_vault
from governance.scanning import services
from governance.scanning.models import Ruleset
from governance.scanning.selectors import enforced_ruleset
from harness.databases import connected_to


@pytest.fixture(scope="session")
def stack(start_remit):
    return start_remit(only=("gateway", "interactive"), extra=sending.PATIENT)


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
    return sending.destination(recording.url, secret=sending.PROVIDER_SECRET)


@pytest.fixture
def who(gateway, where):
    made = sending.builder()
    sending.grant(made, where)
    return made


@pytest.fixture
def place(gateway, settings):
    """The test looks into the storage of the processes, as the worker that erases would."""
    settings.STATE_DIR = gateway.state
    settings.STORAGE_KEY_FILE = gateway.state / "keys" / "storage.key"
    upload_vault.cache_clear()
    yield gateway
    upload_vault.cache_clear()


@pytest.fixture
def sent(recording):
    """The bodies that reached the provider since the test began."""
    before = recording.count()
    return lambda: recording.bodies(since=before)


@pytest.fixture
def holding_policy(gateway):
    """For one test, texts with a marking are held for two people."""
    before, at = enforced_ruleset(), now()
    policy = dict(before.policy.document)
    held = {"code": "held_marking", "types": ["MARKING"], "action": "hold", "sentence": "It carries a marking."}
    made = services.make_ruleset(
        detection=dict(before.detectors.document),
        policy={**policy, "rules": [held, *policy["rules"]]},
        by=INSTALLER,
        at=at,
    )
    services.activate_ruleset(ruleset_id=made.pk, by=INSTALLER, at=at)
    yield
    services.activate_ruleset(ruleset_id=Ruleset.objects.get(digest=before.digest).pk, by=INSTALLER, at=at)
