"""From bytes of UTF-8 to code points."""

from dataclasses import dataclass

import numpy as np

from .tokens import Places

_CONTINUATION = 0x80  # the top two bits of every byte of a character but the first
_TOP_BITS = 0xC0


@dataclass(frozen=True, slots=True)
class Points:
    """`counted[i]` characters begin in the first i + 1 bytes; None when all are ASCII, and bytes are code points."""

    counted: Places | None

    @classmethod
    def of(cls, raw: bytes) -> "Points":
        if raw.isascii():
            return cls(None)
        return cls(np.cumsum((np.frombuffer(raw, dtype=np.uint8) & _TOP_BITS) != _CONTINUATION))

    def __call__(self, byte: int) -> int:
        return int(self.of_many(np.array([byte]))[0])

    def of_many(self, offsets: Places) -> Places:
        """Return the code points of byte offsets that stand between characters."""
        if self.counted is None:
            return offsets
        return np.where(offsets > 0, self.counted[np.maximum(offsets, 1) - 1], 0)
