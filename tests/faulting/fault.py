"""What a fault is."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import psutil

import sending
from faulting.clients import Answer, waits
from faulting.worlds import World
from harness.processes import wait_until

Ask = Callable[[str, str, str, bytes, str], Answer]
Doors = Mapping[str, Any]
Hold = Callable[[World], AbstractContextManager[Doors | None]]
LATE = ("worker_absent", "worker_lost", "deadline_passed")
NO_ANSWER = frozenset({None})


@contextmanager
def _nothing(_world: World) -> Iterator[None]:
    yield


@dataclass(frozen=True)
class Fault:
    """`hold` breaks something and mends it afterwards; it may yield other gateways to ask. `meanwhile` happens
    `after_s` seconds after all calls were read; where it is not `certain`, after all began to ask, which may be before a gateway has
    read anything, and a leak is not looked for in each cell.

    `statuses` are what our gateway may answer, None where it can answer nothing, and one of `codes` stands in what it says.
    `recorded`: each call leaves a row. One that leaves none had a database that failed, was turned away before it was read, or had
    no gateway. `quick` ones are put to the gateway in every run.
    """

    name: str
    hold: Hold = _nothing
    meanwhile: Callable[[World], None] | None = None
    after_s: float = 0.5
    ask: Ask = waits
    model: str = "recorder-1"
    statuses: frozenset[int | None] = frozenset({503})
    codes: tuple[str, ...] = ()
    recorded: bool = True
    certain: bool = True
    quick: bool = False


def frozen(name: str) -> Hold:
    """Return what stops a process of the stack, with its children, and lets them go on."""

    @contextmanager
    def hold(world: World) -> Iterator[None]:
        pids = [world.running.pid(name), *sending.children_of(world.running.pid(name))]
        sending.signal_all(pids, stop=True)
        try:
            yield
        finally:
            sending.signal_all(pids, stop=False)

    return hold


def _runs(pid: int) -> bool:
    """Say whether a process is there and not only unburied."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def killed(name: str) -> Hold:
    """Return what kills a process of the stack, and keeps whoever would start it again from it for as long as it holds."""

    @contextmanager
    def hold(world: World) -> Iterator[None]:
        supervisor = [world.running.process.pid]
        sending.signal_all(supervisor, stop=True)
        try:
            children = sending.children_of(world.running.pid(name))
            world.running.kill(name)
            # They die with it, a moment later; what one of them still answers was scanned.
            wait_until(lambda: not any(map(_runs, children)), what="the end of its children")
            yield
        finally:
            sending.signal_all(supervisor, stop=False)

    return hold
