"""The tables of approval subjects and their evidence name things that exist. Asked at start; a wrong name stops it."""

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string


def check_subjects(**_: object) -> list[CheckMessage]:
    """Return an error for each name in settings.APPROVAL_SUBJECTS and APPROVAL_EVIDENCE that leads to nothing callable."""
    return [
        Error(f"{place} names {name!r}: {problem}", id="remit.E103")
        for place, name in _names()
        if (problem := _problem_with(name))
    ]


def _names() -> Iterator[tuple[str, str]]:
    for kind, name in settings.APPROVAL_SUBJECTS.items():
        yield f"APPROVAL_SUBJECTS[{kind!r}]", name
    for kind, names in settings.APPROVAL_EVIDENCE.items():
        yield from ((f"APPROVAL_EVIDENCE[{kind!r}]", name) for name in names)


def _problem_with(name: str) -> str:
    try:
        return "" if callable(import_string(name)) else "it is neither a class nor a function."
    except ImportError as wrong:
        return str(wrong)
