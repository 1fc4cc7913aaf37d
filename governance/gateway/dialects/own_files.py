"""How an interface names files in the body of a call, where the file is one that was handed to the gateway. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class FileNamed:
    """Where a body names one of our files: in the field `field` of `part`, an object of the decoded body.

    `number` is None where the name cannot be that of any file here.
    """

    number: UUID | None
    part: dict[str, Any]
    field: str


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """`mark` stands in every body that names a file of ours; one without it is not looked through.

    `named` finds the places in a body whose shape nobody has looked at yet; `put_in` puts the bytes, of a media type, into one of
    them as if they had stood there.
    """

    dialect: str
    mark: bytes
    named: Callable[[Mapping[str, Any]], Iterator[FileNamed]]
    put_in: Callable[[FileNamed, bytes, str], None]
