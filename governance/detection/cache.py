"""Findings of segments seen before. Chat resends its history, so most text of most prompts was scanned a moment ago."""

import hashlib
import hmac
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Protocol

from .spans import Finding

SegmentFindings = tuple[Finding, ...]  # with path "": a segment is found again under any path


class FindingsCache(Protocol):
    """Holds findings of wholly scanned segments, never a verdict: suppressions and policy apply after it.

    A cache that cannot answer returns None for the key (a miss), so a broken cache costs time, not safety.
    """

    def get_many(self, keys: Sequence[bytes]) -> list[SegmentFindings | None]:
        """Return one entry per key, in order; None for a miss."""

    def put_many(self, entries: Mapping[bytes, SegmentFindings]) -> None:
        """Keep the entries; may forget any of them at any time."""


def cache_key(text: str, *, context: str, ruleset: str, key: bytes) -> bytes:
    """Return the 32-byte HMAC-SHA-256 of what decides a segment's findings: its text, its label and the ruleset's digest."""
    message = b"\x00".join(
        (ruleset.encode(), context.encode("utf-8", "surrogatepass"), text.encode("utf-8", "surrogatepass"))
    )
    return hmac.new(key, message, hashlib.sha256).digest()


class MemoryCache:
    """The in-process cache: the least recently used entry goes first."""

    def __init__(self, *, entries: int = 4096) -> None:
        self._limit = entries
        self._entries: OrderedDict[bytes, SegmentFindings] = OrderedDict()
        self._lock = threading.Lock()

    def get_many(self, keys: Sequence[bytes]) -> list[SegmentFindings | None]:
        with self._lock:
            for key in keys:
                if key in self._entries:
                    self._entries.move_to_end(key)
            return [self._entries.get(key) for key in keys]

    def put_many(self, entries: Mapping[bytes, SegmentFindings]) -> None:
        with self._lock:
            self._entries.update(entries)
            while len(self._entries) > self._limit:
                self._entries.popitem(last=False)
