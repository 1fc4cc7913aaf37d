"""Everything an exchange needs that lives as long as the process."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from governance.gateway.access import Offer
from governance.gateway.config import Config
from governance.gateway.database import Database
from governance.gateway.faults import Busy
from governance.gateway.key_sets import KeySets
from governance.gateway.keys import Keys
from governance.gateway.known import Known
from governance.gateway.permit import EgressPermit
from governance.gateway.selectors.rulesets import Rulesets
from governance.gateway.shadow import Shadow
from governance.gateway.stream import ProviderReply
from governance.gateway.watch import Watch
from governance.scanning.asking import Asking
from governance.scanning.remote import Scanner


class Door(Protocol):
    """The way out. It opens for a permit and for nothing else."""

    async def send(
        self, permit: EgressPermit, body: bytes, offer: Offer, *, headers: Mapping[str, str]
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
    in_flight: Counter[str] = field(default_factory=Counter)  # by the beginning of the key

    @classmethod
    def of(cls, config: Config, door: Door) -> "Gate":
        keys = Keys.load(config)
        database = Database(config.database)
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
            Watch(database),
            Shadow(database, scanner),
            KeySets(config.loopback_allowed),
            door,
        )

    async def open(self) -> None:
        await self.database.open()
        await self.scanner.start()
        self.watch.start()
        self.shadow.start()

    async def close(self) -> None:
        await asyncio.gather(
            self.watch.stop(),
            self.shadow.stop(),
            self.scanner.stop(),
            self.door.close(),
            self.key_sets.close(),
            return_exceptions=True,
        )
        await self.database.close()

    @contextmanager
    def admitted(self, key: str) -> Iterator[None]:
        """Count one exchange in. `key` is the beginning of its key, which nobody has checked yet.

        Raises:
            Busy: `busy`, when as many as may be are under way, of this key or of all: one more is refused instead of waiting.
        """
        config, here = self.config, self.in_flight
        if here.total() >= config.most_in_flight or here[key] >= config.most_in_flight_per_key:
            raise Busy("busy", "Too many requests are under way.", remedy="Nothing was sent. Try again in a moment.")
        here[key] += 1
        try:
            yield
        finally:
            here[key] -= 1
            if not here[key]:
                del here[key]

    def link(self, exchange: UUID) -> str:
        return f"{self.config.web_url}/exchanges/{exchange}/"
