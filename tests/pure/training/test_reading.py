"""What a chunk of a training set is said to hold. The texts were written for this test."""

import json

import pytest

from governance.detection.engine import Engine
from governance.detection.ruleset import Ruleset
from governance.training.reading import scan_lines


@pytest.fixture(scope="module")
def engine():
    rules = Ruleset.of({"version": 1, "detectors": {"languages": {}}})
    return Engine.load(rules, key=b"a key made for the tests, 32 by.")


def chunk(*texts):
    return b"".join(json.dumps({"prompt": text, "completion": "OK."}).encode() + b"\n" for text in texts)


def test_a_set_in_another_language_is_not_called_clean(engine):
    data = chunk("Why is the sky blue?", "报告在张伟的文件夹里。", "Die Rechnung wurde noch nicht bezahlt.")
    result = scan_lines(data, first_line=1, scan=engine.scan)
    assert (result.complete, result.records) == (True, 3)
    assert (dict(result.counts), result.places) == ({"LANGUAGE:de": 1, "LANGUAGE:zh": 1}, [])


def test_a_set_in_english_is(engine):
    assert not scan_lines(chunk("Why is the sky blue?"), first_line=1, scan=engine.scan).counts
