"""The gateway's connections after the server ended them: none of them is lent, and none stays in the pool."""

from contextlib import AsyncExitStack

import psycopg

from governance.gateway.database import MOST, Database

END_ALL = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


async def test_no_call_pays_for_a_restart_of_the_server(server, committed_db):
    address = server.environment.databases(committed_db).gateway
    database = Database(address)
    await database.open()
    async with AsyncExitStack() as lent:
        for _ in range(MOST):
            await lent.enter_async_context(database.reading())
    with psycopg.connect(address, autocommit=True) as same_role:
        same_role.execute(END_ALL, [committed_db])
    answered = [await database.answers() for _ in range(3 * MOST)]
    await database.close()
    assert answered == [True] * (3 * MOST)
