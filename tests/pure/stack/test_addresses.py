"""Which database a stack uses, and which ports."""

import pytest

from governance.stack.databases import ROLES, given_databases
from governance.stack.places import StackError
from governance.stack.ports import port_of, reserve

PASSWORDS = {"app": "a", "gateway": "g", "sequencer": "s"}
OWNER = "postgresql://boss:secret@db.example:5432/remit?sslmode=require"


def test_no_address_means_an_embedded_database():
    assert given_databases({}, PASSWORDS) is None


def test_a_lone_address_is_the_owners_and_the_roles_are_made_there():
    found = given_databases({"DATABASE_URL": OWNER}, PASSWORDS)
    assert found.owner == OWNER
    assert found.gateway == "postgresql://remit_gateway:g@db.example:5432/remit?sslmode=require"
    assert found.made_here == set(ROLES.values())


def test_a_given_role_keeps_its_password():
    app = "postgresql://remit_app:mine@db.example/remit"
    found = given_databases({"DATABASE_OWNER_URL": OWNER, "DATABASE_URL": app}, PASSWORDS)
    assert found.app == app
    assert found.made_here == {"remit_gateway", "remit_sequencer"}


def test_a_given_role_must_be_the_one_that_gets_the_rights():
    with pytest.raises(StackError, match="must log in as remit_app"):
        given_databases({"DATABASE_OWNER_URL": OWNER, "DATABASE_URL": OWNER}, PASSWORDS)


@pytest.fixture
def taken():
    with reserve(0, usual=0) as held:
        yield port_of(held)


def test_a_second_copy_takes_another_port(taken):
    with reserve(None, usual=taken) as held:
        assert port_of(held) != taken


def test_a_port_asked_for_is_never_changed(taken):
    with pytest.raises(StackError, match=f"Port {taken} is taken"):
        reserve(taken, usual=8400)


def test_a_port_given_back_can_be_served_on(taken):
    with reserve(0, usual=taken) as held:
        number = port_of(held)
    with reserve(number, usual=taken) as again:
        assert port_of(again) == number
