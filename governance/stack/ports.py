"""Free ports on the loopback address."""

import socket
from pathlib import Path
from typing import NoReturn

from governance.stack.places import StackError


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def reserve(asked: int | None, usual: int) -> socket.socket:
    """Hold the port asked for, else the usual one, else (a second copy runs) any free one; 0 asks for any free one.

    Returns a listening socket: the port is nobody else's until it is closed. Between choosing a port and serving on it lie the
    migrations, time enough for a second copy to choose the same.
    """
    if asked:
        held = _listen(asked)
        if held is None:
            raise StackError(f"Port {asked} is taken. Choose another, or leave the option out.")
        return held
    return (_listen(usual) if asked is None else None) or _listen(0) or _none_left()


def port_of(held: socket.socket) -> int:
    number: int = held.getsockname()[1]
    return number


def kept_port(path: Path) -> int:
    """Return the port written in `path`, a free one at the first call: the address stands in the database and must stay."""
    if not path.exists():
        path.write_text(str(free_port()))
    return int(path.read_text())


def _listen(port: int) -> socket.socket | None:
    held = socket.socket()
    # As servers do: a port is free although old connections to it are still closing.
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind(("127.0.0.1", port))
        held.listen()
    except OSError:
        held.close()
        return None
    return held


def _none_left() -> NoReturn:
    raise StackError("No port of this machine is free.")
