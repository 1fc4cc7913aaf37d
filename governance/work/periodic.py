"""What the clock does and when: the functions of settings.PERIODIC, each called again and again with `by` and `at`.

They run one after the other, so each must be short; longer work is queued as a job.
"""

import logging
import time

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils.module_loading import import_string

from governance.core.actors import CLOCK
from governance.core.clock import now

LONGEST_PAUSE_S = 5.0
log = logging.getLogger(__name__)


class Timetable:
    """When each periodic function is due next, by the monotonic clock: a wall clock that is set back repeats nothing."""

    def __init__(self) -> None:
        self._due = dict.fromkeys(settings.PERIODIC, 0.0)

    def run_due(self) -> float:
        """Call what is due; return the seconds until the next is. One that fails does not keep the others from running.

        Raises:
            OperationalError, InterfaceError: when the database is away, for then none can run.
        """
        for name, (function, every_s) in settings.PERIODIC.items():
            if time.monotonic() >= self._due[name]:
                self._due[name] = time.monotonic() + every_s
                _call(name, function)
        return min(LONGEST_PAUSE_S, max(0.0, min(self._due.values(), default=0.0) - time.monotonic()))


def _call(name: str, function: str) -> None:
    try:
        import_string(function)(by=CLOCK, at=now())
    except (OperationalError, InterfaceError):
        raise
    except Exception as failed:  # noqa: BLE001 - one broken duty must not stop the clock
        log.error("%s failed: %s", name, type(failed).__name__)  # noqa: TRY400 - the error's own text may quote a row
