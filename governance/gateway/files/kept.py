"""Whole files that lie here: taken in one piece, told of to their initiative alone, and given up when it says so."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from governance.core.errors import NotAllowed
from governance.core.ids import uuid7
from governance.gateway.access import Access
from governance.gateway.address import speaking
from governance.gateway.case import Case
from governance.gateway.database import Connection
from governance.gateway.dialects.kept import Kept, KeptForm
from governance.gateway.gate import Gate
from governance.gateway.handler import keyed
from governance.gateway.routes import Door
from governance.gateway.rules import UploadState
from governance.gateway.selectors.access import access_of
from governance.gateway.selectors.batches import Own
from governance.gateway.selectors.uploads import UploadRow, kept_of, upload_of
from governance.gateway.services.uploads import NewUpload, begin_upload, end_upload
from governance.gateway.uploads import sealed_words, take_part, words_of
from governance.gateway.wire import Call

WHILE_IT_COMES = timedelta(hours=1)  # what was not taken whole by then is erased
ROOM_FOR_PROMPT = 64 * 1024


class Handed(NamedTuple):
    """Bytes for a purpose, what their sender said of them, and until when they may be named."""

    raw: bytes
    purpose: str
    media_type: str
    said: Mapping[str, str]
    until: datetime


async def tell_kept(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes:
    """Return a file of the initiative. Raises NotFound, as its interface says, also of one that is another's."""
    async with keyed(call, door.name, gate) as case, gate.database.reading() as conn:
        access = case.access = await access_of(conn, call.key, at=at)
        file = await kept_row(conn, door, access, at=at)
    return json.dumps(_form(door).told(kept(file, gate), address(door, gate)), ensure_ascii=False).encode()


async def list_kept(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes:
    """Return a page of the initiative's own files, newest first. Raises Invalid: `wrong_limit`, `wrong_page`."""
    form = _form(door)
    page = form.asked(call.queries)
    async with keyed(call, door.name, gate) as case, gate.database.reading() as conn:
        access = case.access = await access_of(conn, call.key, at=at)
        own = Own(access.initiative, door.format.dialect)
        rows, more = await kept_of(conn, page, own=own, purpose=form.purpose, at=at)
    told = form.listing([kept(each, gate) for each in rows], more=more, base=address(door, gate))
    return json.dumps(told, ensure_ascii=False).encode()


async def delete_kept(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes:
    """Give a file up; nobody can name it from now on. Raises NotFound, as its interface says, also of one that is another's."""
    async with keyed(call, door.name, gate) as case:
        async with gate.database.reading() as conn:
            access = case.access = await access_of(conn, call.key, at=at)
            file = await kept_row(conn, door, access, at=at)
        path = access.unit_path
        await end_upload(gate.database, file.id, state=UploadState.DELETED, unit_path=path, by=case.actor, at=at)
    return json.dumps(_form(door).deleted(file.id)).encode()


async def keep(handed: Handed, door: Door, access: Access, case: Case, gate: Gate, *, at: datetime) -> Kept:
    """Keep bytes that came in one piece, and return what is told of them.

    Raises:
        TooLarge: `uploads_full`. Unavailable: about the storage or the database; then nothing can be named.
    """
    number, by, path = uuid7(), case.actor, access.unit_path
    said, soon, size = sealed_words(handed.said, number, gate.keys.storage), at + WHILE_IT_COMES, len(handed.raw)
    kind = (door.format.dialect, handed.purpose, handed.media_type)
    new = NewUpload(number, *kind, size, None, said, soon)
    await begin_upload(gate.database, new, room=gate.config.largest_uploads, access=access, by=by, at=at)
    digest, whole = hashlib.sha256(handed.raw).hexdigest(), False
    begun = UploadRow(number, *kind[1:], size, 0, (), "", said, UploadState.OPEN, at, at, soon)
    try:
        await take_part(begun, 0, _blocks(handed.raw), gate, in_order=True, by=by, at=at)
        whole = await end_upload(
            gate.database,
            number,
            state=UploadState.KEPT,
            digest=digest,
            expires_at=handed.until,
            unit_path=path,
            by=by,
            at=at,
        )
    finally:
        if not whole:
            ended = end_upload(gate.database, number, state=UploadState.CANCELLED, unit_path=path, by=by, at=at)
            await asyncio.shield(ended)
    return Kept(number, handed.media_type, size, digest, at, at, handed.until, handed.said)


async def _blocks(raw: bytes) -> AsyncIterator[bytes]:
    yield raw


async def kept_row(conn: Connection, door: Door, access: Access, *, at: datetime) -> UploadRow:
    """Return the file that the path names. Raises NotFound, as its interface says."""
    form = _form(door)
    number, own = form.number_of(door.file), Own(access.initiative, door.format.dialect)
    file = await upload_of(conn, number, own=own, purposes=[form.purpose], at=at) if number else None
    if file is None or file.state is not UploadState.KEPT:
        raise form.none("")
    return file


def require_somewhere(door: Door, access: Access) -> None:
    """Raises NotAllowed, `no_grant`, where no call of the initiative could name what is handed over."""
    if not speaking(door.dialect, access.offers):
        remedy = "Ask for a grant toward a destination of this interface, in a new version of the remit."
        raise NotAllowed("no_grant", "No grant of this initiative leads where a file could be named.", remedy=remedy)


def largest_file(gate: Gate) -> int:
    """Return how large a file may be: with a prompt, and in base64, it is a body."""
    return (gate.config.largest_body - ROOM_FOR_PROMPT) // 4 * 3


def kept(file: UploadRow, gate: Gate) -> Kept:
    """Return a file as its interface tells of it. Raises Invalid, Unavailable: as unseal."""
    said = words_of(file, gate.keys.storage)
    times = {"at": file.begun_at, "changed_at": file.changed_at, "expires_at": file.expires_at}
    return Kept(file.id, file.media_type, file.size, file.digest, said=said, **times)


def address(door: Door, gate: Gate) -> str:
    """Return the address of the interface as a call came in, with its version."""
    version = "/v1beta" if "/v1beta" in door.route.path else "/v1"
    return f"{gate.config.gateway_url}{door.format.base}{version}"


def _form(door: Door) -> KeptForm:
    if door.route.keeps is None:
        raise LookupError(door.route.path)
    return door.route.keeps
