"""A small supervisor: starts programs, starts a dead one again, stops all of them within two seconds."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from governance.stack.places import ROOT

CHILD = Path(__file__).with_name("child.py")
FIRST_PAUSE_S, LONGEST_PAUSE_S, STEADY_AFTER_S = 0.2, 5.0, 5.0
STOP_PATIENCE_S = 0.7  # twice: programs first, then what they depend on; together below two seconds
LARGEST_LOG_BYTES = 10 * 1024**2


@dataclass(frozen=True, slots=True)
class Servant:
    """The user a program runs as; -1 keeps our own."""

    uid: int = -1
    gid: int = -1


@dataclass(frozen=True, slots=True)
class Program:
    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    servant: Servant = Servant()
    folder: Path = ROOT
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    is_server: bool = False  # others depend on it, so it stops after them


@dataclass
class Supervisor:
    logs: Path
    say: Callable[[str], None]
    changed: Callable[[dict[str, int]], None] = lambda _alive: None
    alive: dict[str, Process] = field(default_factory=dict)
    _programs: dict[str, Program] = field(default_factory=dict)
    _keepers: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _stopping: bool = False

    def start(self, *programs: Program) -> None:
        for program in programs:
            self._programs[program.name] = program
            self._keepers[program.name] = asyncio.create_task(self._keep(program))

    async def stop(self) -> None:
        """Stop everything, what others depend on last. A program that does not stop in time is killed."""
        self._stopping = True
        for is_server in (False, True):
            names = [name for name, program in self._programs.items() if program.is_server is is_server]
            await asyncio.gather(*map(self._stop_one, names))

    async def _keep(self, program: Program) -> None:
        pause, clock = FIRST_PAUSE_S, asyncio.get_running_loop().time
        while not self._stopping:
            born = clock()
            process = self.alive[program.name] = await self._spawn(program)
            self.changed(self._ids())
            code = await process.wait()
            _signal_group(process, signal.SIGKILL)  # what a killed parent left behind
            del self.alive[program.name]
            if self._stopping:
                return
            pause = FIRST_PAUSE_S if clock() - born > STEADY_AFTER_S else pause
            self.say(f"{program.name} ended ({_reason(code)}); starting it again in {pause:.1f} s")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _spawn(self, program: Program) -> Process:
        with _open_log(self.logs / f"{program.name}.log") as log:
            return await asyncio.create_subprocess_exec(
                *dying_with_us(program.command, program.orphan_signal, program.servant),
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
                env=program.environment,
                cwd=program.folder,
                start_new_session=True,  # Ctrl-C in the terminal reaches the supervisor alone
            )

    async def _stop_one(self, name: str) -> None:
        if process := self.alive.get(name):
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(self._programs[name].stop_signal)
            await asyncio.wait([self._keepers[name]], timeout=STOP_PATIENCE_S)
            _signal_group(process, signal.SIGKILL)
        else:
            self._keepers[name].cancel()
        await asyncio.wait([self._keepers[name]])

    def _ids(self) -> dict[str, int]:
        return {name: process.pid for name, process in self.alive.items()}


def dying_with_us(command: Sequence[str], number: signal.Signals, servant: Servant = Servant()) -> list[str]:
    """Return `command` so that it gets the signal `number` when the thread that starts it ends."""
    wish = [str(os.getpid()), str(int(number)), str(servant.uid), str(servant.gid)]
    return [sys.executable, "-I", "-S", str(CHILD), *wish, *command]


def _open_log(path: Path) -> BinaryIO:
    if path.exists() and path.stat().st_size > LARGEST_LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def _signal_group(process: Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _reason(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit {code}"
