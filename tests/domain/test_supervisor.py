"""The supervisor alone, with programs that misbehave."""

import os
import sys
from pathlib import Path

import pytest

from governance.stack.processes import Program, Supervisor
from harness.processes import wait_until_async

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)
FALLING = "print('up', flush=True); raise SystemExit(7)"


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(tmp_path, said):
    return Supervisor(tmp_path, said.append)


def python(name: str, code: str) -> Program:
    return Program(name, (sys.executable, "-c", code), {})


async def test_a_program_that_ignores_sigterm_is_killed(supervisor, tmp_path):
    supervisor.start(python("stubborn", STUBBORN))
    await wait_until_async(lambda: "up" in read(tmp_path / "stubborn.log"))
    number = supervisor.alive["stubborn"].pid
    await supervisor.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


async def test_a_program_that_ends_is_started_again_and_said_so(supervisor, said, tmp_path):
    supervisor.start(python("falling", FALLING))
    await wait_until_async(lambda: read(tmp_path / "falling.log").count("up") >= 2)
    await supervisor.stop()
    assert said[0] == "falling ended (exit 7); starting it again in 0.2 s"
    assert not supervisor.alive


async def test_the_pauses_grow(supervisor, said, tmp_path):
    supervisor.start(python("falling", FALLING))
    await wait_until_async(lambda: len(said) >= 3)
    await supervisor.stop()
    assert [line.split()[-2] for line in said[:3]] == ["0.2", "0.4", "0.8"]


async def test_nothing_starts_again_after_stop(supervisor, tmp_path):
    supervisor.start(python("falling", FALLING))
    await wait_until_async(lambda: read(tmp_path / "falling.log"))
    await supervisor.stop()
    before = read(tmp_path / "falling.log")
    assert not supervisor.alive
    assert read(tmp_path / "falling.log") == before


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""
