"""The tables of jobs and of the clock name functions that exist. Asked at start; a wrong name stops the process."""

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string


def check_tables(**_: object) -> list[CheckMessage]:
    """Return an error for each entry of settings.JOBS and settings.PERIODIC that leads to nothing callable."""
    return [
        Error(f"{place} names {name!r}: {problem}", id="remit.E102")
        for place, name in _names()
        if (problem := _problem_with(name))
    ]


def _names() -> Iterator[tuple[str, str]]:
    for kind, entry in settings.JOBS.items():
        yield from ((f"JOBS[{kind!r}]", entry[part]) for part in ("run", "poisoned") if part in entry)
    for name, (function, _) in settings.PERIODIC.items():
        yield f"PERIODIC[{name!r}]", function


def _problem_with(name: str) -> str:
    try:
        return "" if callable(import_string(name)) else "it is not a function."
    except ImportError as wrong:
        return str(wrong)
