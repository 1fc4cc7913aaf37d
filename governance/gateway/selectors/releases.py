"""Whether two people let exactly this request pass, or still have to decide about it."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from governance.gateway.database import Database

SAME = """
SELECT EXISTS (
    SELECT 1 FROM gateway_release
    WHERE keyed_digest = %(digest)s AND initiative_id = %(initiative)s AND used_at IS NULL AND expires_at > %(at)s
), (
    SELECT exchange.id FROM gateway_exchange AS exchange
    JOIN scanning_hold AS hold ON hold.subject = 'exchange:' || exchange.id
    WHERE exchange.keyed_digest = %(digest)s AND exchange.initiative_id = %(initiative)s
        AND hold.state = 'held' AND hold.expires_at > %(at)s
    ORDER BY exchange.at LIMIT 1
)
"""


class Same(NamedTuple):
    """How exactly the same request stands that was held before: released for one use, or waiting in an exchange."""

    released: bool = False
    waiting: UUID | None = None


async def held_before(database: Database, digest: bytes, *, initiative: UUID, at: datetime) -> Same:
    """Return how the request with this keyed digest stands. Using a release is another step."""
    asked = {"digest": digest, "initiative": initiative, "at": at}
    async with database.reading() as conn:
        row = await (await conn.execute(SAME, asked)).fetchone()
    return Same(*row) if row else Same()
