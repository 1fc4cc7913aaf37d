import hashlib

import pytest

from governance.organisation import key_text


def test_a_key_is_its_prefix_and_43_characters_more():
    made = key_text.new_key_text()
    assert key_text.prefix_of(made.text) == made.prefix
    assert len(made.prefix) == 14
    assert len(made.text) == 14 + 1 + 43


def test_the_digest_is_over_the_whole_text():
    made = key_text.new_key_text()
    assert made.digest == hashlib.sha256(made.text.encode()).digest()
    assert key_text.matches(made.text, made.digest)
    assert not key_text.matches(made.text + "x", made.digest)


def test_no_two_keys_are_alike():
    assert len({key_text.new_key_text().text for _ in range(200)}) == 200


def test_the_secret_does_not_show_when_printed():
    made = key_text.new_key_text()
    assert made.text not in repr(made)


@pytest.mark.parametrize("text", ["", "rmt_", "rmt_abcdefghij", "sk-" + "a" * 50, "rmt_ABCDEFGHIJ_" + "a" * 43])
def test_other_texts_are_not_keys(text):
    assert key_text.prefix_of(text) is None
