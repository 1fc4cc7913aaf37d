"""Which tokens prove who asks, and which keys can be told."""

import hmac
import json
import time
from hashlib import sha256
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from governance.core.errors import Invalid, NotSignedIn
from governance.gateway.end_users import (
    Issuer,
    checked_header,
    checked_url,
    kid_of,
    name_in,
    parsed_keys,
)

ISSUER, AUDIENCE, KID = "https://login.example/", "letters", "k1"
SECRETS = {
    "RS256": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}


def public(algorithm, kid=KID):
    written = jwt.get_algorithm_by_name(algorithm).to_jwk(SECRETS[algorithm].public_key(), as_dict=True)
    return dict(written) | {"kid": kid, "use": "sig"}


def issuer(*algorithms, claim="sub"):
    return Issuer(UUID(int=1), "X-Token", ISSUER, AUDIENCE, claim, "", [public(each) for each in algorithms])


def token(algorithm="RS256", *, kid=KID, secret=None, **changed):
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "exp": time.time() + 60} | changed
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, secret or SECRETS[algorithm], algorithm=algorithm, headers={"kid": kid} if kid else {})


def who(written, by):
    key = by.key_set.named(kid_of(written))
    return name_in(written, key, by) if key else None


@pytest.mark.parametrize("algorithm", list(SECRETS))
def test_a_token_that_holds_says_who_asks(algorithm):
    assert who(token(algorithm), issuer(algorithm)) == "ada"


def test_another_claim_may_be_written_down():
    assert who(token(email="ada@example.org"), issuer("RS256", claim="email")) == "ada@example.org"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"exp": time.time() - 120}, "run out", id="it has run out"),
        pytest.param({"exp": None}, "all it has to", id="it never runs out"),
        pytest.param({"aud": "other"}, "another application", id="made for another application"),
        pytest.param({"aud": None}, "all it has to", id="made for none"),
        pytest.param({"iss": "https://evil.example/"}, "another issuer", id="from another issuer"),
        pytest.param({"sub": None}, "all it has to", id="of nobody"),
        pytest.param({"sub": "x" * 201}, "names nobody", id="a name that is too long"),
        pytest.param({"sub": "a\nb"}, "names nobody", id="a name of two lines"),
        pytest.param({"nbf": time.time() + 86_400}, "does not hold", id="not yet"),
    ],
)
def test_a_token_that_does_not_hold_says_why_and_nothing_of_itself(changed, said):
    with pytest.raises(NotSignedIn) as refused:
        who(token(**changed), issuer("RS256"))
    assert said in refused.value.reason
    assert "ada" not in refused.value.reason


def test_the_public_key_is_no_shared_secret():
    """The oldest attack: the token says HMAC, with the public key as the secret."""
    _, claims, _ = token().split(".")
    head = jwt.utils.base64url_encode(json.dumps({"alg": "HS256", "typ": "JWT", "kid": KID}).encode())
    signed = head + b"." + claims.encode()
    secret = json.dumps(public("RS256")).encode()
    forged = signed + b"." + jwt.utils.base64url_encode(hmac.new(secret, signed, sha256).digest())
    with pytest.raises(NotSignedIn):
        who(forged.decode(), issuer("RS256"))


def test_a_token_without_a_signature_proves_nothing():
    bare = jwt.encode({"iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "exp": time.time() + 60}, None, algorithm="none")
    with pytest.raises(NotSignedIn):
        who(bare, issuer("RS256"))


def test_a_token_of_somebody_else_s_key_proves_nothing():
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(NotSignedIn):
        who(token(secret=stranger), issuer("RS256"))
    assert who(token(kid="k2"), issuer("RS256")) is None


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "x" * 20_000])
def test_what_is_no_token_is_refused(text):
    with pytest.raises(NotSignedIn):
        kid_of(text)


def test_the_only_key_is_used_for_a_token_that_names_none():
    assert who(token(kid=None), issuer("RS256")) == "ada"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("{", "wrong_keys", id="no JSON"),
        pytest.param('{"keys": [1]}', "wrong_keys", id="no keys"),
        pytest.param('{"keys": []}', "wrong_keys", id="none"),
        pytest.param('{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}', "private_key", id="a shared secret"),
        pytest.param(json.dumps({"keys": [public("ES256") | {"d": "x"}]}), "private_key", id="a private key"),
        pytest.param("x" * 70_000, "wrong_keys", id="too long"),
    ],
)
def test_which_keys_cannot_be_pasted(text, code):
    with pytest.raises(Invalid) as refused:
        parsed_keys(text)
    assert refused.value.code == code


def test_a_weak_key_is_not_taken():
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - that is what is tried
    written = dict(jwt.get_algorithm_by_name("RS256").to_jwk(weak.public_key(), as_dict=True))
    with pytest.raises(Invalid) as refused:
        parsed_keys(json.dumps({"keys": [written]}))
    assert refused.value.code == "weak_key"


@pytest.mark.parametrize("header", ["Authorization", "x-api-key", "X Token", "", "Content-Length", "X-Remit-Actor"])
def test_a_token_stands_in_a_header_of_its_own(header):
    with pytest.raises(Invalid):
        checked_header(header)


@pytest.mark.parametrize(
    "url",
    [
        "http://login.example/keys",
        "https://ada:secret@login.example/keys",
        "https://",
        "file:///etc/passwd",
        "https://login.example/keys#x",
        "https://[::1",
        "http://127.0.0.1:80/keys",
    ],
)
def test_keys_are_read_from_a_public_address_alone(url):
    with pytest.raises(Invalid):
        checked_url(url, loopback_allowed=False)
    assert checked_url("https://login.example/keys", loopback_allowed=False)
