"""Grams of tokens, and which of them the index keeps."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from .keyed import HashKey, mixed

GRAM = 16  # tokens in one gram
WINDOW = 5  # of so many neighbouring grams one is kept
_LEAST_DIFFERENT = 6  # tables of zeros and rows of brackets are no text of anybody's


def grams(tokens: NDArray[np.uint64], key: HashKey) -> NDArray[np.uint64]:
    """Return the keyed hash of every run of GRAM tokens; entry i is the run that begins at token i."""
    count = len(tokens) - GRAM + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    rolled = np.zeros(count, dtype=np.uint64)
    for offset in range(GRAM):
        rolled = rolled * key.base + tokens[offset : offset + count]
    return mixed(rolled, key)


def winnowed(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the places of the grams to keep: the smallest of every WINDOW neighbours, the last one when several are."""
    if len(hashes) <= WINDOW:
        return np.array([int(np.argmin(hashes))] if len(hashes) else [], dtype=np.int64)
    windows = sliding_window_view(hashes, WINDOW)
    last_smallest = WINDOW - 1 - np.argmin(windows[:, ::-1], axis=1)
    return np.unique(np.arange(len(windows)) + last_smallest)


def telling(tokens: NDArray[np.uint64], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return those places whose gram has at least six different tokens."""
    if not len(places):
        return places
    runs = np.sort(sliding_window_view(tokens, GRAM)[places], axis=1)
    different = 1 + np.count_nonzero(np.diff(runs, axis=1), axis=1)
    told: NDArray[np.int64] = places[different >= _LEAST_DIFFERENT]
    return told
