"""The gateway's secret keys, read once at the start. Only this process can open a provider's key."""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from governance.core.errors import Invalid, Unavailable
from governance.core.sealing import KeyRing, open_with, read_public, read_secret
from governance.destinations.rules import key_context
from governance.gateway.access import Offer
from governance.gateway.config import Config


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    payload: KeyRing
    storage: KeyRing
    findings: bytes
    placeholders: bytes
    private: bytes
    permits: Ed25519PublicKey  # checks release permits

    @classmethod
    def load(cls, config: Config) -> "Keys":
        """Raises Unavailable when a key file is missing, broken or readable by others."""
        findings, placeholders = KeyRing.load(config.findings_key), KeyRing.load(config.placeholder_key)
        return cls(
            payload=KeyRing.load(config.payload_key),
            storage=KeyRing.load(config.storage_key),
            findings=findings.key(findings.current),
            placeholders=placeholders.key(placeholders.current),
            private=read_secret(config.private_key),
            permits=Ed25519PublicKey.from_public_bytes(read_public(config.permit_key)),
        )

    def of_placeholders(self, initiative: UUID) -> bytes:
        """Return the key of the initiative's placeholders: equal values look equal inside it and nowhere else."""
        return _mac(self.placeholders, b"placeholders", initiative.bytes)

    def request_digest(self, body: bytes, *, initiative: UUID, destination: UUID) -> bytes:
        """Return the HMAC by which a justification knows exactly this request again; nothing can be read back from it."""
        return _mac(self.findings, b"request", initiative.bytes + destination.bytes + body)

    def provider_key(self, offer: Offer) -> str | None:
        """Return the destination's key, None when it needs none.

        Raises:
            Unavailable: `provider_key_unreadable`.
        """
        if offer.sealed_key is None:
            return None
        try:
            return open_with(self.private, offer.sealed_key, context=key_context(str(offer.destination))).decode()
        except (Invalid, UnicodeDecodeError) as wrong:
            remedy = "Ask a platform admin to set the provider's key again."
            raise Unavailable(
                "provider_key_unreadable", "The provider's key cannot be opened.", remedy=remedy
            ) from wrong


def _mac(key: bytes, purpose: bytes, value: bytes) -> bytes:
    return hmac.new(key, purpose + b"\x00" + value, sha256).digest()
