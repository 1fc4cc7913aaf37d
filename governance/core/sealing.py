"""Seal bytes so that only the holder of a key can read them, and only in the place they were sealed for.

`context` names that place (table, row, field) and is authenticated: a sealed value moved elsewhere does not open.
Every value has a key of its own, wrapped by a key of the ring, so that a change of ring keys re-wraps 48 bytes a value.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from governance.core.errors import Invalid
from governance.core.keyring import KEY_BYTES, KeyRing, read_public, read_secret

__all__ = [
    "KEY_BYTES",
    "KeyRing",
    "hmac_hex",
    "open_with",
    "read_public",
    "read_secret",
    "reseal",
    "seal",
    "seal_to",
    "unseal",
    "unwrap_key",
    "wrap_key",
]

SEALED, BOXED = b"RS1", b"RB1"  # the first bytes name the form, so that a later form can be told apart
NONCE_BYTES, TAG_BYTES, VERSION_BYTES = 12, 16, 4
WRAPPED_BYTES = VERSION_BYTES + NONCE_BYTES + KEY_BYTES + TAG_BYTES


def seal(ring: KeyRing, plain: bytes, *, context: str) -> bytes:
    """Return `plain` sealed with a fresh key, wrapped by the ring's current key; 95 bytes longer than `plain`.

    Shape: "RS1", key version (4 bytes, big-endian), nonce (12), wrapped key (48), nonce (12), text and tag (16).
    """
    own, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)
    text = AESGCM(own).encrypt(nonce, plain, _bound(SEALED, context))
    return SEALED + wrap_key(ring, own, context=context) + nonce + text


def unseal(ring: KeyRing, sealed: bytes, *, context: str) -> bytes:
    """Return what was sealed for `context`.

    Raises:
        Invalid: `sealed_damaged`, when the bytes were changed, cut, or sealed for another place or by another key.
        Unavailable: `key_unknown`, when the ring lacks the key version.
    """
    if not sealed.startswith(SEALED) or len(sealed) < len(SEALED) + WRAPPED_BYTES + NONCE_BYTES + TAG_BYTES:
        raise _damaged()
    start = len(SEALED) + WRAPPED_BYTES
    own = unwrap_key(ring, sealed[len(SEALED) : start], context=context)
    nonce, text = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
    return _decrypt(own, nonce, text, _bound(SEALED, context))


def reseal(ring: KeyRing, sealed: bytes, *, context: str) -> bytes:
    """Return `sealed` with its key wrapped by the ring's current key; the text itself stays as it is.

    Raises:
        Invalid, Unavailable: as `unseal`, except that damage in the text is only seen when it is opened.
    """
    start = len(SEALED) + WRAPPED_BYTES
    if not sealed.startswith(SEALED) or len(sealed) < start:
        raise _damaged()
    own = unwrap_key(ring, sealed[len(SEALED) : start], context=context)
    return SEALED + wrap_key(ring, own, context=context) + sealed[start:]


def wrap_key(ring: KeyRing, own: bytes, *, context: str) -> bytes:
    """Return the 32-byte key `own` wrapped by the ring's current key for `context`: WRAPPED_BYTES long."""
    version = ring.current.to_bytes(VERSION_BYTES, "big")
    nonce = os.urandom(NONCE_BYTES)
    return version + nonce + AESGCM(ring.key(ring.current)).encrypt(nonce, own, _bound(b"key" + version, context))


def unwrap_key(ring: KeyRing, wrapped: bytes, *, context: str) -> bytes:
    """Return the key that `wrap_key` wrapped for `context`.

    Raises:
        Invalid, Unavailable: as `unseal`.
    """
    version, rest = wrapped[:VERSION_BYTES], wrapped[VERSION_BYTES:]
    nonce, text = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
    return _decrypt(ring.key(int.from_bytes(version, "big")), nonce, text, _bound(b"key" + version, context))


def seal_to(public_key: bytes, plain: bytes, *, context: str) -> bytes:
    """Return `plain` sealed so that only the holder of the private half of `public_key` (X25519, 32 bytes) can read it.

    Shape: "RB1", ephemeral public key (32), nonce (12), text and tag (16). Who sealed it is not proved.

    Raises:
        Invalid: `public_key_wrong`, when `public_key` is no usable X25519 key.
    """
    ephemeral = X25519PrivateKey.generate()
    try:
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public_key))
    except ValueError as wrong:
        raise Invalid("public_key_wrong", "This is not a usable X25519 public key.") from wrong
    sent, nonce = ephemeral.public_key().public_bytes_raw(), os.urandom(NONCE_BYTES)
    text = AESGCM(_box_key(shared, sent, public_key)).encrypt(nonce, plain, _bound(BOXED, context))
    return BOXED + sent + nonce + text


def open_with(private_key: bytes, sealed: bytes, *, context: str) -> bytes:
    """Return what `seal_to` sealed for the public half of `private_key` (X25519, 32 bytes) and for `context`.

    Raises:
        Invalid: `sealed_damaged`, when the bytes were changed or sealed for another place or another key.
    """
    if not sealed.startswith(BOXED) or len(sealed) < len(BOXED) + KEY_BYTES + NONCE_BYTES + TAG_BYTES:
        raise _damaged()
    own = X25519PrivateKey.from_private_bytes(private_key)
    rest = sealed[len(BOXED) :]
    sent, nonce, text = rest[:KEY_BYTES], rest[KEY_BYTES : KEY_BYTES + NONCE_BYTES], rest[KEY_BYTES + NONCE_BYTES :]
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(sent))
    except ValueError as wrong:
        raise _damaged() from wrong
    return _decrypt(_box_key(shared, sent, own.public_key().public_bytes_raw()), nonce, text, _bound(BOXED, context))


def hmac_hex(ring: KeyRing, value: bytes, *, context: str) -> str:
    """Return the HMAC-SHA-256 of `value` under the ring's current key, 64 hex characters.

    `context` says what is compared with what: equal values under two contexts give unrelated results.
    """
    return hmac.new(ring.key(ring.current), _bound(b"mac", context) + value, hashlib.sha256).hexdigest()


def _box_key(shared: bytes, sent: bytes, public_key: bytes) -> bytes:
    # Both public keys go in, so that the key belongs to this exchange and no other (as in RFC 9180, section 4.1).
    derive = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"remit sealed box 1" + sent + public_key)
    return derive.derive(shared)


def _bound(form: bytes, context: str) -> bytes:
    # The length keeps ("a", "bc") apart from ("ab", "c").
    return len(form).to_bytes(1, "big") + form + len(context.encode()).to_bytes(4, "big") + context.encode()


def _decrypt(key: bytes, nonce: bytes, text: bytes, bound: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(nonce, text, bound)
    except (InvalidTag, ValueError) as wrong:
        raise _damaged() from wrong


def _damaged() -> Invalid:
    return Invalid("sealed_damaged", "These sealed bytes were changed, or were not sealed for this place.")
