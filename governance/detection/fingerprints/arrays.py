"""Files of named arrays that are mapped into memory, not read: an index may be larger than memory.

Layout: MAGIC, the length of the head (8 bytes, big endian), the head (JSON: the writer's own fields and where each array is), zeros
up to a multiple of 64, then the arrays, each padded to 64. All little endian.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from governance.core.errors import Unavailable

MAGIC = b"REMITFP3"
_ALIGN = 64
Array = NDArray[Any]


def write_arrays(path: Path, head: Mapping[str, Any], arrays: Mapping[str, Array]) -> str:
    """Write the file and return its SHA-256, 64 hex characters.

    It is written beside and moved: who maps the file of before goes on reading the bytes of before.
    """
    shapes = [[name, array.dtype.newbyteorder("<").str, len(array)] for name, array in arrays.items()]
    said = json.dumps({**head, "arrays": shapes}, ensure_ascii=False, sort_keys=True).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    hashed = hashlib.sha256()
    with beside.open("wb") as file:
        for part in (_padded(MAGIC + len(said).to_bytes(8, "big") + said), *map(_bytes, arrays.values())):
            hashed.update(part)
            file.write(part)
    beside.replace(path)
    return hashed.hexdigest()


def _bytes(array: Array) -> bytes:
    return _padded(array.astype(array.dtype.newbyteorder("<")).tobytes())


def _padded(raw: bytes) -> bytes:
    return raw + b"\x00" * (-len(raw) % _ALIGN)


def map_arrays(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return the head and the arrays, read only.

    Raises:
        Unavailable: `register_changed`, when the file is none of these or was cut.
    """
    try:
        mapped = np.memmap(path, dtype=np.uint8, mode="r")
        start = len(MAGIC) + 8
        if bytes(mapped[: len(MAGIC)]) != MAGIC:
            raise _changed()
        length = int.from_bytes(bytes(mapped[len(MAGIC) : start]), "big")
        head: dict[str, Any] = json.loads(bytes(mapped[start : start + length]))
        # A plain array over the same pages: each slice of a memmap makes a memmap, which costs more than a short look-up.
        return head, _cut(mapped.view(np.ndarray), _next(start + length), head.pop("arrays"))
    except (ValueError, KeyError, OSError) as error:
        raise _changed() from error


def _cut(mapped: Array, place: int, shapes: Sequence[tuple[str, str, int]]) -> dict[str, Array]:
    found = {}
    for name, kind, count in shapes:
        size = np.dtype(kind).itemsize * count
        if place + size > len(mapped):
            raise _changed()
        found[name] = mapped[place : place + size].view(kind)
        place = _next(place + size)
    return found


def _next(place: int) -> int:
    return place + (-place % _ALIGN)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of the file, 64 hex characters."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _changed() -> Unavailable:
    return Unavailable("register_changed", "An index is damaged or of another version.", remedy="Index it again.")
