"""What there is no room for is turned away as soon as its headers have come: `uvicorn --http governance.gateway.shedding:Shedding`.

At ten times of what can be done nine of ten calls are turned away, so what each of them costs is taken from those that are done. Here
no task, no exchange and no answer is made for one; its body is let pass, unread, and its connection stays. Whatever is not plainly a
call to be turned away goes the usual way, where the same is asked again (handler.py): so without this class nothing is let in that
would not be, it only costs more to refuse it.
"""

import asyncio
from collections import OrderedDict
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from uuid import UUID

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from governance.core.clock import now
from governance.core.ids import uuid7_text
from governance.gateway.admitting.admission import Caller, busy
from governance.gateway.asgi import application
from governance.gateway.case import Case
from governance.gateway.dialects.refusals import status_of
from governance.gateway.forward import refusal_headers
from governance.gateway.gate import Gate
from governance.gateway.routes import door_of
from governance.gateway.wire import KEY_HEADERS, Call, Message
from governance.organisation.key_text import digest_of, prefix_of

NOBODY = UUID(int=0)  # stands in a reply that is kept, where the id of each call is put
PATHS_KEPT, KEYS_KEPT = 64, 2048
WHOSE = frozenset(name.encode() for name in ("authorization", *KEY_HEADERS))
Header = tuple[bytes, bytes]


class _Refused:
    """What uvicorn looks at of a call that has been answered; the rest of its body goes by."""

    response_complete, disconnected, keep_alive = True, False, True

    def __init__(self) -> None:
        self.message_event = asyncio.Event()


REFUSED: Any = _Refused()  # in the place of a cycle, of which it is none


class Shedding(HttpToolsProtocol):
    """One connection. `_waits_until` is when it ends, on the clock of the loop, unless something comes: 0 while a call is under way.

    The clock that ends it runs on from call to call and is wound up again when it rings: to begin and end one for each call that is
    turned away is dear beside what else is done for it.
    """

    _waits_until = 0.0
    _clock: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        self._waits_until = 0.0
        super().data_received(data)
        if self.cycle is REFUSED:
            self._wait_for_more()

    def on_headers_complete(self) -> None:
        gate = application.gate
        if gate is not None and gate.admission.is_pressed and self._is_plain():
            reply = _reply(self.url)
            if reply is not None and gate.admission.turns_away(self._caller(gate)):
                self._answer(*reply)
                return
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
        super().connection_lost(exc)

    def _caller(self, gate: Gate) -> Caller:
        whose = [each for each in self.headers if each[0] in WHOSE]
        if len(whose) != 1:
            return gate.caller_of(_call_with(whose))
        mark = blake2b(b"%b:%b" % whose[0], digest_size=16).digest()
        if (found := _keys.get(mark)) is None:
            key = _call_with(whose).key
            found = _keys[mark] = prefix_of(key) or "", digest_of(key)
            if len(_keys) > KEYS_KEPT:
                _keys.popitem(last=False)
        return gate.caller_by(*found)

    def _is_plain(self) -> bool:
        """Say whether it is one call on a connection that waits for nothing else, takes what it is told, and stays."""
        parser = self.parser
        return (
            (self.cycle is None or self.cycle.response_complete)
            and not self.pipeline
            and not self.expect_100_continue
            and not self.flow.write_paused
            and parser.get_method() == b"POST"
            and parser.get_http_version() == "1.1"
            and bool(parser.should_keep_alive())
            and not parser.should_upgrade()
        )

    def _answer(self, status: bytes, *parts: bytes) -> None:
        """Write an answer whose id stands between its parts."""
        state = self.server_state
        self.cycle = REFUSED
        state.total_requests += 1
        usual = _lines_of(*state.default_headers)
        self.transport.write(b"".join((status, usual, uuid7_text().encode().join(parts))))

    def _wait_for_more(self) -> None:
        self._waits_until = self.loop.time() + self.timeout_keep_alive
        if self._clock is None:
            self._clock = self.loop.call_at(self._waits_until, self._ring)

    def _ring(self) -> None:
        self._clock = None
        if not self._waits_until:
            return  # a call is under way, and its end begins a wait of its own
        if self.loop.time() < self._waits_until:
            self._clock = self.loop.call_at(self._waits_until, self._ring)
        else:
            self.timeout_keep_alive_handler()


# By a digest of the header with a key: the beginning of the key, and its own digest. A key itself is not kept.
_keys: OrderedDict[bytes, tuple[str, bytes]] = OrderedDict()


@lru_cache(maxsize=1)
def _lines_of(*headers: Header) -> bytes:
    return b"".join(b"%b: %b\r\n" % each for each in headers)


@lru_cache(maxsize=PATHS_KEPT)
def _reply(url: bytes) -> tuple[bytes, ...] | None:
    """Return the status line of the answer, the same that the handler gives, and the rest of it, cut where the id of a call stands.

    None of a path whose calls are no exchanges, and of one with a query, which may hold a key.
    """
    path = url.decode("latin-1")
    door = None if "?" in path or "%" in path else door_of("POST", path)
    if door is None or not door.is_exchange:
        return None
    shed = busy()
    body = door.format.error_reply(shed, request_id=str(NOBODY))
    told = refusal_headers(Case(NOBODY, now(), door.name), shed)
    headers = {**told, "content-length": str(len(body))}
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    rest = "".join(lines).encode("latin-1") + b"\r\n" + body
    return STATUS_LINE[status_of(shed)], *rest.split(str(NOBODY).encode())


def _call_with(headers: list[Header]) -> Call:
    return Call({"method": "POST", "path": "", "headers": headers}, _nothing, _nowhere)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


async def _nowhere(_message: Message) -> None:
    """Nothing is sent this way."""
