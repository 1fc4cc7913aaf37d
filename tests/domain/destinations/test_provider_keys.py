"""A provider key goes in and never comes out, except in the gateway."""

from pathlib import Path

import pytest
from django.conf import settings

import builders
import scope
from governance.core.errors import Invalid, NotAllowed
from governance.core.sealing import open_with, read_secret
from governance.destinations import selectors, services
from governance.destinations.rules import key_context
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of

pytestmark = pytest.mark.django_db
SECRET = "synthetic-provider-key-4711"


@pytest.fixture
def place(group):
    return scope.destination()


def gateway_key() -> bytes:
    return read_secret(Path(settings.GATEWAY_PUBLIC_KEY_FILE).with_suffix(""))


def set_key(place, by, *, secret=SECRET, at=builders.AT):
    return services.set_provider_key(destination_id=place.pk, secret=secret, by=by, at=at)


def test_only_the_gateway_opens_a_key(place, admin, recorded):
    key = set_key(place, admin)
    assert SECRET.encode() not in bytes(key.sealed)
    assert open_with(gateway_key(), bytes(key.sealed), context=key_context(str(place.pk))) == SECRET.encode()
    assert recorded.kinds(place.pk) == ["destinations.provider_key_set"]
    assert "4711" not in recorded.text()


def test_a_key_does_not_open_for_another_destination(place, admin):
    key = set_key(place, admin)
    with pytest.raises(Invalid, match="sealed_damaged"):
        open_with(gateway_key(), bytes(key.sealed), context=key_context(str(scope.destination().pk)))


def test_a_new_key_makes_the_old_one_forgotten(place, admin, at):
    old, new = set_key(place, admin), set_key(place, admin, secret=SECRET + "-2")
    old.refresh_from_db()
    assert (bytes(old.sealed), old.replaced_at, old.last_four) == (b"", at, "4711")
    assert place.keys.get(replaced_at=None) == new


def test_people_see_the_last_four_characters(place, admin, owner, at):
    set_key(place, admin)
    page = selectors.destination(place.ref, standing=standing_of(owner.person), at=at)
    assert (page.row.has_key, page.key.last_four) == (True, "4711")
    assert SECRET not in repr(page)


def test_who_writes_policy_sets_no_key(place, group):
    with pytest.raises(NotAllowed):
        set_key(place, builders.actor_with(Role.POLICY_ADMIN, group))


def test_an_unusable_key_is_refused_without_repeating_it(place, admin):
    with pytest.raises(Invalid, match="bad_provider_key") as refused:
        set_key(place, admin, secret="two words")
    assert "two words" not in f"{refused.value} {refused.value.reason} {refused.value.remedy}"


def test_a_retired_destination_keeps_no_key(place, admin, group, at):
    set_key(place, admin)
    by = builders.actor_with(Role.POLICY_ADMIN, group)
    services.retire_destination(destination_id=place.pk, reason="Ended", by=by, at=at)
    assert bytes(place.keys.get().sealed) == b""
