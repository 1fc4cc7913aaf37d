"""Remit's real processes for tests: each stack has a database, a broker number and ports of its own."""

import asyncio
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path

import pytest

from governance.stack.places import ROOT
from governance.stack.processes import dying_with_us
from harness.databases import Server, connected_to
from harness.environment import temporary_folder

READY_WITHIN_S = 180
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
BROKER_NUMBERS = count(1 + 32 * WORKER)  # one for each stack of each worker; 0 is of the tests that start none
STANDARD = ("web", "gateway", "interactive", "bulk", "sequencer")


@dataclass
class RunningRemit:
    """A stack of processes under the supervisor that `./dev run` uses."""

    state: Path
    database: str | None  # its name in the test server; None when the stack runs an embedded server of its own
    process: subprocess.Popen = field(repr=False)

    @cached_property
    def web(self) -> str:
        return self.told()["web"]

    @cached_property
    def gateway(self) -> str:
        return self.told()["gateway"]

    def told(self) -> dict:
        return json.loads((self.state / "running.json").read_text())

    def pid(self, name: str) -> int:
        """Return the process id of `name` (web, interactive, postgres, ...); KeyError while it is down."""
        return self.told()["processes"][name]

    def kill(self, name: str) -> int:
        """Kill `name` as a crash would; return the id it had. The supervisor starts it again."""
        number = self.pid(name)
        os.kill(number, signal.SIGKILL)
        return number

    def freeze(self, name: str) -> None:
        os.kill(self.pid(name), signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        os.kill(self.pid(name), signal.SIGCONT)

    def log(self, name: str) -> str:
        return (self.state / "logs" / f"{name}.log").read_text()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=20)


def wait_until(true: Callable[[], object], *, within_s: float = 20, what: str = "it") -> object:
    """Return the first true answer; fail when there is none in time."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if answer := true():
            return answer
        time.sleep(0.05)
    return pytest.fail(f"{what} did not happen within {within_s} s")


async def wait_until_async(true: Callable[[], object], *, within_s: float = 20) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, f"it did not happen within {within_s} s"
        await asyncio.sleep(0.05)


class Launcher:
    def __init__(self, server: Server, folders: Callable[[], Path]) -> None:
        self.server, self.folder, self.running = server, folders, []
        self._made: Path | None = None  # a state that was started once

    def __call__(
        self,
        *,
        only: tuple[str, ...] = STANDARD,
        demo: bool = False,
        embedded: bool = False,
        first: bool = False,
        state: Path | None = None,
        extra: dict[str, str] | None = None,
    ) -> RunningRemit:
        """Start a stack and wait until it is ready.

        `only`: the processes to start. `embedded`: with a database server and a broker of its own, for tests that kill
        those; it is one that was started before, unless it is the `first` start that matters. `state`: its folder, else a
        fresh one. `extra`: further environment variables.
        """
        state, database = state or self.folder(), None
        state.mkdir(parents=True, exist_ok=True)
        if embedded:
            where = {}
            is_open = bool(
                state.stat().st_mode & stat.S_IXOTH
            )  # of a private one the data lie elsewhere, and are no copy
            if is_open and not first and not any(state.iterdir()):
                shutil.rmtree(state)
                subprocess.run(
                    ["cp", "--archive", self._started_once(), state], check=True
                )  # keeps whose the files are
        else:
            database = self.server.clone()
            where = self._addresses(database)
            shutil.copytree(self.server.environment.server.keys, state / "keys", dirs_exist_ok=True)
        running = RunningRemit(state, database, _launch(state, only, _environment() | where | (extra or {}), demo=demo))
        self.running.append(running)
        _wait_until_ready(running)
        return running

    def stop_all(self) -> None:
        for running in self.running:
            running.stop()
            if running.database:
                self.server.drop(running.database)

    def _started_once(self) -> Path:
        """Return the state of a stack that was started and stopped: to make a database takes longer than most tests."""
        if self._made is None:
            made = self(only=("bulk",), embedded=True, first=True)
            made.stop()
            shutil.rmtree(made.state / "logs")
            self._made = made.state
        return self._made

    def _addresses(self, database: str) -> dict[str, str]:
        found = self.server.environment.databases(database)
        return {
            "DATABASE_OWNER_URL": found.owner,
            "DATABASE_URL": found.app,
            "DATABASE_GATEWAY_URL": found.gateway,
            "DATABASE_SEQUENCER_URL": found.sequencer,
            "REDIS_URL": self.server.environment.redis_url(next(BROKER_NUMBERS)),
        }


def _environment() -> dict[str, str]:
    """Return ours without what names the servers of the tests."""
    return {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("DATABASE_", "REDIS_", "REMIT_", "DJANGO_"))
    }


def _launch(state: Path, only: tuple[str, ...], environment: dict[str, str], *, demo: bool) -> subprocess.Popen:
    flags = ["--web-port", "0", "--gateway-port", "0", "--only", ",".join(only), *([] if demo else ["--no-demo"])]
    with (state / "console.log").open("wb") as console:
        return subprocess.Popen(
            dying_with_us(
                [sys.executable, "-m", "governance.stack", "up", "--state", str(state), *flags], signal.SIGTERM
            ),
            cwd=ROOT,
            env=environment,
            stdout=console,
            stderr=console,
            start_new_session=True,
        )


def _wait_until_ready(running: RunningRemit) -> None:
    console = running.state / "console.log"
    wait_until(
        lambda: "Remit is ready" in console.read_text() or running.process.poll() is not None,
        within_s=READY_WITHIN_S,
        what="a ready Remit",
    )
    assert running.process.poll() is None, f"Remit did not start:\n{console.read_text()}"


@pytest.fixture(scope="session")
def start_remit(server):
    # Not pytest's own folders: those are closed to other users, and under root the database is one.
    launcher = Launcher(server, lambda: Path(temporary_folder("remit-stack-")))
    yield launcher
    launcher.stop_all()


@pytest.fixture(scope="session")
def running(start_remit) -> RunningRemit:
    """One standard stack, shared by all tests that do not break it."""
    return start_remit()


@pytest.fixture
def running_db(running, django_db_setup, django_db_blocker):
    """Django's connection is to the database of `running`, so that services called here are seen there."""
    with django_db_blocker.unblock(), connected_to(running.database):
        yield running
