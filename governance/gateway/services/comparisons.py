"""What a ruleset in shadow would have decided about a call: kept beside it, with no effect."""

from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from governance.core.actors import Actor
from governance.core.ids import uuid7
from governance.gateway.comparing import Compared
from governance.gateway.database import Database

COMPARISON = """
INSERT INTO gateway_comparison (id, exchange_id, ruleset_digest, effect, verdict, kinds, at)
SELECT %(id)s, id, %(ruleset)s, %(effect)s, %(verdict)s, %(kinds)s, %(at)s FROM gateway_exchange WHERE id = %(exchange)s
ON CONFLICT DO NOTHING
RETURNING id
"""


async def keep_comparison(
    database: Database,
    *,
    exchange: UUID,
    ruleset: str,
    found: Compared,
    by: Actor,  # noqa: ARG001 - as every write; what has no effect leaves no event
    at: datetime,
) -> bool:
    """Keep what was found of a call; False while the call itself is not written down.

    Raises:
        Unavailable: `database_down`.
    """
    told = {"id": uuid7(), "exchange": exchange, "ruleset": ruleset, "at": at, "kinds": Jsonb(found.kinds_json())}
    async with database.writing() as conn:
        asked = await conn.execute(COMPARISON, told | {"effect": found.effect, "verdict": str(found.verdict)})
        return await asked.fetchone() is not None
