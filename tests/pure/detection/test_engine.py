"""The engine as a worker loads it: all detectors, proven by their canaries, or not at all."""

import time
import weakref

import pytest

from governance.core.errors import Invalid, Unavailable
from governance.detection.default_policy import DEFAULT_POLICY
from governance.detection.detector import Budget
from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.pii.patterns import Patterns
from governance.detection.places import models_folder
from governance.detection.policy import Facts, Verdict, decide
from governance.detection.redact import redact, residue
from governance.detection.ruleset import DEFAULT_RULESET, Ruleset


def test_every_detector_of_the_default_ruleset_finds_its_canary(engine):
    assert [detector.name for detector in engine.detectors] == list(DEFAULT_RULESET.required)
    assert engine.canary() == ()


def test_without_the_second_model_a_strict_ruleset_does_not_load(tmp_path):
    strict = DEFAULT_RULESET.with_options("names", strict=True)
    with pytest.raises(Unavailable) as refusal:
        Engine.load(strict, key=b"a key made for the tests, 32 by.", models=tmp_path)
    assert refusal.value.code == "models_missing"


def test_an_engine_that_nobody_uses_any_more_is_gone_at_once():
    """What is loaded is set aside from the search for garbage (core/garbage.py): in a cycle it would stay for ever."""
    engine = Engine.load(DEFAULT_RULESET, key=b"a key made for the tests, 32 by.")
    left = weakref.ref(engine), *(weakref.ref(each) for each in engine.detectors)
    del engine
    assert [each() for each in left if each() is not None] == []


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        Engine(ruleset=DEFAULT_RULESET, detectors=[], key=b"short")


def test_a_deadline_that_has_passed_is_not_clean(engine):
    report = engine.scan(Document.of({"a": "some text"}), deadline=0)
    assert not report.complete


def test_a_redacted_text_no_longer_holds_what_was_found(engine):
    text = "Maria Kowalski (maria@example.com, +49 30 901820) paid with 4111 1111 1111 1111 and lives at 12 Baker Street, London."
    document = Document.of({"messages[0].content": text})
    before = decide(engine.scan(document, deadline=60), policy=DEFAULT_POLICY, facts=Facts("internal", "public_api"))
    assert before.verdict is Verdict.REDACT
    redacted = redact(document, before.redactions, key=b"an initiative's key")
    after = engine.scan(redacted.document, deadline=60)
    assert after.complete
    assert residue(before.redactions, after.findings) == ()
    sent = redacted.document.segments[0].text
    assert not any(value in sent for value in ("Kowalski", "maria@", "901820", "4111", "Baker"))


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param("a." * 40_000, id="forty thousand dots"),
        pytest.param("1 " * 40_000, id="forty thousand digits"),
        pytest.param("password=" * 8_000, id="eight thousand assignments"),
        pytest.param("\x00\ud800\u200b" * 20_000, id="nothing but control characters"),
        pytest.param("@" * 60_000, id="sixty thousand at signs"),
        pytest.param("-----BEGIN PRIVATE KEY-----\n" * 2_000, id="two thousand openings of a key"),
        pytest.param("Street 1 " * 9_000, id="nine thousand streets"),
        pytest.param("%25" * 30_000, id="thirty thousand percent signs"),
        pytest.param("0x41, " * 10_000, id="ten thousand numbers"),
    ],
)
def test_hostile_text_ends_in_bounded_time(engine, hostile):
    report = engine.scan(Document.of({"a": hostile}), deadline=20)
    assert report.receipt.milliseconds < 30_000


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param({"version": 1}, "ruleset_fields", id="no detectors named"),
        pytest.param({"version": 1, "detectors": {"names": []}}, "ruleset_detector", id="options that are no object"),
        pytest.param({"version": 3, "detectors": {"names": {}}}, "ruleset_version", id="another version"),
    ],
)
def test_a_malformed_ruleset_is_refused(document, code):
    with pytest.raises(Invalid) as refusal:
        Ruleset.of(document)
    assert refusal.value.code == code


def test_the_digest_names_the_meaning_and_not_the_spelling():
    one = Ruleset.of({"version": 1, "detectors": {"names": {}, "secrets": {}}})
    other = Ruleset.of({"detectors": {"secrets": {}, "names": {}}, "version": 1})
    assert one.digest == other.digest
    assert one.with_options("names", strict=True).digest != one.digest


@pytest.mark.parametrize("threshold", [0.4, 0.95, 1.0])
def test_what_is_too_unsure_to_be_found_is_no_canary(threshold):
    patterns = Patterns(threshold=threshold, kept_in=models_folder())
    found = patterns.find([each.text for each in patterns.canaries], Budget.of(10, time.monotonic))
    assert patterns.canaries
    assert all(each.is_among(spans) for each, spans in zip(patterns.canaries, found, strict=True))
