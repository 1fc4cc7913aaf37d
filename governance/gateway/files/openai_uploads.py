"""Files in parts in OpenAI's interface: put together here, and then what a file of the same purpose in one piece is."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from governance.core import strict_json
from governance.core.clock import now
from governance.core.errors import Conflict, Invalid, NotFound, TooLarge, Unavailable
from governance.core.ids import uuid7
from governance.core.storage import SealedWriter, sealing
from governance.gateway.access import Access
from governance.gateway.case import Case
from governance.gateway.dialects.multipart import MULTIPART, FormReader, form_around
from governance.gateway.dialects.openai.uploads import (
    FINE_TUNE,
    LARGEST_PART,
    MOST_PARTS,
    PURPOSES,
    Announced,
    announced,
    completed,
    in_order,
    part_object,
    upload_number,
    upload_object,
)
from governance.gateway.files.training import in_thread, registered, told_of_set
from governance.gateway.gate import Gate
from governance.gateway.handler import exchange, keyed
from governance.gateway.routes import Door, door_of
from governance.gateway.rules import PASSING_BEAT_S, PASSING_GONE_AFTER, UploadState
from governance.gateway.selectors.access import access_of
from governance.gateway.selectors.batches import Own
from governance.gateway.selectors.uploads import Part, UploadRow, upload_of
from governance.gateway.services.uploads import NewUpload, begin_upload, end_upload, still_passing
from governance.gateway.uploads import blocks_of, sealed_words, take_part, words_of
from governance.gateway.wire import Answer, Call, ClientLeft, Kept
from governance.organisation.selectors import authorize
from governance.training.vault import vault

LIFE = timedelta(hours=1)  # as OpenAI keeps them
LARGEST_BODY = 256 * 1024  # of a call that only names parts
FORM_BYTES = 64 * 1024  # of a form beside its file
FILES = "/files"
BECAME = "file"
ALREADY = {UploadState.PASSING, UploadState.PASSED_ON}


async def begin(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes:
    """Begin a file in parts.

    Raises:
        NotSignedIn, NotAllowed: about the key; `not_permitted`. TooLarge: `body_too_large`, `uploads_full`.
        Invalid, NotFound: about what is announced. Unavailable, Busy.
    """
    async with keyed(call, door.name, gate) as case:
        access = await _access(call, case, gate, at=at)
        what = announced(strict_json.loads(await call.body(largest=LARGEST_BODY), most=100))
        largest = gate.config.largest_set if what.purpose == FINE_TUNE else gate.config.largest_body - FORM_BYTES
        if what.size > largest:
            reason = f"A file of the purpose {what.purpose} is at most {largest} bytes."
            raise TooLarge("body_too_large", reason, field="bytes", remedy="Split it.")
        if what.purpose == FINE_TUNE:
            await in_thread(authorize, case.actor, "training:set:upload", access.unit_path)
        new = NewUpload(
            uuid7(), door.format.dialect, what.purpose, "application/jsonl", what.size, None, None, at + LIFE
        )
        room = gate.config.largest_uploads
        await begin_upload(gate.database, new, room=room, access=access, by=case.actor, at=at)
    told = upload_object(new.id, what, status="pending", at=at, expires_at=new.expires_at, file=None)
    return json.dumps(told).encode()


async def add(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes:
    """Take a part. Raises NotFound: `no_such_upload`. Invalid, TooLarge, Unavailable: about the form, or the storage. ClientLeft."""
    async with keyed(call, door.name, gate) as case:
        access = await _access(call, case, gate, at=at)
        upload = await _open(door, access, gate, at=at)
        with call.listening():
            part = await take_part(upload, 0, _data_of(call), gate, in_order=False, by=case.actor, at=at)
    return json.dumps(part_object(part.ref, upload=upload.id, at=at)).encode()


async def cancel(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes:
    """Give a file in parts up. Raises NotFound: `no_such_upload`. Conflict: `upload_completed`."""
    async with keyed(call, door.name, gate) as case:
        access = await _access(call, case, gate, at=at)
        upload = await _open(door, access, gate, at=at)
        if not await _move(upload, UploadState.CANCELLED, case, access, gate):
            raise _twice()
    return _told(upload, "cancelled", None)


async def complete(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes | Answer:
    """Put a file together, and let it become what a file of its purpose in one piece is; what refuses that one refuses this.

    Asked again, by a client that lost the answer, it tells of the same file.

    Raises:
        NotFound: `no_such_upload`. Conflict: `upload_completed`. Invalid: `no_such_part`, `upload_incomplete`, `wrong_md5`.
        NotSignedIn, NotAllowed, Unavailable. ClientLeft.
    """
    async with keyed(call, door.name, gate) as case:
        access = await _access(call, case, gate, at=at)
        wanted = completed(strict_json.loads(await call.body(largest=LARGEST_BODY), most=2 * MOST_PARTS))
        known = await _known(door, access, gate, at=at)
        if known is not None and known.state is UploadState.PASSED_ON and known.said is not None:
            return _told(known, "completed", json.loads(words_of(known, gate.keys.storage)[BECAME]))
        upload = known if known and _left_behind(known, at=at) else _require_open(known)
        parts = [upload.parts[place] for place in in_order([each.ref for each in upload.parts], wanted.parts)]
        _require_whole(upload, parts)
        await _require_md5(call, parts, wanted.md5)
        if not await _move(upload, UploadState.PASSING, case, access, gate):
            raise _twice()
        file: dict[str, Any] | Answer | None = None
        try:
            make = _trained if upload.purpose == FINE_TUNE else _batched
            async with _heard_of(upload, case, gate):
                file = await make(call, door, parts, case, access, gate)
        finally:
            ended = UploadState.PASSED_ON if isinstance(file, dict) else UploadState.OPEN
            became = file if isinstance(file, dict) else None
            await asyncio.shield(_move(upload, ended, case, access, gate, became=became))
    return _told(upload, "completed", file) if isinstance(file, dict) else file


def _left_behind(upload: UploadRow, *, at: datetime) -> bool:
    """Say whether whoever was completing an upload is gone: nothing of it is lost, and it can be completed again."""
    return upload.state is UploadState.PASSING and upload.changed_at < at - PASSING_GONE_AFTER


@asynccontextmanager
async def _heard_of(upload: UploadRow, case: Case, gate: Gate) -> AsyncIterator[None]:
    """Say again and again that the upload is being completed, for as long as the block takes."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(PASSING_BEAT_S)
            with suppress(Unavailable):
                await still_passing(gate.database, upload.id, by=case.actor, at=now())

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()


async def _trained(
    call: Call, _door: Door, parts: Sequence[Part], case: Case, access: Access, gate: Gate
) -> dict[str, Any]:
    """Make a training set of the parts; return it as a file."""
    with call.listening():
        async with sealing(vault(), f"set-{uuid7()}") as writer:
            await asyncio.to_thread(_copy, parts, writer)
    return told_of_set(await registered(writer.file, access, case.actor, gate), gate)


def _copy(parts: Sequence[Part], writer: SealedWriter) -> None:
    for block in blocks_of(parts):
        writer.write(block)


async def _batched(
    call: Call, door: Door, parts: Sequence[Part], _case: Case, _access: Access, gate: Gate
) -> dict[str, Any] | Answer:
    """Hand the parts over as the file of a batch, in an exchange of its own; return the file, or what refused it."""
    files, kept = door_of("POST", f"{door.format.base}{FILES}"), Kept()
    if files is None:
        raise NotFound("no_such_path", "This interface takes no files of batches.")
    await exchange(call.carrying(_form(parts), MULTIPART, kept), files, gate)
    if not kept.status:
        raise ClientLeft
    if kept.status == HTTPStatus.OK:
        file: dict[str, Any] = json.loads(kept.body)
        return file
    return Answer(kept.body, kept.headers, kept.status)


async def _form(parts: Sequence[Part]) -> AsyncIterator[bytes]:
    head, tail = form_around({"purpose": b"batch"}, name="batch.jsonl")
    yield head
    blocks = blocks_of(parts)
    while block := await asyncio.to_thread(next, blocks, b""):
        yield block
    yield tail


async def _data_of(call: Call) -> AsyncIterator[bytes]:
    """Yield what stands in the one field of the form of a part."""
    reader, names = FormReader(call.header("content-type")), set[str]()
    async for arrived in call.blocks(largest=LARGEST_PART + FORM_BYTES):
        for piece in reader.feed(arrived):
            names.add(piece.name)
            if names != {"data"}:
                raise Invalid("unknown_field", "A part is sent with data alone.", field="data")
            yield piece.content
    reader.close()


async def _access(call: Call, case: Case, gate: Gate, *, at: datetime) -> Access:
    async with gate.database.reading() as conn:
        case.access = await access_of(conn, call.key, at=at)
    return case.access


async def _open(door: Door, access: Access, gate: Gate, *, at: datetime) -> UploadRow:
    """Return an upload of the initiative that is not completed yet, and neither given up nor too old."""
    return _require_open(await _known(door, access, gate, at=at))


async def _known(door: Door, access: Access, gate: Gate, *, at: datetime) -> UploadRow | None:
    number, own = upload_number(door.file), Own(access.initiative, door.format.dialect)
    async with gate.database.reading() as conn:
        return await upload_of(conn, number, own=own, purposes=PURPOSES, at=at) if number else None


def _require_open(upload: UploadRow | None) -> UploadRow:
    if upload is not None and upload.state in ALREADY:
        raise _twice()
    if upload is None or upload.state is not UploadState.OPEN:
        remedy = "An upload is known to the initiative that began it, for an hour."
        raise NotFound("no_such_upload", "This initiative has no such upload.", remedy=remedy)
    return upload


def _twice() -> Conflict:
    return Conflict("upload_completed", "This upload is completed, or just being so.", remedy="List the files.")


def _require_whole(upload: UploadRow, parts: Sequence[Part]) -> None:
    size = sum(each.size for each in parts)
    if size != upload.size:
        reason = f"The parts named have {size} bytes, and {upload.size} were said."
        raise Invalid("upload_incomplete", reason, field="part_ids", remedy="Name all parts, or send what is missing.")


async def _require_md5(call: Call, parts: Sequence[Part], md5: str) -> None:
    def counted() -> str:
        whole = hashlib.md5(usedforsecurity=False)
        for block in blocks_of(parts):
            whole.update(block)
        return whole.hexdigest()

    if md5:
        with call.listening():
            if await asyncio.to_thread(counted) != md5:
                raise Invalid(
                    "wrong_md5", "The bytes that came are not those of md5.", field="md5", remedy="Begin again."
                )


async def _move(
    upload: UploadRow,
    state: UploadState,
    case: Case,
    access: Access,
    gate: Gate,
    *,
    became: Mapping[str, Any] | None = None,
) -> bool:
    """Say how the upload stands now, and what it became; of two that would at once one does."""
    said = sealed_words({BECAME: json.dumps(became)}, upload.id, gate.keys.storage) if became else None
    path, by = access.unit_path, case.actor
    return await end_upload(gate.database, upload.id, state=state, said=said, unit_path=path, by=by, at=now())


def _told(upload: UploadRow, status: str, file: Mapping[str, Any] | None) -> bytes:
    what = Announced(upload.purpose, upload.size)
    times = {"at": upload.begun_at, "expires_at": upload.expires_at}
    return json.dumps(upload_object(upload.id, what, status=status, file=file, **times)).encode()
