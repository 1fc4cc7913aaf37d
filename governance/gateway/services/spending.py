"""What calls take of budgets: set aside before they are sent, settled when their use is known. The gateway process's own SQL."""

from collections.abc import Sequence
from datetime import datetime

from governance.core.actors import Actor
from governance.core.ids import uuid7
from governance.gateway.database import Answer, Connection
from governance.gateway.limits import Price, Taking, Use

# The row stays locked until the intent is committed, so no two calls can both be the last that fits. The amount is read here
# again: it may have been lowered during the scan.
SET_ASIDE = """
INSERT INTO gateway_spending (id, limit_id, since, reserved, spent, told)
SELECT %(id)s, id, %(since)s, %(amount)s, 0, 0 FROM gateway_limit
WHERE id = %(limit)s AND ended_at IS NULL AND amount >= %(amount)s
ON CONFLICT (limit_id, since) DO UPDATE SET reserved = gateway_spending.reserved + excluded.reserved
WHERE gateway_spending.spent + gateway_spending.reserved + excluded.reserved
      <= (SELECT amount FROM gateway_limit WHERE id = excluded.limit_id)
RETURNING 1
"""
SETTLE = """
UPDATE gateway_spending SET reserved = reserved - %(reserved)s, spent = spent + %(spent)s
WHERE limit_id = %(limit)s AND since = %(since)s
"""


async def set_aside(
    conn: Connection,
    taken: Sequence[Taking],
    *,
    by: Actor,  # noqa: ARG001 - the intent it belongs to names who and when
    at: datetime,  # noqa: ARG001
) -> list[tuple[Taking, Answer]]:
    """Ask to set aside what a call may use, for `require_set_aside` to read: in a pipeline nothing is waited for."""
    return [(taking, await conn.execute(SET_ASIDE, {"id": uuid7(), **_named(taking)})) for taking in taken]


async def settle(
    conn: Connection,
    taken: Sequence[Taking],
    use: Use | None,
    price: Price | None,
    *,
    by: Actor,  # noqa: ARG001 - the outcome it belongs to names who and when
    at: datetime,  # noqa: ARG001
) -> None:
    """Write down what a call has really used, None when it was never sent, in place of what was set aside for it."""
    for taking in taken:
        spent = use.of(taking.limit.kind, price) if use else 0
        named = {"limit": taking.limit.id, "since": taking.since, "reserved": taking.amount, "spent": spent}
        await conn.execute(SETTLE, named)


def _named(taking: Taking) -> dict[str, object]:
    return {"limit": taking.limit.id, "since": taking.since, "amount": taking.amount}
