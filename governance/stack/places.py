"""Where things are: the checkout, the language model beside the virtualenv, and the folder of one stack's state."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

ROOT = Path(__file__).resolve().parents[2]
MODELS = Path(sys.prefix).parent / ".models"
SYSTEM_STATE = Path("/var/lib/remit")


class StackError(Exception):
    """The stack cannot start; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class State:
    """The folder of one stack: its keys, logs and data. Two stacks never share one."""

    folder: Path

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def demo(self) -> Path:
        return self.folder / "demo.json"

    @property
    def running(self) -> Path:
        """Addresses and process ids of the running stack; absent when none runs."""
        return self.folder / "running.json"


def open_state(folder: Path) -> State:
    state = State(folder.expanduser().resolve())
    # 0711: the database's own user passes through to its data and can list nothing.
    make_folder(state.folder, 0o711)
    make_folder(state.keys, 0o700)
    make_folder(state.logs, 0o700)
    return state


def home_of(uid: int, state: State) -> Path:
    """Return where files of another user live: the state folder, or, when that user cannot pass through it, another one.

    `elsewhere` in the state folder then points there, so that a state folder made anew never meets the data of an old one.
    """
    if is_open_to(uid, state.folder):
        return state.folder
    link = state.folder / "elsewhere"
    if not link.is_symlink():
        made = SYSTEM_STATE / token_hex(8)
        make_folder(made, 0o711)
        link.symlink_to(made)
    return link.readlink()


def make_folder(path: Path, mode: int) -> None:
    if not path.exists():
        path.mkdir(parents=True)
        path.chmod(mode)


@contextmanager
def held(state: State) -> Iterator[None]:
    """Hold the state folder. The kernel lets go when the holder dies, however it dies."""
    handle = os.open(state.folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as taken:
        raise StackError(f"Another Remit runs on {state.folder}. Stop it, or give --state another folder.") from taken
    finally:
        os.close(handle)


def is_open_to(uid: int, path: Path) -> bool:
    """Return whether a user in no group of ours can pass through `path` and every folder above it."""
    if uid == os.geteuid():
        return True
    return all(_lets_through(uid, folder.stat()) for folder in (path, *path.parents))


def _lets_through(uid: int, status: os.stat_result) -> bool:
    return bool(status.st_mode & (0o100 if status.st_uid == uid else 0o001))


def write_private(path: Path, content: str) -> None:
    """Write a file only its owner reads, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(content)
    draft.replace(path)
