"""Start the embedded database and broker under a supervisor and wait until they answer."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from governance.stack.keys import passwords
from governance.stack.migrate import make_database
from governance.stack.places import StackError, State
from governance.stack.ports import free_port
from governance.stack.postgres import SUPERUSER, install_postgres, is_postgres_ready, postgres_program
from governance.stack.processes import Supervisor
from governance.stack.valkey import is_valkey_ready, valkey_program, valkey_url

READY_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Ports:
    postgres: int
    valkey: int


def free_ports() -> Ports:
    return Ports(postgres=free_port(), valkey=free_port())


async def start_postgres(supervisor: Supervisor, state: State, *, port: int, careless: bool = False) -> None:
    """Start Postgres and make the owner and the database when they are not there."""
    secrets = passwords(state.keys)
    server = install_postgres(state, port=port, password=secrets["postgres"])
    supervisor.start(postgres_program(server, careless=careless))
    await until(lambda: is_postgres_ready(server), "Postgres", state)
    await asyncio.to_thread(make_database, superuser_url(port, secrets), secrets["owner"])


async def start_valkey(supervisor: Supervisor, state: State, *, port: int) -> str:
    """Start Valkey; return its address."""
    password = passwords(state.keys)["valkey"]
    supervisor.start(valkey_program(state, port=port, password=password))
    await until(lambda: is_valkey_ready(port, password), "Valkey", state)
    return valkey_url(port, password)


def superuser_url(port: int, secrets: dict[str, str]) -> str:
    return f"postgresql://{SUPERUSER}:{secrets['postgres']}@127.0.0.1:{port}/postgres"


async def until(ready: Callable[[], bool], what: str, state: State) -> None:
    deadline = asyncio.get_running_loop().time() + READY_WITHIN_S
    while not await asyncio.to_thread(ready):
        if asyncio.get_running_loop().time() > deadline:
            raise StackError(f"{what} did not start within {READY_WITHIN_S:.0f} s. See {state.logs}.")
        await asyncio.sleep(0.05)
