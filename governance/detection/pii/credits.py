"""Who wrote a file of code, as its remarks say: "# Author: ...", "// Copyright (c) 2019 ...", "__author__ = ...".

A credit is published with the code and belongs to it; licences ask that it stays. It says who made the code, nothing about anybody the
code is for, and a prompt of code is full of them.
"""

import re

_REMARK = re.compile(r"[ \t]*(?:#+|//+|/\*+|\*+|--+|;+|%+|\"\"\"|''')")
_CREDITS = re.compile(
    r"copyright|\(c\)|©|@?\bauthors?\b|\b(?:written|modified|contributed|created|rewritten|ported|adapted|added|designed|submitted|maintained|methods|code|module|hacked)\b[^\n]{0,30}?\bby\b|"
    r"\bmaintainer|\bcontributors?\b|^[ \t]*(?:\"\"\"|''')?by[ \t]|\bthanks[ \t]+to\b|\bupdated:",
    re.IGNORECASE,
)  # fmt: skip
_DUNDER = re.compile(r"[ \t]*__(?:author|copyright|credits|maintainer|contact|email)__[ \t]*=")
_CODE_LINE = re.compile(
    r"[ \t]*(?:#!|import\b|from[ \t]+[\w.]+[ \t]+import\b|(?:async[ \t]+)?def[ \t]|class[ \t]+\w|@\w|\"\"\"|'''|[a-z]\"\"\"|package[ \t]+[\w.]+;?$|using[ \t]|#include\b|func[ \t]|fn[ \t]|"
    r"(?:public|private|static|const|let|var|export|function|namespace|module|struct|interface|type)\b|[\w.\[\]]+[ \t]*=[^=]|<\?php|[^\n]*[{;][ \t]*$|(?:if|for|while|try|return)\b)"
)
_MOST_LINES = 120  # of a remark that are looked through for the code it belongs to
_GOES_ON = re.compile(r"[ \t]*\W{1,4}(?:[ \t]{2,}\S|[ \t]*(?:and\b|$))")
_MOST_NAMES = 16  # lines over which the names of a credit may go on
_LONGEST_LINE = (
    2000  # that is looked through: no credit is longer, and a text of one line may have a million names in it
)


def is_credit(text: str, start: int) -> bool:
    """Return whether the name or address at `start` says who wrote the code around it."""
    line_start = _start_of_line(text, start)
    if line_start is None:
        return False
    line = _line(text, line_start)
    if _DUNDER.match(line):
        return True
    if not _REMARK.match(line):
        return False
    return _credits(text, line_start) and _belongs_to_code(text, line_start)


def _credits(text: str, at: int) -> bool:
    """Return whether the line of a remark at `at` gives credit, or goes on, set in, with the names of one above that does."""
    for _ in range(_MOST_NAMES):
        line = _line(text, at)
        if not _REMARK.match(line):
            return False
        if _CREDITS.search(line):
            return True
        if not (at and _GOES_ON.match(line)):
            return False
        above = _start_of_line(text, at - 1)
        if above is None:
            return False
        at = above
    return False


def _start_of_line(text: str, at: int) -> int | None:
    """Return where the line of what stands at `at` begins; None when that is too far away."""
    least = max(0, at - _LONGEST_LINE)
    found = text.rfind("\n", least, at)
    return found + 1 if found >= 0 else (None if least else 0)


def _line(text: str, start: int) -> str:
    """Return the line that begins at `start`, or as much of it as is looked through."""
    most = start + _LONGEST_LINE
    end = text.find("\n", start, most)
    return text[start : end if end >= 0 else most]


def _belongs_to_code(text: str, at: int) -> bool:
    """Return whether the first line behind the remark that is none, or the last before it, is code: a heading of Markdown begins like a remark."""
    return any(_CODE_LINE.match(line) for line in (_behind(text, at), _before(text, at)))


def _behind(text: str, at: int) -> str:
    for _ in range(_MOST_LINES):
        end = text.find("\n", at, at + _LONGEST_LINE)
        if end < 0:
            return ""
        at = end + 1
        line = _line(text, at)
        if line.strip() and not (
            _REMARK.match(line) and not line.lstrip().startswith(('"""', "'''", "#include", "#!"))
        ):
            return line
    return ""


def _before(text: str, at: int) -> str:
    for _ in range(_MOST_LINES):
        above = _start_of_line(text, at - 1) if at > 0 else None
        if above is None:
            return ""
        at = above
        line = _line(text, at)
        if line.strip() and not (_REMARK.match(line) and not line.startswith("#!")):
            return line
    return ""
