"""What must be known before Django's settings are read. Nothing is started here: a run of pure tests starts no server."""

import atexit
import fcntl
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from governance.stack.databases import DATABASE, Databases, embedded_databases, with_name
from governance.stack.embedded import Ports, free_ports
from governance.stack.environment import KEY_FILES
from governance.stack.keys import make_keys, passwords
from governance.stack.places import MODELS, ROOT, State, open_state
from governance.stack.valkey import valkey_url

USUAL = ROOT / ".state" / "test"


@dataclass(frozen=True)
class TestEnvironment:
    """`server` holds the data of Postgres and outlives the run, so that the migrated template is made once for each schema."""

    __test__ = False
    server: State
    ports: Ports
    started_by_parent: bool

    def databases(self, name: str = DATABASE) -> Databases:
        found = embedded_databases(self.ports.postgres, passwords(self.server.keys))
        urls = {role: with_name(getattr(found, role), name) for role in ("owner", "app", "gateway", "sequencer")}
        return Databases(**urls, made_here=found.made_here)

    def redis_url(self, number: int = 0) -> str:
        return valkey_url(self.ports.valkey, passwords(self.server.keys)["valkey"]).removesuffix("/0") + f"/{number}"


@cache
def prepare() -> TestEnvironment:
    """Choose folders, ports and passwords, and put into os.environ what the settings read. Once for a process."""
    inherited = os.environ.get("REMIT_TEST_SERVER")
    server = open_state(Path(inherited)) if inherited else open_state(_own_folder())
    make_keys(server.keys)
    found = TestEnvironment(server, _ports(), started_by_parent=bool(inherited))
    files = {variable: str(server.keys / name) for variable, name in KEY_FILES.items()}
    os.environ |= files | {
        "DJANGO_SETTINGS_MODULE": "governance.settings.test",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # playwright keeps a loop in the thread that also asks the database
        "DATABASE_URL": found.databases().app,
        "DATABASE_OWNER_URL": found.databases().owner,
        "REDIS_URL": found.redis_url(),
        "REMIT_STATE": _state_with(server.keys),
        "REMIT_TEST_SERVER": str(server.folder),
        "REMIT_TEST_PORTS": f"{found.ports.postgres},{found.ports.valkey}",
        "REMIT_PROCESS": "test",
        "REMIT_MODELS": str(MODELS),
    }
    sys.path.append(str(MODELS))
    return found


def _ports() -> Ports:
    told = os.environ.get("REMIT_TEST_PORTS")
    return Ports(*map(int, told.split(","))) if told else free_ports()


def _own_folder() -> Path:
    """Return the usual folder, or a passing one while another run holds the usual one."""
    USUAL.parent.mkdir(mode=0o711, exist_ok=True)
    handle = os.open(USUAL.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # Held, and never closed, until this process ends.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return Path(temporary_folder("remit-test-"))
    return USUAL


def _state_with(keys: Path) -> str:
    """Return a folder for what the tests store, with the keys that the servers of the run were started with."""
    folder = temporary_folder("remit-state-")
    (Path(folder) / "keys").symlink_to(keys)
    return folder


def temporary_folder(prefix: str) -> str:
    """Return a folder that every user may pass through; it is gone when this process ends."""
    folder = tempfile.mkdtemp(prefix=prefix)
    Path(folder).chmod(0o711)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
