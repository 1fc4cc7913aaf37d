"""What was read of a document, and what of it nobody can read."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

LEGIBLE = re.compile(rb"[\x20-\x7e]{6,}")  # in what is no text by its form, such as a signature


class Opaque(StrEnum):
    """What cannot be scanned, for there are no words to be found in it. Refused where a destination's policy does not name it."""

    PICTURES = "pictures"
    READ_PICTURES = "read_pictures"  # their words were read by a model; what is drawn besides was not looked at
    ENCRYPTED = "encrypted"
    PROGRAMS = "programs"  # macros and scripts
    ATTACHMENTS = "attachments"  # files in a file, and what was there before and is still in the bytes
    UNREADABLE = "unreadable"  # damaged, or its letters cannot be told


@dataclass(slots=True)
class Reading:
    """`parts` are (name, text) in the order of the document, "page 3" or "comments", no name twice; every text is in one of them.

    `because` says of a kind of `opaque` where it first stands and which limit it passed, in our words alone.
    """

    parts: list[tuple[str, str]] = field(default_factory=list)
    opaque: set[Opaque] = field(default_factory=set)
    because: dict[Opaque, str] = field(default_factory=dict)

    def lack(self, kind: Opaque, why: str = "") -> None:
        """Say that nobody can read something of `kind`."""
        self.opaque.add(kind)
        if why:
            self.because.setdefault(kind, why)

    def add(self, name: str, text: str) -> None:
        """Add a part; one without a word is left out, and one of a name that is there already gets a number."""
        if text.strip():
            same = sum(each == name or each.startswith(f"{name} (") for each, _ in self.parts)
            self.parts.append((f"{name} ({same + 1})" if same else name, text))

    def to_dict(self) -> dict[str, Any]:
        return {"parts": self.parts, "opaque": sorted(self.opaque), "because": self.because}

    @classmethod
    def of_dict(cls, values: dict[str, Any]) -> "Reading":
        """Return the reading of `to_dict`. Raises ValueError, TypeError, KeyError for anything else."""
        parts = [(str(name), str(text)) for name, text in values["parts"]]
        because = {Opaque(kind): str(why) for kind, why in values.get("because", {}).items()}
        return cls(parts, {Opaque(each) for each in values["opaque"]}, because)
