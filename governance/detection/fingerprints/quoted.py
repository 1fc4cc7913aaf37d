"""Code inside JSON, as tool arguments and request bodies carry it: each text read exactly as JSON would read it.

The views of a text undo escapes loosely, for values that people hide; a fingerprint needs every sign as it was.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from .tokens import Places

_LINE_END, _LEAST_LINES = "\\n", 2
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\"\\/bfnrt])")
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Quoted:
    """`text` as JSON reads it. Behind i escapes, which end at `ends`, the original is `shifts[i]` characters further on."""

    text: str
    ends: Places
    shifts: Places

    def place(self, at: int) -> int:
        """Return where character `at` of the text begins in the original."""
        return at + int(self.shifts[np.searchsorted(self.ends, at, side="right")])


def quoted_in(text: str) -> Iterator[Quoted]:
    """Yield each line that holds at least two ends of lines written as escapes: a text of JSON never spans lines."""
    if text.count(_LINE_END) < _LEAST_LINES:
        return
    start = 0
    for line in text.split("\n"):
        if line.count(_LINE_END) >= _LEAST_LINES:
            yield _read(line, start)
        start += len(line) + 1


def _read(line: str, start: int) -> Quoted:
    parts, ends, shrunk, at, length = [], [], [], 0, 0
    for escape in _ESCAPE.finditer(line):
        plain = _plain(escape.group()[1:])
        parts += [line[at : escape.start()], plain]
        length += escape.start() - at + len(plain)
        at = escape.end()
        ends.append(length)
        shrunk.append(len(escape.group()) - len(plain))
    shifts = np.array(list(accumulate(shrunk, initial=start)), dtype=np.int64)
    return Quoted("".join([*parts, line[at:]]), np.array(ends, dtype=np.int64), shifts)


def _plain(code: str) -> str:
    if code[0] != "u":
        return _SHORT.get(code, code)
    return bytes.fromhex(code.replace("\\", "").replace("u", "")).decode("utf-16-be", "replace")
