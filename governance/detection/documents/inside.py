"""The pictures inside a document: read, within bounds for all of them together, or told of.

What is read of them are parts of the document. One that says more than is drawn, was not clear, or is beyond a bound counts as not
read, with where it stands and why. One of a single colour says nothing.
"""

import hashlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .pictures import only_draws
from .reading import Opaque, Reading

if TYPE_CHECKING:
    from PIL.Image import Image

MOST = 40  # pictures of one document
MOST_BYTES = 32 * 1024 * 1024  # of their files together
MOST_CPU_S = 60.0  # for all of them; the process that reads a document has a few more
SAYS_MORE = "it is no plain PNG, JPEG, GIF or WebP, or says more than is drawn: save it without its metadata"


@dataclass(slots=True)
class Pictures:
    """Those of one document. Without `reads` it is only told that they are there."""

    reads: bool = False
    _seen: set[str] = field(default_factory=set)
    _bytes: int = 0
    _began_s: float = field(default_factory=time.process_time)  # a process may have read documents before

    def look(self, raw: bytes, where: str, reading: Reading) -> None:
        """Add what a picture says, whose file this is, to `reading`."""
        if not self.is_to_open(hashlib.sha256(raw).hexdigest(), len(raw), where, reading):
            return
        from .drawn import opened  # its libraries take a second, and few documents need them

        try:
            picture = opened(raw) if only_draws(raw) else None
        except (OSError, ValueError):
            self.lack(where, reading, "it is damaged")
            return
        if picture is None:
            self.lack(where, reading, SAYS_MORE)
        else:
            self.look_at_drawn(picture, where, reading)

    def is_to_open(self, key: str, size: int, where: str, reading: Reading) -> bool:
        """Say whether a picture of `size` bytes is to be read: not if one of its key was before, nor beyond a bound, which is told."""
        if not self.reads:
            self.lack(where, reading, "")
            return False
        if key in self._seen:
            return False
        self._seen.add(key)
        self._bytes += size
        if why := self._beyond():
            self.lack(where, reading, why)
        return not why

    def look_at_drawn(self, picture: "Image", where: str, reading: Reading, *, turned: int = 0) -> None:
        """Add what is drawn in a picture. It is shown turned by so many quarters against the clock."""
        from .drawn import words_of

        words = words_of(picture, turned=turned)
        reading.add(where, "\n\n".join(filter(None, [words.rows, words.apart, words.codes])))
        if words.why_not:
            self.lack(where, reading, words.why_not)
        elif not words.is_blank:
            reading.lack(Opaque.READ_PICTURES, where)

    def lack(self, where: str, reading: Reading, why: str) -> None:
        """Tell of a picture that is not read."""
        reading.lack(Opaque.PICTURES, f"{where}: {why}" if why else where)

    def _beyond(self) -> str:
        """Return the bound that the pictures so far are beyond, "" for none."""
        if len(self._seen) > MOST:
            return f"at most {MOST} pictures of a document are read"
        if self._bytes > MOST_BYTES:
            return f"at most {MOST_BYTES // 1024**2} MiB of pictures are read"
        if time.process_time() - self._began_s > MOST_CPU_S:
            return f"the pictures of a document may take {MOST_CPU_S:.0f} seconds to read"
        return ""
