"""The keys of identity providers, read from where each initiative says and remembered: no call waits for them while they are fresh.

The same rules hold as toward a provider: the name is resolved once, every address checked, no redirect followed, no proxy used. What
is asked holds nothing of ours.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import jwt
from yarl import URL

from governance.core.addresses import check_address
from governance.core.errors import DomainError, Invalid, Unavailable
from governance.core.vocabulary import Hosting
from governance.gateway.end_users import LONGEST_KEYS, Issuer, KeySet, keys_in, kid_of, missing, name_in, unverified
from governance.gateway.resolving import CheckedResolver, is_numeric

FRESH_S, TRUSTED_S = 600.0, 3600.0  # refreshed beside the calls; afterwards not believed any more
AGAIN_S = 30.0  # a key nobody knows may be new, but strangers must not make us ask for ever
PATIENCE_S = 2.0
MOST_KNOWN = 256
OK = 200


@dataclass(slots=True)
class _Known:
    keys: KeySet
    read_at: float
    asked_at: float


@dataclass(slots=True)
class KeySets:
    """By address. Times are of the monotonic clock."""

    loopback_allowed: bool
    _known: dict[str, _Known] = field(default_factory=dict)
    _reading: dict[str, asyncio.Task[KeySet]] = field(default_factory=dict)

    async def verify(self, issuer: Issuer, token: str) -> str:
        """Return who asks.

        Raises:
            NotSignedIn: `end_user_missing`, `end_user_unverified`. Unavailable: `issuer_unreachable`.
        """
        token = token.strip().removeprefix("Bearer ").strip()
        if not token:
            raise missing(issuer.header)
        return name_in(token, await self._key(issuer, kid_of(token)), issuer)

    async def close(self) -> None:
        for task in list(self._reading.values()):
            task.cancel()
        await asyncio.gather(*self._reading.values(), return_exceptions=True)

    async def _key(self, issuer: Issuer, kid: str) -> jwt.PyJWK:
        keys = await self._keys(issuer.jwks_url) if issuer.jwks_url else issuer.key_set
        if (key := keys.named(kid)) is not None:
            return key
        known = self._known.get(issuer.jwks_url)
        if known is not None and time.monotonic() - known.asked_at > AGAIN_S:
            key = (await self._read(issuer.jwks_url)).named(kid)
        if key is None:
            raise unverified("No key of the issuer's has signed the token.")
        return key

    async def _keys(self, url: str) -> KeySet:
        known = self._known.get(url)
        age = time.monotonic() - known.read_at if known else TRUSTED_S
        if known is None or age >= TRUSTED_S:
            return await self._read(url)
        if age >= FRESH_S and time.monotonic() - known.asked_at > AGAIN_S:
            self._begin(url)
        return known.keys

    async def _read(self, url: str) -> KeySet:
        try:
            return await asyncio.shield(self._begin(url))
        except (DomainError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as fault:
            remedy = "Nothing was sent. Try again in a moment; whoever heads the unit set where its keys are read."
            raise Unavailable("issuer_unreachable", "The issuer's keys cannot be read.", remedy=remedy) from fault

    def _begin(self, url: str) -> asyncio.Task[KeySet]:
        """Begin to read, once for all who wait."""
        if url not in self._reading:
            if known := self._known.get(url):
                known.asked_at = time.monotonic()
            task = asyncio.create_task(self._fetch(url))
            task.add_done_callback(lambda done: self._done(url, done))
            self._reading[url] = task
        return self._reading[url]

    def _done(self, url: str, task: asyncio.Task[KeySet]) -> None:
        self._reading.pop(url, None)
        if not task.cancelled() and task.exception() is None:
            while len(self._known) >= MOST_KNOWN:
                self._known.pop(next(iter(self._known)))
            self._known[url] = _Known(task.result(), time.monotonic(), time.monotonic())

    async def _fetch(self, url: str) -> KeySet:
        place: dict[str, Any] = {"hosting": Hosting.PUBLIC_API, "cidrs": (), "loopback_allowed": self.loopback_allowed}
        if is_numeric(host := URL(url).host or ""):
            check_address(host, **place)
        connector = aiohttp.TCPConnector(resolver=CheckedResolver(**place), use_dns_cache=False)
        patience, jar = aiohttp.ClientTimeout(total=PATIENCE_S), aiohttp.DummyCookieJar()
        async with (
            aiohttp.ClientSession(connector=connector, timeout=patience, cookie_jar=jar, trust_env=False) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            if answer.status != OK:
                raise Invalid("wrong_keys", "There is no key set.")
            return KeySet.of(keys_in(await _bounded(answer)))


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    read = bytearray()
    async for piece in answer.content.iter_any():
        read += piece
        if len(read) > LONGEST_KEYS:
            raise Invalid("wrong_keys", "The key set is too long.")
    return bytes(read)
