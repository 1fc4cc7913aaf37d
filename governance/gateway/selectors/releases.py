"""Whether two people let exactly this request pass."""

from datetime import datetime
from uuid import UUID

from governance.gateway.database import Database

WAITING = """
SELECT EXISTS (
    SELECT 1 FROM gateway_release
    WHERE keyed_digest = %s AND initiative_id = %s AND used_at IS NULL AND expires_at > %s
)
"""


async def is_released(database: Database, digest: bytes, *, initiative: UUID, at: datetime) -> bool:
    """Say whether an unused release of the request with this keyed digest is in force. Using it is another step."""
    async with database.reading() as conn:
        row = await (await conn.execute(WAITING, [digest, initiative, at])).fetchone()
    return row is not None and bool(row[0])
