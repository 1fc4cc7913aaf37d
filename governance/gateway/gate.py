"""Everything an exchange needs that lives as long as the process."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from governance.gateway.access import Offer
from governance.gateway.admitting.admission import Admission, Caller, Place
from governance.gateway.afterwards import Afterwards
from governance.gateway.config import Config
from governance.gateway.database import Database
from governance.gateway.key_sets import KeySets
from governance.gateway.keys import Keys
from governance.gateway.known import Known
from governance.gateway.outcomes import Outcomes
from governance.gateway.permit import Body, EgressPermit
from governance.gateway.selectors.rulesets import Rulesets
from governance.gateway.shadow import Shadow
from governance.gateway.stream import ProviderReply
from governance.gateway.watch import Watch
from governance.gateway.wire import Call
from governance.organisation.key_text import digest_of, prefix_of
from governance.scanning.asking import Asking
from governance.scanning.remote import Scanner


class Door(Protocol):
    """The way out. It opens for a permit and for nothing else."""

    async def send(
        self, permit: EgressPermit, body: Body, offer: Offer, *, headers: Mapping[str, str]
    ) -> ProviderReply: ...

    async def close(self) -> None: ...


@dataclass(slots=True)
class Gate:
    config: Config
    keys: Keys
    database: Database
    known: Known
    scanner: Scanner
    asking: Asking
    rulesets: Rulesets
    watch: Watch
    shadow: Shadow
    key_sets: KeySets
    door: Door
    admission: Admission
    outcomes: Outcomes
    afterwards: Afterwards

    @classmethod
    def of(cls, config: Config, door: Door) -> "Gate":
        keys = Keys.load(config)
        database, admission = Database(config.database), Admission.of(config.bounds)
        scanner = Scanner(config.redis_url, keys.payload)
        asking = Asking(scanner, config.deadlines, keys.payload, keys.findings)
        return cls(
            config,
            keys,
            database,
            Known(database),
            scanner,
            asking,
            Rulesets(database),
            Watch(database, admission),
            Shadow(database, scanner),
            KeySets(config.loopback_allowed),
            door,
            admission,
            Outcomes(database),
            Afterwards(),
        )

    async def open(self) -> None:
        await self.database.open()
        await self.scanner.start()
        self.watch.start()
        self.shadow.start()
        self.outcomes.start()

    async def close(self) -> None:
        await asyncio.gather(
            self.watch.stop(),
            self.shadow.stop(),
            self.scanner.stop(),
            self.door.close(),
            self.key_sets.close(),
            self.outcomes.stop(),
            return_exceptions=True,
        )
        await self.database.close()

    @contextmanager
    def place_for(self, call: Call) -> Iterator[Place]:
        """Let one call in, and count what arrives of it. Raises Busy."""
        self.admission.room.workers = self.scanner.workers
        with self.admission.place_for(self.caller_of(call)) as place:
            call.listening, call.arrived, call.answered = place.listening, place.hold, place.work
            yield place

    def caller_of(self, call: Call) -> Caller:
        key = call.key
        return self.caller_by(prefix_of(key) or "", digest_of(key))

    def caller_by(self, prefix: str, digest: bytes) -> Caller:
        """Return who calls, by the beginning of a key, "" where it has not the shape of one, and its digest."""
        seen = self.known.seen(digest)
        return Caller(prefix, seen.unit if seen else None)

    def link(self, exchange: UUID) -> str:
        return f"{self.config.web_url}/exchanges/{exchange}/"
