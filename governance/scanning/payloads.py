"""What travels between the gateway and a worker, sealed with the payload key: the broker holds no readable text.

A sealed value is bound to its request, so an answer cannot be passed off as the answer to another question.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from governance.core.errors import Invalid
from governance.core.sealing import KeyRing, seal, unseal
from governance.detection.document import Document, Segment
from governance.detection.documents.kinds import Kind
from governance.detection.documents.reading import Reading
from governance.detection.report import Report

ID_LENGTH = 36  # a UUID as text


class State(StrEnum):
    DONE = "done"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class File:
    """A document in another form than text. `pictures`: those inside it are to be read as well."""

    kind: Kind
    raw: bytes
    pictures: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """`ruleset` is the digest of the detectors that must look; `replies` the list to answer to.

    With a `file` its words are asked for, and nothing is scanned.
    """

    id: str
    replies: str
    ruleset: str
    document: Document
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """`code` says why there is neither a report nor a reading; `worker` is who answers."""

    id: str
    state: State
    worker: str
    code: str = ""
    report: Report | None = None
    reading: Reading | None = None


def seal_request(ring: KeyRing, request: Request) -> bytes:
    segments = [[segment.path, segment.text] for segment in request.document.segments]
    body: dict[str, Any] = {"replies": request.replies, "ruleset": request.ruleset, "segments": segments}
    if request.file:
        body["file"] = [request.file.kind, b64encode(request.file.raw).decode()]
        body["pictures"] = request.file.pictures
    return seal(ring, _json(body), context=f"scan.request:{request.id}")


def open_request(ring: KeyRing, sealed: bytes, *, request_id: str) -> Request:
    """Return the request. Raises what `unseal` raises."""
    body = json.loads(unseal(ring, sealed, context=f"scan.request:{request_id}"))
    document = Document(tuple(Segment(path, text) for path, text in body["segments"]))
    kind, raw = body.get("file") or ("", "")
    file = File(Kind(kind), b64decode(raw), bool(body.get("pictures"))) if kind else None
    return Request(request_id, body["replies"], body["ruleset"], document, file)


def seal_reply(ring: KeyRing, reply: Reply) -> bytes:
    """Return the id in the clear, by which the reader finds who waits, and the sealed rest."""
    report = reply.report.to_dict() if reply.report else None
    body = {"state": reply.state, "worker": reply.worker, "code": reply.code, "report": report}
    if reply.reading:
        body["reading"] = reply.reading.to_dict()
    return reply.id.encode() + seal(ring, _json(body), context=f"scan.reply:{reply.id}")


def open_reply(ring: KeyRing, message: bytes) -> Reply:
    """Return the reply.

    Raises:
        Invalid, Unavailable: as `unseal`; also when the message has not the form of a reply.
    """
    try:
        request_id = message[:ID_LENGTH].decode("ascii")
        body = json.loads(unseal(ring, message[ID_LENGTH:], context=f"scan.reply:{request_id}"))
        report = Report.of_dict(body["report"]) if body["report"] else None
        reading = Reading.of_dict(body["reading"]) if body.get("reading") else None
        return Reply(request_id, State(body["state"]), body["worker"], body["code"], report, reading)
    except (ValueError, KeyError, TypeError) as wrong:
        raise Invalid("reply_broken", "A worker's answer has not the expected form.") from wrong


def _json(body: Any) -> bytes:
    # Any other escape than JSON's own would let a lone surrogate break the encoding; texts are strict UTF-8 by now, paths too.
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode()
