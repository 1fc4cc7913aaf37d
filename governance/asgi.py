"""The web process: pages and the REST API through Django, training sets past it."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings.base")
django_application = get_asgi_application()

from django.conf import settings  # noqa: E402 - the settings exist from here on

from governance.api.uploads import takes, uploads  # noqa: E402 - it reads models

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

TOO_LARGE = b"This is larger than a form may be. Send training sets over REST or with the upload button.\n"


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if takes(scope):
        await uploads(scope, receive, send)
        return
    first = await _small_body(scope, receive)
    if first is None:
        await _refuse(send)
        return
    await django_application(scope, first, send)  # type: ignore[arg-type]  # asgiref spells the same types out


async def _small_body(scope: Scope, receive: Receive) -> Receive | None:
    """Return a `receive` that gives the whole body back, or None when it is larger than a form may be.

    Django spools what does not fit in memory to a plain file; so it is given nothing that would not fit.
    """
    if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
        return receive
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return _replaying(message, receive)
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return None
    return _replaying({"type": "http.request", "body": bytes(body), "more_body": False}, receive)


def _replaying(message: Message, receive: Receive) -> Receive:
    left = [message]

    async def replay() -> Message:
        return left.pop() if left else await receive()

    return replay


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_LARGE})
