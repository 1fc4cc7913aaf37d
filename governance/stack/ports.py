"""Free ports on the loopback address."""

import socket
from pathlib import Path

from governance.stack.places import StackError


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def chosen_port(asked: int | None, usual: int) -> int:
    """Return the port asked for, else the usual one, else (a second copy runs) any free one. 0 asks for any free one."""
    if asked:
        if not is_free(asked):
            raise StackError(f"Port {asked} is taken. Choose another, or leave the option out.")
        return asked
    return usual if asked is None and is_free(usual) else free_port()


def kept_port(path: Path) -> int:
    """Return the port written in `path`, a free one at the first call: the address stands in the database and must stay."""
    if not path.exists():
        path.write_text(str(free_port()))
    return int(path.read_text())


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: a port is free although old connections to it are still closing.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
