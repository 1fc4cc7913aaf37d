"""The event loop of the gateway: `uvicorn --loop governance.gateway.listening:Loop`. It takes several new connections at a time.

uvloop takes one in each of its turns. A turn of a gateway with much to do takes ten milliseconds and more, so whoever came with a new
connection waited for seconds while those on open ones were answered at once; and who calls seldom is who comes with a new one.
"""

import asyncio
import os
import socket
from collections.abc import Callable, Sequence
from typing import Any

import uvloop

AT_A_TIME = 8


class Loop(uvloop.Loop):
    async def create_server(self, protocol_factory: Callable[[], asyncio.BaseProtocol], *where: Any, **how: Any) -> Any:
        """Return a server as the loop makes it, whose sockets are listened to AT_A_TIME times."""
        make = super().create_server
        servers: list[Any] = [await make(protocol_factory, *where, **how)]
        again = {name: value for name, value in how.items() if name in {"ssl", "backlog"}}
        for each in servers[0].sockets:
            for _ in range(AT_A_TIME - 1):
                same = socket.socket(fileno=os.dup(each.fileno()))
                servers.append(await make(protocol_factory, sock=same, **again))
        return Servers(servers)


class Servers:
    """Several servers on the same sockets, as one: what uvicorn asks of it."""

    def __init__(self, of: Sequence[Any]) -> None:
        self._of = of

    @property
    def sockets(self) -> Sequence[Any]:
        return tuple(self._of[0].sockets)

    def is_serving(self) -> bool:
        return bool(self._of[0].is_serving())

    def close(self) -> None:
        for each in self._of:
            each.close()

    async def wait_closed(self) -> None:
        for each in self._of:
            await each.wait_closed()
