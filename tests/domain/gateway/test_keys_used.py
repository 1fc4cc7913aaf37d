"""A key says when it last called, as its calls tell."""

from datetime import timedelta

import pytest

from governance.core.actors import CLOCK
from governance.gateway.services.keys_used import note_used_keys
from governance.organisation.services import make_key


@pytest.fixture
def key(every):
    """A key that sent a request, at `every.at`."""
    scope, ends = f"initiative:{every.initiative.pk}", every.at + timedelta(days=300)
    made, _ = make_key(title="A program", scope=scope, expires_at=ends, by=every.lead, at=every.at)
    every.held.key, every.held.at = made, every.at
    every.held.save(update_fields=["key", "at"])
    return made


def test_its_last_call_is_noted_once(every, key):
    assert [note_used_keys(by=CLOCK, at=every.at + timedelta(seconds=30)) for _ in range(2)] == [1, 0]
    key.refresh_from_db()
    assert key.last_used_at == every.at


def test_an_earlier_call_changes_nothing(every, key):
    later = every.at + timedelta(minutes=1)
    key.last_used_at = later
    key.save(update_fields=["last_used_at"])
    assert note_used_keys(by=CLOCK, at=later) == 0
    key.refresh_from_db()
    assert key.last_used_at == later
