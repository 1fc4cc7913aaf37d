"""Have a prompt scanned: from the cache when all of it was seen before, else by a worker, with the time its fresh text needs."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from redis.exceptions import RedisError

from governance.core.sealing import KeyRing
from governance.detection.cache import SegmentFindings
from governance.detection.document import Document
from governance.detection.recall import Recall
from governance.detection.report import Report
from governance.detection.ruleset import Ruleset
from governance.scanning.cache import open_entry
from governance.scanning.channel import findings_key
from governance.scanning.remote import Scanner
from governance.scanning.rules import Deadlines

CACHE_S = 0.3  # a cache that takes longer costs more than it saves
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asking:
    """`findings_key` is the one the workers' engines use."""

    scanner: Scanner
    deadlines: Deadlines
    ring: KeyRing
    findings_key: bytes

    async def ask(self, document: Document, *, ruleset: Ruleset) -> Report:
        """Return the report on `document`.

        Raises:
            TooLarge: `text_too_long`, before anything is asked of a worker.
            Unavailable: as Scanner.scan.
        """
        recall = Recall.of(document, ruleset=ruleset, key=self.findings_key)
        entries = await self._entries(recall)
        report = recall.report(entries)
        if report is not None:
            return report
        deadline_s = self.deadlines.of(recall.fresh(entries))
        return await self.scanner.scan(document, ruleset=ruleset.digest, deadline_s=deadline_s)

    async def _entries(self, recall: Recall) -> list[SegmentFindings | None]:
        """Ask the cache; whatever goes wrong is a miss."""
        names = [findings_key(key) for key in recall.keys]
        try:
            async with asyncio.timeout(CACHE_S):
                sealed: Any = await self.scanner.client.mget(names) if names else []
        except (RedisError, OSError, TimeoutError) as fault:
            log.warning("findings cache not read: %s", type(fault).__name__)
            return [None] * len(recall.keys)
        return [open_entry(self.ring, key, entry) for key, entry in zip(recall.keys, sealed, strict=True)]
