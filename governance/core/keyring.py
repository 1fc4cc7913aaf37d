"""Secret keys in files: one file for each purpose, readable by its owner alone. A missing key stops the work."""

import binascii
import json
import os
import stat
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from governance.core.errors import Unavailable

KEY_BYTES = 32
OTHERS = stat.S_IRWXG | stat.S_IRWXO
LARGEST_FILE = 64 * 1024


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """Keys of 32 bytes by version. New things are sealed with `current`; older versions still open what they sealed."""

    keys: Mapping[int, bytes]
    current: int

    def __repr__(self) -> str:
        return f"KeyRing(versions={sorted(self.keys)}, current={self.current})"

    def key(self, version: int) -> bytes:
        """Return the key of `version`.

        Raises:
            Unavailable: `key_unknown`, when the ring does not hold that version (any more).
        """
        if version not in self.keys:
            raise Unavailable(
                "key_unknown",
                f"Key version {version} is not on this ring.",
                remedy="Put the older key back on the ring until nothing is sealed with it.",
            )
        return self.keys[version]

    @classmethod
    def load(cls, path: Path) -> "KeyRing":
        """Read a ring from `path`: JSON {"current": "1", "keys": {"1": <32 bytes, base64>}}, file mode 0600.

        Raises:
            Unavailable: `key_missing`, `key_exposed` (others may read the file) or `key_broken`.
        """
        try:
            ring = json.loads(_read_private(path))
            keys = {int(version): _decode(text, path) for version, text in ring["keys"].items()}
            current = int(ring["current"])
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise _broken(path) from wrong
        if current not in keys or min(keys) < 1:
            raise _broken(path)
        return cls(keys, current)


def read_secret(path: Path) -> bytes:
    """Return the 32 bytes of a secret key file: one line of base64, mode 0600.

    Raises:
        Unavailable: as KeyRing.load.
    """
    return _decode(_read_private(path).decode("ascii", "replace"), path)


def read_public(path: Path) -> bytes:
    """Return the 32 bytes of a public key file: one line of base64. Anyone may read it.

    Raises:
        Unavailable: `key_missing` or `key_broken`.
    """
    try:
        return _decode(path.read_bytes()[:LARGEST_FILE].decode("ascii", "replace"), path)
    except OSError as wrong:
        raise _missing(path) from wrong


def _read_private(path: Path) -> bytes:
    # Mode and content of one open file: a check by name could look at another file than the one that is read.
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as wrong:
        raise _missing(path) from wrong
    with os.fdopen(descriptor, "rb") as file:
        if os.fstat(descriptor).st_mode & OTHERS:
            raise Unavailable(
                "key_exposed",
                f"The key file {path.name} may be read by others than its owner.",
                remedy="Set its mode to 0600 and replace the key: it may have been read.",
            )
        return file.read(LARGEST_FILE)


def _decode(text: str, path: Path) -> bytes:
    try:
        key = b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise _broken(path) from wrong
    if len(key) != KEY_BYTES:
        raise _broken(path)
    return key


def _missing(path: Path) -> Unavailable:
    return Unavailable(
        "key_missing", f"The key file {path.name} cannot be opened.", remedy="Put the key file in its place."
    )


def _broken(path: Path) -> Unavailable:
    return Unavailable("key_broken", f"The key file {path.name} does not hold a key of the expected form.")
