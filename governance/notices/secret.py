"""Signing secrets of webhooks: made at random, shown once, kept sealed."""

import secrets
from base64 import b64encode
from functools import cache
from uuid import UUID

from django.conf import settings

from governance.core.keyring import KeyRing
from governance.core.sealing import seal, unseal
from governance.notices.rules import SECRET_PREFIX

SECRET_BYTES = 32


def new_secret() -> str:
    """Return a fresh secret in the form of the Standard Webhooks specification: "whsec_" and base64."""
    return SECRET_PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def seal_secret(secret: str, *, webhook_id: UUID) -> bytes:
    """Return `secret` sealed for this webhook. Raises Unavailable when the key file is missing."""
    return seal(_ring(), secret.encode(), context=_context(webhook_id))


def open_secret(sealed: bytes, *, webhook_id: UUID) -> str:
    """Return what was sealed. Raises Invalid `sealed_damaged`, Unavailable when the key is missing."""
    return unseal(_ring(), sealed, context=_context(webhook_id)).decode()


@cache
def _ring() -> KeyRing:
    return KeyRing.load(settings.WEBHOOK_KEY_FILE)


def _context(webhook_id: UUID) -> str:
    return f"notices_webhook:{webhook_id}:secret"
