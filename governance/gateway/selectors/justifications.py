"""Whether a person's reason waits for exactly this request."""

from datetime import datetime
from uuid import UUID

from governance.gateway.database import Database

WAITING = """
SELECT EXISTS (
    SELECT 1 FROM gateway_justification
    WHERE keyed_digest = %s AND initiative_id = %s AND used_at IS NULL AND expires_at > %s
)
"""


async def is_justified(database: Database, digest: bytes, *, initiative: UUID, at: datetime) -> bool:
    """Say whether an unused reason for the request with this keyed digest is in force. Using it is another step."""
    async with database.reading() as conn:
        row = await (await conn.execute(WAITING, [digest, initiative, at])).fetchone()
    return row is not None and bool(row[0])
