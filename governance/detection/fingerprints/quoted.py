"""Code inside JSON, as tool arguments and request bodies carry it: each text read exactly as JSON would read it.

The views of a text undo escapes loosely, for values that people hide; a fingerprint needs every sign as it was.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .tokens import Places

_LINE_END, _LEAST_LINES = "\\n", 2
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\"\\/bfnrt])")
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Quoted:
    """`text` as JSON reads it. From `ends[i - 1]` on, the original is `shifts[i]` characters further on."""

    text: str
    ends: Places
    shifts: Places

    def place(self, at: int) -> int:
        """Return where character `at` of the text begins in the original."""
        return at + int(self.shifts[np.searchsorted(self.ends, at, side="right")])


def quoted_in(text: str) -> Quoted | None:
    """Return the lines that hold at least two ends of lines written as escapes, which a text of JSON keeps on one; None without any.

    They are one text: looking up each of ten thousand short ones would cost ten times as much.
    """
    if text.count(_LINE_END) < _LEAST_LINES:
        return None
    parts: list[str] = []
    ends: list[int] = []
    shifts, start, length = [0], 0, 0
    for line in text.split("\n"):
        if line.count(_LINE_END) >= _LEAST_LINES:
            ends.append(length)
            shifts.append(start - length)
            for plain, saved in _read(line):
                parts.append(plain)
                length += len(plain)
                ends.append(length)
                shifts.append(shifts[-1] + saved)
        start += len(line) + 1
    return Quoted("".join(parts), np.array(ends, dtype=np.int64), np.array(shifts, dtype=np.int64)) if parts else None


def _read(line: str) -> Iterator[tuple[str, int]]:
    """Yield the line in parts up to the end of each escape, each with how many characters the escape took more than what it means."""
    at = 0
    for escape in _ESCAPE.finditer(line):
        plain = _plain(escape.group()[1:])
        yield line[at : escape.start()] + plain, len(escape.group()) - len(plain)
        at = escape.end()
    yield line[at:] + "\n", 0


def _plain(code: str) -> str:
    if code[0] != "u":
        return _SHORT.get(code, code)
    return bytes.fromhex(code.replace("\\", "").replace("u", "")).decode("utf-16-be", "replace")
