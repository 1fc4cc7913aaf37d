"""When all connections are taken: whoever waits too long is told that the database is behind if it answers others, else that it is down."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from governance.core.errors import Unavailable
from governance.gateway.database import DATABASE_BEHIND, DATABASE_DOWN, LEND_S, MOST, Database

A_WHILE = "SELECT pg_sleep(%(seconds)s)"


@pytest.fixture
async def database(server, committed_db):
    made = Database(server.environment.databases(committed_db).gateway)
    await made.open()
    yield made
    await made.close()


async def take_all_but(left: int, database: Database, taken: AsyncExitStack) -> None:
    async with AsyncExitStack() as rest:
        for number in range(MOST):
            stack = rest if number < left else taken
            await stack.enter_async_context(database.reading())


async def told(database: Database) -> str:
    """Return what a call is told whose record takes a while, "" when it is written."""
    try:
        await database.write(A_WHILE, {"seconds": 0.6 * LEND_S})
    except Unavailable as refused:
        return refused.code
    return ""


async def test_beside_a_database_that_answers_others_who_waits_too_long_is_told_that_it_is_behind(database):
    async with AsyncExitStack() as taken:
        await take_all_but(1, database, taken)
        codes = await asyncio.gather(*(told(database) for _ in range(12)))
    assert set(codes) == {"", DATABASE_BEHIND}


async def test_where_the_database_answers_nobody_it_is_told_to_be_down(database):
    async with AsyncExitStack() as taken:
        await take_all_but(0, database, taken)
        await asyncio.sleep(2 * LEND_S)
        assert await told(database) == DATABASE_DOWN
