"""One JSON text has one meaning, or is refused."""

import json

import pytest

from governance.core import strict_json
from governance.core.errors import Invalid, TooLarge


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        pytest.param(b'{"a":1,"a":2}', "json_duplicate_key", id="the same key twice"),
        pytest.param(b'{"a":{"b":1,"b":1}}', "json_duplicate_key", id="the same key twice, deeper"),
        pytest.param(b"[" * 65 + b"]" * 65, "json_depth", id="deeper than 64"),
        pytest.param(b"[" * 100_000, "json_depth", id="deep enough to end the parser"),
        pytest.param(b"NaN", "json_number", id="not a number"),
        pytest.param(b'{"a":-Infinity}', "json_number", id="infinity"),
        pytest.param(b"1e999", "json_number", id="a number that becomes infinite"),
        pytest.param(b"9" * 5000, "json_number", id="a number of 5000 digits"),
        pytest.param(b'"a\x00b"', "json_nul", id="a NUL byte"),
        pytest.param(b'{"k":"\\u0000"}', "json_nul", id="an escaped NUL"),
        pytest.param(b'{"\\ud83d":1}', "json_surrogate", id="half a character in a key"),
        pytest.param(b'"\\udc00\\ud800"', "json_surrogate", id="halves in the wrong order"),
        pytest.param(b'"\xff"', "json_encoding", id="not UTF-8"),
        pytest.param('{"a":1}'.encode("utf-16"), "json_encoding", id="UTF-16, which json would guess"),
        pytest.param(b"\xef\xbb\xbf{}", "json_bom", id="a byte order mark"),
        pytest.param(b'{"a":1} x', "json_syntax", id="something behind the value"),
        pytest.param(b"", "json_syntax", id="nothing"),
        pytest.param(b'"\x01"', "json_syntax", id="a raw control character"),
        # Read anew from each of its quotes it would take an hour.
        pytest.param(b"[]" * 65 + b'"' + b'\\"' * 200_000, "json_syntax", id="a string that never ends"),
    ],
)
def test_doubtful_json_is_refused(raw, code):
    with pytest.raises(Invalid) as refusal:
        strict_json.loads(raw)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "value",
    [
        pytest.param([0] * 10, id="a list"),
        pytest.param({f"k{number}": "" for number in range(10)}, id="an object"),
        pytest.param([[], {}] * 5, id="empty ones"),
    ],
)
def test_more_values_than_may_be_are_refused_before_they_are_made(value):
    raw = json.dumps(value).encode()
    assert strict_json.loads(raw, most=22) == value
    with pytest.raises(TooLarge) as refusal:
        strict_json.loads(raw, most=9)
    assert refusal.value.code == "json_too_many"


def test_commas_of_a_text_are_no_values():
    text = 'one, two, [three], {four}, "five", ' * 10
    assert strict_json.loads(json.dumps([text]).encode(), most=2) == [text]


def test_the_refusal_does_not_quote_the_text():
    with pytest.raises(Invalid) as refusal:
        strict_json.loads(b'{"password": hunter2}')
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"a": [1, 2.5, None, True, "\u00e9 \U0001f600"]}, id="a usual value"),
        pytest.param({"text": '\\u0000 and \\ud800 written out, "quoted"'}, id="escapes that are text"),
        pytest.param("[{" * 100, id="brackets inside a string are not depth"),
    ],
)
def test_plain_json_means_what_json_says(value):
    assert strict_json.loads(json.dumps(value).encode()) == value


def test_sixty_four_levels_are_read():
    assert strict_json.loads(b"[" * 64 + b"]" * 64) is not None
