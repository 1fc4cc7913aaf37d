"""Answers that were passed on as they came are looked at afterwards, a few at a time: whoever waits for a scan goes before them."""

import asyncio
from dataclasses import dataclass, field

from governance.gateway.stream import Passed

AT_ONCE = 4
PATIENCE_S = 5.0  # an exchange is shown as possibly sent until its outcome is written, and that waits for this
MOST_BYTES = 64 * 1024**2


@dataclass(slots=True)
class Afterwards:
    """`waiting` is the bytes of the answers that wait for their turn. One that does not get it was not checked, and is noted as that."""

    patience_s: float = PATIENCE_S
    most_bytes: int = MOST_BYTES
    waiting: int = field(init=False, default=0)
    _turns: asyncio.Semaphore = field(init=False, default_factory=lambda: asyncio.Semaphore(AT_ONCE), repr=False)

    async def look(self, passed: Passed) -> None:
        """Look at an answer that was passed on, and note what would have become of it. Nothing is raised."""
        if not passed.looked_at_afterwards:
            return
        if not await self._turn(passed.kept_bytes):
            passed.forget()
            return
        try:
            await passed.look_back()
        finally:
            self._turns.release()

    async def _turn(self, size: int) -> bool:
        if self.waiting + size > self.most_bytes:
            return False
        self.waiting += size
        try:
            async with asyncio.timeout(self.patience_s):
                return await self._turns.acquire()
        except TimeoutError:
            return False
        finally:
            self.waiting -= size
