"""Files in Gemini's interface: handed over in pieces to an address of ours, kept sealed, and told of to their initiative alone."""

import asyncio
import hashlib
import json
import secrets
from datetime import datetime, timedelta

from governance.core import strict_json
from governance.core.actors import Actor
from governance.core.errors import DomainError, Invalid, NotFound, Unavailable
from governance.core.ids import uuid7
from governance.gateway.dialects.gemini.files import (
    CANCEL,
    GRANULARITY,
    SIZE,
    STATUS,
    URL,
    Piece,
    announced,
    file_object,
    piece_of,
)
from governance.gateway.dialects.kept import FILE
from governance.gateway.dialects.refusals import status_of
from governance.gateway.files.kept import address, kept, largest_file, require_somewhere
from governance.gateway.gate import Gate
from governance.gateway.handler import keyed
from governance.gateway.routes import Door
from governance.gateway.rules import UploadState
from governance.gateway.selectors.access import access_of
from governance.gateway.selectors.uploads import Bearer, UploadRow, bearer_of
from governance.gateway.services.uploads import NewUpload, begin_upload, end_upload
from governance.gateway.uploads import digest_of_all, sealed_words, take_part
from governance.gateway.wire import Answer, Call

LIFE = timedelta(hours=48)  # as Gemini keeps them
LARGEST_HEAD = 64 * 1024
IN_ADDRESS = "upload_id"
GOES_ON = {"wrong_offset", "wrong_upload", "upload_incomplete"}  # after these the rest may still come


async def take_upload(call: Call, door: Door, gate: Gate, *, at: datetime) -> Answer:
    """Begin an upload, or take a piece of one that has begun, whose address has its secret in it and needs no key.

    Raises:
        NotSignedIn, NotAllowed: about the key; `no_grant`, `unscannable`. Invalid, TooLarge: about what is announced. Unavailable, Busy.
    """
    if not (token := call.query(IN_ADDRESS)):
        return await _begun(call, door, gate, at=at)
    with gate.place_for(call):
        try:
            return await _gone_on(call, token, door, gate, at=at)
        except Unavailable:
            raise  # without a word of how it stands, so that the client tries this piece again
        except DomainError as refused:
            body = door.format.error_reply(refused, request_id=str(uuid7()))
            how = "active" if refused.code in GOES_ON else "cancelled"
            return Answer(body, {STATUS: how}, status_of(refused))


async def _begun(call: Call, door: Door, gate: Gate, *, at: datetime) -> Answer:
    async with keyed(call, door.name, gate) as case:
        async with gate.database.reading() as conn:
            access = case.access = await access_of(conn, call.key, at=at)
        require_somewhere(door, access)
        told = strict_json.loads(await call.body(largest=LARGEST_HEAD) or b"{}", most=100)
        coming = announced(call.header, told, largest=largest_file(gate))
        number = uuid7()
        said = sealed_words({"name": coming.name}, number, gate.keys.storage)
        token = f"{number.hex}{secrets.token_urlsafe(32)}"
        kind = (door.format.dialect, FILE, coming.media_type)
        new = NewUpload(number, *kind, coming.size, _digest(token), said, at + LIFE)
        room = gate.config.largest_uploads
        await begin_upload(gate.database, new, room=room, access=access, by=case.actor, at=at)
    there = f"{gate.config.gateway_url}{door.format.base}{door.route.path}?{IN_ADDRESS}={token}"
    granularity = {"x-goog-upload-chunk-granularity": str(GRANULARITY)}
    return Answer(b"{}", {STATUS: "active", URL: there, **granularity})


async def _gone_on(call: Call, token: str, door: Door, gate: Gate, *, at: datetime) -> Answer:
    """Do what a call to the address of an upload wants."""
    bearer = await _bearer(token, door, gate, at=at)
    piece = piece_of(call.header)
    upload, by = bearer.upload, Actor.of_key(bearer.prefix, person=bearer.made_by, request_id=str(uuid7()))
    if CANCEL in piece.commands:
        ended = await _end(bearer, UploadState.CANCELLED, gate, by=by, at=at)
        return Answer(b"{}", {STATUS: "cancelled" if ended else "final"})
    if not piece.sends:
        how = "final" if upload.state is UploadState.KEPT else "active"
        return Answer(b"{}", {STATUS: how, SIZE: str(upload.received)})
    come = await _taken(call, piece, upload, gate, by=by, at=at)
    if not piece.is_last:
        return Answer(b"{}", {STATUS: "active", SIZE: str(come)})
    file = await _whole(token, door, gate, by=by, at=at)
    told = file_object(kept(file, gate), address(door, gate))
    return Answer(json.dumps({"file": told}, ensure_ascii=False).encode(), {STATUS: "final"})


async def _taken(call: Call, piece: Piece, upload: UploadRow, gate: Gate, *, by: Actor, at: datetime) -> int:
    """Take the body of a piece in; return how many bytes have come with it."""
    length = call.header("content-length")
    size = int(length) if length.isdecimal() else 0
    if not piece.is_last and (not size or size % GRANULARITY):
        reason = f"Every piece but the last is a multiple of {GRANULARITY} bytes, and says so in Content-Length."
        raise Invalid("wrong_upload", reason, field="Content-Length", remedy="Use the official client's files.upload.")
    with call.listening():
        blocks = call.blocks(largest=upload.size)
        part = await take_part(upload, piece.start, blocks, gate, in_order=True, by=by, at=at)
    return part.start + part.size


async def _whole(token: str, door: Door, gate: Gate, *, by: Actor, at: datetime) -> UploadRow:
    """Return the file, once all of it has come and that is written down; the same however often, and by however many, it is asked."""
    bearer = await _bearer(token, door, gate, at=at)
    if bearer.upload.state is UploadState.KEPT:
        return bearer.upload
    if bearer.upload.received < bearer.upload.size:
        reason = f"{bearer.upload.received} of {bearer.upload.size} bytes have come."
        raise Invalid("upload_incomplete", reason, remedy="Send the rest.")
    digest = await asyncio.to_thread(digest_of_all, bearer.upload.parts)
    await _end(bearer, UploadState.KEPT, gate, digest=digest, by=by, at=at)
    return (await _bearer(token, door, gate, at=at)).upload


async def _bearer(token: str, door: Door, gate: Gate, *, at: datetime) -> Bearer:
    """Return whose upload has this address. Raises NotFound, `no_such_upload`, also when its key opens nothing any more."""
    async with gate.database.reading() as conn:
        bearer = await bearer_of(conn, _digest(token), dialect=door.format.dialect, at=at)
    if bearer is None or bearer.upload.state not in {UploadState.OPEN, UploadState.KEPT}:
        raise NotFound("no_such_upload", "There is no such upload any more.", remedy="Begin it again.")
    return bearer


async def _end(
    bearer: Bearer, state: UploadState, gate: Gate, *, digest: str | None = None, by: Actor, at: datetime
) -> bool:
    number, path = bearer.upload.id, bearer.unit_path
    return await end_upload(gate.database, number, state=state, digest=digest, unit_path=path, by=by, at=at)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
