"""Sealed values open only whole, with their key, in their place."""

import json
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from governance.core.errors import Invalid, Unavailable
from governance.core.sealing import (
    KeyRing,
    hmac_hex,
    open_with,
    read_public,
    read_secret,
    reseal,
    seal,
    seal_to,
    unseal,
)

RING = KeyRing({1: bytes(range(32))}, current=1)
TURNED = KeyRing({1: bytes(range(32)), 2: bytes(range(32, 64))}, current=2)
PRIVATE = X25519PrivateKey.from_private_bytes(bytes(range(64, 96)))
PUBLIC = PRIVATE.public_key().public_bytes_raw()


def in_file(path, content, mode=0o600):
    path.write_text(content)
    path.chmod(mode)
    return path


def ring_file(path, *, current="1", keys=None, mode=0o600):
    keys = keys or {"1": b64encode(bytes(32)).decode()}
    return in_file(path, json.dumps({"current": current, "keys": keys}), mode)


@given(st.binary(max_size=5000), st.text(max_size=30))
def test_what_is_sealed_opens_in_its_place(plain, context):
    assert unseal(RING, seal(RING, plain, context=context), context=context) == plain


@given(st.binary(max_size=5000), st.text(max_size=30))
def test_a_box_opens_with_the_private_key(plain, context):
    assert open_with(PRIVATE.private_bytes_raw(), seal_to(PUBLIC, plain, context=context), context=context) == plain


@given(st.data())
def test_no_changed_byte_goes_unseen(data):
    sealed = bytearray(seal(RING, b"synthetic text", context="table/row/field"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises((Invalid, Unavailable)):
        unseal(RING, bytes(sealed), context="table/row/field")


@given(st.data())
def test_no_changed_byte_of_a_box_goes_unseen(data):
    sealed = bytearray(seal_to(PUBLIC, b"synthetic key", context="destination"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    change = data.draw(st.integers(1, 255))
    # X25519 ignores the highest bit of a public key (RFC 7748, section 5); the key derivation does not.
    sealed[place] ^= change
    with pytest.raises(Invalid):
        open_with(PRIVATE.private_bytes_raw(), bytes(sealed), context="destination")


@given(st.integers(0, 110))
def test_cut_bytes_do_not_open(length):
    sealed = seal(RING, b"synthetic text", context="here")
    with pytest.raises((Invalid, Unavailable)):
        unseal(RING, sealed[: min(length, len(sealed) - 1)], context="here")


@pytest.mark.parametrize(
    ("one", "other"),
    [pytest.param("row:1", "row:2", id="another row"), pytest.param("", "a", id="no context"), ("ab/c", "a/bc")],
)
def test_a_value_moved_elsewhere_does_not_open(one, other):
    with pytest.raises(Invalid, match="sealed_damaged"):
        unseal(RING, seal(RING, b"synthetic", context=one), context=other)
    with pytest.raises(Invalid, match="sealed_damaged"):
        open_with(PRIVATE.private_bytes_raw(), seal_to(PUBLIC, b"synthetic", context=one), context=other)


def test_a_box_does_not_open_with_another_key():
    with pytest.raises(Invalid, match="sealed_damaged"):
        open_with(bytes(32), seal_to(PUBLIC, b"synthetic", context="x"), context="x")


def test_a_public_key_of_low_order_is_refused():
    with pytest.raises(Invalid, match="public_key_wrong"):
        seal_to(bytes(32), b"synthetic", context="x")


def test_an_older_key_still_opens_what_it_sealed():
    assert unseal(TURNED, seal(RING, b"synthetic", context="x"), context="x") == b"synthetic"


def test_resealing_moves_a_value_to_the_current_key():
    moved = reseal(TURNED, seal(RING, b"synthetic", context="x"), context="x")
    assert unseal(KeyRing({2: TURNED.key(2)}, current=2), moved, context="x") == b"synthetic"


def test_a_key_that_left_the_ring_is_unavailable():
    with pytest.raises(Unavailable, match="key_unknown"):
        unseal(RING, seal(TURNED, b"synthetic", context="x"), context="x")


def test_equal_text_seals_to_different_bytes():
    assert seal(RING, b"synthetic", context="x") != seal(RING, b"synthetic", context="x")


def test_the_keyed_digest_depends_on_key_context_and_value():
    digests = {
        hmac_hex(ring, value, context=context) for ring in (RING, TURNED) for value in (b"a", b"b") for context in "xy"
    }
    assert len(digests) == 8


def test_a_ring_never_shows_its_keys():
    assert bytes(range(32)).hex() not in repr(RING)
    assert str(RING) == "KeyRing(versions=[1], current=1)"


def test_a_ring_is_read_from_its_file(tmp_path):
    two = {"1": b64encode(bytes(32)).decode(), "2": b64encode(b"2" * 32).decode()}
    ring = KeyRing.load(ring_file(tmp_path / "storage.key", current="2", keys=two))
    assert (ring.current, ring.key(2)) == (2, b"2" * 32)


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o644, 0o666])
def test_a_file_that_others_may_read_is_refused(tmp_path, mode):
    with pytest.raises(Unavailable, match="key_exposed"):
        KeyRing.load(ring_file(tmp_path / "storage.key", mode=mode))


def test_a_missing_file_is_unavailable(tmp_path):
    for read in (KeyRing.load, read_secret, read_public):
        with pytest.raises(Unavailable, match="key_missing"):
            read(tmp_path / "nowhere.key")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "null",
        "{}",
        "not json",
        '{"current": "1", "keys": {}}',
        '{"current": "2", "keys": {"1": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}}',
        '{"current": "1", "keys": {"1": "AAAA"}}',
        '{"current": "1", "keys": {"1": "???"}}',
        '{"current": "0", "keys": {"0": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}}',
        '{"current": "one", "keys": {"1": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}}',
        '{"current": "1", "keys": {"1": 5}}',
    ],
)
def test_a_broken_ring_is_unavailable(tmp_path, content):
    with pytest.raises(Unavailable, match="key_broken"):
        KeyRing.load(in_file(tmp_path / "storage.key", content))


def test_single_keys_are_one_line_of_base64(tmp_path):
    line = b64encode(b"k" * 32).decode() + "\n"
    assert read_secret(in_file(tmp_path / "one.key", line)) == b"k" * 32
    assert read_public(in_file(tmp_path / "one.pub", line, 0o644)) == b"k" * 32
    with pytest.raises(Unavailable, match="key_exposed"):
        read_secret(in_file(tmp_path / "other.key", line, 0o644))
