"""Identifiers. Rows get UUIDv7 keys: they sort by time of making, so indexes stay dense, and they tell nothing else."""

import os
import re
import time
import unicodedata
from uuid import UUID


def uuid7() -> UUID:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, then 74 random bits.

    Source: RFC 9562, section 5.7. Python's uuid module has uuid7() only from 3.14 on.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


def slug(title: str, *, limit: int = 48) -> str:
    """Return `title` in lower-case ASCII words joined by "-", at most `limit` characters; "" when nothing is left."""
    plain = unicodedata.normalize("NFKD", title[: limit * 4]).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:limit].rstrip("-")
