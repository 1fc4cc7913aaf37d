"""Chunks become events wherever they are cut; placeholders of our own are no findings."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prompt_samples as samples
from governance.detection.document import Document
from governance.gateway.dialects.events import LARGEST_EVENT, EventReader
from governance.gateway.dialects.openai.chat import usage_of
from governance.gateway.placeholders import outside_placeholders

STREAM = (
    b'data: {"a":1}\n\n: keep-alive\n\ndata: first\ndata: second\n\nevent: x\r\ndata: {"b":2}\r\n\r\ndata: [DONE]\n\n'
)
EVENTS = [b'{"a":1}', b"first\nsecond", b'{"b":2}', b"[DONE]"]


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_events_are_the_same_however_the_stream_is_cut(cuts):
    reader, places = EventReader(), [0, *sorted(cuts), len(STREAM)]
    found = [event for start, end in pairwise(places) for event in reader.feed(STREAM[start:end])]
    assert found == EVENTS


def test_an_event_without_end_is_refused():
    with pytest.raises(ValueError, match="too large"):
        list(EventReader().feed(b"data: " + b"x" * LARGEST_EVENT))


@pytest.mark.parametrize(
    ("reply", "usage"),
    [
        (b'{"usage":{"prompt_tokens":11,"completion_tokens":9}}', (11, 9)),
        (b'{"usage":null}', (None, None)),
        (b'{"usage":{"prompt_tokens":"11","completion_tokens":-1}}', (None, None)),
        (b'{"usage":', (None, None)),
        (b'["usage"]', (None, None)),
        (b"[DONE]", (None, None)),
    ],
)
def test_usage_is_read_where_there_is_any(reply, usage):
    assert usage_of(reply) == usage


TEXT = "Dear <PERSON_7f3a91c2>, Maria"


@pytest.mark.parametrize(
    ("start", "end", "left"),
    [
        pytest.param(5, 22, 0, id="the placeholder itself"),
        pytest.param(6, 12, 0, id="a part of it"),
        pytest.param(5, 23, 0, id="with the comma after it"),
        pytest.param(0, 22, 1, id="with a word before it"),
        pytest.param(24, 29, 1, id="another name"),
    ],
)
def test_a_finding_about_nothing_but_a_placeholder_is_none(start, end, left):
    found = samples.report(samples.prompt(), samples.finding("PERSON", path="p", start=start, end=end))
    kept = outside_placeholders(found, Document.of({"p": TEXT}), {"<PERSON_7f3a91c2>"})
    assert len(kept.findings) == left


def test_a_look_alike_is_a_finding():
    found = samples.report(samples.prompt(), samples.finding("PERSON", path="p", start=5, end=22))
    assert outside_placeholders(found, Document.of({"p": TEXT}), set()).findings
