"""`PUT /api/v1/initiatives/{code}/training-sets`: a training set of any size, sealed while it arrives.

An ASGI application ahead of Django's: Django would spool a large body to a plain temporary file before a view sees it.
"""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections

from governance.api.errors import MEDIA_TYPE, STATUS, problem
from governance.core.actors import Actor
from governance.core.clock import now
from governance.core.errors import DomainError, Invalid, NotAllowed, NotSignedIn, TooLarge
from governance.core.ids import uuid7
from governance.core.storage import SealedFile, SealedWriter
from governance.initiatives.selectors import initiative_named
from governance.organisation.selectors import authorize, key_from_text
from governance.training.services import register_set
from governance.training.tickets import holder_of
from governance.training.vault import vault

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PLACE = re.compile(r"/api/v1/initiatives/([a-z0-9-]{1,80})/training-sets")
BLOCK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Admission:
    """Somebody may send a set for this initiative."""

    initiative_id: UUID
    title: str
    by: Actor


def takes(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] == "PUT" and bool(PLACE.fullmatch(scope["path"]))


async def uploads(scope: Scope, receive: Receive, send: Send) -> None:
    """Receive one set; answer 201 with its id and digest, or a problem with nothing kept."""
    request_id = str(uuid7())
    try:
        admission = await sync_to_async(_admitted)(scope, request_id)
        file = await _received(scope, receive)
        try:
            answer = await sync_to_async(_registered)(admission, file)
        except BaseException:
            await asyncio.to_thread(vault().delete, file.ref)
            raise
    except DomainError as refused:
        body = problem(STATUS[refused.kind], refused.code, refused.reason, field=refused.field, remedy=refused.remedy)
        await _answer(send, STATUS[refused.kind], body | {"request_id": request_id}, MEDIA_TYPE)
    except ConnectionError:
        return  # the sender is gone: nobody to answer, nothing kept
    else:
        await _answer(send, 201, answer, "application/json")


def _admitted(scope: Scope, request_id: str) -> Admission:
    close_old_connections()
    place = PLACE.fullmatch(scope["path"])
    title = parse_qs(scope["query_string"].decode("ascii", "replace")).get("title", [""])[0]
    if not title.strip():
        raise Invalid(
            "title_missing", "A training set needs a title.", field="title", remedy="Add ?title=... to the address."
        )
    by = _sender(_header(scope, b"authorization"), request_id)
    initiative = initiative_named(place[1])  # type: ignore[index]  # takes() matched
    # Asked before the first byte is read: whoever may not send shall not fill our disk first.
    authorize(by, "training:set:upload", initiative.accountable_unit.path)
    return Admission(initiative.pk, title.strip(), by)


def _sender(authorization: str, request_id: str) -> Actor:
    scheme, _, text = authorization.partition(" ")
    if scheme.lower() == "bearer":
        key = key_from_text(text.strip(), at=now())
        if key is None:
            raise NotSignedIn("key_refused", "This key is unknown, expired or revoked.")
        if key.scope != "api:write":
            raise NotAllowed("key_scope", "This key may not write.", remedy="Make a key with the scope api:write.")
        return Actor.of_key(key.prefix, person=key.made_by_id, request_id=request_id)
    return holder_of(text.strip(), request_id=request_id)


async def _received(scope: Scope, receive: Receive) -> SealedFile:
    """Seal the body while it arrives; memory holds one block."""
    async with _sealing(f"set-{uuid7()}") as writer:
        await _pour(receive, writer)
    _compare(_header(scope, b"content-digest"), writer.file)
    return writer.file


@asynccontextmanager
async def _sealing(ref: str) -> AsyncIterator[SealedWriter]:
    """The writer's block with its disk work in a thread, so that other requests go on."""
    writer = await asyncio.to_thread(vault().writer, ref)
    try:
        yield writer
    except BaseException as fault:
        await asyncio.to_thread(writer.__exit__, type(fault), fault, fault.__traceback__)
        raise
    await asyncio.to_thread(writer.__exit__, None, None, None)


async def _pour(receive: Receive, writer: SealedWriter) -> None:
    block, more, size = bytearray(), True, 0
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        part, more = message.get("body", b""), message.get("more_body", False)
        size += len(part)
        if size > settings.TRAINING_LARGEST_SET:
            limit = settings.TRAINING_LARGEST_SET // 1024**2
            raise TooLarge(
                "set_too_large", f"A training set has at most {limit} MiB.", remedy="Split it into several sets."
            )
        block += part
        if len(block) >= BLOCK_BYTES or not more:
            await asyncio.to_thread(writer.write, bytes(block))
            block.clear()


def _compare(content_digest: str, file: SealedFile) -> None:
    """Check what the sender says the SHA-256 is. Source: RFC 9530, Content-Digest."""
    if not content_digest:
        return
    expected = f"sha-256=:{base64.b64encode(bytes.fromhex(file.digest)).decode()}:"
    if expected not in [each.strip() for each in content_digest.split(",")]:
        vault().delete(file.ref)
        raise Invalid(
            "digest_differs",
            "The bytes that arrived are not those you sent.",
            field="Content-Digest",
            remedy="Send them again.",
        )


def _registered(admission: Admission, file: SealedFile) -> dict[str, Any]:
    close_old_connections()
    row = register_set(
        initiative_id=admission.initiative_id, title=admission.title, file=file, by=admission.by, at=now()
    )
    return {"id": str(row.pk), "title": row.title, "digest": row.digest, "bytes": row.bytes, "state": row.state}


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


async def _answer(send: Send, status: int, body: dict[str, Any], content_type: str) -> None:
    data = json.dumps(body).encode()
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(data)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data})
