"""An initiative whose end users are verified: a token that holds is written down, any other is refused before anything is sent."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import anthropic
import jwt
import openai
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

import sending
from governance.core.actors import INSTALLER
from governance.core.clock import now
from governance.destinations.rules import Dialect
from governance.gateway.models import Exchange
from governance.gateway.services.issuers import end_issuer, set_issuer

pytestmark = pytest.mark.services

SECRET, ROLLED = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
ISSUER, AUDIENCE, HEADER = "https://login.example/", "letters", "X-End-User-Token"
TEXT = "Please make this sentence shorter: we would be glad to be of service to you at any time."


def written(secret, kid):
    key = jwt.get_algorithm_by_name("RS256").to_jwk(secret.public_key(), as_dict=True)
    return dict(key) | {"kid": kid}


def token(secret=SECRET, kid="k1", **changed):
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ada@example.org", "exp": time.time() + 60} | changed
    return jwt.encode(claims, secret, algorithm="RS256", headers={"kid": kid})


@pytest.fixture
def provider():
    """An identity provider on this machine: `asked` counts how often its keys were read."""

    class Keys(BaseHTTPRequestHandler):
        asked, status, keys = 0, 200, [written(SECRET, "k1")]

        def do_GET(self):
            Keys.asked += 1
            self.send_response(Keys.status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(json.dumps({"keys": Keys.keys}).encode())

        def log_message(self, *_):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Keys)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Keys.url = f"http://127.0.0.1:{server.server_port}/keys"
    yield Keys
    server.shutdown()


@pytest.fixture
def vouch(who, settings):
    """Return a function that sets the issuer of this test's initiative."""
    settings.GATEWAY_LOOPBACK_ALLOWED = True

    def made(*, jwks_url="", keys=""):
        told = {"header": HEADER, "issuer": ISSUER, "audience": AUDIENCE, "claim": "sub", "replaces": None}
        where = {"jwks_url": jwks_url, "keys": keys}
        return set_issuer(initiative=who.initiative.code, **told, **where, by=INSTALLER, at=now())

    return made


@pytest.fixture
def pasted(vouch):
    return vouch(keys=json.dumps({"keys": [written(SECRET, "k1")]}))


@pytest.fixture
def client(gateway, who):
    return sending.client(gateway, who.key).with_options(max_retries=0)


def ask(client, sent=None, **more):
    headers = {HEADER: sent} if sent is not None else {}
    messages = [{"role": "user", "content": TEXT}]
    return client.chat.completions.create(model="recorder-1", messages=messages, extra_headers=headers | more)


def code(client, sent=None):
    with pytest.raises(openai.APIStatusError) as refused:
        ask(client, sent)
    return refused.value.status_code, refused.value.code


def test_who_a_token_proves_is_written_down_apart_from_who_the_application_says(client, pasted, recording):
    ask(client, token(), **{"X-Remit-Actor": "somebody"})
    seen = Exchange.objects.order_by("-at")[0]
    assert (seen.verified_user, seen.end_user) == ("ada@example.org", "somebody")
    assert not [head for head in recording.heads() if HEADER.lower() in json.dumps(head).lower()]


def test_a_token_that_does_not_hold_sends_nothing(client, pasted, recording):
    before = recording.count()
    assert code(client) == (401, "end_user_missing")
    assert code(client, token(exp=time.time() - 600)) == (401, "end_user_unverified")
    assert code(client, token(secret=ROLLED)) == (401, "end_user_unverified")
    assert recording.count() == before
    seen = Exchange.objects.order_by("-at")[0]
    assert (seen.state, seen.error_code, seen.verified_user) == ("refused", "end_user_unverified", "")


def test_the_refusal_is_in_the_provider_s_own_shape(gateway, who, pasted, recording):
    sending.grant(who, sending.destination(recording.speaking(Dialect.ANTHROPIC), dialect=Dialect.ANTHROPIC))
    kind = anthropic.Anthropic(base_url=f"{gateway.gateway}/anthropic", auth_token=who.key, max_retries=0)
    with pytest.raises(anthropic.AuthenticationError) as refused:
        kind.messages.create(model="recorder-1", max_tokens=9, messages=[{"role": "user", "content": TEXT}])
    assert refused.value.body["error"]["type"] == "authentication_error"


def test_keys_are_read_once_and_a_new_one_is_found(client, vouch, provider):
    vouch(jwks_url=provider.url)
    for _ in range(3):
        ask(client, token())
    assert provider.asked == 1
    assert code(client, token(secret=ROLLED, kid="k2")) == (401, "end_user_unverified")
    assert provider.asked == 1  # asked for a moment ago: a stranger's token does not make us ask again


@pytest.mark.parametrize("status", [500, 302])
def test_an_issuer_that_does_not_answer_is_a_refusal_to_be_tried_again(client, vouch, provider, recording, status):
    provider.status = status
    vouch(jwks_url=provider.url)
    before = recording.count()
    assert code(client, token()) == (503, "issuer_unreachable")
    provider.status = 200
    ask(client, token())
    assert recording.count() == before + 1


def test_an_address_inside_our_network_is_never_asked(client, vouch, provider):
    vouch(jwks_url="https://169.254.169.254/keys")
    assert code(client, token()) == (503, "issuer_unreachable")
    assert provider.asked == 0


def test_once_it_is_ended_no_token_is_asked_for(client, pasted, who):
    end_issuer(initiative=who.initiative.code, replaces=pasted.pk, by=INSTALLER, at=now())
    time.sleep(0.6)  # what a key may do is remembered for half a second
    assert ask(client)
