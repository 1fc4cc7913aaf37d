"""Answers that wait for a person, as the gateway process reads them."""

from datetime import datetime
from uuid import UUID

from governance.gateway.case import Confirmed
from governance.gateway.confirming import ConfirmationState
from governance.gateway.database import Database, fetched

WORD = "SELECT state FROM gateway_confirmation WHERE id = %(id)s"
KEPT = """
SELECT id, storage_ref, state FROM gateway_confirmation
WHERE keyed_digest = %(digest)s AND initiative_id = %(initiative)s AND served_at IS NULL AND expires_at > %(at)s
      AND state IN ('waiting', 'confirmed')
ORDER BY state, asked_at, id LIMIT 1
"""


async def word_on(database: Database, asked: Confirmed) -> ConfirmationState:
    """Return how it stands now."""
    async with database.reading() as conn:
        row = await fetched(conn, WORD, {"id": asked.id})
    return ConfirmationState(row[0]) if row else ConfirmationState.ENDED


async def waiting_answer(database: Database, digest: bytes, *, initiative: UUID, at: datetime) -> Confirmed | None:
    """Return an answer to exactly this request that a person confirmed, or that waits for one; None when there is none."""
    async with database.reading() as conn:
        row = await fetched(conn, KEPT, {"digest": digest, "initiative": initiative, "at": at})
    return Confirmed(row[0], row[1], ConfirmationState(row[2])) if row else None
