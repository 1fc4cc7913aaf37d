"""Faults of the gateway itself, of its keys, its clock and its settings, and of who calls it."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from faulting.clients import leaves_in_the_answer, leaves_in_the_body, leaves_in_the_scan
from faulting.fault import NO_ANSWER, Doors, Fault, Hold, frozen
from faulting.worlds import World
from harness.processes import wait_until

ENDED = frozenset({None, 200, 500, 503})  # it may still answer, or be cut off by its server in the middle of that
ENDED_S = 20
YEAR_S = 366 * 24 * 3600


def _started_with(**environment: str) -> Hold:
    @contextmanager
    def hold(world: World) -> Iterator[Doors]:
        with world.doors_with(**environment) as doors:
            yield doors

    return hold


@contextmanager
def _another_payload_key(world: World) -> Iterator[Doors]:
    key = world.running.state / "keys" / "placeholder.hmac"
    with world.doors_with(REMIT_PAYLOAD_KEY_FILE=str(key)) as doors:
        yield doors


def _kill(world: World) -> None:
    world.signal_doors(signal.SIGKILL)


def _end(world: World) -> None:
    """Ask both to end. One that does not is killed, so that the next fault finds it well, and this one fails."""
    pids = world.pids()
    world.signal_doors(signal.SIGTERM)
    try:
        wait_until(lambda: not any(map(_runs, pids)), within_s=ENDED_S, what="the end of both gateways")
    finally:
        for pid in filter(_runs, pids):
            os.kill(pid, signal.SIGKILL)


def _runs(pid: int) -> bool:
    """Say whether it does, and is not only waiting for whoever started it to notice that it ended."""
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def _freeze(world: World) -> None:
    world.signal_doors(signal.SIGSTOP)
    time.sleep(1)
    world.signal_doors(signal.SIGCONT)


# Around the send of ten calls at once: each is somewhere else when it happens.
MOMENTS_S = [0.01 * step for step in range(1, 21)]
KILLED_AT = tuple(
    Fault(
        f"gateway: killed after {1000 * moment:.0f} ms",
        meanwhile=_kill,
        after_s=moment,
        statuses=frozenset({None, 200}),
        recorded=False,
        certain=False,
    )
    for moment in MOMENTS_S
)
FAULTS = (
    Fault("gateway: killed in a scan", frozen("interactive"), _kill, statuses=NO_ANSWER, recorded=False),
    Fault("gateway: ended in a scan", frozen("interactive"), _end, statuses=ENDED, recorded=False),
    Fault("gateway: frozen in a scan", frozen("interactive"), _freeze, statuses=frozenset({200, 503})),
    Fault(
        "gateway: a key file is missing",
        _started_with(REMIT_PAYLOAD_KEY_FILE="/nowhere"),
        statuses=NO_ANSWER,
        recorded=False,
        quick=True,
    ),
    Fault("gateway: not the workers' key", _another_payload_key, codes=("deadline_passed",)),
    Fault("gateway: its clock an hour behind", _started_with(CLOCK_SHIFT_S="-3600"), statuses=frozenset({400, 403})),
    Fault(
        "gateway: its clock a year ahead",
        _started_with(CLOCK_SHIFT_S=str(YEAR_S)),
        statuses=frozenset({401, 403}),
        recorded=False,
    ),
    Fault(
        "gateway: no call may be under way", _started_with(GATEWAY_MOST_IN_FLIGHT="0"), codes=("busy",), recorded=False
    ),
    Fault("client: leaves in its body", ask=leaves_in_the_body, statuses=NO_ANSWER, quick=True),
    Fault("client: leaves in the scan", frozen("interactive"), ask=leaves_in_the_scan, statuses=NO_ANSWER),
    Fault("client: leaves in the answer", ask=leaves_in_the_answer, model="drip-1", statuses=NO_ANSWER),
)
