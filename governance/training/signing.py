"""The signature of a release permit: Ed25519, private key for web and workers, public key for whoever checks."""

from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from governance.core.keyring import read_secret


@cache
def _private() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(read_secret(settings.PERMIT_PRIVATE_KEY_FILE))


def sign(body: bytes) -> bytes:
    """Return the 64-byte signature of a permit's canonical JSON.

    Raises:
        Unavailable: when the key file is missing or readable by others.
    """
    return _private().sign(body)


def is_signed(body: bytes, signature: bytes) -> bool:
    try:
        _private().public_key().verify(signature, body)
    except InvalidSignature:
        return False
    return True
