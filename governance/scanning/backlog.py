"""The scans this process waits for, and whether one more could be done in time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from governance.core.errors import Busy
from governance.core.pace import Pace
from governance.scanning.remote import NOTHING_SENT

# What every scan costs beside its text, as if it were text; and a guess until a scan was done.
BYTES_A_SCAN, GUESS_S_A_BYTE = 512, 0.000_005
# So many are let in whatever the estimate says. It is wrong where the last scan waited for a worker that had only just begun, and
# ten calls of one agent would be refused for it.
LEAST_SCANS = 16


@dataclass(slots=True)
class Backlog:
    pace: Pace = field(default_factory=lambda: Pace(GUESS_S_A_BYTE))
    scans: int = 0

    @contextmanager
    def scan_of(self, text_bytes: int, *, deadline_s: float) -> Iterator[None]:
        """Count a scan in while the block runs; one that ends without an error tells how long others will take.

        Raises:
            Busy: `scans_behind`, where those before it, if they are many, leave it no time.
        """
        size = text_bytes + BYTES_A_SCAN
        if self.scans >= LEAST_SCANS and self.pace.expected_s(size) > deadline_s:
            raise Busy("scans_behind", "More texts wait to be checked than can be in time.", remedy=NOTHING_SENT)
        self.scans += 1
        self.pace.begin(size, at=time.monotonic())
        done = False
        try:
            yield
            done = True
        finally:
            self.scans -= 1
            self.pace.end(size, at=time.monotonic(), done=done)
