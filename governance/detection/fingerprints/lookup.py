"""Which parts of a text are in a register, and where they came from."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .index import Index
from .keyed import HashKey
from .tokens import Tokens, tokens_of
from .winnow import GRAM, grams

LEAST_GRAMS = 2
LEAST_TOKENS = 24
_CONTINUATION = 0x80  # the top two bits of every byte of a character but the first
_GAP = 48  # tokens between two matches that still belong to one copied passage


@dataclass(frozen=True, slots=True)
class Copied:
    """Code points [start, end) of the text are lines first..last of `name` in the register; `tokens` were matched."""

    start: int
    end: int
    name: str
    first: int
    last: int
    tokens: int


def copied_parts(text: str, index: Index, key: HashKey) -> list[Copied]:
    """Return the passages of `text` that stand in the index, the longest reading of each place first found."""
    raw = text.encode("utf-8", "replace")
    tokens = tokens_of(raw, key)
    hashes = grams(tokens.hashes, key)
    places, entries = _matches(hashes, index)
    if len(places) < LEAST_GRAMS:
        return []
    found = [
        part
        for file in np.unique(index.files[entries])
        for part in _passages(places, entries, index, int(file), tokens)
    ]
    to_points = _points(raw)
    best: list[Copied] = []
    for part in sorted(found, key=lambda p: (-p.tokens, p.start, p.name)):
        if not any(part.start < other.end and other.start < part.end for other in best):
            best.append(part)
    placed = [Copied(to_points(p.start), to_points(p.end), p.name, p.first, p.last, p.tokens) for p in best]
    return sorted(placed, key=lambda part: part.start)


def _matches(hashes: NDArray[np.uint64], index: Index) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs (gram of the text, entry of the index). Looked up in sorted order: that is what makes a mapped index quick."""
    order = np.argsort(hashes)
    low = np.searchsorted(index.hashes, hashes[order], side="left")
    high = np.searchsorted(index.hashes, hashes[order], side="right")
    counts = high - low
    places = np.repeat(order, counts)
    first = np.repeat(low, counts)
    within = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
    return places, first + within


def _passages(
    places: NDArray[np.int64], entries: NDArray[np.int64], index: Index, file: int, tokens: Tokens
) -> Iterator[Copied]:
    chosen = np.flatnonzero(index.files[entries] == file)
    chosen = chosen[np.argsort(places[chosen], kind="stable")]
    at, lines = places[chosen], index.lines[entries[chosen]]
    for group in np.split(np.arange(len(at)), np.flatnonzero(np.diff(at) > _GAP) + 1):
        different = np.unique(at[group])
        covered = int(np.minimum(np.diff(different), GRAM).sum()) + GRAM
        if len(different) >= LEAST_GRAMS and covered >= LEAST_TOKENS:
            start, end = int(tokens.starts[different[0]]), int(tokens.ends[different[-1] + GRAM - 1])
            yield Copied(start, end, index.names[file], int(lines[group].min()), int(lines[group].max()), covered)


def _points(raw: bytes) -> "_Points":
    return _Points(np.cumsum((np.frombuffer(raw, dtype=np.uint8) & 0xC0) != _CONTINUATION))


@dataclass(frozen=True, slots=True)
class _Points:
    """Turns byte offsets of UTF-8 into code points: continuation bytes do not count."""

    counted: NDArray[np.int64]

    def __call__(self, byte: int) -> int:
        return int(self.counted[byte - 1]) if byte else 0
