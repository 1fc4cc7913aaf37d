"""Files in parts in OpenAI's interface: begun with a size, sent in any order, and put together in the order that is named. Pure.

Source: the official `openai` package, version 3.54.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from governance.core.errors import Invalid, NotFound
from governance.gateway.dialects.openai.training_files import PURPOSE
from governance.gateway.dialects.shapes import Shape, Spot, listed, number, record, text

PREFIX, PART_PREFIX = "upload_", "part_"
MOST_PARTS = 1000
LARGEST_PART = 64 * 1024 * 1024
FINE_TUNE, BATCH = PURPOSE, "batch"
PURPOSES = (FINE_TUNE, BATCH)
MD5 = re.compile(r"[0-9a-fA-F]{32}")
_BEGINS: Shape = record(
    {"purpose": text(), "filename": text(), "bytes": number(1, 2**53, whole=True), "mime_type": text()},
    required=frozenset({"purpose", "filename", "bytes", "mime_type"}),
)
_COMPLETES: Shape = record(
    {"part_ids": listed(text(), least=1, most=MOST_PARTS), "md5": text()}, required=frozenset({"part_ids"})
)


class Announced(NamedTuple):
    """What will come. The name that the file had, and what its sender calls its kind, are dropped."""

    purpose: str
    size: int


class Completed(NamedTuple):
    """Of which parts the file is made, in which order, and the MD5 in hex that its sender counted, "" for none."""

    parts: tuple[str, ...]
    md5: str


def announced(told: Any) -> Announced:
    """Return what an upload begins with. Raises Invalid: as shapes. NotFound: `surface_unsupported`, for another purpose."""
    _BEGINS(told, Spot(), [])
    if told["purpose"] not in PURPOSES:
        remedy = "Write the purpose batch or fine-tune."
        reason = "Only files of batches and for fine-tuning are taken here. Nothing was kept."
        raise NotFound("surface_unsupported", reason, remedy=remedy, field="purpose")
    return Announced(told["purpose"], told["bytes"])


def completed(told: Any) -> Completed:
    """Return what an upload is completed with. Raises Invalid: as shapes; `part_twice`, `wrong_md5`."""
    _COMPLETES(told, Spot(), [])
    parts, md5 = tuple(told["part_ids"]), told.get("md5") or ""
    if len(set(parts)) < len(parts):
        raise Invalid("part_twice", "A part is named twice.", field="part_ids", remedy="Name each once, in order.")
    if md5 and not MD5.fullmatch(md5):
        raise Invalid("wrong_md5", "md5 is 32 hexadecimal digits.", field="md5")
    return Completed(parts, md5.lower())


def upload_id(number_: UUID) -> str:
    return PREFIX + number_.hex


def upload_number(own_id: str) -> UUID | None:
    """Return the number in an id of ours, None when it is none."""
    try:
        found = UUID(hex=own_id.removeprefix(PREFIX))
    except ValueError:
        return None
    return found if upload_id(found) == own_id else None


def upload_object(
    number_: UUID, what: Announced, *, status: str, at: datetime, expires_at: datetime, file: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return what is told of an upload. `status` is OpenAI's word for it, `file` what it became."""
    return {
        "id": upload_id(number_),
        "object": "upload",
        "bytes": what.size,
        "created_at": int(at.timestamp()),
        "expires_at": int(expires_at.timestamp()),
        "filename": f"{what.purpose}.jsonl",
        "purpose": what.purpose,
        "status": status,
        "file": dict(file) if file else None,
    }


def part_id(ref: str) -> str:
    """Return how a part is named, of the name under which it lies."""
    return PART_PREFIX + ref.rpartition("-")[2]


def part_object(ref: str, *, upload: UUID, at: datetime) -> dict[str, Any]:
    return {
        "id": part_id(ref),
        "object": "upload.part",
        "created_at": int(at.timestamp()),
        "upload_id": upload_id(upload),
    }


def in_order(refs: Sequence[str], wanted: Sequence[str]) -> tuple[int, ...]:
    """Return which of the parts that came are wanted, in the order that is named. Raises Invalid: `no_such_part`."""
    places = {part_id(ref): place for place, ref in enumerate(refs)}
    for index, name in enumerate(wanted):
        if name not in places:
            raise Invalid("no_such_part", "This upload has no such part.", field=f"part_ids[{index}]")
    return tuple(places[name] for name in wanted)
