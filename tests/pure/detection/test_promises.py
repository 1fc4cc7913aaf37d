"""What holds for any text: places map back, what is taken out is gone from every view, and parts give what the whole gives.

All values are made up; texts are drawn by Hypothesis.
"""

import base64
import random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from evasions import TRICKS, VALUES
from governance.detection.detector import Budget
from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.redact import redact
from governance.detection.ruleset import Ruleset
from governance.detection.spans import normalised
from governance.detection.views import views_of

KEY = b"a key made for the tests, 32 by."
SHORT = [value for value in VALUES if value.kind not in {"source", "national id"}]
# These put other text beside the value, or take it apart into places that are not one after the other.
_OTHERS_TOO = {
    "a soft line break",
    "base64 over lines",
    "behind much text",
    "before much text",
    "in a long line",
    "letters apart",
}
ENCODED = [name for name in TRICKS if name not in _OTHERS_TOO]
PROSE = "The figures are in the shared folder and the meeting moves to Thursday. Nobody has asked for more so far.\n"
quickly = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def quick(models):
    detectors = {"secrets": {}, "markings": {}, "languages": {}, "patterns": {"threshold": 0.4}}
    return Engine.load(Ruleset.of({"version": 1, "detectors": detectors}), key=KEY, models=models)


def scanned(engine, text):
    report = engine.scan(Document.of({"text": text}), deadline=60)
    assert report.complete
    return report.findings


def words(size):
    return st.text(alphabet="abc DEF.,\n\té漢\u200b\u0301", max_size=size)


@quickly
@example(value=SHORT[0], trick="hexadecimal in pairs", before="", behind="DD")  # one pair too many, and no letter
@given(value=st.sampled_from(SHORT), trick=st.sampled_from(ENCODED), before=words(200), behind=words(200))
def test_a_disguised_value_is_found_where_its_disguise_stands(quick, value, trick, before, behind):
    disguised = TRICKS[trick](value.value)
    head = f"{before}\n{value.before}"
    found = [f for f in scanned(quick, f"{head}{disguised} {behind}") if f.type == value.type]
    assert found
    assert all(len(head) <= f.start < f.end <= len(head) + len(disguised) for f in found if f.exact)
    assert any(f.start < len(head) + len(disguised) and len(head) < f.end for f in found)


@quickly
@given(value=st.sampled_from(SHORT), trick=st.sampled_from(list(TRICKS)), before=words(60), behind=words(60))
def test_what_is_redacted_is_in_no_view_of_what_is_left(quick, value, trick, before, behind):
    document = Document.of({"text": f"{before}\n{value.before}{TRICKS[trick](value.value)} {behind}"})
    report = quick.scan(document, deadline=60)
    left = redact(document, report.findings, key=KEY).document.segments[0].text
    assert not [view.kind for view in views_of(left) if normalised(value.value) in normalised(view.text)]


@quickly
@given(seed=st.integers(0, 1 << 32), parts=st.integers(2, 5))
def test_a_text_in_parts_gives_what_the_whole_gives(quick, seed, parts):
    dice = random.Random(seed)
    pieces = [
        PROSE * 8
        + dice.choice(SHORT).before
        + TRICKS[dice.choice(ENCODED)](dice.choice(SHORT).value)
        + " today.\n"
        + PROSE * 8
        for _ in range(parts)
    ]
    whole = [(f.type, f.start, f.end) for f in scanned(quick, "".join(pieces))]
    apart, at = [], 0
    for piece in pieces:
        apart += [(f.type, f.start + at, f.end + at) for f in scanned(quick, piece)]
        at += len(piece)
    assert whole == apart


@settings(quickly, max_examples=15)
@given(
    st.lists(
        st.sampled_from(
            [
                *(v.before + v.value for v in VALUES),
                PROSE,
                "Anna Brandt lives in Leipzig.",
                "",
                "\x00\ud800",
                "e\u0301" * 40,
            ]
        ),
        max_size=6,
    )
)
def test_many_texts_at_once_give_what_each_gives(engine, texts):
    for detector in engine.detectors:
        together = detector.find(texts, Budget.of(60))
        assert together == [detector.find([text], Budget.of(60))[0] for text in texts], detector.name


@settings(quickly, max_examples=100)
@given(st.text(max_size=400))
def test_any_text_at_all_has_a_complete_report(quick, text):
    assert quick.scan(Document.of({"text": text}), deadline=60).complete


@settings(quickly, max_examples=50)
@given(st.binary(max_size=300))
def test_any_bytes_that_are_packed_have_a_complete_report(quick, raw):
    text = (
        f"{base64.b64encode(raw).decode()} {raw.hex()} {raw.decode('latin-1')} {raw.decode('utf-8', 'surrogateescape')}"
    )
    assert quick.scan(Document.of({"text": text}), deadline=60).complete
