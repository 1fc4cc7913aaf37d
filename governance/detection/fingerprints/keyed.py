"""Hashes nobody can work out without the installation's key: a list of fingerprints tells nothing about the text behind it.

Grams are hashed openly first (so that lists of public text serve every installation) and hidden by AES last: whoever steals a
register without its key can neither read it nor ask it whether it holds a text.
"""

import hashlib
import hmac
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]


class Domain(IntEnum):
    """What a hash is of: equal grams of two kinds must not look equal."""

    EXACT = 1
    RENAMED = 2
    WORDS = 3
    CELL = 4
    SAID = 5


@dataclass(frozen=True, slots=True)
class HashKey:
    """`check` names the key in an index without revealing it; `secret` are the 32 bytes of AES."""

    secret: bytes
    check: str

    @classmethod
    def of(cls, key: bytes) -> "HashKey":
        derived = hmac.new(key, b"remit fingerprints 2", hashlib.sha512).digest()
        return cls(derived[:32], derived[32:48].hex())

    def hide(self, hashes: Hashes, domain: Domain | Hashes) -> Hashes:
        """Return the hashes as they are stored: the first half of AES over hash and domain, a function only the key holder knows.

        `domain` is one for all, or one for each: setting AES up costs as much as a short text.
        """
        blocks = np.empty((len(hashes), 2), dtype="<u8")
        blocks[:, 0], blocks[:, 1] = hashes, domain
        # One block each and never twice the same under one meaning: ECB is then AES itself, which is what is wanted here.
        encryptor = Cipher(algorithms.AES(self.secret), modes.ECB()).encryptor()  # noqa: S305 - as above
        hidden = np.frombuffer(encryptor.update(blocks.tobytes()), dtype="<u8")
        return np.ascontiguousarray(hidden[::2])


def mixed(values: Hashes) -> Hashes:
    """Return the values spread over all 64 bits, in the same order.

    Source: the finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
    """
    spread = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    spread = (spread ^ (spread >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return spread ^ (spread >> np.uint64(31))
