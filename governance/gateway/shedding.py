"""What there is no room for is turned away as soon as its headers have come: `uvicorn --http governance.gateway.shedding:Shedding`.

At ten times of what can be done nine of ten calls are turned away, so what each of them costs is taken from those that are done. Here
no task, no exchange and no answer is made for one; its body is let pass, unread, and its connection stays. Whatever is not plainly a
call to be turned away goes the usual way, where the same is asked again (handler.py): so without this class nothing is let in that
would not be, it only costs more to refuse it.
"""

import asyncio
from functools import lru_cache
from typing import Any
from uuid import UUID

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from governance.core.clock import now
from governance.core.errors import Busy
from governance.core.ids import uuid7
from governance.gateway.asgi import application
from governance.gateway.case import Case
from governance.gateway.dialects.refusals import status_of
from governance.gateway.forward import refusal_headers
from governance.gateway.routes import Door, door_of
from governance.gateway.wire import KEY_HEADERS, Call, Message

NOBODY = UUID(int=0)  # stands in a reply that is kept, where the id of each call is put
PATHS_KEPT = 64
WHOSE = frozenset(name.encode() for name in ("authorization", *KEY_HEADERS))


class _Refused:
    """What uvicorn looks at of a call that has been answered; the rest of its body goes by."""

    response_complete, disconnected, keep_alive = True, False, True

    def __init__(self) -> None:
        self.message_event = asyncio.Event()


REFUSED: Any = _Refused()  # in the place of a cycle, of which it is none


class Shedding(HttpToolsProtocol):
    def on_headers_complete(self) -> None:
        if application.gate is None or not application.gate.admission.is_pressed or not self._is_plain():
            super().on_headers_complete()
            return
        path = self.url.decode("latin-1")
        if _exchange_at(path) is None:
            super().on_headers_complete()
            return
        whose = [each for each in self.headers if each[0] in WHOSE]
        call = Call({"method": "POST", "path": path, "headers": whose}, _nothing, _nowhere)
        try:
            application.gate.admission.require_room(application.gate.caller_of(call))
        except Busy as shed:
            self._answer(*_reply(path, shed.code, shed.reason, shed.remedy))
        else:
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        if self.cycle is REFUSED and self.timeout_keep_alive_task is None:
            self._wait_for_next()  # its body came after the answer, and ended the wait

    def _is_plain(self) -> bool:
        """Say whether it is one call on a connection that waits for nothing else and stays."""
        parser = self.parser
        return (
            (self.cycle is None or self.cycle.response_complete)
            and not self.pipeline
            and not self.expect_100_continue
            and parser.get_method() == b"POST"
            and parser.get_http_version() == "1.1"
            and bool(parser.should_keep_alive())
            and not parser.should_upgrade()
        )

    def _answer(self, status: bytes, *parts: bytes) -> None:
        """Write an answer whose id stands between its parts."""
        self.cycle = REFUSED
        self.server_state.total_requests += 1
        usual = [b"%b: %b\r\n" % each for each in self.server_state.default_headers]
        self.transport.write(b"".join([status, *usual, str(uuid7()).encode().join(parts)]))
        self._wait_for_next()

    def _wait_for_next(self) -> None:
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)


@lru_cache(maxsize=PATHS_KEPT)
def _exchange_at(path: str) -> Door | None:
    """Return the door whose calls are exchanges; None of any other path, and of one with a query, which may hold a key."""
    door = None if "?" in path or "%" in path else door_of("POST", path)
    return door if door is not None and door.is_exchange else None


@lru_cache(maxsize=PATHS_KEPT)
def _reply(path: str, code: str, reason: str, remedy: str) -> tuple[bytes, ...]:
    """Return the status line of the answer, the same that the handler gives, and the rest of it, cut where the id of a call stands."""
    door, shed = _exchange_at(path), Busy(code, reason, remedy=remedy)
    if door is None:
        message = "Only a call to a door has an answer of its own."
        raise ValueError(message)
    body = door.format.error_reply(shed, request_id=str(NOBODY))
    headers = {**refusal_headers(Case(NOBODY, now(), door.name), shed), "content-length": str(len(body))}
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    rest = "".join(lines).encode("latin-1") + b"\r\n" + body
    return STATUS_LINE[status_of(shed)], *rest.split(str(NOBODY).encode())


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


async def _nowhere(_message: Message) -> None:
    """Nothing is sent this way."""
