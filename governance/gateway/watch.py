"""What was allowed when a call began may be taken back while it runs: two looks a second, one statement for all open calls.

The same look finds stops that this process has not answered yet: once every call they concern has ended, it says so, and so a
stop, or a drill of one, knows after how long each process had stopped.
"""

import asyncio
import logging
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from governance.core.actors import GATEWAY
from governance.core.background import end
from governance.core.clock import now
from governance.core.errors import DomainError, NotAllowed, Unavailable
from governance.gateway.admitting.admission import Admission
from governance.gateway.database import DATABASE_DOWN, Database
from governance.gateway.selectors.standing import TAKEN_BACK, Unanswered, View, look
from governance.gateway.services.signs import answer_stop, show_life
from governance.gateway.stopping import Sending, refusal_of, stop_on

LOOK_S = 0.4
BEAT_S = 2.0
BLIND_S = 5.0  # without the database nobody can take anything back; after so long nothing more goes out either
log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Lease:
    """What an open call stands on. `ended` is why it was cut, None while it may run. `relaxation` holds while rules are only observed."""

    key: UUID
    grants: tuple[UUID, ...]
    sending: Sending
    relaxation: "Relaxation | None"
    seen: float
    _until: asyncio.Timeout
    ended: DomainError | None = None

    def end(self, why: DomainError) -> None:
        """Cut the call at its next step, whatever it waits for."""
        if self.ended is None:
            self.ended = why
            self._until.reschedule(asyncio.get_running_loop().time())


class Relaxation(Protocol):
    """How an answer is read while most rules are only observed, and from when on they hold."""

    observation: UUID | None

    def enforce(self) -> None: ...


@dataclass(slots=True)
class Watch:
    database: Database
    admission: Admission
    process: str = field(default_factory=lambda: f"{os.uname().nodename}:{os.getpid()}")
    _leases: set[Lease] = field(default_factory=set)
    _opening: list[Sending] = field(default_factory=list)
    _cut: Counter[UUID] = field(default_factory=Counter)  # stop -> calls it has ended here
    _task: asyncio.Task[None] | None = None
    _began: float = field(default_factory=time.monotonic)
    _beaten: float = 0.0

    def start(self) -> None:
        self._task = asyncio.create_task(self._look_forever())

    async def stop(self) -> None:
        if self._task is not None:
            await end(self._task)

    @contextmanager
    def opening(self, sending: Sending) -> Iterator[None]:
        """Mark the time in which an intent is being written: it may have read that nothing is stopped, and has no lease yet."""
        self._opening.append(sending)
        try:
            yield
        finally:
            self._opening.remove(sending)

    @asynccontextmanager
    async def over(
        self, key: UUID, grants: tuple[UUID, ...], sending: Sending, *, relaxation: Relaxation | None = None
    ) -> AsyncIterator[Lease]:
        """Let the block run as long as what it stands on stands: sending, waiting and passing on alike are cut short.

        Raises:
            NotAllowed: `no_longer_allowed`, `stopped`. Unavailable: `database_down`, after BLIND_S without a look.
        """
        lease: Lease | None = None
        try:
            async with asyncio.timeout(None) as until:
                lease = Lease(key, grants, sending, relaxation, asyncio.get_running_loop().time(), until)
                self._leases.add(lease)
                try:
                    yield lease
                finally:
                    self._leases.discard(lease)
        except TimeoutError:
            if lease is None or lease.ended is None:
                raise
            raise lease.ended from None

    async def _look_forever(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self._look()
            except Exception as fault:  # noqa: BLE001 - a watch that ended would let everything run on
                self._look_blindly(fault)

    async def _look(self) -> None:
        leases = list(self._leases)
        async with self.database.reading() as conn:
            seen = await look(
                conn,
                keys={lease.key for lease in leases},
                grants={grant for lease in leases for grant in lease.grants},
                observations={found for lease in leases if (found := _observation(lease)) is not None},
                process=self.process,
                age_s=time.monotonic() - self._began,
                at=now(),
            )
            self._cut.update(stop for lease in leases if (stop := _judge(lease, seen)) is not None)
            if time.monotonic() - self._beaten > BEAT_S:
                await show_life(
                    conn, process=self.process, calls=len(leases), shed=self.admission.shed, by=GATEWAY, at=now()
                )
                self._beaten = time.monotonic()
        await self._answer(seen.unanswered)

    async def _answer(self, stops: Sequence[Unanswered]) -> None:
        """Say of each stop that nothing it concerns runs here any more. One whose calls are still ending waits for the next look."""
        await asyncio.sleep(0)  # those just cut end now
        for stop in stops:
            concerned = [lease for lease in self._leases if stop.of.concerns(lease.sending)]
            opening = any(map(stop.of.concerns, self._opening))
            if stop.drill or not (concerned or opening):
                calls = len(concerned) if stop.drill else self._cut.pop(stop.of.id, 0)
                name = self.process
                await answer_stop(self.database, stop_id=stop.of.id, process=name, calls=calls, by=GATEWAY, at=now())

    def _look_blindly(self, fault: Exception) -> None:
        if self._leases:
            log.warning("open calls could not be checked: %s", type(fault).__name__)
        clock = asyncio.get_running_loop().time()
        for lease in list(self._leases):
            if clock - lease.seen > BLIND_S:
                lease.end(
                    Unavailable(DATABASE_DOWN, "Whether this may go on cannot be known, so the answer ends here.")
                )


def _judge(lease: Lease, seen: View) -> UUID | None:
    """End the lease when it no longer stands; return the stop that ended it just now."""
    lease.seen = asyncio.get_running_loop().time()
    if lease.ended is not None:
        return None
    stop = stop_on(seen.stops, lease.sending)
    if stop is not None:
        lease.end(refusal_of(stop))
        return stop.id
    if lease.key not in seen.keys or not seen.grants.issuperset(lease.grants):
        lease.end(NotAllowed(TAKEN_BACK, "What allowed this was taken back, so the answer ends here."))
    if lease.relaxation is not None and _observation(lease) not in {None, *seen.observations}:
        lease.relaxation.enforce()
    return None


def _observation(lease: Lease) -> UUID | None:
    return lease.relaxation.observation if lease.relaxation else None
