"""Whatever writes it, the canonical text is that of RFC 8785."""

import enum

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from governance.core.canonical import canonical


class Word(enum.StrEnum):
    OTHER = "other"


class Amount(int):
    def __repr__(self) -> str:
        return "a number of another kind"


EDGES = st.sampled_from([2**53 - 1, -(2**53) + 1, 0, -1, 1e21, 1e-7, 0.1, -0.0, 5e-324])
WORDS = st.sampled_from(['\x00\x1f\x7f"\\/\b\t\n\f\r', "\u2028\ufeff\U0001f600", "\ue000", Word.OTHER])
LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | EDGES | WORDS
LEAVES |= st.text(st.characters(exclude_categories=["Cs"])) | st.floats(allow_nan=False, allow_infinity=False)
KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner) | st.tuples(inner, inner))


@given(VALUES)
@example({"\ue000": 1, "\U0001f600": 2, "a": {"b": [], "A": {}}})
@example([Amount(7), {"word": Word.OTHER}, True, 1, ()])
def test_it_is_what_the_standard_says(value):
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(2**53, id="a number too large"),
        pytest.param([-(2**53)], id="a number too small"),
        pytest.param(float("nan"), id="no number"),
        pytest.param({"a": "\ud800"}, id="half a character"),
        pytest.param({1: "one"}, id="a key that is no text"),
        pytest.param({"a": b"bytes"}, id="bytes"),
    ],
)
def test_what_json_cannot_hold_exactly_is_refused(value):
    with pytest.raises(ValueError, match=r".*"):
        canonical(value)
