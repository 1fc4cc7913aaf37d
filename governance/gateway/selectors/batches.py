"""The batches of an initiative, on the gateway's own connection."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from governance.gateway.batches import Begun
from governance.gateway.database import Connection
from governance.gateway.limits import Use

ONE = """
SELECT id, destination_id, model, provider_id, sealed, records, tokens_in, tokens_out, input_id, is_file, seen FROM gateway_batch
WHERE id = %(id)s AND initiative_id = %(initiative)s AND dialect = %(dialect)s AND is_file = %(is_file)s
  AND expires_at > %(at)s AND sealed IS NOT NULL
"""
# Newest first. A page begins after one batch or ends before another, as the official clients ask for it.
PAGE = """
SELECT id, input_id, seen FROM gateway_batch
WHERE NOT is_file AND initiative_id = %(initiative)s AND dialect = %(dialect)s AND expires_at > %(at)s
  AND (%(after)s::uuid IS NULL OR id < %(after)s) AND (%(before)s::uuid IS NULL OR id > %(before)s)
ORDER BY id {order} LIMIT %(most)s
"""


class Own(NamedTuple):
    """Whose batches, in whose interface."""

    initiative: UUID
    dialect: str


class Listing(NamedTuple):
    """`rows` are (id, of its file, as last seen), newest first; `more`: there are others further on."""

    rows: list[tuple[UUID, UUID | None, dict[str, Any]]]
    more: bool


async def batch_of(conn: Connection, number: UUID, *, own: Own, is_file: bool, at: datetime) -> Begun | None:
    """Return a batch, or a file, of the initiative; None when it has none of this number."""
    asked = {"id": number, "initiative": own.initiative, "dialect": own.dialect, "is_file": is_file, "at": at}
    row = await (await conn.execute(ONE, asked)).fetchone()
    if row is None:
        return None
    number, destination, model, provider_id, sealed, records, tokens_in, tokens_out, *rest = row
    return Begun(number, destination, model, provider_id, bytes(sealed), records, Use(tokens_in, tokens_out), *rest)


async def batches_of(
    conn: Connection,
    *,
    own: Own,
    after: UUID | None,
    before: UUID | None,
    most: int,
    at: datetime,
) -> Listing:
    """Return a page of at most `most` batches of the initiative. Ids are in the order of time."""
    order = "ASC" if before is not None and after is None else "DESC"
    asked = {
        "initiative": own.initiative,
        "dialect": own.dialect,
        "after": after,
        "before": before,
        "most": most + 1,
        "at": at,
    }
    found = await (await conn.execute(PAGE.format(order=order), asked)).fetchall()
    rows = [(row[0], row[1], row[2]) for row in found[:most]]
    return Listing(rows[::-1] if order == "ASC" else rows, len(found) > most)
