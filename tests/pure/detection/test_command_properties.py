"""What holds for a line of the command line whatever stands around a value. All values are made up; texts are drawn by Hypothesis."""

import base64
import html
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.detection.batch import scanned
from governance.detection.cache import MemoryCache
from governance.detection.engine import Engine
from governance.detection.incoming import record_of
from governance.detection.ruleset import Ruleset

KEY = b"a key made for the tests, 32 by."
VALUES = {
    "jane.roe@example.com": "EMAIL_ADDRESS",
    "4111 1111 1111 1111": "CREDIT_CARD",
    "DE89370400440532013000": "IBAN_CODE",
    "ghp_0123456789abcdefGHIJ4567klmnOPqr89st": "SECRET",
}
AROUND = (
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u202eabc\u202c",
    "\u05e9\u05dc\u05d5\u05dd",
    "e\u0301\u0327\u0323" * 9,
    "".join(chr(0xE0000 + ord(letter)) for letter in "hidden"),
    "zero\u200bwidth\ufeff",
    "\uff26\uff55\uff4c\uff4c\uff57\uff49\uff44\uff54\uff48",
    "&lt;b&gt;&#64;&#x40;&amp;amp;",
    r"\u0041\n\"\\",
    "%41%40%2e",
    base64.b64encode(b"nothing but plain words in here").decode(),
    "\ufdfa\u3300",
    "\t\r\n",
    "\x00\x07",
    "\ud800",
    "漢字かな",
    "plain words",
)
quickly = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
around = st.lists(st.sampled_from(AROUND), max_size=6).map(" ".join)
texts = st.lists(
    st.one_of(st.sampled_from(AROUND), st.sampled_from(list(VALUES)), st.text(max_size=20)), max_size=8
).map(" ".join)


@pytest.fixture(scope="module")
def quick(models):
    detectors = {"secrets": {}, "markings": {}, "languages": {}, "patterns": {"threshold": 0.4}}
    return Engine.load(Ruleset.of({"version": 1, "detectors": detectors}), key=KEY, models=models)


def told(engine, text, cache=None):
    return scanned(text, engine=engine, seconds=60, cache=cache or MemoryCache(entries=0))


@quickly
@given(before=around, value=st.sampled_from(list(VALUES)), behind=around)
def test_the_places_of_a_plain_value_are_its_own_whatever_stands_around_it(quick, before, value, behind):
    text = f"{before} {value} {behind}"
    line = told(quick, text)
    assert line["complete"]
    assert all(0 <= found["start"] < found["end"] <= len(text) for found in line["findings"])
    places = [text[found["start"] : found["end"]] for found in line["findings"] if found["type"] == VALUES[value]]
    assert [place for place in places if value in place]


@quickly
@given(records=st.lists(texts, min_size=1, max_size=5), data=st.data())
def test_a_record_has_the_same_line_alone_and_among_others_in_any_order(quick, records, data):
    alone = {text: told(quick, text) for text in records}
    cache = MemoryCache()
    for text in data.draw(st.permutations(records * 2)):
        assert told(quick, text, cache) == alone[text]


@quickly
@given(text=texts, bare=st.booleans())
def test_the_text_of_a_line_is_the_one_that_was_written(text, bare):
    line = json.dumps({"text": text}, ensure_ascii=not bare).encode("utf-8", "surrogatepass")
    _, found = record_of(line, field="text")
    read = getattr(found, "text", found)
    # Written bare, half a character is three bytes, of which none is a letter.
    assert read == text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape") if bare else read == text


@quickly
@given(before=around, value=st.sampled_from(list(VALUES)), behind=around)
def test_a_value_behind_entities_and_escapes_is_found_in_its_stretch(quick, before, value, behind):
    disguised = html.escape(value).replace("a", "&#97;").replace("1", "&#49;").replace("3", "&#51;")
    text = f"{before} {disguised} {behind}"
    start, end = len(before) + 1, len(before) + 1 + len(disguised)
    line = told(quick, text)
    assert line["complete"]
    assert any(
        found["start"] < end and start < found["end"] for found in line["findings"] if found["type"] == VALUES[value]
    )
