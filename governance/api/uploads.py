"""Files that arrive by PUT and are sealed while they do: training sets of any size, items of evaluation sets.

An ASGI application ahead of Django's: Django would spool a large body to a plain temporary file before a view sees it.
"""

import asyncio
import base64
import json
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections

from governance.api.errors import MEDIA_TYPE, STATUS, problem
from governance.catalogue.rules import LARGEST_EXAM, ExamState, may_send_items
from governance.catalogue.selectors import exam_named
from governance.catalogue.services import receive_items
from governance.catalogue.vault import exam_vault
from governance.core.actors import Actor
from governance.core.clock import now
from governance.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotSignedIn, TooLarge
from governance.core.ids import uuid7
from governance.core.storage import SealedFile, SealedFolder, SealedWriter, sealing
from governance.core.verdict import require
from governance.initiatives.selectors import initiative_named
from governance.organisation.selectors import authorize, key_from_text
from governance.training.services import register_set
from governance.training.tickets import holder_of
from governance.training.vault import vault

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BLOCK_BYTES = 1024 * 1024
Query = Mapping[str, list[str]]
Register = Callable[[SealedFile], dict[str, Any]]  # writes down what has arrived, and says what the sender is told


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file. `admit` asks who may send it, before the first byte is read: whoever may not shall not fill our disk first."""

    place: re.Pattern[str]
    prefix: str  # of its name in storage
    noun: str
    remedy: str  # for one that is too large
    folder: Callable[[], SealedFolder]
    largest: Callable[[], int]  # bytes
    admit: Callable[[str, Query, Actor], Register]


def _admit_set(code: str, query: Query, by: Actor) -> Register:
    title = query.get("title", [""])[0].strip()
    if not title:
        raise Invalid(
            "title_missing", "A training set needs a title.", field="title", remedy="Add ?title=... to the address."
        )
    initiative = initiative_named(code)
    authorize(by, "training:set:upload", initiative.accountable_unit.path)

    def register(file: SealedFile) -> dict[str, Any]:
        row = register_set(initiative_id=initiative.pk, title=title, file=file, by=by, at=now())
        return {"id": str(row.pk), "title": row.title, "digest": row.digest, "bytes": row.bytes, "state": row.state}

    return register


def _admit_items(ref: str, _query: Query, by: Actor) -> Register:
    exam = exam_named(ref)
    authorize(by, "catalogue:exam:edit", exam.unit.path)
    require(may_send_items(ExamState(exam.state)), Conflict)

    def register(file: SealedFile) -> dict[str, Any]:
        row = receive_items(exam_id=exam.pk, file=file, by=by, at=now())
        return {"id": row.ref, "title": row.title, "digest": file.digest, "bytes": file.size, "state": row.state}

    return register


KINDS = (
    Kind(
        place=re.compile(r"/api/v1/initiatives/([a-z0-9-]{1,80})/training-sets"),
        prefix="set",
        noun="A training set",
        remedy="Split it into several sets.",
        folder=vault,
        largest=lambda: settings.TRAINING_LARGEST_SET,
        admit=_admit_set,
    ),
    Kind(
        place=re.compile(r"/api/v1/evaluation-sets/([a-z0-9-]{1,64})/items"),
        prefix="exam",
        noun="A file of an evaluation set",
        remedy="Split it into several evaluation sets.",
        folder=exam_vault,
        largest=lambda: LARGEST_EXAM,
        admit=_admit_items,
    ),
)


def takes(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] == "PUT" and _kind_of(scope) is not None


def _kind_of(scope: Scope) -> Kind | None:
    return next((kind for kind in KINDS if kind.place.fullmatch(scope["path"])), None)


async def uploads(scope: Scope, receive: Receive, send: Send) -> None:
    """Receive one file; answer 201 with its id and digest, or a problem with nothing kept."""
    request_id, kind = str(uuid7()), _kind_of(scope)
    if kind is None:
        message = "takes() is asked first."
        raise ValueError(message)
    try:
        register = await sync_to_async(_admitted)(kind, scope, request_id)
        file = await _received(kind, scope, receive)
        try:
            answer = await sync_to_async(_registered)(register, file)
        except BaseException:
            await asyncio.to_thread(kind.folder().delete, file.ref)
            raise
    except DomainError as refused:
        body = problem(STATUS[refused.kind], refused.code, refused.reason, field=refused.field, remedy=refused.remedy)
        await _answer(send, STATUS[refused.kind], body | {"request_id": request_id}, MEDIA_TYPE)
    except ConnectionError:
        return  # the sender is gone: nobody to answer, nothing kept
    else:
        await _answer(send, 201, answer, "application/json")


def _admitted(kind: Kind, scope: Scope, request_id: str) -> Register:
    close_old_connections()
    named = kind.place.fullmatch(scope["path"])[1]  # type: ignore[index]  # the kind was chosen by it
    query = parse_qs(scope["query_string"].decode("ascii", "replace"))
    return kind.admit(named, query, _sender(_header(scope, b"authorization"), request_id))


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


async def _received(kind: Kind, scope: Scope, receive: Receive) -> SealedFile:
    """Seal the body while it arrives; memory holds one block."""
    async with sealing(kind.folder(), f"{kind.prefix}-{uuid7()}") as writer:
        await _pour(kind, receive, writer)
    try:
        _compare(_header(scope, b"content-digest"), writer.file)
    except Invalid:
        await asyncio.to_thread(kind.folder().delete, writer.file.ref)
        raise
    return writer.file


async def _pour(kind: Kind, receive: Receive, writer: SealedWriter) -> None:
    block, more, size = bytearray(), True, 0
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        part, more = message.get("body", b""), message.get("more_body", False)
        size += len(part)
        if size > kind.largest():
            limit = f"{kind.noun} has at most {kind.largest() // 1024**2} MiB."
            raise TooLarge("set_too_large", limit, remedy=kind.remedy)
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
        raise Invalid(
            "digest_differs",
            "The bytes that arrived are not those you sent.",
            field="Content-Digest",
            remedy="Send them again.",
        )


def _registered(register: Register, file: SealedFile) -> dict[str, Any]:
    close_old_connections()
    return register(file)


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


async def _answer(send: Send, status: int, body: dict[str, Any], content_type: str) -> None:
    data = json.dumps(body).encode()
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(data)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data})
