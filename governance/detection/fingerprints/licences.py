"""The words that licences put at the head of files: everybody's files carry them, and whoever sends them gives nothing away."""

from functools import cache
from pathlib import Path

import numpy as np

from .keyed import Hashes
from .words import words_of

_WIDTH = 4  # words in a run: shorter ones are everybody's anyway
_LEAST_SHARE = 0.5


def is_licence(raw: bytes) -> bool:
    """Say whether at least half of what stands in this text is the wording of a licence, however its lines are broken or marked."""
    runs, _ = words_of([raw.decode("utf-8", "replace")]).runs(_WIDTH)
    return len(runs) > 0 and float(np.isin(runs, _wordings()).mean()) >= _LEAST_SHARE


@cache
def _wordings() -> Hashes:
    listed = Path(__file__).with_name("licences.txt").read_text("utf-8")
    runs, _ = words_of(listed.splitlines()).runs(_WIDTH)
    return np.unique(runs)
