"""Gemini's files: handed over in pieces, kept here, and put into the calls that name them. Pure.

Source: the official `google-genai` package, version 3.6, and the protocol its uploads speak: the first call says what will come and
is told an address; each further one sends bytes there with where they begin, the last of them says `finalize`.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from governance.core.errors import Invalid, NotAllowed
from governance.destinations.rules import Dialect
from governance.detection.documents.kinds import kind_of_media
from governance.gateway.dialects.enclosures import DOCUMENTS, MEDIA_TYPE, PICTURES, TAKEN
from governance.gateway.dialects.gemini.content import INNER, spelled
from governance.gateway.dialects.kept import (
    FILE,
    Kept,
    KeptForm,
    PageAsked,
    Query,
    most_in,
    no_such_file,
    number_in,
    one,
    said_of,
)
from governance.gateway.dialects.own_files import FileNamed, OwnFiles
from governance.gateway.dialects.replies import objects_in
from governance.gateway.dialects.shapes import Shape, Spot, Text, free, number, text
from governance.gateway.dialects.surface import Tree

PREFIX = "remit-"
MARK = b"files/remit-"  # stands in every body that names one of our files, as the official client writes it
STATUS, SIZE, URL = "x-goog-upload-status", "x-goog-upload-size-received", "x-goog-upload-url"
START, UPLOAD, FINALIZE, QUERY, CANCEL = "start", "upload", "finalize", "query", "cancel"
COMMANDS = tuple(map(frozenset, ([UPLOAD], [FINALIZE], [UPLOAD, FINALIZE], [QUERY], [CANCEL])))
OFFSET = re.compile(r"[0-9]{1,15}")
GRANULARITY = 256 * 1024  # of every piece but the last
LONGEST_NAME = 512  # as Gemini says of displayName
NAMES = {"file.displayName", "file.display_name"}
USUAL_PAGE, MOST_ON_A_PAGE = 10, 100
_SAID: Shape = spelled(
    {
        "file": spelled(
            {"name": text(), "displayName": text(), "mimeType": text(), "sizeBytes": free(only_objects=False)}
        ),
        "sizeBytes": number(0, 2**53),
    }
)


class Announced(NamedTuple):
    """What will come: how many bytes of which media type, and what its sender calls it."""

    size: int
    media_type: str
    name: str


class Piece(NamedTuple):
    """What one call of an upload says: its commands, and at which byte its body begins."""

    commands: frozenset[str]
    start: int

    @property
    def sends(self) -> bool:
        return bool(self.commands & {UPLOAD, FINALIZE})

    @property
    def is_last(self) -> bool:
        return FINALIZE in self.commands


Sent = Callable[[str], str]  # looks up a header of the call by its lower-case name


def announced(sent: Sent, told: Any, *, largest: int) -> Announced:
    """Return what an upload begins with. `told` is the decoded body of the call.

    Raises:
        Invalid: `wrong_upload`, `file_named`, or as shapes. NotAllowed: `unscannable`, for a kind nobody could read.
    """
    texts: list[Text] = []
    _SAID(told, Spot(), texts)
    if any(each.place == "file.name" for each in texts):
        raise Invalid("file_named", "Remit names files itself.", field="file.name", remedy="Leave name away.")
    size = sent("x-goog-upload-header-content-length")
    if sent("x-goog-upload-protocol") != "resumable" or sent("x-goog-upload-command") != START:
        raise _wrong("An upload begins with X-Goog-Upload-Protocol: resumable and X-Goog-Upload-Command: start.")
    if not size.isdecimal() or len(size) > len(str(largest)) or not 0 < int(size) <= largest:
        reason = f"X-Goog-Upload-Header-Content-Length must say 1 to {largest} bytes."
        raise Invalid("wrong_upload", reason, field="X-Goog-Upload-Header-Content-Length", remedy="Split the file.")
    said = MEDIA_TYPE.fullmatch(sent("x-goog-upload-header-content-type"))
    if said is None or kind_of_media(said[1]) not in DOCUMENTS | PICTURES:
        raise NotAllowed(
            "unscannable",
            f"The file could not be scanned, so it is not taken. {TAKEN[DOCUMENTS]} {TAKEN[PICTURES]}",
            field="mimeType",
            remedy="Send its text.",
        )
    return Announced(int(size), said[1], _name_in(texts))


def _name_in(texts: Sequence[Text]) -> str:
    """Return the name that is shown. Raises Invalid, `name_too_long`."""
    name = next((each.text for each in texts if each.place in NAMES), "")
    if len(name) > LONGEST_NAME:
        reason = f"A name is at most {LONGEST_NAME} characters long."
        raise Invalid("name_too_long", reason, field="file.displayName", remedy="Shorten it.")
    return name


def piece_of(sent: Sent) -> Piece:
    """Return what a call to the address of an upload wants. Raises Invalid, `wrong_upload`."""
    commands = frozenset(each.strip().lower() for each in sent("x-goog-upload-command").split(","))
    start = sent("x-goog-upload-offset")
    if commands not in COMMANDS:
        raise _wrong("X-Goog-Upload-Command is upload, finalize, both, query or cancel.")
    says_where = OFFSET.fullmatch(start) is not None
    if commands & {UPLOAD, FINALIZE} and not says_where:
        raise _wrong("X-Goog-Upload-Offset says at which byte the body begins.")
    return Piece(commands, int(start) if says_where else 0)


def _wrong(reason: str) -> Invalid:
    return Invalid("wrong_upload", reason, remedy="Use the official client's files.upload.")


def file_name(number: UUID) -> str:
    return f"files/{PREFIX}{number.hex}"


def file_number(name: str) -> UUID | None:
    """Return the number in the name of a file of ours, or in an address that ends in one; None when it is none."""
    _, there, own = name.rpartition("files/")
    return number_in(own, prefix=PREFIX) if there else None


def file_object(file: Kept, base: str) -> dict[str, Any]:
    """Return what is told of a file; `base` is the address of the interface, with its version."""
    made, name = said_of(file.at), file.said.get("name")
    return {
        "name": file_name(file.id),
        **({"displayName": name} if name else {}),
        "uri": f"{base}/{file_name(file.id)}",
        "mimeType": file.media_type,
        "sizeBytes": str(file.size),
        "createTime": made,
        "updateTime": made,
        "expirationTime": said_of(file.expires_at),
        # As Gemini writes it: the hexadecimal digits, once more in base64.
        "sha256Hash": b64encode(file.digest.encode()).decode(),
        "state": "ACTIVE",
        "source": "UPLOADED",
    }


def _page(query: Query) -> PageAsked:
    return page_asked(query, file_number, usual=USUAL_PAGE, most=MOST_ON_A_PAGE)


def page_asked(query: Query, number_of: Callable[[str], UUID | None], *, usual: int, most: int) -> PageAsked:
    """Return which page is asked for: its token is the name of the last one before it. Raises Invalid, `wrong_limit`, `wrong_page`."""
    token, size = one(query, "pageToken"), most_in(query, "pageSize", usual=usual, most=most)
    after = number_of(token) if token else None
    if token and after is None:
        remedy = "Pass on nextPageToken as it came."
        raise Invalid("wrong_page", "This is no page of the list.", field="pageToken", remedy=remedy)
    return PageAsked(size, after)


def _listing(files: Sequence[Kept], *, more: bool, base: str) -> dict[str, Any]:
    rows = [file_object(each, base) for each in files]
    return {"files": rows, **({"nextPageToken": rows[-1]["name"]} if more else {})}


KEPT = KeptForm(
    FILE,
    lambda own: file_number(f"files/{own}"),
    _page,
    file_object,
    _listing,
    lambda _number: {},
    no_such_file,
)


def files_named(tree: Tree) -> Iterator[FileNamed]:
    """Yield every place of a body, whose shape nobody has looked at yet, in which a part names a file of ours."""
    for _, part in _parts_in(tree):
        for field in ("fileData", "file_data"):
            named = part.get(field)
            uri = (named.get("fileUri") or named.get("file_uri")) if isinstance(named, dict) else None
            if isinstance(uri, str) and isinstance(part, dict) and (found := file_number(uri)):
                yield FileNamed(found, part, field)


def _parts_in(tree: Tree) -> Iterator[tuple[int, Mapping[str, Any]]]:
    contents = [tree.get(name) for name in ("systemInstruction", "system_instruction", "content")]
    for content in (*contents, *(each for _, each in objects_in(tree.get("contents")))):
        for number_, part in objects_in(content.get("parts") if isinstance(content, dict) else None):
            yield number_, part
            response = part.get("functionResponse") or part.get("function_response")
            yield from objects_in(response.get("parts") if isinstance(response, dict) else None)
    for inner in (*map(tree.get, INNER), *(each for _, each in objects_in(tree.get("requests")))):
        if isinstance(inner, dict):
            yield from _parts_in(inner)


def put_in(named: FileNamed, raw: bytes, media_type: str) -> None:
    """Put a file into the part that names it, as if it had stood there.

    Raises:
        Invalid: `other_media_type`, `field_twice`.
    """
    said = named.part.pop(named.field)
    media = said.get("mimeType") or said.get("mime_type") or media_type
    inline = "inlineData" if named.field == "fileData" else "inline_data"
    if media != media_type:
        reason = f"The file was handed over as {media_type}."
        raise Invalid("other_media_type", reason, field=f"{named.field}.mimeType", remedy="Leave mimeType away.")
    if {"inlineData", "inline_data", "fileData", "file_data"} & named.part.keys():
        raise Invalid("field_twice", "A part names one file, or holds one.", field=named.field)
    rest = {name: each for name, each in said.items() if name not in {"fileUri", "file_uri", "mimeType", "mime_type"}}
    named.part[inline] = {"data": b64encode(raw).decode(), "mimeType": media_type, **rest}


FILES = OwnFiles(Dialect.GEMINI, MARK, files_named, put_in)
