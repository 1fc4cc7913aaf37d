"""What must follow when something happened in an area below, in the same transaction.

An area says `follow("destinations.terms_changed", ...)`; settings.CONSEQUENCES names the services of the areas above
that act on it. The table, not a signal: one place shows who follows what, and a wrong name stops the process at start.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connection, transaction
from django.utils.module_loading import import_string

from governance.core.actors import Actor


def followers(happening: str) -> list[Callable[..., object]]:
    """Return the services that follow `happening`, in the order of the table.

    Raises:
        KeyError: when the table does not know `happening`; it must be listed even if nothing follows yet.
        ImportError: when a name in the table leads nowhere.
    """
    return [import_string(name) for name in settings.CONSEQUENCES[happening]]


def follow(happening: str, *, by: Actor, at: datetime, **facts: Any) -> None:
    """Call every follower of `happening` with `facts`, `by` and `at`. One that fails undoes the change it follows.

    Raises:
        TransactionManagementError: outside a transaction, where a follower could fail after its cause has committed.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("follow() needs the transaction of the change that happened.")
    for service in followers(happening):
        service(**facts, by=by, at=at)


def check_consequences(**_: object) -> list[CheckMessage]:
    """Return an error for each name in settings.CONSEQUENCES that leads to nothing callable."""
    return [
        Error(f"CONSEQUENCES[{happening!r}] names {name!r}: {problem}", id="remit.E101")
        for happening, names in settings.CONSEQUENCES.items()
        for name in names
        if (problem := _problem_with(name))
    ]


def _problem_with(name: str) -> str:
    try:
        return "" if callable(import_string(name)) else "it is not a function."
    except ImportError as wrong:
        return str(wrong)
