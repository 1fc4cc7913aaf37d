"""Write down what happened, in the transaction in which it happens."""

from dataclasses import astuple
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import AsyncConnection
from psycopg.pq import TransactionStatus

from governance.audit.events import EventKind, event_row
from governance.core.actors import Actor

INSERT = """
INSERT INTO audit_outbox (event_id, occurred_at, kind, subject, actor, unit_path, canonical)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
# Commit checks that a change names its event (DECISIONS.md, The net under the log).
NAME_EVENT = "SELECT set_config('audit.event_id', %s, true)"
NO_TRANSACTION = "record() needs the transaction of the change it tells of."


def record(kind: EventKind, *, subject: str, by: Actor, at: datetime, unit_path: str = "", **detail: Any) -> UUID:
    """Write one event to the outbox and return its id. It commits or rolls back with the change it tells of.

    Raises:
        TransactionManagementError: outside a transaction, where the event could survive without its change.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(NO_TRANSACTION)
    row = event_row(kind, subject=subject, by=by, at=at, unit_path=unit_path, **detail)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, astuple(row))
        cursor.execute(NAME_EVENT, [str(row.event_id)])
    return row.event_id


async def record_async(
    conn: AsyncConnection[Any],
    kind: EventKind,
    *,
    subject: str,
    by: Actor,
    at: datetime,
    unit_path: str = "",
    **detail: Any,
) -> UUID:
    """Write one event through `conn` as `record` does, inside the transaction that is open on it.

    Raises:
        TransactionManagementError: when no transaction is open on `conn`.
    """
    if conn.info.transaction_status != TransactionStatus.INTRANS:
        raise transaction.TransactionManagementError(NO_TRANSACTION)
    row = event_row(kind, subject=subject, by=by, at=at, unit_path=unit_path, **detail)
    await conn.execute(INSERT, astuple(row))
    await conn.execute(NAME_EVENT, [str(row.event_id)])
    return row.event_id
