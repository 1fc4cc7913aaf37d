"""Batches of the clock: one row that fails is logged and counted, and holds back none of those behind it."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import InterfaceError, OperationalError

Row = TypeVar("Row")
log = logging.getLogger(__name__)


def each_row(what: str, rows: Iterable[Row], act: Callable[[Row], int]) -> int:
    """Act on each of `rows`, in a transaction of `act`'s own, and return the sum of what it returned.

    Raises:
        OperationalError, InterfaceError: when the database is away, for then no row can be acted on.
    """
    done = failed = 0
    for row in rows:
        try:
            done += act(row)
        except (OperationalError, InterfaceError):
            raise
        except Exception as fault:  # noqa: BLE001 - whatever is wrong with this row, the next is another's
            failed += 1
            log.error("%s: row %s failed: %s", what, row, type(fault).__name__)  # noqa: TRY400 - a text may quote a row
    if failed:
        log.error("%s: %d rows failed, %d done", what, failed, done)
    return done
