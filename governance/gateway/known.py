"""What keys may do, remembered for half a second, so that a key that calls often is not looked up for each of its calls.

It only ever opens sooner: what is refused is refused by what is read anew, and before anything is sent the key, its grants and
the stops are read once more with the intent (services/exchanges.py).
"""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from governance.core.errors import DomainError
from governance.gateway.access import Access
from governance.gateway.database import Database
from governance.gateway.selectors.access import access_of
from governance.organisation.key_text import digest_of

LIFE_S = 0.5
MOST = 2048


@dataclass(slots=True)
class Known:
    database: Database
    _seen: OrderedDict[bytes, tuple[float, Access]] = field(default_factory=OrderedDict, repr=False)
    _reading: dict[bytes, asyncio.Task[Access]] = field(default_factory=dict, repr=False)

    def recall(self, key: str) -> Access | None:
        """Return what the bearer of `key` could do less than LIFE_S ago, None when that is not known."""
        read_at, access = self._seen.get(digest_of(key), (0.0, None))
        return access if time.monotonic() - read_at < LIFE_S else None

    def seen(self, digest: bytes) -> Access | None:
        """Return what the bearer of the key with this digest could do at its last call, however long ago: enough to say whose call it is."""
        return self._seen.get(digest, (0.0, None))[1]

    async def learn(self, key: str, *, at: datetime) -> Access:
        """Return what `ask` does; whoever comes while it is being read waits for that one answer."""
        name = digest_of(key)
        if (reading := self._reading.get(name)) is None:
            reading = self._reading[name] = asyncio.create_task(self.ask(key, at=at))
            reading.add_done_callback(lambda _: self._reading.pop(name))
        return await asyncio.shield(reading)

    async def ask(self, key: str, *, at: datetime) -> Access:
        """Return what the bearer of `key` may do now. Raises NotSignedIn, NotAllowed; then nothing of it is known any more."""
        name, read_at = digest_of(key), time.monotonic()
        try:
            async with self.database.reading() as conn:
                access = await access_of(conn, key, at=at)
        except DomainError:
            self._seen.pop(name, None)
            raise
        self._seen[name] = read_at, access
        self._seen.move_to_end(name)
        if len(self._seen) > MOST:
            self._seen.popitem(last=False)
        return access
