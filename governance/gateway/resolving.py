"""From a name to the addresses that a place outside may have, for the modules that connect to one."""

import asyncio
import socket
from collections.abc import Sequence

from aiohttp.abc import AbstractResolver, ResolveResult

from governance.core.addresses import check_address
from governance.gateway.access import Offer


class CheckedResolver(AbstractResolver):
    """Resolves names to addresses that a place of this hosting may have, and refuses the whole name when one of them is another."""

    def __init__(self, *, hosting: str, cidrs: Sequence[str], loopback_allowed: bool) -> None:
        self._hosting, self._cidrs, self._loopback_allowed = hosting, cidrs, loopback_allowed

    @classmethod
    def of(cls, offer: Offer, *, loopback_allowed: bool) -> "CheckedResolver":
        return cls(hosting=offer.hosting, cidrs=offer.cidrs, loopback_allowed=loopback_allowed)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        for *_, address in found:
            self.check(str(address[0]))
        return [
            ResolveResult(
                hostname=host, host=str(address[0]), port=port, family=kind, proto=protocol, flags=socket.AI_NUMERICHOST
            )
            for kind, _, protocol, _, address in found
        ]

    def check(self, address: str) -> None:
        """Raises NotAllowed for an address this destination may not have."""
        check_address(address, hosting=self._hosting, cidrs=self._cidrs, loopback_allowed=self._loopback_allowed)

    async def close(self) -> None:
        """Nothing is kept open."""


def is_numeric(host: str) -> bool:
    """Say whether a host is an address, or one of the forms that some resolvers read as one (127.1, 2130706433), and no name."""
    return ":" in host or host.replace(".", "").isdigit()
