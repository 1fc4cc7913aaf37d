"""An evaluation set as keyed fingerprints: enough to recognise its items, not enough to read them.

Every run of eight words counts by how few items of the set have it; an item is there when a fifth of its weight is, in one place.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .arrays import file_digest, write_arrays
from .keyed import Domain, Hashes, HashKey
from .opening import open_fingerprints
from .table import Numbers, Table
from .words import Words, words_of

FILE_NAME = "exam.bin"
WIDTH = 8  # words in a run
SHORTEST = 6  # words of an item; one of six or seven is a run of its own
LEAST_COVERAGE, LEAST_RUNS = 0.2, 2
_GAP = 48  # words between two runs that still belong to one appearance
_ITEMS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Item:
    """One question of an exam with all that belongs to it: answer, choices, tests."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Made:
    """What was kept. `too_short` counts items of fewer than six words, which nothing could tell from chance."""

    digest: str
    items: int
    too_short: int


@dataclass(frozen=True, slots=True)
class Appearance:
    """Code points [start, end) of text number `text` hold `coverage` (0 to 1) of the weight of item `item`."""

    text: int
    start: int
    end: int
    item: str
    coverage: float


def write_exam(items: Iterable[Item], *, key: bytes, out: Path) -> Made:
    """Keep the fingerprints of the items in the folder `out`."""
    hash_key, listed = HashKey.of(key), list(items)
    hashes, numbers, widths = _pairs(listed)
    weights, runs = _weights(hashes, numbers, len(listed))
    table = Table.of(hash_key.hide(hashes, Domain.WORDS), numbers.astype(np.uint32))
    head = {"kind": "exam", "key": hash_key.check, "items": [item.id for item in listed], "widths": widths}
    digest = write_arrays(out / FILE_NAME, head, {**table.arrays("runs"), "weights": weights, "counts": runs})
    return Made(digest, len(listed), int(np.count_nonzero(runs == 0)))


def _pairs(items: Sequence[Item]) -> tuple[Hashes, Numbers, list[int]]:
    """Return each different run of each item once, with the item's number, and the widths of all runs."""
    hashes, numbers, widths = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)], {WIDTH}
    for low in range(0, len(items), _ITEMS_AT_ONCE):
        words = words_of([item.text for item in items[low : low + _ITEMS_AT_ONCE]])
        for width, found, whose in _item_runs(words):
            hashes.append(found)
            numbers.append(whose + low)
            widths |= {width} if len(found) else set()
    pairs = np.unique(np.stack([np.concatenate(hashes), np.concatenate(numbers).astype(np.uint64)], axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1].astype(np.int64), sorted(widths)


def _item_runs(words: Words) -> Iterator[tuple[int, Hashes, Numbers]]:
    hashes, places = words.runs(WIDTH)
    yield WIDTH, hashes, words.texts[places]
    lengths = np.bincount(words.texts)
    for width in range(SHORTEST, WIDTH):
        hashes, places = words.runs(width)
        whole = lengths[words.texts[places]] == width
        yield width, hashes[whole], words.texts[places[whole]]


def _weights(hashes: Hashes, numbers: Numbers, items: int) -> tuple[NDArray[np.float32], NDArray[np.uint32]]:
    _, which, in_items = np.unique(hashes, return_inverse=True, return_counts=True)
    weights = np.bincount(numbers, weights=1 / in_items[which], minlength=items)
    return weights.astype(np.float32), np.bincount(numbers, minlength=items).astype(np.uint32)


@dataclass(frozen=True, slots=True)
class Exam:
    """An opened evaluation set."""

    id: str
    key: HashKey
    items: tuple[str, ...]
    runs: Table
    weights: NDArray[np.float32]
    counts: NDArray[np.uint32]
    widths: tuple[int, ...]

    def appearances(self, words: Words) -> list[Appearance]:
        """Return the items that the texts hold, by text and place."""
        seen = [self._seen(words, width) for width in self.widths]
        found = _Seen(*(np.concatenate(column) for column in zip(*map(_columns, seen), strict=True)))
        if not len(found.firsts):
            return []
        texts = words.texts[found.firsts]
        order = np.lexsort((found.firsts, texts, found.items))
        apart = np.diff(found.firsts[order]) > _GAP
        apart |= (np.diff(found.items[order]) != 0) | (np.diff(texts[order]) != 0)
        groups = np.split(order, np.flatnonzero(apart) + 1)
        told = (self._appearance(words, found, group) for group in groups)
        return sorted(filter(None, told), key=lambda each: (each.text, each.start, each.end, each.item))

    def _seen(self, words: Words, width: int) -> "_Seen":
        hashes, places = words.runs(width)
        asked, items = self.runs.match(self.key.hide(hashes, Domain.WORDS))
        # How many items have this run is read off the answer itself: it names each of them.
        _, which, in_items = np.unique(asked, return_inverse=True, return_counts=True)
        return _Seen(places[asked], places[asked] + width - 1, items, 1 / in_items[which], hashes[asked])

    def _appearance(self, words: Words, seen: "_Seen", group: Numbers) -> Appearance | None:
        item = int(seen.items[group[0]])
        _, once = np.unique(seen.hashes[group], return_index=True)
        coverage = float(seen.weights[group][once].sum() / self.weights[item])
        if coverage < LEAST_COVERAGE or len(once) < min(LEAST_RUNS, int(self.counts[item])):
            return None
        first, last = int(seen.firsts[group].min()), int(seen.lasts[group].max())
        start, end = int(words.starts[first]), int(words.ends[last])
        return Appearance(int(words.texts[first]), start, end, self.items[item], min(1.0, coverage))


@dataclass(frozen=True, slots=True)
class _Seen:
    """Words firsts[i]..lasts[i] are a run of item items[i], which counts weights[i]."""

    firsts: Numbers
    lasts: Numbers
    items: Numbers
    weights: NDArray[np.float64]
    hashes: Hashes


def _columns(seen: _Seen) -> tuple[Numbers, Numbers, Numbers, NDArray[np.float64], Hashes]:
    return seen.firsts, seen.lasts, seen.items, seen.weights, seen.hashes


def digest_of(folder: Path) -> str:
    """Return the SHA-256 of the evaluation index in `folder`, 64 hex characters."""
    return file_digest(folder / FILE_NAME)


def open_exam(folder: Path, *, name: str, key: bytes, digest: str | None = None) -> Exam:
    """Map the evaluation index in `folder` into memory.

    Raises:
        Unavailable: `exam_missing`, `exam_changed` (not the digest the ruleset names), `exam_key` (made under another key),
            `register_changed` (damaged).
    """
    opened = open_fingerprints(folder / FILE_NAME, code="exam", title="An evaluation set", key=key, digest=digest)
    head, arrays, runs = opened.head, opened.arrays, Table.of_arrays(opened.arrays, "runs")
    return Exam(
        name, opened.key, tuple(head["items"]), runs, arrays["weights"], arrays["counts"], tuple(head["widths"])
    )
