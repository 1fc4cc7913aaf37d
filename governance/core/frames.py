"""Sealed frames: a long text in pieces of 64 KiB, each sealed on its own, so that any range can be read alone.

Number, last-mark and place are bound into each frame, so frames cannot be changed, cut off, swapped, repeated, or moved to
another text unnoticed. Each text has a fresh key, so a frame's number serves as its nonce: no pair repeats.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from governance.core.errors import Invalid
from governance.core.sealing import KEY_BYTES, NONCE_BYTES, TAG_BYTES, WRAPPED_BYTES, KeyRing, unwrap_key, wrap_key

FORM = b"RF1"
FRAME_BYTES = 64 * 1024
SEALED_FRAME_BYTES = FRAME_BYTES + TAG_BYTES
HEAD_BYTES = len(FORM) + WRAPPED_BYTES


class Frames:
    """Seals and opens the frames of one text. `head` goes before its first frame."""

    def __init__(self, own: bytes, head: bytes, context: str) -> None:
        self.head = head
        self._cipher = AESGCM(own)
        self._bound = FORM + context.encode()

    @classmethod
    def new(cls, ring: KeyRing, *, context: str) -> "Frames":
        own = os.urandom(KEY_BYTES)
        return cls(own, FORM + wrap_key(ring, own, context=context), context)

    @classmethod
    def of_head(cls, ring: KeyRing, head: bytes, *, context: str) -> "Frames":
        """Return the frames of a text that was sealed before.

        Raises:
            Invalid: `sealed_damaged`, when `head` was changed or belongs to another place.
            Unavailable: `key_unknown`, when the ring lacks the key version.
        """
        if len(head) != HEAD_BYTES or not head.startswith(FORM):
            raise damaged()
        return cls(unwrap_key(ring, head[len(FORM) :], context=context), head, context)

    def seal(self, number: int, plain: bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(number.to_bytes(NONCE_BYTES, "big"), plain, self._place(number, last=last))

    def open(self, number: int, sealed: bytes, *, last: bool) -> bytes:
        """Return the text of frame `number` (from 0); only the last frame of a text may be opened as the last.

        Raises:
            Invalid: `sealed_damaged`.
        """
        try:
            return self._cipher.decrypt(number.to_bytes(NONCE_BYTES, "big"), sealed, self._place(number, last=last))
        except (InvalidTag, ValueError) as wrong:
            raise damaged() from wrong

    def _place(self, number: int, *, last: bool) -> bytes:
        return self._bound + b"\x00" + number.to_bytes(8, "big") + (b"\x01" if last else b"\x00")


def frame_count(sealed_bytes: int) -> int:
    """Return how many frames a sealed text of `sealed_bytes` (head included) has; an empty text has one.

    Raises:
        Invalid: `sealed_damaged`, for a length that no sealed text has.
    """
    body = sealed_bytes - HEAD_BYTES
    count = -(-body // SEALED_FRAME_BYTES)
    if count < 1 or body - (count - 1) * SEALED_FRAME_BYTES < TAG_BYTES:
        raise damaged()
    return count


def damaged() -> Invalid:
    return Invalid("sealed_damaged", "These sealed bytes were changed, or were not sealed for this place.")
