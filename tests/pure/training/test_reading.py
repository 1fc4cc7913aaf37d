"""What a chunk of a training set is said to hold. The texts were written for this test."""

import json

import pytest

from governance.detection.engine import Engine
from governance.detection.fingerprints.exam import Item, write_exam
from governance.detection.ruleset import Ruleset
from governance.training.reading import scan_lines

KEY = b"a key made for the tests, 32 by."


@pytest.fixture(scope="module")
def engine():
    rules = Ruleset.of({"version": 1, "detectors": {"languages": {}}})
    return Engine.load(rules, key=KEY)


def chunk(*texts):
    return b"".join(json.dumps({"prompt": text, "completion": "OK."}).encode() + b"\n" for text in texts)


def test_a_set_in_another_language_is_not_called_clean(engine):
    data = chunk("Why is the sky blue?", "报告在张伟的文件夹里。", "Die Rechnung wurde noch nicht bezahlt.")
    result = scan_lines(data, first_line=1, scan=engine.scan)
    assert (result.complete, result.records) == (True, 3)
    assert (dict(result.counts), result.places) == ({"LANGUAGE:de": 1, "LANGUAGE:zh": 1}, [])


def test_a_set_in_english_is(engine):
    assert not scan_lines(chunk("Why is the sky blue?"), first_line=1, scan=engine.scan).counts


def test_half_an_item_over_many_fields_is_half_of_it(tmp_path):
    """What was seen across fields names each of them; its share is one share, not one for each."""
    item = "a keeper of the lighthouse counts forty two gulls at dawn and half as many at dusk on each of eleven days"
    made, words = write_exam([Item("q7", item)], key=KEY, out=tmp_path), item.split()
    entry = {"id": "harbour", "kind": "exam", "digest": made.digest, "folder": str(tmp_path)}
    engine = Engine.load(Ruleset.of({"version": 1, "detectors": {"evaluation": {"sets": [entry]}}}), key=KEY)
    parts = [" ".join(words[at : at + 4]) for at in range(0, 16, 4)]
    fields = {"messages": [{"role": "assistant", "content": part} for part in parts]}
    result = scan_lines(json.dumps(fields).encode() + b"\n", first_line=1, scan=engine.scan)
    seen = result.exams["harbour"]["q7"]
    assert 0.4 < seen.coverage < 0.75
    assert (seen.line, seen.records) == (1, 1)
