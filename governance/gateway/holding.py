"""Keep the sealed copy of a request that waits for two people."""

import asyncio
from uuid import UUID

from governance.core.sealing import KeyRing
from governance.core.storage import SealedFolder
from governance.gateway.case import Held
from governance.gateway.config import Config
from governance.gateway.permit import digest_of


async def keep(body: bytes, exchange: UUID, config: Config) -> Held:
    """Write the request, sealed, and return where it lies. In a thread: a disk must not stop the streams.

    Raises:
        Unavailable: `storage_full`, `storage_failed`, or about the key file.
    """
    ref = f"exchange-{exchange}"
    await asyncio.to_thread(_write, body, ref, config)
    return Held(ref, digest_of(body))


def _write(body: bytes, ref: str, config: Config) -> None:
    config.holds.mkdir(mode=0o700, parents=True, exist_ok=True)
    with SealedFolder(config.holds, KeyRing.load(config.storage_key)).writer(ref) as writer:
        writer.write(body)
