"""Texts of a JSON value can be put back in other words, at exactly the places they were read from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.core.errors import Invalid
from governance.detection.formats.jsonl import segments_of, shown_path
from governance.detection.formats.rewriting import rewritten

words = st.text(max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words | st.just("content"), inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_nothing_changes_where_nothing_is_given(value):
    assert rewritten(value, {}) == value


@given(values)
def test_every_text_is_replaced_where_it_was_read(value):
    read = list(segments_of(value))
    texts = {segment.path: f"new {number}" for number, segment in enumerate(read)}
    again = [segment.text for segment in segments_of(rewritten(value, texts))]
    assert again == list(texts.values())


def test_a_key_that_is_no_field_of_the_format_is_read_and_replaced():
    record = {"messages": [{"role": "user", "content": "hello", "ana@example.invalid": 1}]}
    read = {segment.path: segment.text for segment in segments_of(record)}
    assert "ana@example.invalid" in read.values()
    path = next(path for path, text in read.items() if text == "ana@example.invalid")
    assert rewritten(record, {path: "<EMAIL_ADDRESS_00000000>"})["messages"][0]["<EMAIL_ADDRESS_00000000>"] == 1


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        pytest.param("messages[0].content", "messages[0].content", id="the formats' own keys are shown"),
        pytest.param("sk_live_abc.inner[2]", "*.*[2]", id="somebody's own keys are not"),
        pytest.param("metadata{1}#key", "metadata{1}#key", id="a key is shown by its place"),
    ],
)
def test_a_path_is_shown_without_telling_a_key(path, shown):
    assert shown_path(path) == shown


def test_a_key_in_the_path_of_a_key_is_numbered():
    assert all("sk_secret" not in s.path for s in segments_of({"sk_secret": 1}))


def test_two_keys_never_become_one():
    value = {"first key": 1, "second key": 2}
    texts = {segment.path: "same" for segment in segments_of(value)}
    with pytest.raises(Invalid) as refused:
        rewritten(value, texts)
    assert refused.value.code == "not_redactable"
