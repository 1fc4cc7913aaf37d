"""Files of Anthropic's interface: handed over in one form, kept here, and put into the messages that name them. Pure.

Source: the types of the official `anthropic` package, version 2.14. A message takes plain text, PDF and pictures; any other file is
for a container at the provider, which nobody here can look into.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from governance.core.errors import Invalid, NotAllowed
from governance.destinations.rules import Dialect
from governance.detection.documents.kinds import MEDIA, Kind
from governance.gateway.dialects.enclosures import MEDIA_TYPE, require_kind, text_in
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
from governance.gateway.dialects.multipart import Form
from governance.gateway.dialects.own_files import FileNamed, OwnFiles
from governance.gateway.dialects.replies import objects_in
from governance.gateway.dialects.shapes import Spot
from governance.gateway.dialects.surface import Tree

PREFIX, PAGE_PREFIX = "file_remit_", "page_"
MARK = b"file_id"  # stands in every body that names a file
PLAIN, PDF, UNSAID = "text/plain", "application/pdf", {"", "application/octet-stream"}
PICTURES = frozenset(media for media, kind in MEDIA.items() if kind is Kind.PICTURE)
BY_NAME = {"txt": PLAIN, "pdf": PDF, "jpg": "image/jpeg", **{each.rpartition("/")[2]: each for each in PICTURES}}
ENDINGS = {PLAIN: ".txt", PDF: ".pdf", **{each: f".{each.rpartition('/')[2]}" for each in PICTURES}}
TAKEN = "A message takes plain text, PDF, PNG, JPEG, GIF and WebP; other files are for a container at the provider."
LONGEST_NAME = 255
SEPARATORS = re.compile(r"[/\\]")
UNWANTED = re.compile(r"[\x00-\x1f\x7f]")
LEAST_S, MOST_S, USUAL_S = 3600, 90 * 86400, 30 * 86400  # the bounds are Anthropic's
USUAL_PAGE, MOST_ON_A_PAGE, MOST_IDS = 20, 1000, 100
FIELDS = frozenset({"file", "expires_in_seconds"})
BLOCKS = {"image": PICTURES, "document": frozenset({PLAIN, PDF})}


class HandedOver(NamedTuple):
    """A file as its form says it: `life_s` is for how many seconds it may be named."""

    raw: bytes
    media_type: str
    name: str
    life_s: int


def handed_over(form: Form, *, largest: int) -> HandedOver:
    """Return the file of a form.

    Raises:
        Invalid: `unknown_field`, `field_missing`, `wrong_upload`, `wrong_filename`, `wrong_expiry`.
        NotAllowed: `unscannable`, for what no message could hold, and for what is not what it is said to be.
    """
    parts = form.parts
    if set(parts) - FIELDS:
        raise Invalid("unknown_field", "The form has file and expires_in_seconds alone.", remedy="Leave the rest away.")
    if "file" not in parts:
        raise Invalid("field_missing", "The form lacks file.", field="file", remedy="Send the file as the field file.")
    raw, head = parts["file"], form.heads["file"]
    if not 0 < len(raw) <= largest:
        reason = f"The file has {len(raw)} bytes, and must have 1 to {largest}."
        raise Invalid("wrong_upload", reason, field="file", remedy="Split the file.")
    name = _name(head.file)
    media = _media(head.media_type, name)
    require_kind(raw, MEDIA[media], Spot((), "file"))
    return HandedOver(raw, media, name or f"unnamed{ENDINGS[media]}", _life(parts.get("expires_in_seconds")))


def _name(sent: str) -> str:
    """Return the last part of a file's name, as Anthropic keeps it."""
    name = SEPARATORS.split(sent)[-1]
    if len(name) > LONGEST_NAME or UNWANTED.search(name):
        reason = f"The name of a file is at most {LONGEST_NAME} characters, none of which moves a cursor."
        raise Invalid("wrong_filename", reason, field="file.filename", remedy="Give it another name.")
    return name


def _media(sent: str, name: str) -> str:
    """Return the media type, by the end of the name where the form does not say it."""
    said = MEDIA_TYPE.fullmatch(sent.lower())
    media = said[1] if said else sent
    if media in UNSAID:
        media = BY_NAME.get(name.rpartition(".")[2].lower(), "")
    if media not in ENDINGS:
        remedy = "Hand over its text as text/plain, or say what it is: file=(name, bytes, media type)."
        raise NotAllowed("unscannable", f"The file is not taken. {TAKEN}", field="file.mime_type", remedy=remedy)
    return media


def _life(sent: bytes | None) -> int:
    if sent is None:
        return USUAL_S
    if not re.fullmatch(rb"[0-9]{1,9}", sent) or not LEAST_S <= int(sent) <= MOST_S:
        reason = f"expires_in_seconds is {LEAST_S} to {MOST_S}."
        raise Invalid("wrong_expiry", reason, field="expires_in_seconds", remedy="Leave it away for a month.")
    return int(sent)


def file_id(number: UUID) -> str:
    return PREFIX + number.hex


def file_number(own_id: str) -> UUID | None:
    """Return the number in an id of ours, None when it is none."""
    return number_in(own_id, prefix=PREFIX)


def file_object(file: Kept, _base: str = "") -> dict[str, Any]:
    """Return what is told of a file. What was handed over is not given back, as at the provider."""
    return {
        "id": file_id(file.id),
        "type": "file",
        "filename": file.said.get("name", ""),
        "mime_type": file.media_type,
        "size_bytes": file.size,
        "created_at": said_of(file.at),
        "expires_at": said_of(file.expires_at),
        "downloadable": False,
    }


def _page(query: Query) -> PageAsked:
    """Newest first; by a cursor as the client of today has it, or by ids as those before it had."""
    if one(query, "scope_id"):
        raise Invalid("unknown_field", "Files here belong to an initiative and to no session.", field="scope_id")
    ids, most = [*query("ids"), *query("ids[]")], most_in(query, "limit", usual=USUAL_PAGE, most=MOST_ON_A_PAGE)
    if len(ids) > MOST_IDS:
        raise Invalid("wrong_page", f"ids names at most {MOST_IDS} files.", field="ids", remedy="Ask more often.")
    if ids:
        return PageAsked(MOST_IDS, only=tuple(filter(None, map(file_number, ids))))
    cursor = one(query, "page")
    after = _number(cursor, "page", prefix=PAGE_PREFIX) or _number(one(query, "after_id"), "after_id")
    return PageAsked(most, after, _number(one(query, "before_id"), "before_id"))


def _number(written: str, field: str, *, prefix: str = PREFIX) -> UUID | None:
    number = number_in(written, prefix=prefix) if written else None
    if written and number is None:
        raise Invalid("wrong_page", f"{field} is nothing the list gave.", field=field, remedy="Pass it on as it came.")
    return number


def _listing(files: Sequence[Kept], *, more: bool, base: str) -> dict[str, Any]:
    rows = [file_object(each, base) for each in files]
    ends = {"first_id": rows[0]["id"], "last_id": rows[-1]["id"]} if rows else {"first_id": None, "last_id": None}
    return {"data": rows, "has_more": more, **ends, "next_page": PAGE_PREFIX + files[-1].id.hex if more else None}


def files_named(tree: Tree) -> Iterator[FileNamed]:
    """Yield every place of a body, whose shape nobody has looked at yet, in which a block names a file: one of ours, or none."""
    yield from _in_messages(tree, "")
    for number, each in objects_in(tree.get("requests")):
        if isinstance(params := each.get("params"), dict):
            yield from _in_messages(params, f"requests[{number}].params.")


def _in_messages(tree: Tree, within: str) -> Iterator[FileNamed]:
    for number, message in objects_in(tree.get("messages")):
        yield from _in_blocks(message.get("content"), f"{within}messages[{number}].content")


def _in_blocks(blocks: Any, place: str) -> Iterator[FileNamed]:
    for number, block in objects_in(blocks):
        kind, source = block.get("type"), block.get("source")
        if kind == "tool_result":
            yield from _in_blocks(block.get("content"), f"{place}[{number}].content")
        elif kind in list(BLOCKS) and isinstance(block, dict) and (name := _file_in(source)) is not None:
            found = file_number(name) if isinstance(name, str) else None
            yield FileNamed(found, block, f"{place}[{number}].source.file_id")


def _file_in(source: Any) -> Any:
    """Return what a source of the type file names, None for any other."""
    return source.get("file_id") if isinstance(source, dict) and source.get("type") == "file" else None


def put_in(named: FileNamed, raw: bytes, media_type: str) -> None:
    """Put a file into the block that names it, as if it had stood there.

    Raises:
        Invalid: `other_media_type`, `unknown_field`. NotAllowed: `unscannable`, for text that is none.
    """
    kind, source = named.part["type"], named.part["source"]
    if media_type not in BLOCKS[kind]:
        fits = next(each for each, taken in BLOCKS.items() if media_type in taken)
        reason = f"The file was handed over as {media_type}, which is no {kind}."
        raise Invalid("other_media_type", reason, field=named.field, remedy=f"Name it in a block of the type {fits}.")
    if set(source) != {"type", "file_id"}:
        raise Invalid("unknown_field", "A source of the type file has file_id alone.", field=named.field)
    if media_type == PLAIN:
        text = text_in(raw, Spot((), named.field))
        named.part["source"] = {"type": "text", "media_type": PLAIN, "data": text}
    else:
        data = b64encode(raw).decode()
        named.part["source"] = {"type": "base64", "media_type": media_type, "data": data}


KEPT = KeptForm(
    FILE,
    file_number,
    _page,
    file_object,
    _listing,
    lambda number: {"id": file_id(number), "type": "file_deleted"},
    no_such_file,
)
FILES = OwnFiles(Dialect.ANTHROPIC, MARK, files_named, put_in)
