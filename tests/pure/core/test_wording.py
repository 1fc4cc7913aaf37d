"""What says nothing: whatever leaves a reader with nothing to read."""

import pytest

from governance.core.wording import length_as_read, says_nothing


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        pytest.param("", True, id="nothing at all"),
        pytest.param(" \t\n\u00a0\u3000", True, id="spaces"),
        pytest.param("\u200b\u2060\ufeff\u202e\u00ad", True, id="characters without a width"),
        pytest.param("\u3164\u115f\uffa0\u2800", True, id="blank letters"),
        pytest.param("\u0301\u0302", True, id="marks alone"),
        pytest.param("\u200bNo.", False, id="a word behind one without a width"),
        pytest.param("いいえ", False, id="another script"),
        pytest.param("👎", False, id="a sign"),
        pytest.param("…", False, id="dots"),
    ],
)
def test_only_what_can_be_read_says_something(text, nothing):
    assert says_nothing(text) is nothing


@pytest.mark.parametrize(
    ("text", "length"),
    [
        pytest.param("  Not needed. ", 11, id="with the space within it"),
        pytest.param("\u200b" * 40, 0, id="characters without a width"),
        pytest.param("No\u2060" + "\u3164" * 40, 2, id="two letters, made long by what has no form"),
        pytest.param("\u0301" * 40, 0, id="marks alone"),
        pytest.param("そのとおりです", 7, id="another script"),
    ],
)
def test_a_text_is_as_long_as_it_is_to_its_reader(text, length):
    assert length_as_read(text) == length
