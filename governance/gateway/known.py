"""What keys may do, remembered for half a second, so that a key that calls often is not looked up for each of its calls.

It only ever opens sooner: what is refused is refused by what is read anew, and before anything is sent the key, its grants and
the stops are read once more with the intent (services/exchanges.py).
"""

import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from governance.gateway.access import Access
from governance.gateway.database import Database
from governance.gateway.selectors.access import access_of

LIFE_S = 0.5
MOST = 2048


@dataclass(slots=True)
class Known:
    database: Database
    _seen: OrderedDict[bytes, tuple[float, Access]] = field(default_factory=OrderedDict, repr=False)

    def recall(self, key: str) -> Access | None:
        """Return what the bearer of `key` could do less than LIFE_S ago, None when that is not known."""
        read_at, access = self._seen.get(_name(key), (0.0, None))
        return access if time.monotonic() - read_at < LIFE_S else None

    async def ask(self, key: str, *, at: datetime) -> Access:
        """Return what the bearer of `key` may do now. Raises NotSignedIn, NotAllowed; then nothing of it is known any more."""
        name, read_at = _name(key), time.monotonic()
        self._seen.pop(name, None)
        async with self.database.reading() as conn:
            access = await access_of(conn, key, at=at)
        self._seen[name] = read_at, access
        if len(self._seen) > MOST:
            self._seen.popitem(last=False)
        return access


def _name(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
