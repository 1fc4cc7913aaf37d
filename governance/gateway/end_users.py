"""Who asks, proven: a token that the organisation's identity provider gave the person, as each initiative's application sends it. Pure.

PyJWT checks signature, issuer, audience and times; which algorithms may sign follows from the kind of the key, never from the token.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import jwt

from governance.core import strict_json
from governance.core.errors import Invalid, NotSignedIn

LONGEST_TOKEN, LONGEST_NAME, LONGEST_URL, LONGEST_KEYS = 16 * 1024, 200, 500, 64 * 1024
LEEWAY_S = 30
MOST_KEYS = 20
LEAST_RSA_BITS = 2048
USUAL_HEADER, USUAL_CLAIM = "X-End-User-Token", "sub"
HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,60}")
CLAIM = re.compile(r"[\w.:/-]{1,100}", re.ASCII)
# Where a key of Remit's or the meaning of the call stands; no token is looked for in these.
TAKEN = frozenset(
    {
        "authorization",
        "x-api-key",
        "x-goog-api-key",
        "cookie",
        "host",
        "content-type",
        "content-length",
        "x-remit-actor",
    }
)
ALGORITHMS = {
    "RSA": ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
    "EC": ["ES256", "ES384", "ES512"],
    "OKP": ["EdDSA"],
}
REMEDY = "The application sends the token that its identity provider gave whoever asks."


@dataclass(frozen=True)
class Issuer:
    """Who vouches for the end users of an initiative. Its keys are pasted (`keys`) or read from `jwks_url`; the other is empty.

    `claim` names what is recorded of the token.
    """

    id: UUID
    header: str
    issuer: str
    audience: str
    claim: str
    jwks_url: str
    keys: Sequence[Mapping[str, Any]]

    @cached_property
    def key_set(self) -> "KeySet":
        return KeySet.of(self.keys)


@dataclass(frozen=True, slots=True)
class KeySet:
    """Public keys by their id; one without an id is used for tokens that name none."""

    keys: Mapping[str, jwt.PyJWK]

    @classmethod
    def of(cls, written: Sequence[Mapping[str, Any]]) -> "KeySet":
        """Return the keys that can sign tokens; what else a provider publishes is left out."""
        found = {}
        for each in written[:MOST_KEYS]:
            if each.get("kty") in ALGORITHMS and each.get("use", "sig") == "sig":
                try:
                    found[str(each.get("kid", ""))] = jwt.PyJWK(dict(each))
                except jwt.PyJWTError:
                    continue
        return cls(found)

    def named(self, kid: str) -> jwt.PyJWK | None:
        only = next(iter(self.keys.values())) if len(self.keys) == 1 else None
        return self.keys.get(kid) or (only if not kid else None)


def kid_of(token: str) -> str:
    """Return which key a token says it is signed with, "" when it does not say. Nothing of it is believed yet.

    Raises:
        NotSignedIn: `end_user_unverified`.
    """
    if len(token) > LONGEST_TOKEN:
        raise unverified("The token is too long.")
    try:
        return str(jwt.get_unverified_header(token).get("kid", ""))
    except jwt.PyJWTError as wrong:
        raise unverified("The token cannot be read.") from wrong


def name_in(token: str, key: jwt.PyJWK, issuer: Issuer) -> str:
    """Return who asks, once everything about the token holds.

    Raises:
        NotSignedIn: `end_user_unverified`, with what does not hold and nothing of the token.
    """
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS[str(key.key_type)],
            audience=issuer.audience,
            issuer=issuer.issuer,
            leeway=LEEWAY_S,
            options={"require": ["exp", "iss", "aud", issuer.claim]},
        )
    except jwt.ExpiredSignatureError as over:
        raise unverified("The token has run out.") from over
    except jwt.InvalidAudienceError as other:
        raise unverified("The token is for another application.") from other
    except jwt.InvalidIssuerError as other:
        raise unverified("The token is from another issuer.") from other
    except jwt.MissingRequiredClaimError as missing:
        raise unverified("The token does not say all it has to.") from missing
    except jwt.PyJWTError as wrong:
        raise unverified("The token does not hold.") from wrong
    name = claims[issuer.claim]
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise unverified("The token names nobody that can be written down.")
    return name


def missing(header: str) -> NotSignedIn:
    return NotSignedIn("end_user_missing", f"A token in the header {header} has to say who asks.", remedy=REMEDY)


def unverified(reason: str) -> NotSignedIn:
    return NotSignedIn("end_user_unverified", f"{reason} Nothing was sent.", remedy=REMEDY)


def checked_header(text: str) -> str:
    """Raises Invalid: `wrong_header`."""
    if not HEADER.fullmatch(text) or text.lower() in TAKEN:
        remedy = f"Choose one of your own, such as {USUAL_HEADER}."
        raise Invalid("wrong_header", "A token cannot stand in this header.", field="header", remedy=remedy)
    return text


def checked_claim(text: str) -> str:
    """Raises Invalid: `wrong_claim`."""
    if not CLAIM.fullmatch(text):
        raise Invalid("wrong_claim", "A claim is a short name such as sub or email.", field="claim")
    return text


def checked_url(text: str, *, loopback_allowed: bool) -> str:
    """Return where keys are read from. Raises Invalid: `wrong_url`. Where its name leads is checked when it is read."""
    try:
        parts = urlsplit(text)
        sound = bool(parts.hostname) and not parts.username and not parts.password and not parts.fragment
        sound &= parts.port is None or parts.port > 0
    except ValueError:
        sound = False
    plain = loopback_allowed and text.startswith("http://127.0.0.1:")
    if not sound or len(text) > LONGEST_URL or not (text.startswith("https://") or plain):
        raise Invalid("wrong_url", "Keys are read from a public https address.", field="jwks_url")
    return text


def parsed_keys(text: str) -> list[dict[str, Any]]:
    """Return the keys of a pasted JWK set, those that can sign.

    Raises:
        Invalid: `wrong_keys`, `private_key`, `weak_key`.
    """
    if len(text) > LONGEST_KEYS:
        raise Invalid("wrong_keys", f"A key set has at most {LONGEST_KEYS // 1024} KB.", field="keys")
    written = keys_in(text.encode())
    for each in written:
        if "d" in each or each.get("kty") == "oct":
            remedy = "Paste the public half only, and change this key: it has left your hands."
            raise Invalid("private_key", "This is a secret key.", field="keys", remedy=remedy)
    known = KeySet.of(written)
    if not known.keys:
        raise Invalid("wrong_keys", "There is no key in it that signs tokens: RSA, EC or Ed25519.", field="keys")
    if any(
        getattr(key.key, "key_size", LEAST_RSA_BITS) < LEAST_RSA_BITS
        for key in known.keys.values()
        if key.key_type == "RSA"
    ):
        raise Invalid("weak_key", f"An RSA key has {LEAST_RSA_BITS} bits at least.", field="keys")
    return written


def keys_in(raw: bytes) -> list[dict[str, Any]]:
    """Return the keys that a JWK set writes down. Raises Invalid: `wrong_keys`."""
    try:
        found = strict_json.loads(raw)
    except Invalid as wrong:
        raise Invalid("wrong_keys", "This is no JSON Web Key Set.", field="keys") from wrong
    keys = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(keys, list) or not all(isinstance(each, dict) for each in keys) or len(keys) > MOST_KEYS:
        raise Invalid("wrong_keys", f'A key set is {{"keys": [...]}} with at most {MOST_KEYS}.', field="keys")
    return keys
