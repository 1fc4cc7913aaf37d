"""One text for one value, so that a digest names a meaning and not a spelling."""

import hashlib
from typing import Any

import rfc8785


def canonical(value: Any) -> bytes:
    """Return the canonical JSON of `value`: keys sorted, no white space, one form for each number.

    Source: RFC 8785 (JSON Canonicalization Scheme).

    Raises:
        ValueError: for what JSON cannot hold exactly (NaN, integers beyond 2**53, lone surrogates).
    """
    return rfc8785.dumps(value)


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of `value`, 64 hex characters."""
    return hashlib.sha256(canonical(value)).hexdigest()
