"""Take in files that come in parts: each sealed while it arrives, and nothing of them sent anywhere."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from governance.core.actors import Actor
from governance.core.errors import Invalid, TooLarge, Unavailable
from governance.core.sealing import KeyRing, seal, unseal
from governance.core.storage import sealing
from governance.gateway.gate import Gate
from governance.gateway.selectors.uploads import Part, UploadRow, as_now
from governance.gateway.services.uploads import add_part
from governance.gateway.upload_vault import new_ref, upload_vault

BLOCK_BYTES = 1024 * 1024
MOST_PARTS = 1000


async def take_part(
    upload: UploadRow, start: int, blocks: AsyncIterator[bytes], gate: Gate, *, in_order: bool, by: Actor, at: datetime
) -> Part:
    """Seal what arrives and return it, once it has a place in the file. The same bytes in the same place again are the part they were.

    Raises:
        Invalid: `wrong_offset`, TooLarge: `upload_too_large`, when it has no place there. Unavailable: about the storage or the database. ClientLeft.
    """
    part = await _sealed(upload.id, start, blocks)
    try:
        if part.size and await add_part(
            gate.database, upload.id, part, in_order=in_order, most=MOST_PARTS, by=by, at=at
        ):
            return part
    except BaseException:
        await asyncio.to_thread(upload_vault().delete, part.ref)
        raise
    await asyncio.to_thread(upload_vault().delete, part.ref)
    async with gate.database.reading() as conn:
        upload = await as_now(conn, upload)
    if not part.size and in_order and start == upload.received:
        return part
    if not in_order:
        reason = f"{upload.received} of {upload.size} bytes have come in {len(upload.parts)} parts, and this one has no room."
        raise TooLarge("upload_too_large", reason, remedy="Begin an upload of the right size, with larger parts.")
    same = (each for each in upload.parts if each[1:] == part[1:])
    if (had := next(same, None)) is None:
        reason = f"{upload.received} of {upload.size} bytes have come, and what came now does not go on from there."
        raise Invalid("wrong_offset", reason, remedy="Ask how much has come, and go on from there.")
    return had


async def _sealed(upload: UUID, start: int, blocks: AsyncIterator[bytes]) -> Part:
    """Seal what arrives; memory holds a block of it."""
    block = bytearray()
    async with sealing(upload_vault(), new_ref(upload)) as writer:
        async for arrived in blocks:
            block += arrived
            if len(block) >= BLOCK_BYTES:
                await asyncio.to_thread(writer.write, bytes(block))
                block.clear()
        await asyncio.to_thread(writer.write, bytes(block))
    return Part(writer.file.ref, start, writer.file.size, writer.file.digest)


def blocks_of(parts: Iterable[Part]) -> Iterator[bytes]:
    """Yield the bytes of parts one after the other, each proved to be those that came.

    Raises:
        Unavailable: `bytes_changed`, at the end of the part, or about the storage.
    """
    for part in parts:
        own = hashlib.sha256()
        with upload_vault().reader(part.ref) as reader:
            for block in reader:
                own.update(block)
                yield block
        if own.hexdigest() != part.digest:
            raise Unavailable("bytes_changed", "The bytes in storage are not those that came. Nothing was sent.")


def digest_of_all(parts: Iterable[Part]) -> str:
    """Return the SHA-256 of the bytes of parts together, in hex. Raises as `blocks_of`."""
    whole = hashlib.sha256()
    for block in blocks_of(parts):
        whole.update(block)
    return whole.hexdigest()


async def bytes_of(upload: UploadRow) -> bytes:
    """Return all of a whole file, in a thread: a disk must not stop the streams. Raises as `blocks_of`."""
    return await asyncio.to_thread(lambda: b"".join(blocks_of(upload.parts)))


def sealed_words(said: Mapping[str, str], upload: UUID, ring: KeyRing) -> bytes | None:
    """Return what the sender of a file said of it, sealed, None when that is nothing."""
    return seal(ring, json.dumps(said).encode(), context=_context(upload)) if any(said.values()) else None


def words_of(upload: UploadRow, ring: KeyRing) -> dict[str, str]:
    """Return what the sender of a file said of it. Raises Invalid, Unavailable: as unseal."""
    if upload.said is None:
        return {}
    said: dict[str, str] = json.loads(unseal(ring, upload.said, context=_context(upload.id)))
    return said


def _context(upload: UUID) -> str:
    return f"gateway_upload:{upload}:said"
