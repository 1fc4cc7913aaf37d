"""An event commits with its change or not at all, from Django's transaction and from the gateway's."""

import json
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from governance.audit.events import EventKind
from governance.audit.services import record, record_async
from governance.core.actors import GATEWAY, WORKER

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def event(number=1, **more):
    return {"subject": f"test:{number}", "at": AT, "unit_path": "/a/", "n": number} | more


def outbox(server, name):
    """Read as the owner: the application may not read what it wrote."""
    asked = """
        SELECT event_id, kind, subject, actor, unit_path, canonical FROM audit_outbox WHERE subject LIKE 'test:%'
    """
    with psycopg.connect(server.environment.databases(name).owner) as owner:
        return owner.execute(asked).fetchall()


def test_an_event_needs_a_transaction(committed_db):
    with pytest.raises(TransactionManagementError):
        record(EventKind.UNIT_MADE, by=WORKER, **event())


def test_an_event_says_who_did_what_to_what(server, committed_db):
    with transaction.atomic():
        event_id = record(EventKind.UNIT_MADE, by=WORKER, **event())
    [(stored, kind, subject, actor, path, canonical)] = outbox(server, committed_db)
    assert (stored, kind, subject, actor, path) == (
        event_id,
        "organisation.unit_made",
        "test:1",
        "process:worker",
        "/a/",
    )
    assert json.loads(bytes(canonical))["detail"] == {"n": 1}


def test_an_undone_change_leaves_no_event(server, committed_db):
    with transaction.atomic():
        record(EventKind.UNIT_MADE, by=WORKER, **event())
        transaction.set_rollback(True)
    assert outbox(server, committed_db) == []


def test_the_transaction_knows_its_event(committed_db):
    with transaction.atomic():
        event_id = record(EventKind.UNIT_MADE, by=WORKER, **event())
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('audit.event_id', true)")
            assert cursor.fetchone() == (str(event_id),)


async def test_the_gateway_records_in_its_own_transaction(server, committed_db):
    databases = server.environment.databases(committed_db)
    async with await psycopg.AsyncConnection.connect(databases.gateway, autocommit=True) as conn:
        async with conn.transaction():
            kept = await record_async(conn, EventKind.ATTEMPT_REFUSED, by=GATEWAY, **event(2))
        async with conn.transaction(force_rollback=True):
            await record_async(conn, EventKind.ATTEMPT_REFUSED, by=GATEWAY, **event(3))
        with pytest.raises(TransactionManagementError):
            await record_async(conn, EventKind.ATTEMPT_REFUSED, by=GATEWAY, **event(4))
    assert [row[0] for row in outbox(server, committed_db)] == [kept]


@pytest.mark.parametrize(
    "detail", [{"n": float("nan")}, {"n": 2**60}, {"n": "\ud800"}], ids=["not a number", "too large", "half a letter"]
)
def test_what_json_cannot_hold_is_refused_and_not_bent(committed_db, detail):
    with pytest.raises(ValueError), transaction.atomic():  # noqa: PT011 - rfc8785 raises subclasses of its own
        record(EventKind.UNIT_MADE, by=WORKER, **event(**detail))
