"""A change that names no event does not commit, however it was made."""

from datetime import UTC, datetime

import psycopg
import pytest

from governance.audit.net import EXEMPT, is_watched
from governance.core.ids import uuid7

ROOT = str(uuid7())
NAMED = "SELECT set_config('audit.event_id', 'a synthetic event', true)"
MAKE_UNIT = """
INSERT INTO organisation_unit (id, parent_id, path, kind, name, ref, time_zone, revision)
VALUES (%(id)s::uuid, %(root)s::uuid, %(id)s::text, 'it', 'Synthetic', %(id)s::text, '', 1)
"""
USE_KEY = "UPDATE organisation_key SET last_used_at = now()"


@pytest.fixture(scope="module")
def application(server, django_db_setup):
    name = server.clone()
    address = server.environment.databases(name).app
    with psycopg.connect(address) as connection:
        connection.execute(NAMED)
        connection.execute(MAKE_UNIT, {"id": ROOT, "root": None})
    yield address
    server.drop(name)


@pytest.fixture
def app(application):
    with psycopg.connect(application, autocommit=True) as connection:
        yield connection


def make_unit(app, *, named):
    unit = str(uuid7())
    with app.transaction():
        if named:
            app.execute(NAMED)
        app.execute(MAKE_UNIT, {"id": unit, "root": ROOT})
    return unit


def is_there(app, unit):
    return app.execute("SELECT count(*) FROM organisation_unit WHERE id = %s", [unit]).fetchone() == (1,)


def test_a_change_with_an_event_commits(app):
    assert is_there(app, make_unit(app, named=True))


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE organisation_unit SET name = 'Other' WHERE id = %s", id="a change"),
        pytest.param("DELETE FROM organisation_unit WHERE id = %s", id="a deletion"),
    ],
)
def test_a_change_without_an_event_is_refused_at_commit(app, statement):
    unit = make_unit(app, named=True)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="names no event"), app.transaction():
        app.execute(statement, [unit])
    assert is_there(app, unit)


def test_a_row_without_an_event_is_refused_at_commit(app):
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="names no event"):
        make_unit(app, named=False)


def test_an_event_of_an_earlier_transaction_does_not_count(app):
    make_unit(app, named=True)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        make_unit(app, named=False)


def test_bookkeeping_needs_no_event(app):
    app.execute("INSERT INTO work_heartbeat (process, kind, at, detail) VALUES ('a', 'b', now(), '{}')")
    assert app.execute("SELECT count(*) FROM work_heartbeat").fetchone() == (1,)


def test_the_time_of_last_use_changes_without_an_event(app):
    at, person, key = datetime.now(UTC), str(uuid7()), str(uuid7())
    with app.transaction():
        app.execute(NAMED)
        app.execute(
            "INSERT INTO organisation_person (id, password, login, name, email, is_active, time_zone, created_at, revision) "
            "VALUES (%s, '', %s, 'Synthetic', '', true, '', %s, 1)",
            [person, person, at],
        )
        app.execute(
            "INSERT INTO organisation_key (id, prefix, digest, title, scope, made_by_id, made_at, expires_at) "
            "VALUES (%s, %s, '', '', 'api:read', %s, %s, %s + interval '1 day')",
            [key, key, person, at, at],
        )
    app.execute(USE_KEY)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        app.execute("UPDATE organisation_key SET last_used_at = now(), title = 'Other'")


def test_every_exemption_is_of_a_table_that_exists(app):
    tables = [name for (name,) in app.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    assert [start for start in EXEMPT if not any(table.startswith(start) for table in tables)] == []
    assert [table for table in tables if is_watched(table)]
