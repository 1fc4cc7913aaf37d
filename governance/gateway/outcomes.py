"""Outcomes of exchanges that could not be written when they were there: tried again until the record takes them, or is too long away.

The intent is committed before anything is sent, so an exchange without an outcome is shown as possibly sent, which is the truth while
nobody knows better. This process does know better, and so it says so as soon as it can.
"""

import asyncio
import logging
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from governance.core.background import end
from governance.core.clock import now
from governance.core.errors import Unavailable
from governance.gateway.case import Case, Outcome
from governance.gateway.database import Database
from governance.gateway.services.calls import end_confirmation
from governance.gateway.services.exchanges import close_exchange

MOST = 1000  # a second or two of all that one process can do, in a few MiB
LIFE = timedelta(minutes=10)
FIRST_S, LONGEST_S = 0.5, 10.0
log = logging.getLogger(__name__)


class Ended(NamedTuple):
    """What is to be written of an exchange that ended at `at`; with it the confirmation of its calls of tools may end."""

    case: Case
    outcome: Outcome
    at: datetime
    ends_confirmation: bool = False


@dataclass(slots=True)
class Outcomes:
    """`given_up` counts what was waited for too long, or was one too many; each is named in the log."""

    database: Database
    given_up: int = 0
    _waiting: deque[Ended] = field(default_factory=deque, repr=False)
    _woken: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._try_forever())

    async def stop(self) -> None:
        """Try all that wait once more, up to the first that the record does not take, and give up the rest."""
        if self._task is not None:
            await end(self._task)
        with suppress(Unavailable):
            while self._waiting:
                await self._write(self._waiting[0], again=True)
                self._waiting.popleft()
        while self._waiting:
            self._give_up_first()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    async def close(self, ended: Ended) -> None:
        """Write down how an exchange ended; what cannot be written now is kept and tried again."""
        try:
            await self._write(ended, again=False)
        except Unavailable:
            log.warning("outcome not written yet, exchange %s", ended.case.id)
            self.keep(ended)

    def keep(self, ended: Ended) -> None:
        """Have an outcome written later; for one too many the first is given up."""
        if len(self._waiting) >= MOST:
            self._give_up_first()
        self._waiting.append(ended)
        self._woken.set()

    async def _try_forever(self) -> None:
        pause_s = FIRST_S
        while True:
            await self._woken.wait()
            while self._waiting:
                if now() - self._waiting[0].at > LIFE:
                    self._give_up_first()
                    continue
                pause_s = FIRST_S if await self._is_taken(self._waiting[0]) else min(LONGEST_S, 2 * pause_s)
                if pause_s > FIRST_S:
                    await asyncio.sleep(pause_s / 2)
            self._woken.clear()

    async def _is_taken(self, first: Ended) -> bool:
        """Try to write the first that waits; one that can never be written must not keep those behind it waiting."""
        try:
            await self._write(first, again=True)
        except Unavailable:
            return False
        except Exception as fault:  # noqa: BLE001 - the class alone: messages of a database quote values
            log.critical("outcome cannot be written: %s", type(fault).__name__)
            if self._waiting and self._waiting[0] is first:
                self._give_up_first()
            return True
        if self._waiting and self._waiting[0] is first:  # it may have been the one too many meanwhile
            self._waiting.popleft()
        return True

    async def _write(self, ended: Ended, *, again: bool) -> None:
        case, at = ended.case, ended.at
        await close_exchange(self.database, case, outcome=ended.outcome, by=case.actor, at=at, again=again)
        if ended.ends_confirmation:
            await end_confirmation(self.database, case, by=case.actor, at=at)

    def _give_up_first(self) -> None:
        self.given_up += 1
        log.error("outcome given up, exchange %s is shown as possibly sent", self._waiting.popleft().case.id)
