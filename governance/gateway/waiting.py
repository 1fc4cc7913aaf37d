"""The line back to a client who waits for a stream while parts of it are held: signs of life, and an eye on whether they still wait."""

import asyncio
import time
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from governance.gateway.dialects.framing import Frame, Framing
from governance.gateway.wire import Call

Result = TypeVar("Result")
LOOK_S = 0.4
KEEP_ALIVE_S = 10.0  # below the idle limits of proxies and clients


@dataclass(slots=True)
class Line:
    """The head is sent with the first bytes, so that what is stopped before them is a plain refusal. A `silent` one gives no signs."""

    call: Call
    framing: Framing
    status: int
    headers: Mapping[str, str]
    silent: bool = False
    _written: float = field(default_factory=time.monotonic)

    async def waiting_for(self, work: Awaitable[Result]) -> Result:
        """Return what `work` gives.

        Raises:
            ClientLeft: when nobody waits any more.
        """
        task = asyncio.ensure_future(work)
        try:
            while True:
                done, _ = await asyncio.wait({task}, timeout=LOOK_S)
                self.call.check()
                if done:
                    return task.result()
                if not self.silent and time.monotonic() - self._written > KEEP_ALIVE_S:
                    await self._write(self.framing.keep_alive)
        finally:
            task.cancel()

    async def send(self, frames: Iterable[Frame]) -> int:
        """Send frames and return their bytes."""
        written = b"".join(map(self.framing.write, frames))
        if written:
            await self._write(written)
        return len(written)

    async def end(self) -> None:
        await self._begin()
        await self.call.end(self.framing.end())

    async def _write(self, part: bytes) -> None:
        await self._begin()
        await self.call.chunk(part)
        self._written = time.monotonic()

    async def _begin(self) -> None:
        if not self.call.begun:
            await self.call.begin(self.status, self.headers)
