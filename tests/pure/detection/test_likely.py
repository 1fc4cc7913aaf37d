"""What one pass over a text calls unlikely is not there: no pattern is lost by asking first."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.detection.likely import Likely
from governance.detection.markings import load
from governance.detection.pii import births, contacts, introductions, labelled, readings, records


def _patterns(likely):
    return likely._patterns


MARKINGS = load({}, key=b"", models=None)._likely
USED = {
    "births": births._LIKELY,
    "labelled": labelled._LIKELY,
    "people": introductions._LIKELY_PEOPLE,
    "places": introductions._LIKELY_PLACES,
    "records": records._LIKELY,
    "named around": readings._LIKELY_AROUND,
    "spelt": contacts._LIKELY_SPELT,
    "streets": contacts._LIKELY_STREETS,
    "machines": contacts._LIKELY_MACHINES,
    "markings": MARKINGS,
}
FORMS = {
    "a set of letters beyond ASCII": (r"[À-Þ]x", "Éx"),
    "a set that is not": (r"[^a-z]x", "éx"),
    "the long s where case is ignored": (r"(?i)sun", "\u017fun"),
    "the Kelvin sign in a set where case is ignored": (r"(?i)[j-l]9", "\u212a9"),
    "an ASCII letter for the Kelvin sign": ("(?i)\u212a9", "k9"),
    "case ignored in a part": (r"(?i:name) [A-Z]", "NAME B"),
    "case regarded in a part": (r"(?i)name (?-i:B)", "NAME B"),
    "a group named again": (r"(\d)([ \-])\d\2\d", "1-2-3"),
    "one of two by a group": (r"(a)?(?(1)b|c)d", "cd"),
    "what stands around": (r"(?<!x)(?=y)y(?!z)", "ay"),
    "large counts": (r"a[^.\n]{40,80}b", "a" + 60 * "-" + "b"),
    "a new line": (r"(?s)a.b", "a\nb"),
    "ends of lines": (r"(?m)^b$", "a\nb\nc"),
    "a lone surrogate": (r"a.b", "a\ud800b"),
    "atomic and possessive": (r"(?>a+)b++c", "aabbc"),
}


@pytest.mark.parametrize(("pattern", "text"), FORMS.values(), ids=FORMS.keys())
def test_a_pattern_that_matches_is_likely(pattern, text):
    pattern = re.compile(pattern)
    assert pattern.search(text)
    assert pattern in Likely([pattern]).of(text)


def test_a_pattern_of_which_nothing_is_there_is_not_likely():
    assert not Likely([re.compile(r"name: [A-Z]\w+"), re.compile(r"\d{5}")]).of("def name(self): return 1234")


@pytest.mark.parametrize("likely", USED.values(), ids=USED.keys())
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_whatever_a_pattern_in_use_matches_makes_it_likely(likely, data):
    pattern = data.draw(st.sampled_from(_patterns(likely)))
    text = data.draw(st.from_regex(pattern))
    if pattern.search(text):
        assert pattern in likely.of(text)


def test_what_is_compiled_is_kept_for_the_next_process(tmp_path, monkeypatch):
    monkeypatch.setenv("REMIT_MODELS", str(tmp_path))
    Likely([re.compile("abc")]).of("an abc")
    assert len(list(tmp_path.glob("expressions-*.hs"))) == 1
