"""The gateway's connections to Postgres. A database that does not answer in time is a refusal, never a wait."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection, Error
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from governance.core.errors import Unavailable

ANSWER_S = 1.5
LEAST, MOST = 2, 12
Connection = AsyncConnection[Any]
DATABASE_DOWN = "database_down"
log = logging.getLogger(__name__)


class Database:
    def __init__(self, conninfo: str) -> None:
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            conninfo,
            kwargs={"autocommit": True, "options": f"-c statement_timeout={int(ANSWER_S * 1000)} -c timezone=UTC"},
            min_size=LEAST,
            max_size=MOST,
            timeout=ANSWER_S,
            reconnect_timeout=5,
            open=False,
        )

    async def open(self) -> None:
        # Not waited for: a gateway that starts before its database answers 503 until that is there.
        await self._pool.open(wait=False)

    async def close(self) -> None:
        await self._pool.close(timeout=1)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Lend a connection for reads, every statement a transaction of its own.

        Raises:
            Unavailable: `database_down`.
        """
        try:
            async with asyncio.timeout(ANSWER_S), self._pool.connection(timeout=ANSWER_S) as connection:
                yield connection
        except (Error, PoolTimeout, TimeoutError, OSError) as fault:
            # The class and the state alone: messages of a database quote values.
            log.warning("database: %s %s", type(fault).__name__, getattr(fault, "sqlstate", ""))
            await self._forget_dead()
            raise _down() from fault

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """Lend a connection with an open transaction: it commits at the end, or everything in it is undone.

        Raises:
            Unavailable: `database_down`; then it is not known to have committed, and nothing may be sent.
        """
        async with self.reading() as connection, connection.transaction():
            yield connection

    async def answers(self) -> bool:
        try:
            async with self.reading() as connection:
                await connection.execute("SELECT 1")
        except Unavailable:
            return False
        return True

    async def _forget_dead(self) -> None:
        """Drop connections a restarted database has closed, so that the next request gets a living one."""
        try:
            async with asyncio.timeout(0.2):
                await self._pool.check()
        except (Error, PoolTimeout, TimeoutError, OSError):
            return


def _down() -> Unavailable:
    return Unavailable(
        DATABASE_DOWN, "The record cannot be written.", remedy="Nothing was sent. Try again in a moment."
    )
