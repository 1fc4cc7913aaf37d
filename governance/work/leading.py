"""Long processes of which one at a time may act: the clock and the sequencer. The others stand by."""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from enum import IntEnum

from django.db import DatabaseError, InterfaceError, connection

from governance.core.actors import Actor
from governance.core.clock import now
from governance.work.services import beat

STAND_BY_S, AWAY_S, BEAT_EVERY_S = 1.0, 0.5, 5.0
log = logging.getLogger(__name__)


class Lead(IntEnum):
    """Numbers of Postgres advisory locks."""

    SEQUENCER = 7_310_001
    CLOCK = 7_310_002


def lead(role: Lead, turn: Callable[[], float], *, by: Actor, stop: threading.Event) -> None:
    """Call `turn` for as long as this process leads; it returns the seconds to wait before its next turn.

    The lead is a lock of the database session: it ends with the connection, so a leader that lost the database has lost
    the lead too, and whatever it had not committed. Ends when `stop` is set; a database restart is waited out.
    """
    leading_on, beat_due = None, 0.0
    while not stop.is_set():
        try:
            if connection.connection is None or connection.connection is not leading_on:
                leading_on = connection.connection if _takes(role) else None
            if time.monotonic() >= beat_due:
                _give_sign(role, by, is_leader=leading_on is not None)
                beat_due = time.monotonic() + BEAT_EVERY_S
            pause = turn() if leading_on is not None else STAND_BY_S
        except (DatabaseError, InterfaceError) as failed:
            # The type and not the text: the database's own words may quote a row.
            log.warning("a turn of the %s failed: %s", role.name.lower(), type(failed).__name__)
            connection.close()
            leading_on, pause = None, AWAY_S
        stop.wait(pause)
    connection.close()


def stop_on_signal() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def process_name(kind: str) -> str:
    """Return the name under which a process gives its signs of life: its own, its host, its number."""
    return f"{os.environ.get('REMIT_PROCESS', kind)}@{socket.gethostname()}:{os.getpid()}"


def _takes(role: Lead) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [int(role)])
        [taken] = cursor.fetchone() or [False]
        return bool(taken)


def _give_sign(role: Lead, by: Actor, *, is_leader: bool) -> None:
    kind = role.name.lower()
    beat(process=process_name(kind), kind=kind, detail={"leads": is_leader}, by=by, at=now())
