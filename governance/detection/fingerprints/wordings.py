"""Wordings that are everybody's: of licences at the head of files, and of what browsers call themselves. Whoever sends them gives nothing away."""

from functools import cache
from pathlib import Path

import numpy as np

from .keyed import Hashes
from .words import words_of

_WIDTH = 4  # words in a run: shorter ones are everybody's anyway
_LEAST_SHARE = 0.5
_LISTS = ("licences.txt", "browsers.txt")


def is_everybodys(raw: bytes) -> bool:
    """Say whether at least half of what stands in this text is such a wording, however its lines are broken or marked."""
    runs, _ = words_of([raw.decode("utf-8", "replace")]).runs(_WIDTH)
    return len(runs) > 0 and float(np.isin(runs, _wordings()).mean()) >= _LEAST_SHARE


@cache
def _wordings() -> Hashes:
    listed = [line for name in _LISTS for line in Path(__file__).with_name(name).read_text("utf-8").splitlines()]
    runs, _ = words_of(listed).runs(_WIDTH)
    return np.unique(runs)
