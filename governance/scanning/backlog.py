"""The scans this process waits for, and whether one more could be done in time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from governance.core.errors import Busy
from governance.core.pace import Pace
from governance.core.shares import ALONE, Shares
from governance.scanning.remote import NOTHING_SENT

# What every scan costs beside its text, as if it were text; and a guess until a scan was done.
BYTES_A_SCAN, GUESS_S_A_BYTE = 512, 0.000_005
# So many of one key are let in whatever the estimate says, and as many again of others in their shares. It is wrong where the last
# scan waited for a worker that had only just begun, and ten calls of one agent would be refused for it.
LEAST_SCANS = 16


@dataclass(slots=True)
class Backlog:
    pace: Pace = field(default_factory=lambda: Pace(GUESS_S_A_BYTE))
    scans: Shares = field(default_factory=Shares)
    bytes: Shares = field(default_factory=Shares)

    @contextmanager
    def scan_of(self, text_bytes: int, *, deadline_s: float, sharer: str) -> Iterator[None]:
        """Count a scan in while the block runs; one that ends without an error tells how long others will take.

        `sharer` is who has it done: one alone may take half of the time until the deadline, so that another is in time beside them.

        Raises:
            Busy: `scans_behind`, where those before it, if they are many, leave it no time.
        """
        size = text_bytes + BYTES_A_SCAN
        if not (self._is_of_a_handful(sharer) or self._is_in_time(sharer, size, deadline_s)):
            raise Busy("scans_behind", "More texts wait to be checked than can be in time.", remedy=NOTHING_SENT)
        self.scans.take(sharer, 1)
        self.bytes.take(sharer, size)
        self.pace.begin(size, at=time.monotonic())
        done = False
        try:
            yield
            done = True
        finally:
            self.scans.give_back(sharer, 1)
            self.bytes.give_back(sharer, size)
            self.pace.end(size, at=time.monotonic(), done=done)

    def _is_of_a_handful(self, sharer: str) -> bool:
        return self.scans.has_room(sharer, 1, bound=LEAST_SCANS / ALONE)

    def _is_in_time(self, sharer: str, size: int, deadline_s: float) -> bool:
        return self.bytes.has_room(sharer, size, bound=self.pace.done_in(deadline_s))
