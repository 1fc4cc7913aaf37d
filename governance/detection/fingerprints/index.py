"""A source register on disk: sorted fingerprints, mapped into memory, with the file and line each came from.

Layout of `fingerprints.bin`: MAGIC, the length of the head (8 bytes, big endian), the head (JSON: counts, key check, file names),
zeros up to a multiple of 64, then three arrays: hashes (u64, sorted), files (u32), lines (u32). All little endian.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from governance.core.errors import Invalid, Unavailable

from .keyed import HashKey
from .tokens import tokens_of
from .winnow import GRAM, grams, telling, winnowed

MAGIC = b"REMITFP1"
FILE_NAME = "fingerprints.bin"
_ALIGN = 64
_COMMONEST = 8  # a gram in more files than this is a licence header or boilerplate, and says nothing about a leak
_LARGEST_FILE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Index:
    """Entry i: the gram with hash `hashes[i]` begins on line `lines[i]` of `names[files[i]]`."""

    hashes: NDArray[np.uint64]
    files: NDArray[np.uint32]
    lines: NDArray[np.uint32]
    names: tuple[str, ...]


def build(sources: Iterable[tuple[str, bytes]], *, key: bytes, out: Path) -> str:
    """Index (name, UTF-8 text) pairs into the folder `out` and return the SHA-256 of the index file.

    Files over 4 MiB are left out by `files_of`; an empty index is written like any other.
    """
    hash_key = HashKey.of(key)
    names: list[str] = []
    columns: list[NDArray[np.uint64]] = []
    for name, raw in sources:
        columns.append(_fingerprints(raw, len(names), hash_key))
        names.append(name)
    table = np.concatenate(columns) if columns else np.zeros((0, 3), dtype=np.uint64)
    return _write(_without_common(table), names, hash_key, out)


def _fingerprints(raw: bytes, number: int, key: HashKey) -> NDArray[np.uint64]:
    """Return one row (hash, file, line) per fingerprint of a file."""
    tokens = tokens_of(raw, key)
    hashes = grams(tokens.hashes, key)
    places = telling(tokens.hashes, winnowed(hashes))
    line_ends = np.flatnonzero(np.frombuffer(raw, dtype=np.uint8) == ord("\n"))
    lines = np.searchsorted(line_ends, tokens.starts[places]) + 1
    return np.stack([hashes[places], np.full(len(places), number, dtype=np.uint64), lines.astype(np.uint64)], axis=1)


def _without_common(table: NDArray[np.uint64]) -> NDArray[np.uint64]:
    if not len(table):
        return table
    table = table[np.lexsort((table[:, 2], table[:, 1], table[:, 0]))]
    pairs = np.unique(table[:, :2], axis=0)
    hashes, in_files = np.unique(pairs[:, 0], return_counts=True)
    return table[~np.isin(table[:, 0], hashes[in_files > _COMMONEST])]


def _write(table: NDArray[np.uint64], names: list[str], key: HashKey, out: Path) -> str:
    head = json.dumps(
        {"entries": len(table), "key": key.check, "names": names, "gram": GRAM}, ensure_ascii=False
    ).encode()
    start = len(MAGIC) + 8 + len(head)
    body = [
        MAGIC + len(head).to_bytes(8, "big") + head + b"\x00" * (-start % _ALIGN),
        table[:, 0].astype("<u8").tobytes(),
        table[:, 1].astype("<u4").tobytes(),
        table[:, 2].astype("<u4").tobytes(),
    ]
    out.mkdir(parents=True, exist_ok=True)
    # Written beside and moved: a scanner that maps the old index keeps reading the old bytes.
    beside = out / f".{FILE_NAME}.new"
    beside.write_bytes(b"".join(body))
    beside.replace(out / FILE_NAME)
    return digest_of(out)


def digest_of(folder: Path) -> str:
    """Return the SHA-256 of the index in `folder`, 64 hex characters."""
    with (folder / FILE_NAME).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_index(folder: Path, *, key: bytes, digest: str | None = None) -> Index:
    """Map the index in `folder` into memory.

    Raises:
        Unavailable: `register_missing`, `register_changed` (not the digest the ruleset names), `register_key` (made under another key).
    """
    path = folder / FILE_NAME
    if not path.is_file():
        raise Unavailable(
            "register_missing", "A source register of the ruleset is not on this machine.", remedy="Index it again."
        )
    if digest is not None and digest_of(folder) != digest:
        raise Unavailable(
            "register_changed",
            "A source register is not the one the ruleset names.",
            remedy="Publish the ruleset again.",
        )
    head, offset = _head(path)
    if head["key"] != HashKey.of(key).check or head["gram"] != GRAM:
        raise Unavailable(
            "register_key", "A source register was made under another key.", remedy="Index it again with this key."
        )
    entries = int(head["entries"])
    mapped = np.memmap(path, dtype=np.uint8, mode="r")
    arrays = _cut(mapped, offset, entries)
    return Index(*arrays, names=tuple(head["names"]))


def _cut(
    mapped: NDArray[np.uint8], offset: int, entries: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32]]:
    sizes = np.cumsum([offset, entries * 8, entries * 4, entries * 4])
    if int(sizes[-1]) != len(mapped):
        raise Unavailable("register_changed", "A source register has the wrong length.", remedy="Index it again.")
    parts = [mapped[int(low) : int(high)] for low, high in pairwise(sizes)]
    return parts[0].view("<u8"), parts[1].view("<u4"), parts[2].view("<u4")


def _head(path: Path) -> tuple[dict[str, Any], int]:
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise Unavailable(
                "register_changed", "A source register is not an index of this version.", remedy="Index it again."
            )
        length = int.from_bytes(file.read(8), "big")
        head: dict[str, Any] = json.loads(file.read(length))
    start = len(MAGIC) + 8 + length
    return head, start + (-start % _ALIGN)


def files_of(roots: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield (name below its root, bytes) of the text files under the roots, in name order; links and hidden folders are left out.

    Raises:
        Invalid: `source_missing` when a root is not there.
    """
    for root in roots:
        if not root.exists():
            raise Invalid("source_missing", f"There is no {root.name} to index.")
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            name = path.name if path == root else path.relative_to(root).as_posix()
            if path.is_symlink() or not path.is_file() or any(part.startswith(".") for part in name.split("/")):
                continue
            if path.stat().st_size <= _LARGEST_FILE and b"\x00" not in (raw := path.read_bytes())[:8192]:
                yield name, raw
