"""What a destination may be, promise and carry."""

from dataclasses import replace

import pytest

from governance.core.vocabulary import Classification, Hosting
from governance.destinations.rules import (
    DestinationState,
    Endpoint,
    TermsFacts,
    may_address,
    may_carry,
    may_declare,
    may_move,
    may_set_terms,
    may_stand,
    may_use_secret,
)

TERMS = TermsFacts(retention_days=30, trains_on_inputs=False, weights_owner="us", cleared_for="confidential")
ENDPOINT = Endpoint("quill", ("quill-large",), "openai", "https://api.quill.example/v1", "public_api")
PUBLIC, CLOUD, OWN = Hosting.PUBLIC_API, Hosting.TENANT_CLOUD, Hosting.SELF_HOSTED


def code_of(verdict):
    return getattr(verdict, "code", None)


@pytest.mark.parametrize("cleared_for", Classification)
@pytest.mark.parametrize("classification", Classification)
def test_data_goes_no_higher_than_its_destination_is_cleared_for(classification, cleared_for):
    carried = may_carry(classification, replace(TERMS, cleared_for=cleared_for), OWN)
    assert bool(carried) == (classification.height <= cleared_for.height)


@pytest.mark.parametrize(
    ("classification", "change", "hosting", "code"),
    [
        pytest.param("confidential", {}, PUBLIC, None, id="cleared is enough"),
        pytest.param(
            "internal", {"trains_on_inputs": True}, PUBLIC, "trains_on_inputs", id="training takes public data only"
        ),
        pytest.param("public", {"trains_on_inputs": True}, PUBLIC, None, id="and public data it may take"),
        pytest.param(
            "restricted", {"cleared_for": "restricted"}, PUBLIC, "restricted_stays", id="whatever the terms say"
        ),
        pytest.param("restricted", {"cleared_for": "restricted"}, CLOUD, None, id="our own tenant may hold it"),
    ],
)
def test_may_carry(classification, change, hosting, code):
    assert code_of(may_carry(Classification(classification), replace(TERMS, **change), hosting)) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({}, None, id="terms that hold together"),
        pytest.param({"cleared_for": "top"}, "unknown_classification", id="there are four classifications"),
        pytest.param({"weights_owner": "nobody"}, "unknown_weights_owner", id="owners come from a list"),
        pytest.param({"retention_days": -1}, "bad_retention", id="days are counted from 0"),
        pytest.param({"retention_days": 99999}, "bad_retention", id="and end somewhere"),
        pytest.param({"price_in": -1}, "bad_price", id="nobody pays us"),
        pytest.param({"price_out": 2**53}, "bad_price", id="a price fits into JSON"),
        pytest.param({"trains_on_inputs": True}, "trains_on_inputs", id="training and confidential exclude each other"),
        pytest.param(
            {"cleared_for": "restricted"}, "restricted_stays", id="a public API is never cleared for restricted"
        ),
    ],
)
def test_may_set_terms(change, code):
    assert code_of(may_set_terms(replace(TERMS, **change), PUBLIC)) == code


@pytest.mark.parametrize(
    ("address", "hosting", "code"),
    [
        pytest.param("https://api.quill.example/v1", PUBLIC, None, id="https and a path"),
        pytest.param("https://api.quill.example:8443", PUBLIC, None, id="a port"),
        pytest.param("http://api.quill.example/v1", PUBLIC, "not_https", id="prompts travel encrypted"),
        pytest.param("http://ollama.corp.example:11434", OWN, None, id="except in networks of our own"),
        pytest.param("https://user:secret@api.quill.example", PUBLIC, "address_with_secret", id="no password"),
        pytest.param("https://@api.quill.example", PUBLIC, "address_with_secret", id="not even an empty one"),
        pytest.param("https://api.quill.example/v1?key=1", PUBLIC, "bad_address", id="no query"),
        pytest.param("https://api.quill.example/v1?", PUBLIC, "bad_address", id="not even an empty one after the path"),
        pytest.param("https://api.quill.example/v1#a", PUBLIC, "bad_address", id="no fragment"),
        pytest.param("https://api.quill.example/../admin", PUBLIC, "bad_address", id="no way up"),
        pytest.param("https://api.quill.example/a//b", PUBLIC, "bad_address", id="no empty step"),
        pytest.param("https://api.quill.example/%2e%2e", PUBLIC, "bad_address", id="no hidden way up"),
        pytest.param("https://api.quill.example/a\nb", PUBLIC, "bad_address", id="no line break"),
        pytest.param("https://api.quill.example:0/", PUBLIC, "bad_address", id="port 0 is none"),
        pytest.param("https://api.quill.example:99999/", PUBLIC, "bad_address", id="nor is 99999"),
        pytest.param("https://[::1", PUBLIC, "bad_address", id="half a network address"),
        pytest.param("ftp://api.quill.example", PUBLIC, "bad_address", id="another protocol"),
        pytest.param("api.quill.example", PUBLIC, "bad_address", id="no protocol"),
        pytest.param("", PUBLIC, "bad_address", id="nothing"),
        pytest.param("https://quíll.example", PUBLIC, "bad_address", id="letters that look like others"),
        pytest.param("https://2130706433/", PUBLIC, "bad_address", id="a number that resolvers take for an address"),
        pytest.param("https://127.1/", PUBLIC, "bad_address", id="half an address that they complete"),
        pytest.param("https://10.0.0.7/v1", PUBLIC, "private_address", id="a provider is not in our network"),
        pytest.param("https://169.254.169.254/", CLOUD, "private_address", id="nor the machine's own metadata"),
        pytest.param("https://[fd00::1]/", CLOUD, "private_address", id="in neither version"),
        pytest.param("http://10.0.0.7:11434", OWN, None, id="our own model is"),
        pytest.param("http://127.0.0.1:9000/v1", OWN, "loopback", id="this machine is no destination"),
        pytest.param("http://[::1]:9000", OWN, "loopback", id="in neither version"),
        pytest.param("http://api.localhost:9000", OWN, "loopback", id="nor under another name"),
    ],
)
def test_may_address(address, hosting, code):
    assert code_of(may_address(address, hosting, loopback=False)) == code


def test_the_demo_may_reach_this_machine():
    assert may_address("http://127.0.0.1:9000/v1", PUBLIC, loopback=True)


@pytest.mark.parametrize(
    ("cidrs", "hosting", "code"),
    [
        pytest.param(("10.20.0.0/16", "fd00:1::/48"), OWN, None, id="networks of our own"),
        pytest.param((), OWN, "cidrs_missing", id="self-hosted says where"),
        pytest.param((), PUBLIC, None, id="a provider does not"),
        pytest.param(("10.0.0.0/8",), PUBLIC, "cidrs_not_wanted", id="and may not"),
        pytest.param(("10.20.0.1/16",), OWN, "bad_cidr", id="bits beyond the prefix"),
        pytest.param(("our lab",), OWN, "bad_cidr", id="words"),
        pytest.param(("0.0.0.0/0",), OWN, "cidr_too_wide", id="everywhere is nowhere"),
        pytest.param(("::/0",), OWN, "cidr_too_wide", id="in neither version"),
        pytest.param(("169.254.0.0/16",), OWN, "cidr_special", id="where machines keep their secrets"),
    ],
)
def test_may_declare(cidrs, hosting, code):
    assert code_of(may_declare(cidrs, hosting)) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({}, None, id="a well-formed place"),
        pytest.param({"ref": "Quill"}, "bad_ref", id="a reference is lower-case"),
        pytest.param({"ref": "quill/eu"}, "bad_ref", id="a slash parts destination and model"),
        pytest.param({"model_names": ()}, "bad_model_names", id="a place without a model is none"),
        pytest.param({"model_names": ("quill large",)}, "bad_model_names", id="a model's name has no blanks"),
        pytest.param({"model_names": ("org/quill:7b",)}, None, id="but may hold / and :"),
        pytest.param({"dialect": "esperanto"}, "unknown_dialect", id="dialects come from a list"),
        pytest.param({"hosting": "cellar"}, "unknown_hosting", id="hostings come from a list"),
        pytest.param({"base_url": "http://api.quill.example"}, "not_https", id="the address is looked at"),
        pytest.param({"cidrs": ("10.0.0.0/16",)}, "cidrs_not_wanted", id="the networks are looked at"),
    ],
)
def test_may_stand(change, code):
    assert code_of(may_stand(replace(ENDPOINT, **change), loopback=False)) == code


@pytest.mark.parametrize(
    ("secret", "fits"),
    [
        pytest.param("synthetic-key-0123456789", True, id="one word"),
        pytest.param("short", False, id="too short to hide behind four characters"),
        pytest.param("synthetic key 0123456789", False, id="blanks"),
        pytest.param("synthetic-key\r\nx-header: 1", False, id="a second header"),
        pytest.param("synthetic-kéy-0123456789", False, id="not ASCII"),
        pytest.param("k" * 5000, False, id="too long"),
    ],
)
def test_may_use_secret(secret, fits):
    assert bool(may_use_secret(secret)) == fits


ALLOWED = {
    ("proposed", "open"),
    ("proposed", "retired"),
    ("open", "suspended"),
    ("open", "retired"),
    ("suspended", "open"),
    ("suspended", "retired"),
}


@pytest.mark.parametrize("state", DestinationState)
@pytest.mark.parametrize("to", DestinationState)
def test_a_destination_moves_only_along_its_diagram(state, to):
    assert bool(may_move(state, to)) == ((state, to) in ALLOWED)
