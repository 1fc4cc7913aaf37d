"""Text that anybody may have: the standard library, installed packages, repositories marked public. None of it is a leak.

A Bloom filter of every gram, not hidden, since nothing in it is secret. About one strange gram in thirty seems to be in it, which
costs a register that much of its grams and lets nothing through unseen: a copied passage has many.
"""

import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from governance.core.errors import Unavailable

from .arrays import file_digest, map_arrays, write_arrays
from .keyed import Hashes, mixed
from .table import Numbers
from .winnow import FORM, LAYERS, Layer, grams_of

FILE_NAME = "public.bin"
_BITS_PER_BYTE = 5  # of text: a quarter of a byte is a token, both layers, ten bits each
_SPREAD = {layer: np.uint64(layer.domain * 0x9E3779B97F4A7C15 & (1 << 64) - 1) for layer in LAYERS}
_LEAST_BITS = 1 << 16
_PATTERNS = ("*.py", "*.pyi", "*.dist-info/**/LICENSE*", "LICENSE*")
_LEFT_OUT = frozenset({"test", "tests", "site-packages", "_vendor"})


@dataclass(frozen=True, slots=True)
class PublicText:
    bits: NDArray[np.uint8]

    def holds(self, hashes: Hashes, spread: Hashes | np.uint64) -> NDArray[np.bool_]:
        """Say of each gram whether public text has it. `spread`: what `spread_of` says of its layer, for all or for each."""
        one, other = (
            self.bits[marks >> 3] & np.left_shift(1, marks & 7) for marks in _marks(hashes, spread, len(self.bits))
        )
        found: NDArray[np.bool_] = (one > 0) & (other > 0)
        return found


def spread_of(layer: Layer) -> np.uint64:
    """Return what is added to hashes of a layer: one list holds the grams of all, which must not meet."""
    return _SPREAD[layer]


def _marks(hashes: Hashes, spread_by: Hashes | np.uint64, size: int) -> tuple[Numbers, Numbers]:
    spread = mixed(hashes + spread_by)
    bits, half = np.uint64(size * 8), np.uint64(32)
    high, low = spread >> half, spread & np.uint64(0xFFFFFFFF)
    return ((high * bits) >> half).astype(np.int64), ((low * bits) >> half).astype(np.int64)


def write_public(texts: Iterable[bytes], *, size: int, out: Path) -> str:
    """Write the public list of `texts`, of about `size` bytes together, into the folder `out`; return its SHA-256."""
    bits = np.zeros(max(size * _BITS_PER_BYTE, _LEAST_BITS) // 8 + 1, dtype=np.uint8)
    for raw in texts:
        for grams in grams_of(raw):
            for marks in _marks(grams.hashes, spread_of(grams.layer), len(bits)):
                np.bitwise_or.at(bits, marks >> 3, np.left_shift(1, marks & 7).astype(np.uint8))
    return write_arrays(out / FILE_NAME, {"kind": "public", "form": FORM}, {"bits": bits})


def digest_of(folder: Path) -> str:
    """Return the SHA-256 of the public list in `folder`, 64 hex characters."""
    return file_digest(folder / FILE_NAME)


def open_public(folder: Path, *, digest: str | None = None) -> PublicText:
    """Map a public list into memory. Raises Unavailable, `register_missing`, `register_changed`, `register_version`."""
    if not (folder / FILE_NAME).is_file():
        raise Unavailable("register_missing", "A list of public text is not on this machine.", remedy="Index it again.")
    if digest is not None and digest_of(folder) != digest:
        raise Unavailable(
            "register_changed", "A list of public text is not the one the ruleset names.", remedy="Index it again."
        )
    head, arrays = map_arrays(folder / FILE_NAME)
    if head.get("form") != FORM:
        raise Unavailable(
            "register_version", "A list of public text was made by another version of Remit.", remedy="Index it again."
        )
    return PublicText(arrays["bits"])


def installed_sources() -> list[Path]:
    """Return the Python files and stubs of the standard library and of the installed packages, and their licences, in order."""
    library, packages = Path(sysconfig.get_path("stdlib")), Path(sysconfig.get_path("purelib"))
    found = [
        path
        for root in (library, packages)
        for pattern in _PATTERNS
        for path in root.rglob(pattern)
        if path.is_file() and not _LEFT_OUT & set(path.relative_to(root).parts)
    ]
    return sorted(set(found))


def version_of_installed() -> str:
    """Return what the list of installed sources depends on: its form, which files, the interpreter and the packages with their versions."""
    packages = Path(sysconfig.get_path("purelib"))
    return "\n".join([FORM, *_PATTERNS, sys.version, *sorted(path.name for path in packages.glob("*.dist-info"))])
