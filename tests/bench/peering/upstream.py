"""The provider behind every peer: answers at once and keeps what it was sent. GET /seen returns that and forgets it."""

import asyncio
import json

from _provider import PIECES, WHOLE

PAUSE_S = 0.005  # between two pieces of a stream
seen: list[str] = []


async def application(scope, receive, send) -> None:
    if scope["type"] == "lifespan":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body")
    if scope["path"] == "/seen":
        told = json.dumps(seen).encode()
        seen.clear()
        await _answer(send, told)
    elif not scope["path"].endswith("/chat/completions"):
        await _answer(send, b'{"object":"list","data":[]}')
    else:
        asked = json.loads(body)
        seen.append(json.dumps(asked["messages"], ensure_ascii=False))
        await (_stream(send) if asked.get("stream") else _answer(send, WHOLE))


async def _answer(send, body: bytes) -> None:
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": body})


async def _stream(send) -> None:
    head = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    for part in PIECES:
        await send({"type": "http.response.body", "body": part, "more_body": True})
        await asyncio.sleep(PAUSE_S)
    await send({"type": "http.response.body", "body": b"data: [DONE]\n\n"})
