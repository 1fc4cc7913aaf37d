"""The only door to a provider. It opens for an egress permit and for nothing else.

A destination's name is resolved once, every address it gives is checked against what the destination may be, and the connection goes
to that address with the name in Host and SNI; so a name that changes its mind between check and connect gains nothing. No redirect
is followed, no proxy from the environment is used, no cookie is kept.
"""

import re
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import aiohttp
from yarl import URL

from governance.core.errors import DomainError, NotAllowed
from governance.gateway.access import Offer
from governance.gateway.faults import ProviderFault
from governance.gateway.permit import Body, EgressPermit, Streamed
from governance.gateway.resolving import CheckedResolver, is_numeric

CONNECT_S = 5.0
READ_BYTES = 64 * 1024
REDIRECTS = range(300, 400)
KEY_REFUSED = {401, 403}
# Of a provider's headers only these go back: when to come again, in seconds or milliseconds. The official clients wait as long.
ADVICE, A_TIME = ("retry-after", "retry-after-ms"), re.compile(r"\d{1,7}(\.\d{1,3})?")
ALWAYS = {"content-type": "application/json", "accept-encoding": "identity"}


@dataclass(slots=True)
class Reply:
    """What the provider answered; `close` it in any case. `advice` are headers that say when to come again."""

    status: int
    content_type: str
    _response: aiohttp.ClientResponse
    advice: Mapping[str, str] = field(default_factory=dict)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives.

        Raises:
            ProviderFault: `provider_broke_off`.
        """
        try:
            async for chunk in self._response.content.iter_any():
                yield chunk
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise ProviderFault("provider_broke_off", "The provider ended in the middle.", sent=True) from fault

    def close(self) -> None:
        self._response.close()


class Upstream:
    """Keeps connections open for each destination; a changed destination gets new ones."""

    def __init__(self, *, timeout_s: float, loopback_allowed: bool) -> None:
        self._timeout_s, self._loopback_allowed = timeout_s, loopback_allowed
        self._sessions: dict[UUID, tuple[int, aiohttp.ClientSession]] = {}

    async def close(self) -> None:
        for _, session in self._sessions.values():
            await session.close()

    async def send(self, permit: EgressPermit, body: Body, offer: Offer, *, headers: Mapping[str, str]) -> Reply:
        """Send exactly the bytes of the permit to its path; return the reply once its head is there.

        `headers` are the ones of the destination's dialect, its key among them.

        Raises:
            NotAllowed: when the permit is not one for these bytes and this destination.
            ProviderFault: `provider_address`, `provider_unreachable`, `provider_redirects`, `provider_refused_key`.
        """
        leaving = permit.spend(body, offer.destination, moment=time.monotonic())
        session = await self._session(offer)
        size = {"content-length": str(body.size)} if isinstance(body, Streamed) else {}
        response = await self._call(session, offer, permit, leaving, {**ALWAYS, **headers, **size})
        if response.status in REDIRECTS or response.status in KEY_REFUSED:
            response.close()
            raise _fault_of(response.status, offer)
        told = {name: response.headers.get(name, "") for name in ADVICE}
        advice = {name: value for name, value in told.items() if A_TIME.fullmatch(value)}
        return Reply(response.status, response.headers.get("content-type", "application/json"), response, advice)

    async def _call(
        self,
        session: aiohttp.ClientSession,
        offer: Offer,
        permit: EgressPermit,
        body: bytes | AsyncIterator[bytes],
        headers: dict[str, str],
    ) -> aiohttp.ClientResponse:
        url = URL(offer.base_url.rstrip("/") + permit.path)
        try:
            if is_numeric(url.host or ""):
                CheckedResolver.of(offer, loopback_allowed=self._loopback_allowed).check(url.host or "")
            return await session.request(permit.method, url, data=body or None, headers=headers, allow_redirects=False)
        except DomainError as refused:
            raise ProviderFault("provider_address", refused.reason, sent=False, remedy=refused.remedy) from refused
        except aiohttp.ClientConnectorError as fault:
            if isinstance(fault.os_error, NotAllowed):
                raise ProviderFault("provider_address", fault.os_error.reason, sent=False) from fault
            raise _unreachable(offer, sent=False) from fault
        except aiohttp.ConnectionTimeoutError as fault:
            raise _unreachable(offer, sent=False) from fault
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise _unreachable(offer, sent=True) from fault

    async def _session(self, offer: Offer) -> aiohttp.ClientSession:
        revision, session = self._sessions.get(offer.destination, (None, None))
        if session is not None and revision == offer.revision:
            return session
        made = self._make(offer)
        self._sessions[offer.destination] = (offer.revision, made)
        if session is not None:
            await session.close()
        return made

    def _make(self, offer: Offer) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=0,  # as many as there are calls under way, which are counted in; a call never waits for another to end
            resolver=CheckedResolver.of(offer, loopback_allowed=self._loopback_allowed),
            use_dns_cache=False,
        )
        return aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=self._timeout_s),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            read_bufsize=READ_BYTES,
        )


def _unreachable(offer: Offer, *, sent: bool) -> ProviderFault:
    reason = f"{offer.destination_ref} does not answer." + ("" if sent else " Nothing was sent.")
    return ProviderFault("provider_unreachable", reason, sent=sent, remedy="Try again later.")


def _fault_of(status: int, offer: Offer) -> ProviderFault:
    if status in REDIRECTS:
        return ProviderFault(
            "provider_redirects", f"{offer.destination_ref} points elsewhere; that is not followed.", sent=True
        )
    # Its own words are not passed on: providers quote part of the key.
    remedy = "Ask a platform admin to set the provider's key again."
    return ProviderFault(
        "provider_refused_key", f"{offer.destination_ref} does not accept Remit's key.", sent=True, remedy=remedy
    )
