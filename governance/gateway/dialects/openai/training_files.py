"""Files for fine-tuning as OpenAI's clients see them. To Remit each is a training set of the initiative, and its id says so. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

PURPOSE = "fine-tune"
PREFIX = "file-set-"
# How a form may be filled in. That a set expires by itself is nothing that a sender decides.
FORM_FIELDS = frozenset({"purpose", "file"})


class FileStanding(NamedTuple):
    """`word` is OpenAI's for how a file stands: uploaded, processed or error; `sentence` says what comes next."""

    word: str
    sentence: str


def file_id(number: UUID) -> str:
    return PREFIX + number.hex


def file_number(own_id: str) -> UUID | None:
    """Return the number in an id of a training set, None when it is none."""
    try:
        number = UUID(hex=own_id.removeprefix(PREFIX))
    except ValueError:
        return None
    return number if file_id(number) == own_id else None


def file_object(number: UUID, *, digest: str, size: int, at: datetime, standing: FileStanding) -> dict[str, Any]:
    """Return what is told of a file. Its name is made of its bytes: the one it had where it came from was dropped."""
    return {
        "id": file_id(number),
        "object": "file",
        "bytes": size,
        "created_at": int(at.timestamp()),
        "expires_at": None,
        "filename": f"{digest[:12]}.jsonl",
        "purpose": PURPOSE,
        "status": standing.word,
        "status_details": standing.sentence,
    }


def file_listing(rows: Sequence[Mapping[str, Any]], *, more: bool) -> dict[str, Any]:
    """Return a page of the list of files, or of jobs."""
    ends = {"first_id": rows[0]["id"], "last_id": rows[-1]["id"]} if rows else {"first_id": None, "last_id": None}
    return {"object": "list", "data": list(rows), "has_more": more, **ends}
