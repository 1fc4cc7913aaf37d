"""The line back to a client who waits for a stream while parts of it are held: signs of life, and an eye on whether it may go on."""

import asyncio
import time
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from governance.core.errors import NotAllowed
from governance.gateway.dialects.framing import Frame, Framing
from governance.gateway.watch import LOOK_S, Lease
from governance.gateway.wire import Call

Result = TypeVar("Result")
KEEP_ALIVE_S = 10.0  # below the idle limits of proxies and clients


@dataclass(slots=True)
class Line:
    """The head is sent with the first bytes, so that what is stopped before them is a plain refusal."""

    call: Call
    lease: Lease
    framing: Framing
    status: int
    headers: Mapping[str, str]
    _written: float = field(default_factory=time.monotonic)

    async def waiting_for(self, work: Awaitable[Result]) -> Result:
        """Return what `work` gives.

        Raises:
            NotAllowed: `no_longer_allowed`, while it is waited for.
            ClientLeft: when nobody waits any more.
        """
        task = asyncio.ensure_future(work)
        try:
            while True:
                done, _ = await asyncio.wait({task}, timeout=LOOK_S)
                self.call.check()
                if self.lease.ended:
                    raise NotAllowed(self.lease.ended, "What allowed this was taken back, so the answer ends here.")
                if done:
                    return task.result()
                if time.monotonic() - self._written > KEEP_ALIVE_S:
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
