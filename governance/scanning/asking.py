"""Have a prompt scanned: from the cache when all of it was seen before, else by a worker, with the time its fresh text needs."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from redis.exceptions import RedisError

from governance.core.sealing import KeyRing
from governance.detection.cache import MemoryCache, SegmentFindings
from governance.detection.document import Document
from governance.detection.documents.kinds import Kind
from governance.detection.documents.reading import Reading
from governance.detection.recall import Recall
from governance.detection.report import Report
from governance.detection.ruleset import Ruleset
from governance.scanning.backlog import Backlog
from governance.scanning.cache import open_entry
from governance.scanning.channel import findings_key
from governance.scanning.payloads import File
from governance.scanning.readings import Readings
from governance.scanning.remote import Scanner
from governance.scanning.rules import Deadlines

PICTURES_S = 75.0  # that pictures may take, alone or in a document: a full scanned page takes several
CACHE_S = 0.3  # a cache that takes longer costs more than it saves
# Entries of this process, each of so few findings that thousands of them stay small.
NEAR_ENTRIES, NEAR_FINDINGS = 4096, 32
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asking:
    """`findings_key` is the one the workers' engines use; `near` is this process's share of the cache that all share."""

    scanner: Scanner
    deadlines: Deadlines
    ring: KeyRing
    findings_key: bytes
    near: MemoryCache = field(default_factory=lambda: MemoryCache(entries=NEAR_ENTRIES))
    readings: Readings = field(default_factory=Readings)
    backlog: Backlog = field(default_factory=Backlog)

    async def ask(self, document: Document, *, ruleset: Ruleset, sharer: str) -> Report:
        """Return the report on `document`; `sharer` is who has it scanned, beside others who have a share of the time as well.

        Raises:
            TooLarge: `text_too_long`, before anything is asked of a worker.
            Busy: `scans_behind`, when it could not be done in time.
            Unavailable: as Scanner.scan.
        """
        recall = Recall.of(document, ruleset=ruleset, key=self.findings_key)
        entries = await self._entries(recall)
        report = recall.report(entries)
        if report is not None:
            return report
        fresh = recall.fresh(entries)
        deadline_s = self.deadlines.of(fresh)
        with self.backlog.scan_of(fresh, deadline_s=deadline_s, sharer=sharer):
            return await self.scanner.scan(document, ruleset=ruleset.digest, deadline_s=deadline_s)

    async def read(self, file: File) -> Reading:
        """Return the words of a document. Raises Unavailable, as Scanner.read."""
        known = self.readings.get(file, ring=self.ring)
        if known is None:
            longest_s = PICTURES_S if file.pictures or file.kind is Kind.PICTURE else self.deadlines.longest_s
            known = await self.scanner.read(file, deadline_s=longest_s)
            self.readings.put(file, known, ring=self.ring)
        return known

    async def _entries(self, recall: Recall) -> list[SegmentFindings | None]:
        """Ask the cache of this process, then the one that all share; whatever goes wrong is a miss."""
        known = dict(zip(recall.keys, self.near.get_many(recall.keys), strict=True))
        if absent := [key for key, entry in known.items() if entry is None]:
            shared = await self._shared(absent)
            self.near.put_many({key: entry for key, entry in shared.items() if len(entry) <= NEAR_FINDINGS})
            known.update(shared)
        return [known[key] for key in recall.keys]

    async def _shared(self, keys: Sequence[bytes]) -> dict[bytes, SegmentFindings]:
        try:
            async with asyncio.timeout(CACHE_S):
                sealed: Any = await self.scanner.client.mget([findings_key(key) for key in keys])
        except (RedisError, OSError, TimeoutError) as fault:
            log.warning("findings cache not read: %s", type(fault).__name__)
            return {}
        opened = ((key, open_entry(self.ring, key, entry)) for key, entry in zip(keys, sealed, strict=True))
        return {key: entry for key, entry in opened if entry is not None}
