"""Chunks become frames wherever they are cut, and frames that are written again are the same frames."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.gateway.dialects.framing import LARGEST_FRAME, Frame, JsonArray, JsonLines, ServerEvents

EVENTS = (
    b'data: {"a":1}\n\n: keep-alive\n\ndata: first\ndata: second\n\nevent: x\r\ndata: {"b":2}\r\n\r\ndata: [DONE]\n\n'
)
LINES = b'{"a":1}\n\n{"b":"\\n"}\r\n{"c":3}'
ARRAY = b'[{"a":{"b":"}"}}\n,\r\n{"c":"\\"{\\\\"} , {"d":[{}]}]'
STREAMS = {
    ServerEvents: (EVENTS, [("", b'{"a":1}'), ("", b"first\nsecond"), ("x", b'{"b":2}'), ("", b"[DONE]")]),
    JsonLines: (LINES, [("", b'{"a":1}'), ("", b'{"b":"\\n"}'), ("", b'{"c":3}')]),
    JsonArray: (ARRAY, [("", b'{"a":{"b":"}"}}'), ("", b'{"c":"\\"{\\\\"}'), ("", b'{"d":[{}]}')]),
}


def read(framing, stream: bytes, cuts=()) -> list[Frame]:
    places = [0, *sorted(cuts), len(stream)]
    found = [frame for start, end in pairwise(places) for frame in framing.feed(stream[start:end])]
    return [*found, *framing.rest()]


@pytest.mark.parametrize("kind", STREAMS)
@given(cuts=st.lists(st.integers(0, len(EVENTS)), max_size=12))
def test_frames_are_the_same_however_the_stream_is_cut(kind, cuts):
    stream, frames = STREAMS[kind]
    assert read(kind(), stream, [min(cut, len(stream)) for cut in cuts]) == frames


@pytest.mark.parametrize("kind", STREAMS)
def test_what_is_written_is_read_again_as_the_same_frames(kind):
    _, frames = STREAMS[kind]
    writer = kind()
    written = b"".join([*(writer.write(Frame(*frame)) + writer.keep_alive for frame in frames), writer.end()])
    assert read(kind(), written) == frames


def test_a_written_array_is_json_even_when_nothing_was_written():
    writer = JsonArray()
    assert json.loads(writer.write(Frame("", b"{}")) + writer.end()) == [{}]
    assert json.loads(JsonArray().end()) == []


def test_an_event_the_provider_did_not_finish_is_given_back_at_the_end():
    assert read(ServerEvents(), b"data: cut off") == [("", b"cut off")]


@pytest.mark.parametrize("name", [b"call me at once", b"ada@example.org", b"x" * 65, b"\xff"])
def test_the_name_of_an_event_is_no_place_for_a_text(name):
    assert read(ServerEvents(), b"event: " + name + b"\ndata: {}\n\n") == [("", b"{}")]


@pytest.mark.parametrize("kind", STREAMS)
def test_a_frame_without_end_is_refused(kind):
    with pytest.raises(ValueError, match="too large"):
        list(kind().feed(b'{"data: ' + b"x" * LARGEST_FRAME))
