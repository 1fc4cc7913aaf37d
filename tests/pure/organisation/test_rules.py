from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from governance.organisation import rules
from governance.organisation.roles import Role

AT = datetime(2026, 3, 2, tzinfo=UTC)
ANA, BEN = uuid4(), uuid4()


def code(verdict):
    return getattr(verdict, "code", None)


def test_nobody_changes_their_own_roles():
    assert code(rules.may_change_roles(actor=ANA, person=ANA)) == "own_roles"
    assert rules.may_change_roles(actor=ANA, person=BEN)


@pytest.mark.parametrize(
    ("actor", "last_admin", "expected"),
    [
        pytest.param(ANA, False, "own_account", id="nobody shuts themselves out"),
        pytest.param(BEN, True, "last_admin", id="an organisation keeps an admin"),
        pytest.param(BEN, False, None, id="another person"),
        pytest.param(None, False, None, id="a process"),
    ],
)
def test_may_deactivate(actor, last_admin, expected):
    assert code(rules.may_deactivate(actor=actor, person=ANA, last_admin=last_admin)) == expected


def test_the_last_platform_admin_keeps_the_role_but_may_lose_others():
    assert code(rules.may_take_role(Role.PLATFORM_ADMIN, last_admin=True)) == "last_admin"
    assert rules.may_take_role(Role.AUDITOR, last_admin=True)


@pytest.mark.parametrize("scope", ["api:read", "api:write", f"initiative:{UUID(int=1)}"])
def test_scopes_of_keys_that_are_understood(scope):
    assert rules.key_scope_fault(scope) == ""


@pytest.mark.parametrize("scope", ["", "api:*", "api", "initiative:", "initiative:x", str(UUID(int=1)), "API:READ"])
def test_scopes_of_keys_that_are_not(scope):
    assert rules.key_scope_fault(scope)


@pytest.mark.parametrize(
    ("life", "fault"),
    [
        pytest.param(timedelta(0), True, id="ends when it begins"),
        pytest.param(timedelta(days=-1), True, id="ended before"),
        pytest.param(timedelta(seconds=1), False, id="a second"),
        pytest.param(timedelta(days=366), False, id="the longest"),
        pytest.param(timedelta(days=366, seconds=1), True, id="longer than the longest"),
    ],
)
def test_the_life_of_a_key(life, fault):
    assert bool(rules.key_life_fault(at=AT, expires_at=AT + life)) is fault


@pytest.mark.parametrize(
    ("password", "fault"),
    [("short", True), ("aaaaaaaaaaaaaaaa", True), ("eleven char", True), ("a long enough one", False)],
)
def test_passwords_are_judged_by_length(password, fault):
    assert bool(rules.password_fault(password)) is fault


@pytest.mark.parametrize("typed", ["Ana", " ana ", "ANA\n"])
def test_a_login_is_one_however_it_is_typed(typed):
    assert rules.normal_login(typed) == "ana"
