"""The secrets of one stack, made at random at its first start, one 0600 file for each purpose.

A key ring is JSON: {"current": "1", "keys": {"1": <32 bytes, base64>}}; a new key is added under the next number and old
ones stay as long as something is sealed with them. A pair is one line of base64 each: X25519, to which provider keys are
sealed, and Ed25519, which signs release permits. In production each process is given only the files it needs.
"""

import json
import secrets
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from governance.stack.places import write_private

STORAGE, PAYLOAD, FINDINGS, PLACEHOLDER = "storage.key", "payload.key", "findings.hmac", "placeholder.hmac"
WEBHOOK = "webhook.key"
GATEWAY_PRIVATE, GATEWAY_PUBLIC = "gateway.x25519", "gateway.x25519.pub"
PERMIT_PRIVATE, PERMIT_PUBLIC = "permit.ed25519", "permit.ed25519.pub"
SESSION, PASSWORDS = "session.secret", "passwords.json"
LOGINS = ("postgres", "owner", "app", "gateway", "sequencer", "valkey")


def make_keys(folder: Path) -> None:
    """Make the files that are not there yet; never change one that is."""
    for name, make in MAKERS.items():
        if not (folder / name).exists():
            write_private(folder / name, make())
    for private, public, make_pair in PAIRS:
        if not (folder / private).exists():
            _make_pair(folder / private, folder / public, make_pair())


def passwords(folder: Path) -> dict[str, str]:
    """Return the password of each login in LOGINS."""
    found: dict[str, str] = json.loads((folder / PASSWORDS).read_text())
    return found


def _key_ring() -> str:
    return json.dumps({"current": "1", "keys": {"1": b64encode(secrets.token_bytes(32)).decode()}}) + "\n"


def _passwords() -> str:
    return json.dumps({login: secrets.token_urlsafe(32) for login in LOGINS}) + "\n"


def _make_pair(private: Path, public: Path, key: X25519PrivateKey | Ed25519PrivateKey) -> None:
    # The public half first: a crash between the two leaves no private key, and the pair is made again.
    write_private(public, b64encode(key.public_key().public_bytes_raw()).decode() + "\n")
    write_private(private, b64encode(key.private_bytes_raw()).decode() + "\n")


MAKERS: dict[str, Callable[[], str]] = {
    STORAGE: _key_ring,
    PAYLOAD: _key_ring,
    FINDINGS: _key_ring,
    PLACEHOLDER: _key_ring,
    WEBHOOK: _key_ring,
    SESSION: lambda: secrets.token_urlsafe(48) + "\n",
    PASSWORDS: _passwords,
}
PAIRS = (
    (GATEWAY_PRIVATE, GATEWAY_PUBLIC, X25519PrivateKey.generate),
    (PERMIT_PRIVATE, PERMIT_PUBLIC, Ed25519PrivateKey.generate),
)
