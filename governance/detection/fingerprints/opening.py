"""Open a file of fingerprints: there, the one the ruleset names, and made under our key, or not at all."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from governance.core.errors import Unavailable

from .arrays import Array, file_digest, map_arrays
from .keyed import HashKey


@dataclass(frozen=True, slots=True)
class Opened:
    head: dict[str, Any]
    arrays: dict[str, Array]
    key: HashKey


def open_fingerprints(path: Path, *, code: str, title: str, key: bytes, digest: str | None) -> Opened:
    """Map `path` into memory. `code` begins the codes of its faults; `title` is what it is called, "An evaluation set".

    Raises:
        Unavailable: `<code>_missing`, `<code>_changed` (not the digest the ruleset names), `<code>_key` (made under another key),
            `register_changed` (damaged).
    """
    if not path.is_file():
        raise Unavailable(f"{code}_missing", f"{title} of the ruleset is not on this machine.", remedy="Add it again.")
    if digest is not None and file_digest(path) != digest:
        raise Unavailable(
            f"{code}_changed", f"{title} is not what the ruleset names.", remedy="Publish the ruleset again."
        )
    head, arrays = map_arrays(path)
    hash_key = HashKey.of(key)
    if head["key"] != hash_key.check:
        raise Unavailable(f"{code}_key", f"{title} was made under another key.", remedy="Add it again with this key.")
    return Opened(head, arrays, hash_key)
