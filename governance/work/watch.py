"""Watch a worker from inside: give signs of life, and end it when work waits but nothing moves.

After the broker restarts a worker may stay alive without ever consuming again; no check of its process can see that. Its
supervisor starts it anew.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Sequence
from typing import Any

from billiard.process import active_children
from celery import bootsteps
from django.db import DatabaseError, InterfaceError, connection

from governance.core.actors import WORKER
from governance.core.clock import now
from governance.work.leading import process_name
from governance.work.rules import STARVED_S
from governance.work.selectors import stuck
from governance.work.services import beat

CHECK_EVERY_S, LEAVE_WITHIN_S = 5.0, 10.0
FAILED = 70  # EX_SOFTWARE of sysexits.h
log = logging.getLogger(__name__)


class Watch(bootsteps.StartStopStep):
    """A thread beside the worker's own loop, from its start to its end."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, **_kwargs: Any) -> None:
        super().__init__(parent)
        self._stop = threading.Event()

    def start(self, parent: Any) -> None:
        queues = list(parent.app.amqp.queues.consume_from)
        threading.Thread(target=watch_over, args=(queues, self._stop), name="watch", daemon=True).start()

    def stop(self, parent: Any) -> None:  # noqa: ARG002 - celery's own signature
        self._stop.set()


def watch_over(queues: Sequence[str], stop: threading.Event, *, grace_s: float = STARVED_S) -> None:
    """Look after this worker until `stop` is set, or end it. A worker that has just started finds an old backlog: `grace_s`."""
    started, name = time.monotonic(), f"worker.{os.environ.get('REMIT_PROCESS', 'worker')}"
    while not stop.wait(CHECK_EVERY_S):
        try:
            beat(process=process_name("worker"), kind=name, detail={"queues": list(queues)}, by=WORKER, at=now())
            if time.monotonic() - started > grace_s and stuck(queues, now()):
                log.error("work waits in %s and nothing moves: this worker ends", ", ".join(queues))
                return _leave(stop)
        except (DatabaseError, InterfaceError):
            connection.close()
    return connection.close()


def _leave(stop: threading.Event) -> None:
    os.kill(os.getpid(), signal.SIGQUIT)
    if stop.wait(LEAVE_WITHIN_S):
        return
    # Its own loop does not hear the signal. Its children would outlive it.
    for child in active_children():
        if child.pid:
            os.kill(child.pid, signal.SIGKILL)
    os._exit(FAILED)
