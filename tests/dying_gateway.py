"""The product's own gateway, which kills at a step of a send: `python dying_gateway.py PORT FOLDER [late]`. One that died is there again at once.

FOLDER/plan.json says when and whom: {"step", "after_ms", "pids"}, [] for itself; the first call that comes to the step carries it out, once.
Of calls that name no end user it does not count the steps.
`late` plants a hole: the intent is written long after the call that needed it went on.
"""

import asyncio
import ctypes
import json
import os
import signal
import sys
import threading
from contextlib import suppress
from contextvars import ContextVar
from functools import wraps
from pathlib import Path

import aiohttp
import uvicorn

from governance.gateway import asgi, forward, handler, outcomes  # the first sets Django up
from governance.gateway.upstream import Upstream
from governance.stack.child import PR_SET_PDEATHSIG

LATE_S = 60  # far longer than it lives
PORT, FOLDER = int(sys.argv[1]), Path(sys.argv[2])
PLAN, TAKEN = FOLDER / "plan.json", FOLDER / "taken.json"
_late: set[asyncio.Task] = set()
_counted: ContextVar[bool] = ContextVar("_counted", default=False)


def come_to(step: str) -> None:
    """Carry out the plan when it is for this step; of calls that come to it at once, the first does."""
    if not _counted.get():
        return
    try:
        plan = json.loads(PLAN.read_text())
        if plan["step"] != step:
            return
        PLAN.rename(TAKEN)
    except FileNotFoundError:
        return
    if plan["after_ms"]:
        threading.Timer(plan["after_ms"] / 1000, _kill, [plan["pids"]]).start()
    else:
        _kill(plan["pids"])


def _kill(pids: list[int]) -> None:
    for pid in pids or [os.getpid()]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def stepping(work, *, before: str = "", after: str = ""):
    @wraps(work)
    async def step(*said, **named):
        if before:
            come_to(before)
        done = await work(*said, **named)
        if after:
            come_to(after)
        return done

    return step


async def _intended_late(*said, **named) -> None:
    async def late() -> None:
        await asyncio.sleep(LATE_S)
        await _open_exchange(*said, **named)

    _late.add(asyncio.create_task(late()))


def _watched(make):
    """Return what makes sessions that tell when the head and the body of a request are written."""

    def made(*said):
        session, trace = make(*said), aiohttp.TraceConfig()

        async def head(*_told) -> None:
            come_to("head sent")

        async def body(*_told) -> None:
            come_to("body sent")

        trace.on_request_headers_sent.append(head)
        trace.on_request_chunk_sent.append(body)
        trace.freeze()
        session._trace_configs.append(trace)
        return session

    return made


_open_exchange = handler.open_exchange
handler.judge = stepping(handler.judge, after="judged")
handler.open_exchange = stepping(
    _intended_late if "late" in sys.argv else _open_exchange, before="intent asked", after="intent kept"
)
Upstream.send = stepping(Upstream.send, before="sending", after="answered")
Upstream._make = _watched(Upstream._make)
forward._pass = stepping(forward._pass, before="passing on")
outcomes.close_exchange = stepping(outcomes.close_exchange, before="outcome asked", after="outcome kept")


async def application(scope, receive, send) -> None:
    headers = dict(scope.get("headers", ()))
    _counted.set(bool(headers.get(b"x-remit-actor")))
    await asgi.application(scope, receive, send)


def main() -> None:
    """Serve in a child; the parent holds what takes long to import, and begins another child when one died."""
    parent = os.getpid()
    while True:
        if not (child := os.fork()):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() == parent:
                uvicorn.run(application, host="127.0.0.1", port=PORT, log_level="critical")
            os._exit(1)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
