"""What was allowed when a stream began may be taken back while it runs: two looks a second, for all open streams at once."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from governance.core.clock import now
from governance.core.errors import Unavailable
from governance.gateway.database import Database
from governance.gateway.selectors.access import still_stands

LOOK_S = 0.4
BLIND_S = 5.0  # without the database nobody can take anything back; after so long nothing more goes out either
log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Lease:
    """What an open stream stands on. `ended` is the reason to cut it, "" while it may run."""

    key: UUID
    grants: tuple[UUID, ...]
    seen: float
    ended: str = ""


class Watch:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._leases: set[Lease] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._look_forever())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @contextmanager
    def over(self, key: UUID, grants: tuple[UUID, ...]) -> Iterator[Lease]:
        lease = Lease(key, grants, asyncio.get_running_loop().time())
        self._leases.add(lease)
        try:
            yield lease
        finally:
            self._leases.discard(lease)

    async def _look_forever(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            if self._leases:
                await self._look()

    async def _look(self) -> None:
        """Ask once for each distinct pair of key and grants, however many streams share it."""
        by_right: dict[tuple[UUID, tuple[UUID, ...]], list[Lease]] = {}
        for lease in self._leases:
            by_right.setdefault((lease.key, lease.grants), []).append(lease)
        moment, clock = now(), asyncio.get_running_loop().time
        try:
            async with self._database.reading() as conn:
                for (key, grants), leases in by_right.items():
                    stands = await still_stands(conn, key=key, grants=grants, at=moment)
                    for lease in leases:
                        lease.seen = clock()
                        lease.ended = "" if stands else "no_longer_allowed"
        except Unavailable:
            log.warning("open streams could not be checked")
            for lease in self._leases:
                lease.ended = "database_down" if clock() - lease.seen > BLIND_S else lease.ended
