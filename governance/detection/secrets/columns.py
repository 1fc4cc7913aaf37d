"""Secrets that stand under a heading: a column called "password" in comma-separated values or in a table drawn with bars."""

import re
from collections.abc import Iterator

from governance.detection.pii.columns import cells_below
from governance.detection.spans import Span

from .likeness import is_code, is_placeholder
from .nomination import Rule, around

_HEADED = (
    r"(?:password|passwd|pwd|pw|pass|passwort|kennwort|contrase(?:..?|n)a|secret|api[_ \-]?key|access[_ \-]?key|token)"
)
_AHEAD, _BEHIND = r"[\"'`]?(?:\w{1,20}[_ ])?", r"[\"'`]?[ \t]{0,40}"
_HEADING = re.compile(
    rf"(?:^|[,;|\t])[ \t]{{0,40}}{_AHEAD}{_HEADED}{_BEHIND}(?=[,;|\t\r\n])", re.IGNORECASE | re.MULTILINE
)
_LONGEST_HEADING, _LEAST = 40, 6
_RULED = re.compile(r"[:\-=+ ]+\Z")
_AROUND = " \t\r\"'`"
_UNUSUAL = re.compile(r"\d|[^\w\s.\-]")
# Numbers, dates, addresses: a column may be called "token" and count them.
_OTHER = re.compile(r"[\d.,\-]+\Z|\d{4}-\d\d-\d\d|[\w.+\-]+@[\w\-]+\.[\w.]+\Z|https?:")


def under_headings(text: str, low: int, high: int) -> Iterator[Span]:
    """Yield the cells of columns whose heading stands in text[low:high] and says that they are secret."""
    headings = [match.span() for match in _HEADING.finditer(text, low, high) if _is_heading(text, match.start())]
    places = [(start + 1 if text[start] in ",;|\t" else start, end) for start, end in headings]
    for _, (start, end) in cells_below(text, places):
        cell = text[start:end].strip(_AROUND)
        if _like_a_secret(cell):
            at = text.index(cell, start)
            yield Span("SECRET", at, at + len(cell), 0.7, "column")


def _is_heading(text: str, at: int) -> bool:
    """Return whether the line is made of a few short names; code and sentences have signs or more."""
    line = text[text.rfind("\n", 0, at + 1) + 1 : text.find("\n", at + 1)]
    cells = [cell.strip() for cell in re.split(r"[,;|\t]", line)]
    return all(len(cell) <= _LONGEST_HEADING and not re.search(r"[=(){}<>.:]", cell) for cell in cells)


def _like_a_secret(value: str) -> bool:
    return bool(
        len(value) >= _LEAST
        and " " not in value
        and _UNUSUAL.search(value)
        and not (_RULED.match(value) or _OTHER.match(value) or is_placeholder(value) or is_code(value))
    )


COLUMN_RULES = (
    Rule(rf"(?i)[,;|\t][ \t]{{0,40}}{_AHEAD}{_HEADED}{_BEHIND}[,;|\t\r\n]", under_headings, around(400, 100)),
    Rule(rf"(?i){_HEADED}{_BEHIND}[,;|\t][\w \"'`,;|\t\-]{{1,400}}\r?\n", under_headings, around(700, 100)),
)
