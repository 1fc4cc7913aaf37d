"""The parts of a text in which an identifier can stand at all: near a run of digits. Code and prose are mostly something else."""

import re
from bisect import bisect_right
from dataclasses import dataclass

# Five digits with at most six characters between neighbours: every identifier in the table of recognisers has that.
_DIGITS = re.compile(r"\d(?:[^\n\d]{0,6}\d){4,}")
_AROUND = 24
_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Stretches:
    """`text` is the stretches, one after the other, with blank lines between; `origins` maps them back."""

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]

    def origin(self, at: int) -> int:
        """Return the place in the whole text of the place `at` of the stretches."""
        index = bisect_right(self.starts, at) - 1
        return self.origins[index] + at - self.starts[index]


def stretches_of(text: str) -> Stretches:
    """Return the stretches of `text` near digits; empty when it has none."""
    parts, starts, origins, length = [], [], [], 0
    for low, high in _ranges(text):
        parts.append(text[low:high])
        starts.append(length)
        origins.append(low)
        length += high - low + len(_GAP)
    return Stretches(_GAP.join(parts), tuple(starts), tuple(origins))


def whole(text: str) -> Stretches:
    """Return the whole text as one stretch."""
    return Stretches(text, (0,), (0,))


def _ranges(text: str) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for match in _DIGITS.finditer(text):
        low, high = _widened(text, match.start(), match.end())
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in the words around, so that no stretch begins or ends inside one."""
    low, high = max(0, start - _AROUND), min(len(text), end + _AROUND)
    while low > 0 and start - low < 4 * _AROUND and not text[low - 1].isspace():
        low -= 1
    while high < len(text) and high - end < 4 * _AROUND and not text[high].isspace():
        high += 1
    return low, high
