"""The hash of one event in the log."""

import hashlib

HASH_BYTES = 32


def leaf_hash(canonical: bytes) -> bytes:
    """Return the hash of one leaf: SHA-256 of a zero byte and the event's canonical JSON; 32 bytes.

    Source: RFC 6962, section 2.1. The zero byte keeps a leaf from being taken for an inner node of the tree.
    """
    return hashlib.sha256(b"\x00" + canonical).digest()
