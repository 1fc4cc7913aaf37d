"""The gateway process: `uvicorn governance.gateway.asgi:application`. An ASGI application of its own, without Django's handler."""

import json
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from traceback import format_tb
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings.base")
django.setup()

from governance.core.clock import now  # noqa: E402 - models are importable only after setup
from governance.core.errors import DomainError, NotFound, Unavailable  # noqa: E402
from governance.core.garbage import set_aside  # noqa: E402
from governance.core.ids import uuid7  # noqa: E402
from governance.gateway.check import check  # noqa: E402
from governance.gateway.config import config  # noqa: E402
from governance.gateway.dialects.refusals import retry_headers, status_of  # noqa: E402
from governance.gateway.dialects.wire_format import Listed, Treatment  # noqa: E402
from governance.gateway.files import anthropic, gemini_caches, openai_uploads  # noqa: E402
from governance.gateway.files.gemini import take_upload  # noqa: E402
from governance.gateway.files.kept import delete_kept, list_kept, tell_kept  # noqa: E402
from governance.gateway.files.training import list_files, take_file, tell_file  # noqa: E402
from governance.gateway.gate import Gate  # noqa: E402
from governance.gateway.handler import exchange, gate_of  # noqa: E402
from governance.gateway.listing import list_batches, list_jobs, list_models, tell_access  # noqa: E402
from governance.gateway.readiness import readiness  # noqa: E402
from governance.gateway.reports import take_report  # noqa: E402
from governance.gateway.routes import Own, door_of, format_of  # noqa: E402
from governance.gateway.wire import Answer, Call, ClientLeft, Receive, Send  # noqa: E402

JSON = {"content-type": "application/json"}
ANSWERS: dict[Listed | None, Callable[..., Awaitable[bytes | Answer]]] = {
    Listed.MODELS: list_models,
    Listed.BATCHES: list_batches,
    Listed.FILES: list_files,
    Listed.FILE: tell_file,
    Listed.JOBS: list_jobs,
    Listed.UPLOAD: take_upload,
    Listed.HANDED: anthropic.take,
    Listed.UPLOADS: list_kept,
    Listed.UPLOADED: tell_kept,
    Listed.DELETED: delete_kept,
    Listed.BYTES: anthropic.withhold,
    Listed.CACHED: gemini_caches.create,
    Listed.RENEWED: gemini_caches.renew,
    Listed.PARTS_BEGUN: openai_uploads.begin,
    Listed.PART: openai_uploads.add,
    Listed.PARTS_WHOLE: openai_uploads.complete,
    Listed.PARTS_ENDED: openai_uploads.cancel,
}
log = logging.getLogger(__name__)


class Application:
    """Opens the gate when the server starts, closes it when it stops, and sends each call to its surface."""

    def __init__(self) -> None:
        self._gate: Gate | None = None

    @property
    def gate(self) -> Gate | None:
        """Everything the process works with; None until it has started."""
        return self._gate

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(Call(scope, receive, send))
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send(await self._started())
            else:
                if self._gate is not None:
                    await self._gate.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _started(self) -> dict[str, Any]:
        """Open the gate and return what the server is told. Unless it is told of a failure it serves without a gate."""
        try:
            self._gate = gate_of(config())
            await self._gate.open()
            set_aside()
        except Exception as fault:  # noqa: BLE001 - whatever is missing, there is nothing to serve without it
            why = fault.reason if isinstance(fault, DomainError) else type(fault).__name__
            return {"type": "lifespan.startup.failed", "message": f"The gateway does not start: {why}"}
        return {"type": "lifespan.startup.complete"}

    async def _answer(self, call: Call) -> None:
        try:
            await self._serve(call)
        except ClientLeft:
            return
        except DomainError as error:
            await _reply_error(call, error)
        except Exception as fault:  # noqa: BLE001 - the last resort of a door that fails closed: without a permit nothing is sent
            # Where, and which class, but not the message: it may quote the text.
            log.critical("fault in the gateway: %s %s", type(fault).__name__, "".join(format_tb(fault.__traceback__)))
            if not call.begun:
                await _reply_error(call, Unavailable("gateway_fault", "The gateway met a fault of its own."))

    async def _serve(self, call: Call) -> None:
        gate, door = self._gate, door_of(call.method, call.path, alt=call.query("alt"))
        if gate is None or (door is None and call.path not in list(Own)):
            raise NotFound("no_such_path", "The gateway does not know this path. Nothing was sent.")
        if door is None:
            await _tell(call, gate)
        elif door.is_exchange:
            await exchange(call, door, gate)
        elif door.dry:
            await call.reply(200, await check(call, door, gate), JSON)
        elif door.route.treatment is Treatment.ANSWERED:
            answer = await ANSWERS[door.route.lists](call, door, gate, at=now())
            told = Answer(answer, {}) if isinstance(answer, bytes) else answer
            await call.reply(told.status, told.body, {**JSON, **told.headers})
        elif (taken := await take_file(call, door, gate, at=now())) is not None:
            await call.reply(200, taken, JSON)


async def _tell(call: Call, gate: Gate) -> None:
    """Answer of ourselves: whether we live, whether we can work, what the bearer of a key may do, what became of an answer."""
    if call.path == Own.ALIVE:
        await call.reply(200, b'{"alive":true}', JSON)
    elif call.path == Own.ACCESS:
        await call.reply(200, await tell_access(call, gate, at=now()), JSON)
    elif call.path == Own.REVIEWS:
        await call.reply(*await take_report(call, gate, at=now()), JSON)
    else:
        parts = await readiness(gate)
        await call.reply(200 if all(parts.values()) else 503, json.dumps(parts).encode(), JSON)


async def _reply_error(call: Call, error: DomainError) -> None:
    request_id = str(uuid7())
    headers = {**JSON, "x-request-id": request_id, **retry_headers(error)}
    body = format_of(call.path).error_reply(error, request_id=request_id)
    await call.reply(status_of(error), body, headers)


application = Application()
