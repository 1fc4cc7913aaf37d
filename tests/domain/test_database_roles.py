"""What the stack grants is what the table of rights says, tried against the real database."""

import psycopg
import pytest

from governance.stack.databases import ROLES
from governance.stack.roles import rights
from harness.environment import prepare

FORBIDDEN = [
    pytest.param("app", "SELECT event_id FROM audit_outbox", id="the application cannot read the outbox back"),
    pytest.param("app", "DELETE FROM audit_outbox", id="the application cannot take an event back"),
    pytest.param("app", "UPDATE audit_leaf SET idx = 0", id="the application cannot change a leaf"),
    pytest.param("app", "TRUNCATE audit_leaf", id="the application cannot empty the log"),
    pytest.param("app", "TRUNCATE work_job", id="the application cannot empty any table"),
    pytest.param("app", "CREATE TABLE mine (id int)", id="the application makes no tables"),
    pytest.param("app", "DELETE FROM django_migrations", id="the application cannot forget a migration"),
    pytest.param("gateway", "SELECT session_key FROM organisation_session", id="the gateway reads no sessions"),
    pytest.param("gateway", "DELETE FROM gateway_exchange", id="the gateway forgets no exchange"),
    pytest.param("gateway", "UPDATE gateway_answer_review SET number = 9", id="the gateway amends no report of a look"),
    pytest.param("app", "DELETE FROM gateway_answer_review", id="the application forgets no report of a look"),
    pytest.param("gateway", "UPDATE audit_outbox SET event_id = event_id", id="the gateway cannot change an event"),
    pytest.param("sequencer", "SELECT * FROM organisation_person", id="the sequencer sees no people"),
    pytest.param("sequencer", "DELETE FROM audit_leaf", id="the sequencer cannot take a leaf back"),
]


@pytest.fixture(scope="module")
def database(server, django_db_setup):
    name = server.clone()
    yield prepare().databases(name)
    server.drop(name)


@pytest.mark.parametrize(("role", "statement"), FORBIDDEN)
def test_a_role_is_refused(database, role, statement):
    with psycopg.connect(getattr(database, role)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_exactly_its_rights_on_every_table(database, role):
    with psycopg.connect(database.owner) as owner:
        tables = [row[0] for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        given = {table: granted_to(owner, ROLES[role], table) for table in tables}
    assert given == {table: set(rights(role, table)) for table in tables}


def granted_to(owner, login, table):
    words = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
    query = "SELECT has_table_privilege(%s, %s, %s)"
    return {word for word in words if owner.execute(query, [login, f'public."{table}"', word]).fetchone()[0]}


def test_no_role_is_a_superuser(database):
    for role in ("owner", *ROLES):
        with psycopg.connect(getattr(database, role)) as connection:
            assert connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (
                False,
            )
