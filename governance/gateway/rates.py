"""Calls a minute, counted by all processes of the gateway together, at the broker: any sixty seconds, never one call too many."""

from collections.abc import Sequence
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from governance.core.errors import Unavailable
from governance.gateway.limits import Limit, too_fast

WINDOW_MS = 60_000
# One script is one moment: all limits are looked at, and only a call that passes all of them is counted in any. By the broker's clock.
COUNT = f"""
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wait, by = 0, 0
for i, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - {WINDOW_MS})
  local over = redis.call('ZCARD', key) - tonumber(ARGV[i + 1])
  if over >= 0 then
    local freed = redis.call('ZRANGE', key, over, over, 'WITHSCORES')
    local left = tonumber(freed[2]) + {WINDOW_MS} - now
    if left > wait then wait, by = left, i end
  end
end
if wait > 0 then return {{wait, by}} end
for _, key in ipairs(KEYS) do
  redis.call('ZADD', key, now, ARGV[1])
  redis.call('PEXPIRE', key, {WINDOW_MS})
end
return {{0, 0}}
"""


async def count_call(client: Redis, limits: Sequence[Limit], *, call: UUID) -> None:
    """Count a call in each of the limits, or in none. Without limits nobody is asked.

    Raises:
        SlowDown: `too_many_calls`, with how long to wait.
        Unavailable: `broker_down`: what cannot be counted is not let through.
    """
    if not limits:
        return
    keys, amounts = [f"rate:{limit.id}" for limit in limits], [limit.amount for limit in limits]
    try:
        wait_ms, by = await client.eval(COUNT, len(keys), *keys, str(call), *amounts)
    except (RedisError, OSError) as fault:
        raise Unavailable("broker_down", "Calls cannot be counted now.", remedy="Nothing was sent.") from fault
    if wait_ms:
        raise too_fast(limits[by - 1], wait_ms / 1000)
