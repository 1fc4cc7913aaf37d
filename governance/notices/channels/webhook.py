"""Webhooks as the Standard Webhooks specification has them: an id, a time, and a signature over both and the body.

The name is resolved once and every address it gives is checked; the connection goes to one of those. No redirect is followed, no
proxy of the environment used, and of the answer only the status is read.
"""

import asyncio
import socket
from datetime import UTC, datetime
from http import HTTPStatus

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from django.conf import settings
from standardwebhooks import Webhook as Signer
from yarl import URL

from governance.core.addresses import is_public_or_declared
from governance.notices.rules import Outcome, Result
from governance.notices.selectors.outgoing import Call

PATIENCE_S = 10.0
AGENT = "Remit"


class AddressError(OSError):
    """A name leads where no webhook may be. An OSError, so that the client passes it on as what it is."""


class _Resolver(AbstractResolver):
    def __init__(self, scheme: str) -> None:
        self._scheme = scheme

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        for *_, address in found:
            check(str(address[0]), self._scheme)
        return [
            ResolveResult(
                hostname=host, host=str(address[0]), port=port, family=kind, proto=protocol, flags=socket.AI_NUMERICHOST
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """Nothing is kept open."""


def check(address: str, scheme: str) -> None:
    """Raises AddressError for a numeric address at which no webhook may be; without TLS it must be in a network of our own."""
    if not is_public_or_declared(
        address,
        networks=settings.WEBHOOK_NETWORKS,
        loopback_allowed=settings.WEBHOOK_LOOPBACK_ALLOWED,
        public_allowed=scheme == "https",
    ):
        raise AddressError


def send(call: Call, *, at: datetime) -> Outcome:
    """Try the call once. Only an answer of 2xx within ten seconds counts as taken."""
    try:
        status = asyncio.run(_posted(call, headers_of(call, at=at)))
    except AddressError:
        return Outcome(Result.AGAIN, "address_not_allowed")
    except TimeoutError:
        return Outcome(Result.AGAIN, "timeout")
    except (aiohttp.ClientError, OSError, ValueError) as failed:
        return Outcome(Result.AGAIN, _code_of(failed))
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome(Result.SENT, f"http_{status}")
    return Outcome(Result.NEVER if status == HTTPStatus.GONE else Result.AGAIN, f"http_{status}")


def headers_of(call: Call, *, at: datetime) -> dict[str, str]:
    """Return the headers of one try. The id is that of every try; the time is this one's, so that none can be kept and replayed."""
    moment = at.astimezone(UTC)
    signed = [Signer(secret).sign(str(call.id), moment, call.body) for secret in call.secrets]
    return {
        "content-type": "application/json",
        "user-agent": AGENT,
        "webhook-id": str(call.id),
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signed),
    }


async def _posted(call: Call, headers: dict[str, str]) -> int:
    url = URL(call.url)
    if url.host and _is_numeric(url.host):
        check(url.host, url.scheme)
    connector = aiohttp.TCPConnector(resolver=_Resolver(url.scheme), use_dns_cache=False)
    client = aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=PATIENCE_S),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
    )
    async with client, client.post(url, data=call.body.encode(), headers=headers, allow_redirects=False) as answer:
        return answer.status


def _is_numeric(host: str) -> bool:
    try:
        socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except OSError:
        return False
    return True


def _code_of(failed: Exception) -> str:
    if isinstance(failed, aiohttp.ClientConnectorError) and isinstance(failed.os_error, AddressError):
        return "address_not_allowed"
    if isinstance(failed, aiohttp.ClientSSLError):
        return "tls_failed"
    return "unreachable"
