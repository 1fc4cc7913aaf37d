"""Whether the gateway can do its work now: each part by name."""

import asyncio

from redis.exceptions import RedisError

from governance.core.errors import DomainError
from governance.gateway.gate import Gate

IN_FORCE = """
SELECT digest FROM scanning_ruleset WHERE mode = 'enforce'
"""


async def readiness(gate: Gate) -> dict[str, bool]:
    """Return {part: ready}: the database, the broker, a ruleset in force, a worker that holds it and found its canaries."""
    database, broker = await asyncio.gather(gate.database.answers(), _broker(gate))
    detectors = await _detectors(gate) if database else ""
    worker = bool(detectors) and broker and await gate.scanner.is_ready(detectors)
    return {"database": database, "broker": broker, "ruleset": bool(detectors), "worker": worker}


async def _broker(gate: Gate) -> bool:
    try:
        return bool(await gate.scanner.client.ping())
    except (RedisError, OSError):
        return False


async def _detectors(gate: Gate) -> str:
    """Return the digest of the detectors in force, "" when there are none or they cannot be read."""
    try:
        async with gate.database.reading() as conn:
            row = await (await conn.execute(IN_FORCE)).fetchone()
        return (await gate.rulesets.of(row[0])).detectors.digest if row else ""
    except DomainError:
        return ""
