"""Read a document in a process of its own, with its own bounds of memory and time: parsers of foreign formats are not trusted."""

import json
import subprocess
import sys
from pathlib import Path

from governance.core.errors import Unavailable

from .kinds import PICTURES, Kind
from .reading import Reading

UNREAD = "document_unread"
_HERE = Path(__file__).parents[3]


def read_apart(kind: Kind, raw: bytes, *, seconds: float, pictures: bool = False) -> Reading:
    """Return the words of a document, and what of it nobody can read. With `pictures` those inside it are read as well.

    Raises:
        Unavailable: `document_unread`, when it takes more time, memory or text than a document may.
    """
    command = [sys.executable, "-m", __package__, kind.value, *([PICTURES] if pictures else [])]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and a word of ours
            command, input=raw, capture_output=True, timeout=max(0.0, seconds), cwd=_HERE, env={}, check=True
        )
        return Reading.of_dict(json.loads(done.stdout))
    # What the process said is not repeated: parsers quote what they failed on.
    except (OSError, subprocess.SubprocessError, ValueError, TypeError, KeyError):
        raise unread() from None


def unread() -> Unavailable:
    return Unavailable(
        UNREAD,
        "A document could not be read within the time, memory and length that one may take.",
        remedy="Send its text, or a smaller document.",
    )
