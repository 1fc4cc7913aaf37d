"""Batches that providers began: written down by the gateway before the caller hears of them, forgotten when their answers are gone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from psycopg.types.json import Jsonb
from psycopg.types.numeric import Int8

from governance.audit.events import EventKind
from governance.audit.services import INSERT as EVENT
from governance.audit.services import named_event, record, record_async
from governance.core.actors import Actor
from governance.gateway.access import Access
from governance.gateway.batches import Begun, Charge, corrections, expiry
from governance.gateway.database import Database
from governance.gateway.limits import Use
from governance.gateway.models import Batch

BEGIN = f"""
WITH event AS ({EVENT})
INSERT INTO gateway_batch (
    id, exchange_id, initiative_id, destination_id, dialect, model, provider_id, is_file, input_id, records, tokens_in, tokens_out,
    charged, sealed, begun_at, expires_at, seen, seen_at
) VALUES (
    %(id)s, %(exchange)s, %(initiative)s, %(destination)s, %(dialect)s, %(model)s, %(provider_id)s, %(is_file)s, %(input)s,
    %(records)s, %(tokens_in)s, %(tokens_out)s, %(charged)s, %(sealed)s, %(at)s, %(expires_at)s, %(seen)s, %(at)s
) RETURNING id
"""  # noqa: S608 - constants of this module
SEE = "UPDATE gateway_batch SET seen = seen || %(seen)s, seen_at = %(at)s WHERE id = %(id)s AND seen_at < %(at)s RETURNING id"
COUNT = """
UPDATE gateway_batch SET counted_at = %(at)s WHERE id = %(id)s AND counted_at IS NULL RETURNING exchange_id, charged
"""
CORRECT = """
UPDATE gateway_spending SET spent = spent + %(by)s WHERE limit_id = %(limit)s AND since = %(since)s
"""
USED = """
UPDATE gateway_exchange SET tokens_in = %(tokens_in)s, tokens_out = %(tokens_out)s, cost = %(cost)s WHERE id = %(exchange)s
"""
MOST_FORGOTTEN = 500
MOST_TOKENS = 2**31 - 1  # that a record of a call can hold


async def note_batch(
    database: Database,
    begun: Begun,
    *,
    access: Access,
    dialect: str,
    charge: Charge | None,
    by: Actor,
    at: datetime,
) -> None:
    """Tie a batch that a provider began, or a file that it took, to the initiative. Its number is that of the exchange that sent it.

    Raises:
        Unavailable: `database_down`; then nobody can ask for it.
    """
    detail = {"records": begun.records, "destination": str(begun.destination), "file": begun.is_file}
    kind, subject = EventKind.BATCH_BEGUN, f"batch:{begun.id}"
    values = named_event(kind, subject=subject, by=by, at=at, unit_path=access.unit_path, **detail) | {
        "id": begun.id,
        "exchange": begun.id,
        "initiative": access.initiative,
        "destination": begun.destination,
        "dialect": dialect,
        "model": begun.model,
        "provider_id": begun.provider_id,
        "is_file": begun.is_file,
        "input": begun.input,
        "records": begun.records,
        "tokens_in": Int8(begun.likely.tokens_in),
        "tokens_out": Int8(begun.likely.tokens_out),
        "charged": Jsonb(charge.to_json() if charge else {}),
        "sealed": begun.sealed,
        "at": at,
        "expires_at": expiry(at),
        "seen": Jsonb(dict(begun.seen)),
    }
    await database.write(BEGIN, values)


async def count_batch(database: Database, number: UUID, used: Use, *, access: Access, by: Actor, at: datetime) -> None:
    """Put what a batch really used in the place of what was charged for it when it began. Done once; later ones change nothing.

    Raises:
        Unavailable: `database_down`; then it is done when the answers are fetched again.
    """
    async with database.writing() as conn:
        asked = {"id": number, "at": at}
        row = await (await conn.execute(COUNT, asked)).fetchone()
        if row is None:
            return
        exchange, charged = row
        wrong, cost = corrections(charged, used)
        tokens = {"tokens_in": min(used.tokens_in, MOST_TOKENS), "tokens_out": min(used.tokens_out, MOST_TOKENS)}
        kind, subject = EventKind.BATCH_COUNTED, f"batch:{number}"
        await record_async(conn, kind, subject=subject, by=by, at=at, unit_path=access.unit_path, **tokens, cost=cost)
        await conn.execute(USED, {**tokens, "cost": cost, "exchange": exchange})
        for each in wrong:
            await conn.execute(CORRECT, {"limit": each.limit, "since": each.since, "by": Int8(each.by)})


async def see_batch(
    database: Database,
    number: UUID,
    *,
    seen: dict[str, Any],
    by: Actor,  # noqa: ARG001 - the exchange that asked names who and when
    at: datetime,
) -> None:
    """Keep how a batch stands, for the list of batches."""
    await database.write(SEE, {"id": number, "seen": Jsonb(seen), "at": at})


@transaction.atomic
def forget_batches(*, by: Actor, at: datetime) -> int:
    """Forget whose placeholders stand in batches whose answers are gone; return how many."""
    gone = Batch.objects.select_for_update(skip_locked=True).filter(sealed__isnull=False, expires_at__lte=at)
    ids = list(gone.order_by("expires_at", "id").values_list("pk", flat=True)[:MOST_FORGOTTEN])
    for number in ids:
        record(EventKind.BATCH_FORGOTTEN, subject=f"batch:{number}", by=by, at=at)
    Batch.objects.filter(pk__in=ids).update(sealed=None)
    return len(ids)
