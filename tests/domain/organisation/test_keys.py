from datetime import timedelta
from uuid import uuid4

import pytest

import builders
from governance.core.actors import INSTALLER, WORKER
from governance.core.errors import Invalid, NotAllowed, NotFound
from governance.organisation import selectors, services
from governance.organisation.models import Key
from governance.organisation.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def ends(at):
    return at + timedelta(days=30)


@pytest.fixture
def made(owner, at, ends):
    """A key and its text."""
    return services.make_key(title="CI", scope="api:read", expires_at=ends, by=owner, at=at)


def test_a_key_is_known_by_its_text(made, at):
    key, text = made
    assert selectors.key_from_text(text, at) == key


def test_the_text_is_kept_nowhere(recorded, made):
    key, text = made
    secret = text.removeprefix(key.prefix)
    stored = Key.objects.values().get(pk=key.pk)
    assert secret not in str(stored)
    assert recorded.kinds(key.pk) == ["organisation.key_made"]


def test_a_key_is_asked_for_in_one_query(made, at, django_assert_num_queries):
    with django_assert_num_queries(1):
        selectors.key_from_text(made[1], at)


@pytest.mark.parametrize("spoil", [lambda text: text[:-1] + ("a" if text[-1] != "a" else "b"), str.upper, lambda _: ""])
def test_another_text_is_no_key(made, at, spoil):
    assert selectors.key_from_text(spoil(made[1]), at) is None


def test_a_key_ends(made, ends):
    _, text = made
    assert selectors.key_from_text(text, ends - timedelta(seconds=1))
    assert selectors.key_from_text(text, ends) is None


def test_a_revoked_key_is_refused_and_stays_revoked(recorded, made, owner, at):
    key, text = made
    services.revoke_key(key_id=key.pk, by=owner, at=at)
    services.revoke_key(key_id=key.pk, by=owner, at=at + timedelta(hours=1))
    assert selectors.key_from_text(text, at) is None
    assert Key.objects.get(pk=key.pk).revoked_at == at
    assert recorded.kinds(key.pk) == ["organisation.key_made", "organisation.key_revoked"]


def test_neither_a_stranger_nor_another_units_head_can_revoke_a_key_but_an_analyst_can(made, outsider, group, at):
    key, text = made
    with pytest.raises(NotAllowed, match="not_permitted"):
        services.revoke_key(key_id=key.pk, by=outsider, at=at)
    with pytest.raises(NotAllowed, match="not_permitted"):
        services.revoke_key(key_id=key.pk, by=builders.actor_with(Role.UNIT_HEAD, builders.unit()), at=at)
    services.revoke_key(key_id=key.pk, by=builders.actor_with(Role.SECURITY_ANALYST, group), at=at)
    assert selectors.key_from_text(text, at) is None


def test_an_unknown_key_cannot_be_revoked(owner, at):
    with pytest.raises(NotFound, match="no_such_key"):
        services.revoke_key(key_id=uuid4(), by=owner, at=at)


def test_everyone_may_have_a_key_for_the_api_but_not_one_for_an_initiative(auditor, at, ends):
    services.make_key(title="Export", scope="api:read", expires_at=ends, by=auditor, at=at)
    with pytest.raises(NotAllowed, match="not_permitted"):
        services.make_key(title="Gate", scope=f"initiative:{uuid4()}", expires_at=ends, by=auditor, at=at)


def test_a_key_needs_a_person_who_answers_for_it(db, at, ends):
    with pytest.raises(NotAllowed, match="no_maker"):
        services.make_key(title="CI", scope="api:read", expires_at=ends, by=INSTALLER, at=at)


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"title": " "}, "no_title"), ({"scope": "initiative:all"}, "wrong_scope"), ({"days": 0}, "wrong_end")],
)
def test_a_key_of_the_wrong_shape_is_refused(owner, at, changed, code):
    given = {"title": "CI", "scope": "api:read", "days": 1} | changed
    expires_at = at + timedelta(days=given.pop("days"))
    with pytest.raises(Invalid, match=code):
        services.make_key(**given, expires_at=expires_at, by=owner, at=at)


def test_the_last_use_is_written_at_most_once_a_minute(made, at):
    key, _ = made
    written = [
        services.touch_key(key_id=key.pk, by=WORKER, at=at + timedelta(seconds=second)) for second in (0, 30, 60, 61)
    ]
    assert written == [True, False, False, True]
