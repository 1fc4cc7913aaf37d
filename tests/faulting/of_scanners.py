"""Faults of whoever scans."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from faulting.fault import LATE, Fault, Hold, frozen, killed
from faulting.worlds import TESTS, World
from governance.stack.places import ROOT

ABSENT = "absent"
# How broken_worker.py is broken -> what it is called, and what the gateway may say of it.
BROKEN = {
    "raising": ("a detector throws", ("incomplete_scan",)),
    "exhausted": ("a detector without memory", ("incomplete_scan",)),
    "late": ("a detector is late", ("deadline_passed", "incomplete_scan")),
    "silent": ("a detector misses its canary", ("canary_failed",)),
    "none": ("a detector returns None", ("incomplete_scan",)),
    "rubbish": ("a detector returns rubbish", ("incomplete_scan",)),
    "half": ("a detector skips a text", ("incomplete_scan",)),
    "unloaded": ("no detector is loaded", ("canary_failed",)),
    "dying": ("killed in a scan", LATE),
    "crashing": ("crashes in a scan", LATE),
    "hanging": ("hangs in a scan", LATE),  # some seconds after its deadline its process ends, as it should
    "other": ("reports on another text", ("permit_without_scan",)),
    "older": ("reports by an older ruleset", ("permit_without_scan",)),
    "partial": ("reports on half of it", ("incomplete_scan",)),
    "garbled": ("answers in rubbish", ("deadline_passed",)),
    "forged": ("answers under another key", ("deadline_passed",)),
    ABSENT: ("is not there", ("worker_absent",)),
}


def _worker(how: str) -> Hold:
    """Return what lets a broken worker run on a stack that has no other."""

    @contextmanager
    def hold(world: World) -> Iterator[None]:
        if how == ABSENT:
            yield
            return
        command = [sys.executable, str(TESTS / "broken_worker.py"), how]
        process = subprocess.Popen(command, cwd=ROOT, env=world.environment(), stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout.readline() == "ready\n"
            yield
        finally:
            process.kill()
            process.wait()

    return hold


sound = _worker("sound")
FAULTS = (
    Fault("worker: killed", killed("interactive"), codes=LATE, quick=True),
    Fault("worker: frozen", frozen("interactive"), codes=LATE, quick=True),
)
# Put to a stack without a worker of its own.
BROKEN_FAULTS = tuple(Fault(f"worker: {name}", _worker(how), codes=codes) for how, (name, codes) in BROKEN.items())
