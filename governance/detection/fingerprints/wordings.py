"""What is everybody's: wordings of licences and of what browsers call themselves, and addresses of pages. Whoever sends them gives nothing away."""

import re
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np

from .keyed import Hashes
from .words import words_of

_WIDTH = 4  # words in a run: shorter ones are everybody's anyway
_LEAST_SHARE = 0.5
_LISTS = ("licences.txt", "browsers.txt")
# Without the signs of code, which RFC 3986 allows too: a line of code is no address for what stands before it.
_ADDRESS = re.compile(rb"(?:https?|ftp)://[^\s\"'<>`{}();,\\^|]{1,400}", re.IGNORECASE)
_WORD = re.compile(rb"[A-Za-z0-9_\x7f-\xff]+")
_FROM_BEFORE = 512  # bytes looked at for the beginning of an address
_LEAST_BESIDE = 8  # words that say where they are from as sixteen tokens do, the signs between them counted


def is_everybodys(raw: bytes) -> bool:
    """Say whether at least half of what stands in this text is such a wording, however its lines are broken or marked."""
    runs, _ = words_of([raw.decode("utf-8", "replace")]).runs(_WIDTH)
    return len(runs) > 0 and float(np.isin(runs, _wordings()).mean()) >= _LEAST_SHARE


def is_an_address(raw: bytes, start: int, end: int) -> bool:
    """Say whether raw[start:end] is the address of a page, or a part of one, and little else: two who point to a page write it alike."""
    low = max(0, start - _FROM_BEFORE)
    addresses = [match.span() for match in _ADDRESS.finditer(raw, low, end) if match.end() > start]
    if not addresses:
        return False
    ends, begins = [start, *(last for _, last in addresses)], [*(first for first, _ in addresses), end]
    beside = (word for low, high in zip(ends, begins, strict=True) for word in _WORD.finditer(raw, low, high))
    return sum(1 for _ in islice(beside, _LEAST_BESIDE)) < _LEAST_BESIDE


@cache
def _wordings() -> Hashes:
    listed = [line for name in _LISTS for line in Path(__file__).with_name(name).read_text("utf-8").splitlines()]
    runs, _ = words_of(listed).runs(_WIDTH)
    return np.unique(runs)
