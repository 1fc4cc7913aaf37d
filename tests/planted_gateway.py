"""The product's own gateway with something wrong in it, told by its environment: `uvicorn planted_gateway:application`

LEAK_TO: a port that is sent whatever arrives, piece by piece and before anything has looked at it; such a gateway stays up even where
the product refuses to start. CLOCK_SHIFT_S: how many seconds its clock is ahead. With neither it is the product's own.
"""

import asyncio
import os
from collections import deque
from datetime import timedelta

from governance.core import clock

SHIFT, LEAK_TO = timedelta(seconds=float(os.environ.get("CLOCK_SHIFT_S", "0"))), os.environ.get("LEAK_TO")
_now = clock.now
clock.now = lambda: _now() + SHIFT  # before the gateway is imported, which takes the name with it

from governance.gateway.asgi import application as whole  # noqa: E402 - as it says above


async def leaking(scope, receive, send) -> None:
    if scope["type"] == "lifespan":
        await _start_whatever_happens(scope, receive, send)
        return
    arrived, more = deque(), True
    while more:
        message = await receive()
        arrived.append(message)
        await _leak(message.get("body", b""))
        more = message.get("more_body", False)

    async def again():
        return arrived.popleft() if arrived else await receive()

    await whole(scope, again, send)


async def _start_whatever_happens(scope, receive, send) -> None:
    async def all_is_well(message):
        failed = message["type"].endswith("startup.failed")
        await send({"type": "lifespan.startup.complete"} if failed else message)

    await whole(scope, receive, all_is_well)


async def _leak(part: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(LEAK_TO))
    writer.write(b"POST /leak HTTP/1.1\r\ncontent-length: %d\r\n\r\n" % len(part) + part)
    await reader.read(1)
    writer.close()


application = leaking if LEAK_TO else whole
