"""Write down what happened, in the transaction in which it happens."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import AsyncConnection
from psycopg.pq import PipelineStatus, TransactionStatus

from governance.audit.events import EventKind, event_row
from governance.core.actors import Actor

# In one statement, for it stands in every transaction that changes anything: the event, and its name for the check at
# commit that a change names its event (DECISIONS.md, The net under the log).
INSERT = """
INSERT INTO audit_outbox (event_id, occurred_at, kind, subject, actor, unit_path, canonical)
SELECT set_config('audit.event_id', %(event_id)s::text, true)::uuid, %(occurred_at)s::timestamptz, %(kind)s::text,
       %(subject)s::text, %(actor)s::text, %(unit_path)s::text, %(canonical)s::bytea
"""
MOST_INTEGRATED = 1000
# One statement: an event leaves the outbox and enters the log, or neither. The rows are not locked first (SKIP LOCKED), for
# that would take the right to UPDATE the outbox, and there is one sequencer. An event id that the log already has stays
# behind: it must not stop the others.
INTEGRATE = """
WITH taken AS (
    DELETE FROM audit_outbox WHERE event_id IN (
        SELECT event_id FROM audit_outbox AS waiting
        WHERE NOT EXISTS (SELECT FROM audit_leaf WHERE audit_leaf.event_id = waiting.event_id)
        ORDER BY occurred_at, event_id LIMIT %(most)s
    )
    RETURNING event_id, occurred_at, kind, subject, actor, unit_path, canonical
)
INSERT INTO audit_leaf (
    idx, event_id, occurred_at, kind, subject, actor, unit_path, canonical, leaf_hash, integrated_at
)
SELECT
    (SELECT coalesce(max(idx) + 1, 0) FROM audit_leaf) + row_number() OVER (ORDER BY occurred_at, event_id) - 1,
    event_id, occurred_at, kind, subject, actor, unit_path, canonical,
    sha256(decode('00', 'hex') || canonical), %(at)s
FROM taken
"""
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
        cursor.execute(INSERT, row.values())
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
    """Write one event through `conn` as `record` does, inside the transaction that is open on it, or in a pipeline.

    A pipeline is one transaction by itself, and its BEGIN may not have been sent yet.

    Raises:
        TransactionManagementError: when neither is open on `conn`.
    """
    info = conn.info
    if info.transaction_status != TransactionStatus.INTRANS and info.pipeline_status != PipelineStatus.ON:
        raise transaction.TransactionManagementError(NO_TRANSACTION)
    row = event_row(kind, subject=subject, by=by, at=at, unit_path=unit_path, **detail)
    await conn.execute(INSERT, row.values())
    return row.event_id


def named_event(
    kind: EventKind, *, subject: str, by: Actor, at: datetime, unit_path: str = "", **detail: Any
) -> dict[str, Any]:
    """Return the values of INSERT, for a statement that holds it beside the change it tells of."""
    return event_row(kind, subject=subject, by=by, at=at, unit_path=unit_path, **detail).values()


@transaction.atomic
def integrate(*, by: Actor, at: datetime, most: int = MOST_INTEGRATED) -> int:  # noqa: ARG001 - every write names its actor
    """Move up to `most` events from the outbox to the log, numbered without gaps; return how many.

    Only the sequencer's database role may. Within one call the order is (occurred_at, event_id); an event that commits
    later gets a later number, so that whoever reads by number misses nothing.

    Raises:
        IntegrityError: when another sequencer wrote the same numbers: nothing has changed then.
    """
    with connection.cursor() as cursor:
        cursor.execute(INTEGRATE, {"most": most, "at": at})
        return int(cursor.rowcount)
