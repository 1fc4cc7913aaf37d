"""Calls that begin when their time has come, not when the one before is answered: what a crowd does to a server.

Each takes a kept-alive connection that is free, or opens one. A client that cannot keep up itself says so: `late_ms`.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlsplit

PATIENCE_S = 30.0
GONE = 0


@dataclass
class Tally:
    """What became of the calls of one run. Times are milliseconds; `accepted` those answered 200; `shed` those turned away with 503
    and told when to come again, `why` by the code that was told; `other` counts everything else by what it was."""

    seconds: float = 0.0
    offered: int = 0
    late_ms: list[float] = field(default_factory=list)
    accepted: dict[str, list[float]] = field(default_factory=dict)
    shed: dict[str, list[float]] = field(default_factory=dict)
    why: dict[str, Counter[str]] = field(default_factory=dict)
    other: Counter[str] = field(default_factory=Counter)

    def times(self) -> list[float]:
        return [each for times in self.accepted.values() for each in times]

    def shed_times(self) -> list[float]:
        return [each for times in self.shed.values() for each in times]

    @property
    def goodput(self) -> float:
        return len(self.times()) / self.seconds if self.seconds else 0.0

    def note(self, key: str, status: int, head: bytes, body: bytes, took_ms: float) -> None:
        told = b"retry-after:" in head and b"x-should-retry: true" in head
        if status == 200:
            self.accepted.setdefault(key, []).append(took_ms)
        elif status == 503 and told:
            self.shed.setdefault(key, []).append(took_ms)
            self.why.setdefault(key, Counter())[_named(status, body)] += 1
        else:
            self.other[_named(status, body)] += 1


def _named(status: int, body: bytes) -> str:
    _, _, rest = body.partition(b'"code":')
    return f"{status or 'no answer'} {rest[:40].decode(errors='replace').strip().split(',')[0]}"


class Wire(asyncio.Protocol):
    """One connection, one call at a time."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.waiting: asyncio.Future[tuple[int, bytes, bytes]] | None = None
        self._told = b""

    def connection_made(self, transport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._told += data
        head, found, body = self._told.partition(b"\r\n\r\n")
        if not found:
            return
        lowered = head.lower()
        _, _, length = lowered.partition(b"content-length: ")
        if len(body) >= int(length.split(b"\r\n", 1)[0]):
            self._told = b""
            self._answer(int(head.split(b" ", 2)[1]), lowered, body)

    def connection_lost(self, _why) -> None:
        self._answer(GONE, b"", b"")

    def _answer(self, *told) -> None:
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(told)

    async def ask(self, raw: bytes) -> tuple[int, bytes, bytes]:
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(raw)
        async with asyncio.timeout(PATIENCE_S):
            return await self.waiting


@dataclass
class Crowd:
    """Clients of one gateway. `body(number)` is what the call of this number says."""

    address: str
    path: str
    body: Callable[[int], bytes]
    number: int = 0
    _free: deque[Wire] = field(default_factory=deque)

    async def come(self, shares: Sequence[tuple[str, float]], *, rate: float, seconds: float, seed: int = 1) -> Tally:
        """Let `rate` calls a second come, at random moments, for so long. `shares`: (key, weight) of who they are of."""
        tally, calls, random = Tally(seconds=seconds), set(), Random(seed)
        keys, weights = zip(*shares, strict=True)
        began = due = time.perf_counter()
        while True:
            due += random.expovariate(rate)
            if due - began > seconds:
                break
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            tally.offered += 1
            tally.late_ms.append((time.perf_counter() - due) * 1000)
            call = asyncio.ensure_future(self._call(random.choices(keys, weights)[0], tally))
            calls.add(call)
            call.add_done_callback(calls.discard)
        await asyncio.gather(*calls)
        return tally

    async def press(self, key: str, *, connections: int, seconds: float) -> Tally:
        """Let so many connections ask again as soon as they are answered: what the gateway can do at most."""
        tally, began = Tally(seconds=seconds), time.perf_counter()

        async def one() -> None:
            while time.perf_counter() - began < seconds:
                tally.offered += 1
                await self._call(key, tally)

        await asyncio.gather(*(one() for _ in range(connections)))
        tally.seconds = time.perf_counter() - began
        return tally

    async def _call(self, key: str, tally: Tally) -> None:
        self.number += 1
        raw = self._request(key, self.body(self.number))
        began = time.perf_counter()
        try:
            wire = self._kept() or await self._open()
            told = await wire.ask(raw)
        except (OSError, TimeoutError) as fault:
            tally.other[type(fault).__name__] += 1
            return
        tally.note(key, *told, (time.perf_counter() - began) * 1000)
        if told[0] != GONE and not wire.transport.is_closing():
            self._free.append(wire)

    def _kept(self) -> Wire | None:
        while self._free:
            if not (wire := self._free.pop()).transport.is_closing():
                return wire
        return None

    async def _open(self) -> Wire:
        at = urlsplit(self.address)
        _, wire = await asyncio.get_running_loop().create_connection(Wire, at.hostname, at.port)
        return wire

    def _request(self, key: str, body: bytes) -> bytes:
        at = urlsplit(self.address)
        lines = [f"POST {self.path} HTTP/1.1", f"Host: {at.netloc}", f"Authorization: Bearer {key}"]
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def close(self) -> None:
        for wire in self._free:
            wire.transport.close()
