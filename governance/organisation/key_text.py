"""The text of a key: shown once, kept as a digest. Pure.

`rmt_<10>_<43>`: the first two parts are the prefix, which is shown in lists and logs; the last is 256 random bits.
A plain SHA-256 is enough to keep: a secret of 256 bits cannot be guessed, so a slow hash would only slow the gateway.
"""

import hashlib
import re
import secrets
import string
from dataclasses import dataclass
from hmac import compare_digest

ALPHABET = string.ascii_lowercase + string.digits
SHAPE = re.compile(r"(rmt_[a-z0-9]{10})_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class KeyText:
    prefix: str  # "rmt_" and 10 characters
    text: str  # the whole secret
    digest: bytes  # 32 bytes

    def __repr__(self) -> str:
        return f"KeyText({self.prefix})"


def new_key_text() -> KeyText:
    prefix = "rmt_" + "".join(secrets.choice(ALPHABET) for _ in range(10))
    text = f"{prefix}_{secrets.token_urlsafe(32)}"
    return KeyText(prefix, text, digest_of(text))


def digest_of(text: str) -> bytes:
    """Return the SHA-256 of the whole text, 32 bytes."""
    return hashlib.sha256(text.encode()).digest()


def prefix_of(text: str) -> str | None:
    """Return the prefix of a key's text, None when it has not the shape of one."""
    match = SHAPE.fullmatch(text)
    return match[1] if match else None


def matches(text: str, digest: bytes) -> bool:
    """Compare in constant time, so that the time taken tells nothing of the digest."""
    return compare_digest(digest_of(text), digest)
