"""Give every event its place in the log: one leader, from the outbox to numbered leaves (`manage.py sequence`).

It asks again after a pause and is not told by NOTIFY: a transaction that notifies takes a lock of the whole database at
commit, and every write of ours records an event.
"""

from governance.audit.services import MOST_INTEGRATED, integrate
from governance.core.actors import SEQUENCER
from governance.core.clock import now

BUSY_PAUSE_S, IDLE_PAUSE_S = 0.05, 0.2


def integrate_next() -> float:
    """Integrate one batch; return how many seconds to wait before the next: none while there is a backlog."""
    taken = integrate(by=SEQUENCER, at=now())
    if taken == MOST_INTEGRATED:
        return 0.0
    return BUSY_PAUSE_S if taken else IDLE_PAUSE_S
