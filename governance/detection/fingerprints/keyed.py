"""Hashes nobody can work out without the installation's key: a list of fingerprints tells nothing about the text behind it."""

import hashlib
import hmac
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class HashKey:
    """`check` names the key in an index without revealing it."""

    base: np.uint64
    salt: np.uint64
    check: str

    @classmethod
    def of(cls, key: bytes) -> "HashKey":
        derived = hmac.new(key, b"remit fingerprints 1", hashlib.sha512).digest()
        base = int.from_bytes(derived[:8], "big") | 1  # odd: no information is multiplied away
        return cls(np.uint64(base), np.uint64(int.from_bytes(derived[8:16], "big")), derived[16:32].hex())


def mixed(values: NDArray[np.uint64], key: HashKey) -> NDArray[np.uint64]:
    """Return the values spread over all 64 bits, in the same order.

    Source: the finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), keyed by adding the salt first.
    """
    spread = values + key.salt
    spread = (spread ^ (spread >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    spread = (spread ^ (spread >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return spread ^ (spread >> np.uint64(31))
