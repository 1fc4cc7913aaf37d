"""A cut loses nothing, adds nothing, and splits no line."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.training.chunks import cut, lines_of

lines = st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"")), max_size=30)


def blocks_of(data, size):
    return [data[start : start + size] for start in range(0, len(data), size)]


@given(lines=lines, ends_with_newline=st.booleans(), block=st.integers(1, 60), target=st.integers(1, 100))
def test_chunks_are_the_data_and_split_no_line(lines, ends_with_newline, block, target):
    data = b"\n".join(lines) + (b"\n" if ends_with_newline else b"")
    plans = list(cut(blocks_of(data, block), target_bytes=target))
    parts = [data[plan.first_byte : plan.end_byte] for plan in plans]
    assert b"".join(parts) == data
    assert [hashlib.sha256(part).hexdigest() for part in parts] == [plan.digest for plan in plans]
    assert all(part.endswith(b"\n") for part in parts[:-1])
    assert [plan.number for plan in plans] == list(range(len(plans)))


@given(lines=lines, block=st.integers(1, 60), target=st.integers(1, 100))
def test_line_numbers_follow_on(lines, block, target):
    data = b"\n".join(lines)
    expected = 1
    for plan in cut(blocks_of(data, block), target_bytes=target):
        part = data[plan.first_byte : plan.end_byte]
        assert plan.first_line == expected
        assert plan.lines == part.count(b"\n") + (not part.endswith(b"\n"))
        expected += plan.lines


@pytest.mark.parametrize(
    ("data", "target", "sizes"),
    [
        pytest.param(b"", 4, [], id="no data, no chunk"),
        pytest.param(b"a\nb\nc\n", 4, [4, 2], id="a chunk ends at the line end that fills it"),
        pytest.param(b"abcdefgh\nb\n", 4, [9, 2], id="a long line is never split"),
        pytest.param(b"a\nb", 100, [3], id="the last line needs no newline"),
    ],
)
def test_sizes(data, target, sizes):
    assert [plan.end_byte - plan.first_byte for plan in cut([data], target_bytes=target)] == sizes


@given(data=st.binary(max_size=200), block=st.integers(1, 60))
def test_lines_are_the_data(data, block):
    found = list(lines_of(blocks_of(data, block)))
    assert b"".join(found) == data
    assert all(line.endswith(b"\n") for line in found[:-1])
    assert all(line.count(b"\n") <= 1 and line for line in found)
