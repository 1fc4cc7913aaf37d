"""The floor to compare with: a proxy that passes everything on and looks at nothing. `PROVIDER=http://... uvicorn _bare_proxy:application`."""

import os

import aiohttp

PROVIDER = os.environ.get("PROVIDER", "")
sessions: list[aiohttp.ClientSession] = []


async def application(scope, receive, send) -> None:
    if scope["type"] == "lifespan":
        return
    if not sessions:
        sessions.append(aiohttp.ClientSession())
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body")
    headers = {"content-type": "application/json"}
    async with sessions[0].post(PROVIDER + scope["path"], data=body, headers=headers) as reply:
        told = [(b"content-type", reply.headers["content-type"].encode())]
        await send({"type": "http.response.start", "status": reply.status, "headers": told})
        async for chunk in reply.content.iter_any():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
