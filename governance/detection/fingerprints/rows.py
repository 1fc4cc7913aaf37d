"""The rows of a dataset as keyed hashes of their cells: enough to say that a text holds a row, not enough to read one.

A cell is a run of up to six words. A row is there when cells that few rows have stand near one another: two of which one is strong
(an e-mail address, a number of six digits or more, four words or more), or three.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from governance.core.errors import Invalid

from .arrays import file_digest, write_arrays
from .keyed import Domain, Hashes, HashKey
from .opening import open_fingerprints
from .table import Numbers, Table
from .words import Words, words_of

FILE_NAME = "rows.bin"
LONGEST = 6  # words of a cell that count
MOST_ROWS = (1 << 31) - 1
_SHORTEST = 4  # letters of a cell of one word
_COMMONEST = 20  # rows: a cell in more says nothing about any of them
_STRONG_DIGITS, _STRONG_WORDS = 6, 4
_STRONG, _WEAK, _LEAST_POINTS = 2, 1, 3
_GAP = 40  # words between two cells of one row
_ROWS_AT_ONCE = 20_000
_RUNS_AT_ONCE = 16_384  # looked up together: what is worked on then stays in the processor's cache
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Made:
    """What was kept: `rows` read, `cells` of them that may tell a row."""

    digest: str
    rows: int
    cells: int


@dataclass(frozen=True, slots=True)
class RowSeen:
    """Code points [start, end) of text number `text` hold `cells` cells of one row."""

    text: int
    start: int
    end: int
    cells: int


def write_rows(rows: Iterable[Row], *, key: bytes, out: Path) -> Made:
    """Keep the telling cells of the rows in the folder `out`. Raises Invalid, `too_many_rows`."""
    hash_key, counted = HashKey.of(key), 0
    hashes, places = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
    for batch in _batches(rows):
        if counted + len(batch) > MOST_ROWS:
            raise Invalid("too_many_rows", f"At most {MOST_ROWS} rows are registered.", remedy="Split the dataset.")
        found, told = _cells(batch)
        hashes.append(found)
        places.append(told + 2 * counted)
        counted += len(batch)
    kept_hashes, kept_places = _telling(np.concatenate(hashes), np.concatenate(places))
    table = Table.of(hash_key.hide(kept_hashes, Domain.CELL), kept_places.astype(np.uint32))
    digest = write_arrays(
        out / FILE_NAME, {"kind": "rows", "key": hash_key.check, "rows": counted}, table.arrays("cells")
    )
    return Made(digest, counted, len(table))


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _ROWS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _cells(rows: Sequence[Row]) -> tuple[Hashes, Numbers]:
    """Return the hash of every cell that may tell, and its row times two, plus one when the cell is strong."""
    cells = [(cell, number) for number, row in enumerate(rows) for cell in row]
    words = words_of([cell for cell, _ in cells])
    lengths = np.bincount(words.texts, minlength=len(cells))
    hashes, places = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
    for width in range(1, LONGEST + 1):
        found, at = words.runs(width)
        texts = words.texts[at]
        whole = (words.starts[at] == words.starts[np.searchsorted(words.texts, texts)]) & (
            np.minimum(lengths[texts], LONGEST) == width
        )
        told = [(row * 2 + strong, n) for n in np.flatnonzero(whole) for row, strong in _told(cells[texts[n]], width)]
        hashes.append(found[np.array([n for _, n in told], dtype=np.int64)])
        places.append(np.array([place for place, _ in told], dtype=np.int64))
    return np.concatenate(hashes), np.concatenate(places)


def _told(cell: tuple[str, int], width: int) -> Iterator[tuple[int, int]]:
    text, row = cell
    digits = sum(character.isdigit() for character in text)
    if width > 1 or (len(text.strip()) >= _SHORTEST and not (text.strip().isdigit() and digits < _STRONG_DIGITS)):
        yield row, int("@" in text or digits >= _STRONG_DIGITS or width >= _STRONG_WORDS)


def _telling(hashes: Hashes, places: Numbers) -> tuple[Hashes, Numbers]:
    pairs = np.unique(np.stack([hashes, places.astype(np.uint64)], axis=1), axis=0)
    _, which, rows = np.unique(pairs[:, 0], return_inverse=True, return_counts=True)
    kept = pairs[rows[which] <= _COMMONEST]
    return kept[:, 0], kept[:, 1].astype(np.int64)


@dataclass(frozen=True, slots=True)
class DatasetRows:
    """The opened rows of one dataset; `id` is its reference."""

    id: str
    key: HashKey
    cells: Table

    def rows_in(self, words: Words) -> list[RowSeen]:
        """Return the rows that the texts hold, by text and place."""
        firsts, lasts, rows, points = self._matched(words)
        if not len(firsts):
            return []
        texts = words.texts[firsts]
        order = np.lexsort((firsts, texts, rows))
        apart = (np.diff(rows[order]) != 0) | (np.diff(texts[order]) != 0) | (np.diff(firsts[order]) > _GAP)
        groups = np.split(order, np.flatnonzero(apart) + 1)
        seen = [_row_seen(words, firsts[group], lasts[group], points[group]) for group in groups]
        return sorted(filter(None, seen), key=lambda each: (each.text, each.start, each.end))

    def _matched(self, words: Words) -> tuple[Numbers, Numbers, Numbers, NDArray[np.int64]]:
        found = [
            self._matched_runs(hashes[low : low + _RUNS_AT_ONCE], places[low : low + _RUNS_AT_ONCE], width)
            for width in range(1, LONGEST + 1)
            for hashes, places in (words.runs(width),)
            for low in range(0, max(1, len(hashes)), _RUNS_AT_ONCE)
        ]
        firsts, lasts, rows, points = (np.concatenate(column) for column in zip(*found, strict=True))
        return firsts, lasts, rows, points

    def _matched_runs(self, hashes: Hashes, places: Numbers, width: int) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        asked, told = self.cells.match(self.key.hide(hashes, Domain.CELL))
        return places[asked], places[asked] + width - 1, told // 2, np.where(told % 2, _STRONG, _WEAK)


def _row_seen(words: Words, firsts: Numbers, lasts: Numbers, points: Numbers) -> RowSeen | None:
    """Count what the cells of one row are worth. A cell inside another, or said twice, counts once."""
    worth: Counter[int] = Counter()
    reached = -1
    said: set[tuple[int, ...]] = set()
    for place in np.lexsort((-lasts, firsts)):
        first, last = int(firsts[place]), int(lasts[place])
        what = tuple(int(each) for each in words.hashes[first : last + 1])
        if last > reached and what not in said:
            worth[len(said)] = int(points[place])
            said.add(what)
            reached = last
    if len(worth) < 2 or worth.total() < _LEAST_POINTS:  # noqa: PLR2004 - one cell is no row
        return None
    first, last = int(firsts.min()), int(lasts.max())
    return RowSeen(int(words.texts[first]), int(words.starts[first]), int(words.ends[last]), len(worth))


def digest_of(folder: Path) -> str:
    """Return the SHA-256 of the registered rows in `folder`, 64 hex characters."""
    return file_digest(folder / FILE_NAME)


def open_rows(folder: Path, *, name: str, key: bytes, digest: str | None = None) -> DatasetRows:
    """Map registered rows into memory.

    Raises:
        Unavailable: `rows_missing`, `rows_changed` (not the digest the ruleset names), `rows_key` (made under another key),
            `register_changed` (damaged).
    """
    opened = open_fingerprints(
        folder / FILE_NAME, code="rows", title="A set of registered rows", key=key, digest=digest
    )
    return DatasetRows(name, opened.key, Table.of_arrays(opened.arrays, "cells"))
