"""Take the prompts that wait at the broker, one after the other, in the process that scans them.

Each process of the interactive worker's pool does so on a thread of its own. Celery starts them, ends them and puts another in the
place of one that is gone; the prompts do not pass through it (DECISIONS.md, Scan processes take their prompts themselves).
"""

import logging
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from redis import Redis, RedisError

from governance.scanning.channel import REQUESTS

LOOK_S = 1  # an idle process looks this often whether it shall end; a prompt wakes it at once
AGAIN_S = 0.2
log = logging.getLogger(__name__)


@dataclass
class Taker:
    """`answer` gets the id of each request. `most_kib` is the memory at its peak after which the process makes room for another."""

    client: Redis
    answer: Callable[[str], None]
    most_kib: int
    leave: Callable[[int], None] = os._exit
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread = field(init=False)
    _is_cut_off: bool = False

    def start(self) -> None:
        self._thread = threading.Thread(target=self._take_all, name="scan-take", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Begin to take nothing more, and return when what was taken is answered."""
        self._ended.set()
        self._thread.join()

    def _take_all(self) -> None:
        try:
            while not self._ended.is_set():
                self._take()
        except BaseException as fault:  # noqa: BLE001 - a process that is there and takes nothing would be waited for
            log.error("scan process cannot go on: %s", type(fault).__name__)  # noqa: TRY400 - a message may quote the text
            self.leave(os.EX_SOFTWARE)

    def _take(self) -> None:
        try:
            popped: Any = self.client.brpop([REQUESTS], timeout=LOOK_S)
        except (RedisError, OSError) as fault:
            if not self._is_cut_off:
                log.warning("scan requests not taken: %s", type(fault).__name__)
            self._is_cut_off = True
            time.sleep(AGAIN_S)  # who waits sees the lost broker too
            return
        self._is_cut_off = False
        if popped is None:
            return
        try:
            self.answer(popped[1].decode(errors="replace"))
        except (RedisError, OSError) as fault:
            log.warning("scan not answered: %s", type(fault).__name__)
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > self.most_kib:
            log.warning("this scan process holds too much memory and makes room for another")
            self.leave(os.EX_OK)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Have the kernel end this process when what is done here takes longer.

    SIGALRM as the system has it, so that it works as well where a detector hangs outside of Python and holds its lock.
    """
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
