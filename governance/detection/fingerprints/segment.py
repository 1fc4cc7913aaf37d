"""One part of a register: the fingerprints of some files. Written once; a later version of a file goes into a later part."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .arrays import Array, map_arrays, write_arrays
from .keyed import Hashes, HashKey
from .public import PublicText, spread_of
from .table import Numbers, Table
from .winnow import LAYERS, Layer, grams_of, winnowed

COMMON = 0xFFFFFFFF  # the place that says: this gram stands in more files than are named
COMMONEST = 8  # files; a gram in more of them is usual here, and named in the first and the last alone
IDENTITY_BYTES = 16
_LEAST_OWN = 0.5


@dataclass(frozen=True, slots=True)
class SourceFile:
    """`identity` are 16 bytes that are equal exactly when the content is; `read` gives its text in UTF-8."""

    name: str
    identity: bytes
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Segment:
    """`bases[i]` is the place of line 1 of file i; the place of line n is n - 1 further."""

    tables: dict[Layer, Table]
    bases: NDArray[np.uint32]
    names: tuple[str, ...]
    identities: tuple[bytes, ...]

    @property
    def lines(self) -> int:
        return int(self.bases[-1])

    def files_at(self, places: Numbers) -> Numbers:
        """Return the number of the file at each place."""
        found: Numbers = np.searchsorted(self.bases, places, side="right") - 1
        return found


def open_segment(path: Path) -> Segment:
    """Map a segment into memory. Raises Unavailable, `register_changed`."""
    _, arrays = map_arrays(path)
    names = tuple(json.loads(bytes(arrays["names"])))
    raw = bytes(arrays["identities"])
    identities = tuple(raw[at : at + IDENTITY_BYTES] for at in range(0, len(raw), IDENTITY_BYTES))
    tables = {layer: Table.of_arrays(arrays, layer.domain.name.lower()) for layer in LAYERS}
    return Segment(tables, arrays["bases"], names, identities)


@dataclass
class _FileGrams:
    """The kept grams of one file in one layer, and which of them nobody else could have written."""

    hashes: Hashes
    places: Numbers
    own: NDArray[np.bool_]


@dataclass
class SegmentWriter:
    """Gathers files and writes them as one segment.

    `as_they_are` names the groups (see `group_of`) whose public text counts as theirs, `known_groups` those decided on before.
    """

    key: HashKey
    public: PublicText | None = None
    as_they_are: set[str] = field(default_factory=set)
    known_groups: set[str] = field(default_factory=set)
    files: list[SourceFile] = field(default_factory=list)
    bases: list[int] = field(default_factory=lambda: [0])
    grams: dict[Layer, list[_FileGrams]] = field(default_factory=lambda: {layer: [] for layer in LAYERS})

    def add(self, file: SourceFile) -> int:
        """Fingerprint a file; return its size in bytes."""
        raw = file.read()
        line_ends = np.flatnonzero(np.frombuffer(raw, dtype=np.uint8) == ord("\n"))
        for grams in grams_of(raw):
            kept = winnowed(grams)
            places = self.bases[-1] + np.searchsorted(line_ends, kept.starts)
            own = (
                ~self.public.holds(kept.hashes, spread_of(kept.layer))
                if self.public
                else np.ones(len(places), dtype=bool)
            )
            self.grams[grams.layer].append(_FileGrams(kept.hashes, places, own))
        self.files.append(file)
        self.bases.append(self.bases[-1] + len(line_ends) + 1)
        return len(raw)

    def write(self, path: Path) -> str:
        """Write the segment and return its SHA-256."""
        self._decide_groups()
        bases = np.array(self.bases, dtype=np.uint32)
        arrays: dict[str, Array] = {
            "bases": bases,
            "names": np.frombuffer(json.dumps([file.name for file in self.files]).encode(), dtype=np.uint8),
            "identities": np.frombuffer(b"".join(file.identity for file in self.files), dtype=np.uint8),
        }
        for layer in LAYERS:
            hashes, places = _without_common(*self._registered(layer), bases)
            table = Table.of(self.key.hide(hashes, layer.domain), places, kept_bits=16)
            arrays |= table.arrays(layer.domain.name.lower())
        return write_arrays(path, {}, arrays)

    def _decide_groups(self) -> None:
        """Where most of a folder is public, somebody registered just that: it is then theirs as it is, and not left out."""
        own: Counter[str] = Counter()
        all_of: Counter[str] = Counter()
        for grams in self.grams.values():
            for file, found in zip(self.files, grams, strict=True):
                own[group_of(file.name)] += int(np.count_nonzero(found.own))
                all_of[group_of(file.name)] += len(found.own)
        fresh = set(all_of) - self.known_groups
        self.as_they_are |= {group for group in fresh if own[group] < all_of[group] * _LEAST_OWN}
        self.known_groups |= fresh

    def _registered(self, layer: Layer) -> tuple[Hashes, Numbers]:
        hashes, places = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
        for file, found in zip(self.files, self.grams[layer], strict=True):
            kept = slice(None) if group_of(file.name) in self.as_they_are else found.own
            hashes.append(found.hashes[kept])
            places.append(found.places[kept])
        return np.concatenate(hashes), np.concatenate(places)


def group_of(name: str) -> str:
    """Return the topmost folder of a file, "" for files at the top."""
    return name.partition("/")[0] if "/" in name else ""


def _without_common(hashes: Hashes, places: Numbers, bases: NDArray[np.uint32]) -> tuple[Hashes, NDArray[np.uint32]]:
    """Keep of a gram twice on a line one entry, and of a gram in too many files its first place, its last, and one that says so.

    Two places, not one: a register is renewed by what changed, and either file may go.
    """
    if not len(hashes):
        return hashes, places.astype(np.uint32)
    order = np.lexsort((places, hashes))
    hashes, places = hashes[order], places[order]
    files = np.searchsorted(bases, places, side="right")
    new_hash = np.concatenate(([True], hashes[1:] != hashes[:-1]))
    new_file = new_hash | np.concatenate(([True], files[1:] != files[:-1]))
    new_place = new_hash | np.concatenate(([True], places[1:] != places[:-1]))
    starts = np.flatnonzero(new_hash)
    in_files = np.add.reduceat(new_file.astype(np.int64), starts)
    common = np.repeat(in_files > COMMONEST, np.diff(np.append(starts, len(hashes))))
    last = np.append(new_hash[1:], True)
    kept = np.where(common, new_hash | last, new_place)
    marked = hashes[starts[in_files > COMMONEST]]
    marks = np.full(len(marked), COMMON, dtype=np.uint32)
    return np.concatenate([hashes[kept], marked]), np.concatenate([places[kept].astype(np.uint32), marks])


def names_of(segments: Sequence[Segment]) -> list[str]:
    """Return the names of the files of all segments, in order: the number of a file is its place here."""
    return [name for segment in segments for name in segment.names]
