"""A release permit as the gateway reads it. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Release:
    """A release permit that was not used: what it says, and the signature on that."""

    permit: UUID
    body: Mapping[str, Any]
    signature: bytes = field(repr=False)
