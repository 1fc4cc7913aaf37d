"""Findings of segments scanned before, shared by all processes through Valkey: sealed, keyed by an HMAC, never a verdict."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from redis import Redis, RedisError
from redis.client import Pipeline

from governance.core.errors import DomainError
from governance.core.sealing import KeyRing, seal, unseal
from governance.detection.cache import SegmentFindings
from governance.detection.spans import Finding
from governance.scanning.channel import findings_key

LIFE_S = 3600
log = logging.getLogger(__name__)


class ValkeyCache:
    """A FindingsCache for workers. Whatever goes wrong is a miss: a broken cache costs time, not safety."""

    def __init__(self, client: "Redis", ring: KeyRing) -> None:
        self._client, self._ring = client, ring

    def get_many(self, keys: Sequence[bytes]) -> list[SegmentFindings | None]:
        try:
            entries: Any = self._client.mget([findings_key(key) for key in keys]) if keys else []
        except RedisError as fault:
            log.warning("findings cache not read: %s", type(fault).__name__)
            return [None] * len(keys)
        return [open_entry(self._ring, key, sealed) for key, sealed in zip(keys, entries, strict=True)]

    def put_many(self, entries: Mapping[bytes, SegmentFindings]) -> None:
        try:
            with self._client.pipeline(transaction=False) as pipe:
                self.put_into(pipe, entries)
                pipe.execute()
        except RedisError as fault:
            log.warning("findings cache not written: %s", type(fault).__name__)

    def put_into(self, pipe: Pipeline, entries: Mapping[bytes, SegmentFindings]) -> None:
        """Have `entries` written with whatever else the pipeline takes to the broker."""
        for key, findings in entries.items():
            pipe.set(findings_key(key), seal_entry(self._ring, key, findings), ex=LIFE_S)


class WrittenLater:
    """A FindingsCache that keeps what it is given, so that it is written together with the answer: one round trip less to wait for."""

    def __init__(self, cache: ValkeyCache) -> None:
        self._cache = cache
        self._kept: dict[bytes, SegmentFindings] = {}

    def get_many(self, keys: Sequence[bytes]) -> list[SegmentFindings | None]:
        return self._cache.get_many(keys)

    def put_many(self, entries: Mapping[bytes, SegmentFindings]) -> None:
        self._kept.update(entries)

    def write_into(self, pipe: Pipeline) -> None:
        self._cache.put_into(pipe, self._kept)

    def write(self) -> None:
        if self._kept:
            self._cache.put_many(self._kept)


def seal_entry(ring: KeyRing, key: bytes, findings: SegmentFindings) -> bytes:
    plain = json.dumps([finding.to_dict() for finding in findings], separators=(",", ":")).encode()
    return seal(ring, plain, context=findings_key(key))


def open_entry(ring: KeyRing, key: bytes, sealed: bytes | None) -> SegmentFindings | None:
    """Return the findings of an entry; None for a miss, and for anything that was not sealed by us for this key."""
    if sealed is None:
        return None
    try:
        return tuple(Finding.of_dict(each) for each in json.loads(unseal(ring, sealed, context=findings_key(key))))
    except (DomainError, ValueError, TypeError, KeyError):
        return None
