"""New connections do not wait for one turn of the loop each, and a server that is closed takes none."""

import asyncio
import socket
from contextlib import ExitStack

import pytest

from governance.gateway.listening import AT_A_TIME, Loop

CALLERS = 64


class Counting(asyncio.Protocol):
    """Counts the connections that were taken."""

    taken = 0

    def connection_made(self, _transport: asyncio.BaseTransport) -> None:
        Counting.taken += 1


async def turns_until_all_are_taken() -> int:
    """Return how many turns the loop needs for CALLERS that came while it did something else."""
    Counting.taken, turns = 0, 0
    server = await asyncio.get_running_loop().create_server(Counting, "127.0.0.1", 0, backlog=2 * CALLERS)
    where = server.sockets[0].getsockname()
    with ExitStack() as open_calls:
        for _ in range(CALLERS):
            open_calls.enter_context(socket.create_connection(where))
        while Counting.taken < CALLERS:
            await asyncio.sleep(0)
            turns += 1
    server.close()
    await server.wait_closed()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(where)
    return turns


def test_several_new_connections_are_taken_in_one_turn():
    with asyncio.Runner(loop_factory=Loop) as runner:
        assert runner.run(turns_until_all_are_taken()) <= CALLERS / AT_A_TIME + 4
