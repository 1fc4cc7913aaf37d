"""Writers of events with connections of their own, and the sequencer as the process it is, under its own database role."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime

import psycopg

from governance.audit.events import EventKind, event_row
from governance.audit.services import INSERT
from governance.core.actors import WORKER
from governance.stack.databases import Databases
from governance.stack.places import ROOT


class Sequencer:
    """`manage.py sequence` with the address of the role remit_sequencer."""

    def __init__(self, url: str) -> None:
        self._environment = os.environ | {"DATABASE_URL": url, "REMIT_PROCESS": "sequencer"}
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        self._process = subprocess.Popen([sys.executable, "manage.py", "sequence"], cwd=ROOT, env=self._environment)

    def kill(self) -> None:
        """End it as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> int:
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=15)


def empty_log(databases: Databases) -> None:
    """Take away, as the owner, what the installation itself recorded."""
    with psycopg.connect(databases.owner) as owner:
        owner.execute("DELETE FROM audit_outbox")


def write_event(connection: psycopg.Connection, number: int) -> str:
    """Insert one event of unit `number` through `connection`; return its id."""
    row = event_row(
        EventKind.UNIT_MADE, subject=f"unit:{number}", by=WORKER, at=datetime.now(UTC), unit_path="/a/", n=number
    )
    connection.execute(INSERT, asdict(row))
    return str(row.event_id)


@contextmanager
def writing(url: str, count: int, work):
    """Run `work(connection, seed, stop)` in `count` threads until the block ends; their errors are raised here."""
    stop, failures = threading.Event(), []

    def run(seed):
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                work(connection, seed, stop)
        except Exception as failed:  # noqa: BLE001 - raised below, in the test's own thread
            failures.append(failed)

    threads = [threading.Thread(target=run, args=(seed,)) for seed in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
