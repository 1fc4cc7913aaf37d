"""Hidden hashes and the place of each, found without a search: a bitmap says no, a bucket says where.

About 7 bytes an entry. An entry keeps 24 bits of its hash, and its bucket some 20 more: one strange hash in six million seems to be
there. A table that keeps 16 bits takes 6 bytes, and one strange hash in twenty thousand seems to be there: where a hit takes several in one
file, line by line, that many are none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .arrays import Array
from .keyed import Hashes

Numbers = NDArray[np.int64]
_PER_BUCKET = 16
_BITS_PER_ENTRY = 6
_HALF, _SIXTEEN = np.uint64(32), np.uint64(16)
_LOW, _SHORT, _BYTE = np.uint64(0xFFFFFFFF), np.uint64(0xFFFF), np.uint64(0xFF)
_LONG = 24  # bits kept of a hash
_LAST = 0xFFFFFFFF  # a place with a meaning of its own: it is kept as the largest that can be
_LAST_OF_THREE_BYTES = 0xFFFFFF


@dataclass(frozen=True, slots=True)
class Table:
    """Entry i: 24 bits of a hash in `low` and `lower`, or 16 in `low` alone; its place in `near` (16 bits) and `far` (8 bits, 16 in a table of many places).

    The entries of bucket b are `first[b]` to `first[b + 1]`.
    """

    low: NDArray[np.uint16]
    lower: NDArray[np.uint8]
    near: NDArray[np.uint16]
    far: Array
    first: NDArray[np.uint32]
    bits: NDArray[np.uint8]

    @classmethod
    def of(cls, hashes: Hashes, places: NDArray[np.uint32], *, kept_bits: Literal[16, 24] = 24) -> "Table":
        """Return the table of these pairs; a hash may stand in several."""
        order = np.lexsort((places, hashes))
        hashes, places = hashes[order], places[order]
        buckets = len(hashes) // _PER_BUCKET + 1
        first = np.searchsorted(_scaled(hashes >> _HALF, buckets), np.arange(buckets + 1))
        bits = np.zeros(len(hashes) * _BITS_PER_ENTRY // 8 + 1, dtype=np.uint8)
        marks = _bit(hashes, len(bits))
        np.bitwise_or.at(bits, marks >> 3, np.left_shift(1, marks & 7).astype(np.uint8))
        largest = int(places[places != _LAST].max(initial=0))
        far = np.uint8 if largest < _LAST_OF_THREE_BYTES else np.uint16
        return cls(
            low=(hashes & _SHORT).astype(np.uint16),
            lower=((hashes >> _SIXTEEN) & _BYTE).astype(np.uint8)[: len(hashes) if kept_bits == _LONG else 0],
            near=(places & 0xFFFF).astype(np.uint16),
            far=(places >> 16).astype(far),
            first=first.astype(np.uint32),
            bits=bits,
        )

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array], name: str) -> "Table":
        return cls(*(arrays[f"{name}.{part}"] for part in cls.__slots__))

    def arrays(self, name: str) -> dict[str, Array]:
        return {f"{name}.{part}": getattr(self, part) for part in self.__slots__}

    def __len__(self) -> int:
        return len(self.low)

    def match(self, hashes: Hashes) -> tuple[Numbers, Numbers]:
        """Return pairs (number of the hash asked for, place)."""
        marks = _bit(hashes, len(self.bits))
        asked = (self.bits[marks >> 3] & np.left_shift(1, marks & 7)).nonzero()[0]
        if not len(asked):
            return asked, asked
        wanted = hashes[asked]
        bucket = _scaled(wanted >> _HALF, len(self.first) - 1)
        low = self.first[bucket].astype(np.int64)
        counts = self.first[bucket + 1] - low
        entries = np.repeat(low - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
        asked, wanted = np.repeat(asked, counts), np.repeat(wanted, counts)
        alike = (self.low[entries] == (wanted & _SHORT)).nonzero()[0]
        if len(self.lower):
            alike = alike[self.lower[entries[alike]] == ((wanted[alike] >> _SIXTEEN) & _BYTE)]
        return asked[alike], self._places(entries[alike])

    def _places(self, entries: Numbers) -> Numbers:
        far = self.far[entries].astype(np.int64)
        places = (far << 16) | self.near[entries]
        last = np.iinfo(self.far.dtype).max << 16 | 0xFFFF
        return np.where(places == last, _LAST, places)


def _scaled(values: Hashes, size: int) -> Numbers:
    """Return 32-bit values brought into 0..size-1, in the same order."""
    return ((values * np.uint64(size)) >> _HALF).astype(np.int64)


def _bit(hashes: Hashes, size: int) -> Numbers:
    return _scaled((hashes >> np.uint64(16)) & _LOW, size * 8)
