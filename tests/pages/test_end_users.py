"""Whoever heads the unit says on a page who vouches for end users; the application's builders read it and cannot change it."""

import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

import builders
import sending
from governance.gateway.models import EndUserIssuer
from governance.organisation.roles import Role

KEY = dict(
    jwt.get_algorithm_by_name("ES256").to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True)
)
TOLD = {"issuer": "https://login.example/", "audience": "letters", "claim": "sub", "header": "X-Token", "keys": ""}


@pytest.fixture
def who(db):
    return sending.builder()


@pytest.fixture
def head(enter, who):
    return enter(builders.person(Role.UNIT_HEAD, who.initiative.accountable_unit, name="Hedda Head"))


def test_it_is_set_replaced_and_ended(head, who):
    here = f"/initiatives/{who.initiative.code}/end-users"
    page = head.post(f"{here}/set", TOLD | {"jwks_url": "https://login.example/keys"}, follow=True).text
    assert "Every call proves who asks" in page
    assert "read from https://login.example/keys" in page
    first = EndUserIssuer.objects.get()
    again = TOLD | {"keys": json.dumps({"keys": [KEY | {"kid": "2026-03"}]}), "replaces": first.pk}
    assert "1 pasted key: 2026-03" in head.post(f"{here}/set", again, follow=True).text
    stale = head.post(f"{here}/set", again)
    assert (stale.status_code, "Somebody has changed this meanwhile" in stale.text) == (422, True)
    now_set = EndUserIssuer.objects.get(ended_at=None)
    assert "Nobody has to prove who they are" in head.post(f"{here}/end", {"replaces": now_set.pk}, follow=True).text


def test_a_builder_reads_it_and_cannot_change_it(head, enter, who):
    here = f"/initiatives/{who.initiative.code}/end-users"
    head.post(f"{here}/set", TOLD | {"jwks_url": "https://login.example/keys"})
    builder = enter(who.person)
    page = builder.get(here).text
    assert "https://login.example/" in page
    assert "Replace it" not in page
    place = sending.destination("https://quill.example/v1")
    sending.grant(who, place)
    assert "<code>X-Token</code>" in builder.get(f"/initiatives/{who.initiative.code}/connect/").text
    assert builder.post(f"{here}/set", TOLD | {"jwks_url": "https://evil.example/keys"}).status_code == 403
    assert enter(builders.person(Role.UNIT_HEAD, builders.unit("Retail"))).get(here).status_code == 404


@pytest.mark.parametrize(
    ("more", "said"),
    [
        pytest.param({"jwks_url": "http://login.example/keys"}, "public https address", id="no TLS"),
        pytest.param({}, "or paste them", id="no keys"),
        pytest.param({"keys": json.dumps({"keys": [KEY | {"d": "x"}]})}, "secret key", id="a private key"),
        pytest.param(
            {"jwks_url": "https://x.example/", "header": "Authorization"}, "cannot stand", id="a taken header"
        ),
    ],
)
def test_what_cannot_be_set_is_said_at_its_field(head, who, more, said):
    answer = head.post(f"/initiatives/{who.initiative.code}/end-users/set", TOLD | more)
    assert (answer.status_code, EndUserIssuer.objects.exists()) == (422, False)
    assert said in answer.text
