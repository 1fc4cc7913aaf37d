"""What an interface tells of whole files that lie here, and how its clients ask for them. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from governance.core.errors import Invalid, NotFound

FILE = ""  # what an upload is for: to be named in calls as a file
CACHE = "cache"  # or as contents that stand before those of a call
Query = Callable[[str], Sequence[str]]  # looks up the values that a name has in the query of a call


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as its initiative may see it. `digest` is SHA-256 in hex; `said` is what its sender said of it, such as its name.

    `changed_at` is when `expires_at` was last moved.
    """

    id: UUID
    media_type: str
    size: int
    digest: str
    at: datetime
    changed_at: datetime
    expires_at: datetime
    said: Mapping[str, str]


class PageAsked(NamedTuple):
    """Which of an initiative's files are asked for, newest first: at most so many, after one or before one, or exactly these."""

    most: int
    after: UUID | None = None
    before: UUID | None = None
    only: tuple[UUID, ...] | None = None


class ListKept(Protocol):
    def __call__(self, files: Sequence[Kept], *, more: bool, base: str) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class KeptForm:
    """How an interface speaks of files of one `purpose`.

    `number_of` reads an id of ours, None when it is none; `told` and `listing` write one, and a page with whether there are more,
    for the address of the interface; `none` is the refusal of what is not there, about a field of the body or none.
    """

    purpose: str
    number_of: Callable[[str], UUID | None]
    asked: Callable[[Query], PageAsked]
    told: Callable[[Kept, str], dict[str, Any]]
    listing: ListKept
    deleted: Callable[[UUID], dict[str, Any]]
    none: Callable[[str], NotFound]


def no_such_file(field: str = "") -> NotFound:
    remedy = "A file is known to the initiative whose key handed it in."
    return NotFound("no_such_file", "This initiative has no such file.", field=field, remedy=remedy)


def number_in(own_id: str, *, prefix: str) -> UUID | None:
    """Return the number in an id of ours, None when it is none: there is one way of writing it."""
    try:
        number = UUID(hex=own_id.removeprefix(prefix))
    except ValueError:
        return None
    return number if own_id == f"{prefix}{number.hex}" else None


def one(query: Query, name: str) -> str:
    """Return the one value of a name in the query, "" when it is not there. Raises Invalid, `wrong_page`."""
    values = query(name)
    if len(values) > 1:
        raise Invalid("wrong_page", f"{name} stands in the query twice.", field=name, remedy="Say it once.")
    return values[0] if values else ""


def most_in(query: Query, name: str, *, usual: int, most: int) -> int:
    """Return how many rows a page may have. Raises Invalid, `wrong_limit`."""
    written = one(query, name) or str(usual)
    if not written.isdecimal() or len(written) > len(str(most)) or not 1 <= int(written) <= most:
        raise Invalid("wrong_limit", f"{name} is 1 to {most}.", field=name, remedy="Ask for fewer.")
    return int(written)


def said_of(at: datetime) -> str:
    """Return a time as the interfaces write it."""
    return at.isoformat().replace("+00:00", "Z")
