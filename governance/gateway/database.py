"""The gateway's connections to Postgres. A database that does not answer in time is a refusal, never a wait."""

import asyncio
import logging
import os
import select
import socket
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from math import inf
from typing import Any

from psycopg import AsyncConnection, AsyncCursor, Error, OperationalError
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from governance.core.errors import Unavailable

LEND_S, ANSWER_S = 0.5, 1.2
LEAST, MOST = 2, 12
Connection = AsyncConnection[Any]
Answer = AsyncCursor[Any]
DATABASE_DOWN, DATABASE_BEHIND = "database_down", "database_behind"
# How what a server sends to an idle connection begins when it ends it: nothing at all, an error message, an alert of TLS.
LAST_WORDS = {b"", b"E", b"\x15"}
log = logging.getLogger(__name__)


class Database:
    def __init__(self, conninfo: str) -> None:
        self._answered_at = -inf  # when a statement was answered last, on any connection
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            conninfo,
            kwargs={"autocommit": True, "options": f"-c statement_timeout={int(ANSWER_S * 1000)} -c timezone=UTC"},
            min_size=LEAST,
            max_size=MOST,
            timeout=LEND_S,
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
        """Lend a connection on which every statement is a transaction of its own, so for reads; `write` sends the one that writes.

        Raises:
            Unavailable: `database_down`, within LEND_S + ANSWER_S whatever state the database is in; `database_behind`, when it
                answers others, and all connections were lent for as long as one waits for them. Then nothing was asked of it.
        """
        asked_at = time.monotonic()
        try:
            async with self._lent() as connection:
                # Not asyncio.timeout: psycopg answers a cancellation by asking the server to cancel, and a frozen server never does.
                watchdog = asyncio.get_running_loop().call_later(ANSWER_S, _hang_up, connection)
                try:
                    yield connection
                finally:
                    watchdog.cancel()
            self._answered_at = time.monotonic()
        except (Error, PoolTimeout, OSError) as fault:
            if isinstance(fault, PoolTimeout) and self._answered_at > asked_at:
                raise _behind() from fault
            # The class and the state alone: messages of a database quote values.
            log.warning("database: %s %s", type(fault).__name__, getattr(fault, "sqlstate", ""))
            raise _down() from fault

    async def write(self, statement: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Run one statement that is a transaction by itself, committed when this returns; return its first row, None without one.

        Raises:
            Unavailable: `database_down`; then it is not known to have committed, and nothing may be sent.
        """
        async with self.reading() as connection:
            return await fetched(connection, statement, values)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """Lend a connection with a transaction in a pipeline: it commits at the end, or everything in it is undone.

        Statements are sent without waiting for one another, the commit with the last of them, and all have succeeded when the
        block is left; a block that reads a row waits for it there.

        Raises:
            Unavailable: `database_down`; then it is not known to have committed, and nothing may be sent.
        """
        async with self.reading() as connection:
            try:
                async with connection.pipeline(), connection.transaction():
                    yield connection
            except Error:
                # A statement that failed took its COMMIT along, and its transaction is still open.
                await connection.rollback()
                raise

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[Connection]:
        """Lend a connection of the pool that is open: a restart of the server must not cost each of them a request."""
        connection = await self._pool.getconn()
        # Not the pool's own check, which waits after each closed one and puts back what it has not closed itself.
        while not _is_open(connection):
            await connection.close()
            await self._pool.putconn(connection)
            connection = await self._pool.getconn()
        try:
            async with connection:
                yield connection
        finally:
            await self._pool.putconn(connection)

    async def answers(self) -> bool:
        try:
            async with self.reading() as connection:
                await connection.execute("SELECT 1")
        except Unavailable:
            return False
        return True


async def fetched(connection: Connection, statement: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Return the first row of a statement that gives rows, None when there is none."""
    return await (await connection.execute(statement, values)).fetchone()


def _is_open(connection: Connection) -> bool:
    """Say whether the server has kept a connection open, without asking the server."""
    if connection.closed:
        return False
    # Not select(): with a thousand open streams the connection's number is beyond what that can hold.
    watch = select.poll()
    watch.register(connection.fileno(), select.POLLIN)
    if not watch.poll(0):
        return True  # nothing has come, so no end has
    try:
        with _socket_of(connection) as wire:
            return wire.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) not in LAST_WORDS
    except BlockingIOError:
        return True
    except OSError:
        return False


def _hang_up(connection: Connection) -> None:
    """End whatever waits on this connection, at once: its next read sees the end."""
    with suppress(OSError, OperationalError), _socket_of(connection) as wire:
        wire.shutdown(socket.SHUT_RDWR)


def _socket_of(connection: Connection) -> socket.socket:
    return socket.socket(fileno=os.dup(connection.fileno()))


def _behind() -> Unavailable:
    reason = "More calls wait for the record than can be written down in time."
    return Unavailable(DATABASE_BEHIND, reason, remedy="Try again in a moment.")


def _down() -> Unavailable:
    return Unavailable(
        DATABASE_DOWN, "The record cannot be written.", remedy="Nothing was sent. Try again in a moment."
    )
