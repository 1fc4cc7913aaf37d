"""A provider whose every answer is a long stream: five frames a second, for SECONDS. Each frame says when it was sent."""

import asyncio
import os
import time

from _provider import piece

EVERY_S = 0.2
FRAMES = int(float(os.environ.get("SECONDS", "20")) / EVERY_S)


async def application(scope, receive, send) -> None:
    if scope["type"] == "lifespan":
        return
    more = True
    while more:
        more = (await receive()).get("more_body")
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    began = time.monotonic()
    for number in range(FRAMES):
        await send({"type": "http.response.body", "body": piece(f"at {time.monotonic():.4f} "), "more_body": True})
        await asyncio.sleep(max(0.0, began + (number + 1) * EVERY_S - time.monotonic()))
    await send({"type": "http.response.body", "body": b"data: [DONE]\n\n"})
