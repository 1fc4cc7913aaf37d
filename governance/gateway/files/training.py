"""Files for fine-tuning: sealed while they arrive, and from then on training sets of the initiative. Nothing is sent anywhere."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import Error, close_old_connections

from governance.core.actors import Actor
from governance.core.clock import now
from governance.core.errors import Conflict, Invalid, Unavailable
from governance.core.ids import uuid7
from governance.core.storage import SealedFile, sealing
from governance.core.verdict import Denied
from governance.gateway.access import Access
from governance.gateway.database import DATABASE_DOWN
from governance.gateway.dialects.kept import no_such_file
from governance.gateway.dialects.multipart import FormReader
from governance.gateway.dialects.openai.batches import OF_FILES
from governance.gateway.dialects.openai.training_files import (
    FORM_FIELDS,
    PURPOSE,
    FileStanding,
    file_listing,
    file_number,
    file_object,
)
from governance.gateway.gate import Gate
from governance.gateway.handler import exchange, keyed
from governance.gateway.listing import most_asked
from governance.gateway.retelling import named_batch
from governance.gateway.routes import Door
from governance.gateway.selectors.access import access_of
from governance.gateway.selectors.training_files import FilePage, SetRow, Wanted, files_of, set_of, set_of_digest
from governance.gateway.wire import Call
from governance.organisation.selectors import authorize
from governance.training.models import TrainingSet
from governance.training.rules import TrainingSetState, may_ask_release
from governance.training.services import register_set
from governance.training.vault import vault

BLOCK_BYTES = 1024 * 1024
FORM_BYTES = 64 * 1024  # of a form beside its file
MOST_FILES = 10_000
PATIENCE_S = (
    20  # with a database that does not answer; what it may still do is found unscannable, for its bytes are gone
)
PURPOSES = (PURPOSE, "batch")


async def take_file(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes | None:
    """Take a file for fine-tuning and return what its sender is told; None for one of a batch, which `exchange` has answered.

    The same bytes handed in twice are one file.

    Raises:
        NotSignedIn, NotAllowed: about the key; `not_permitted`.
        Invalid, TooLarge, Unavailable: about the form, or the storage. ClientLeft.
    """
    async with keyed(call, door.name, gate) as case:
        async with gate.database.reading() as conn:
            access = case.access = await access_of(conn, call.key, at=at)
        with call.listening():
            is_ours = await _is_for_tuning(call, gate)
        if is_ours:
            return json.dumps(told_of_set(await _taken(call, access, case.actor, gate), gate)).encode()
    await exchange(call, door, gate)
    return None


async def tell_file(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes:
    """Return how a training set stands, as a file. Raises NotFound, `no_such_file`, also of one that is another's."""
    async with keyed(call, door.name, gate) as case, gate.database.reading() as conn:
        access = case.access = await access_of(conn, call.key, at=at)
        number = file_number(door.file)
        row = await set_of(conn, number, initiative=access.initiative) if number else None
    if row is None:
        raise no_such_file()
    return json.dumps(told_of_set(row, gate)).encode()


async def list_files(call: Call, door: Door, gate: Gate, *, at: datetime) -> bytes:
    """Return a page of the initiative's own files.

    Raises:
        NotSignedIn, NotAllowed, Unavailable. Invalid: `wrong_limit`, `wrong_order`, `no_such_file`.
    """
    wanted = _wanted(call)
    async with keyed(call, door.name, gate) as case, gate.database.reading() as conn:
        access = case.access = await access_of(conn, call.key, at=at)
        page = await files_of(conn, wanted, initiative=access.initiative, dialect=door.format.dialect, at=at)
    return json.dumps(file_listing(_rows(page, door, gate), more=page.more)).encode()


def _page_of_set(number: UUID, gate: Gate) -> str:
    return f"{gate.config.web_url}/training-sets/{number}/"


async def in_thread(work: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
    """Let a service of another area do its work, on the thread that has Django's connection. Raises what it raises; `database_down`."""

    def done() -> Any:
        close_old_connections()
        return work(*args, **named)

    try:
        async with asyncio.timeout(PATIENCE_S):
            return await sync_to_async(done)()
    except (Error, TimeoutError) as fault:
        raise Unavailable(DATABASE_DOWN, "The database does not answer. Nothing was kept.") from fault


async def _is_for_tuning(call: Call, gate: Gate) -> bool:
    """Look at the beginning of a form for what its file is for, and leave the body as if nobody had looked."""
    seen: list[bytes] = []
    try:
        reader, purpose, begun = FormReader(call.header("content-type")), bytearray(), False
        async for block in call.blocks(largest=gate.config.largest_set + FORM_BYTES):
            seen.append(block)
            for piece in reader.feed(block):
                purpose += piece.content if piece.name == "purpose" and not begun else b""
                begun = begun or piece.name == "file"
            if begun or sum(map(len, seen)) > FORM_BYTES:
                break
    except Invalid:
        return False  # what is wrong with it is said by whoever reads it whole
    finally:
        call.put_back(seen)
    return purpose.decode("utf-8", "replace") == PURPOSE


async def _taken(call: Call, access: Access, by: Actor, gate: Gate) -> SetRow:
    """Receive the file and have it written down and scanned."""
    await in_thread(authorize, by, "training:set:upload", access.unit_path)
    with call.listening():
        file = await _sealed(call, gate)
    return await registered(file, access, by, gate)


async def registered(file: SealedFile, access: Access, by: Actor, gate: Gate) -> SetRow:
    """Return the training set of a file that lies sealed, and have it scanned; the same bytes are the same set.

    Raises:
        NotAllowed: `not_permitted`. Unavailable: `database_down`; then nothing was kept.
    """
    try:
        row = await in_thread(_registered, file, access, by)
    except Conflict as twice:
        await asyncio.to_thread(vault().delete, file.ref)
        async with gate.database.reading() as conn:
            same = await set_of_digest(conn, file.digest, initiative=access.initiative)
        if same is None:
            raise twice from None
        return same
    except BaseException:
        await asyncio.to_thread(vault().delete, file.ref)
        raise
    return SetRow(row.pk, row.digest, row.bytes, row.uploaded_at, TrainingSetState(row.state), row.counts)


def _registered(file: SealedFile, access: Access, by: Actor) -> TrainingSet:
    at = now()
    title = f"Handed in through the gateway on {at:%Y-%m-%d}, {file.digest[:12]}"
    return register_set(initiative_id=access.initiative, title=title, file=file, by=by, at=at)


async def _sealed(call: Call, gate: Gate) -> SealedFile:
    """Seal the file of the form while it arrives; memory holds a block of it."""
    reader, block, has_file = FormReader(call.header("content-type")), bytearray(), False
    async with sealing(vault(), f"set-{uuid7()}") as writer:
        async for arrived in call.blocks(largest=gate.config.largest_set + FORM_BYTES):
            for piece in reader.feed(arrived):
                if piece.name not in FORM_FIELDS:
                    raise Invalid(
                        "unknown_field",
                        "A file for fine-tuning is sent with purpose and file alone.",
                        field="expires_after",
                    )
                has_file = has_file or piece.name == "file"
                block += piece.content if piece.name == "file" else b""
            if len(block) >= BLOCK_BYTES:
                await asyncio.to_thread(writer.write, bytes(block))
                block.clear()
        reader.close()
        if not has_file:
            raise Invalid("field_missing", "The form lacks file.", field="file")
        await asyncio.to_thread(writer.write, bytes(block))
    return writer.file


def _wanted(call: Call) -> Wanted:
    written, order, purpose = call.query("after"), call.query("order"), call.query("purpose")
    after = (file_number(written) or OF_FILES.number_of(written)) if written else None
    if written and after is None:
        raise Invalid("no_such_file", "This is no id of a file.", field="after")
    if order not in {"", "asc", "desc"}:
        raise Invalid("wrong_order", "order is asc or desc.", field="order")
    purposes = PURPOSES if not purpose else tuple(each for each in PURPOSES if each == purpose)
    return Wanted(purposes, after, most_asked(call, usual=MOST_FILES, most=MOST_FILES), oldest_first=order == "asc")


def _rows(page: FilePage, door: Door, gate: Gate) -> list[dict[str, Any]]:
    return [
        told_of_set(row, gate)
        if isinstance(row, SetRow)
        else OF_FILES.retold(row[1], named_batch(OF_FILES, row[0], None, door.format, gate.config))
        | {"purpose": "batch", "filename": "batch.jsonl"}
        for row in page.rows
    ]


def told_of_set(row: SetRow, gate: Gate) -> dict[str, Any]:
    """Return a training set as a file of OpenAI's interface."""
    standing = _standing(row, _page_of_set(row.id, gate))
    return file_object(row.id, digest=row.digest, size=row.bytes, at=row.uploaded_at, standing=standing)


def _standing(row: SetRow, page: str) -> FileStanding:
    """Return how a set stands in OpenAI's words. Processed says that every record was read, and no more: not that it may leave."""
    match row.state:
        case TrainingSetState.RECEIVED | TrainingSetState.SCANNING:
            return FileStanding("uploaded", f"Every record is being read: {page}")
        case TrainingSetState.IN_REVIEW:
            return FileStanding("processed", f"Whether it may leave is being decided: {page}")
        case TrainingSetState.RELEASABLE | TrainingSetState.RELEASED:
            return FileStanding("processed", f"It may go where its release says: {page}")
        case _:
            may = may_ask_release(row.state, row.counts, granted=True)
            if isinstance(may, Denied):
                return FileStanding("error", f"{may.reason} {may.remedy} {page}")
            return FileStanding("processed", f"It goes nowhere before its release is approved. Ask for it at {page}")
