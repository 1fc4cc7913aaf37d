"""The stand-in as an ASGI application: which interface a path belongs to, and the reply part by part."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from governance.stack.stand_in import anthropic, databricks, gemini, ollama, openai
from governance.stack.stand_in.files import asked_in
from governance.stack.stand_in.told import JSON, NAME, Reply

# Where each interface begins. A destination's base URL ends in it.
SPOKEN = {
    "/v1": openai.reply,
    "/anthropic": anthropic.reply,
    "/gemini/v1beta": gemini.reply,
    "/databricks/serving-endpoints": databricks.reply,
    "/ollama": ollama.reply,
}
PAUSE_S = 0.02  # as fast as people read
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
    else:
        raw = await _body(receive)
        await _say(reply_to(scope["method"], called(scope), asked_in(raw)), send)


def called(scope: dict[str, Any]) -> str:
    """Return the path with the query, if there is one."""
    query = scope["query_string"].decode("latin-1")
    return f"{scope['path']}?{query}" if query else str(scope["path"])


def reply_to(method: str, path: str, asked: dict[str, Any]) -> Reply:
    """Return the reply in the interface the path belongs to."""
    for base, reply in SPOKEN.items():
        if path.startswith(f"{base}/") and (found := reply(method, path.removeprefix(base), asked)):
            return found
    unknown = {"error": {"message": f"This is {NAME} of this path.", "type": "invalid_request_error"}}
    return Reply(404, JSON, [json.dumps(unknown).encode()])


async def _live(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body


async def _say(reply: Reply, send: Send) -> None:
    head = [(b"content-type", reply.media_type.encode())]
    await send({"type": "http.response.start", "status": reply.status, "headers": head})
    for part in reply.parts:
        await send({"type": "http.response.body", "body": part, "more_body": True})
        if len(reply.parts) > 1:
            await asyncio.sleep(PAUSE_S)
    await send({"type": "http.response.body", "body": b""})
