"""Write down what happened, in the transaction in which it happens."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from governance.audit.events import EventKind, event_row
from governance.audit.models import OutboxEvent
from governance.core.actors import Actor


def record(kind: EventKind, *, subject: str, by: Actor, at: datetime, unit_path: str = "", **detail: Any) -> UUID:
    """Write one event to the outbox and return its id. It commits or rolls back with the change it tells of.

    Raises:
        TransactionManagementError: outside a transaction, where the event could survive without its change.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("record() needs the transaction of the change it tells of.")
    row = event_row(kind, subject=subject, by=by, at=at, unit_path=unit_path, **detail)
    OutboxEvent.objects.create(
        event_id=row.event_id,
        occurred_at=row.occurred_at,
        kind=row.kind,
        subject=row.subject,
        actor=row.actor,
        unit_path=row.unit_path,
        canonical=row.canonical,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('audit.event_id', %s, true)", [str(row.event_id)])
    return row.event_id
