"""What a scan promises about coverage: could not check is never clean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.detection.cache import MemoryCache
from governance.detection.default_policy import DEFAULT_POLICY
from governance.detection.detector import NO_FILES, Budget, Canary, Files, OutOfTime
from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.policy import Facts, decide
from governance.detection.receipt import Receipt, State
from governance.detection.report import Report
from governance.detection.ruleset import Ruleset
from governance.detection.spans import Finding, Span, without_overlaps
from governance.detection.views import Kind

KEY = b"a key made for the tests, 32 by."
MARKINGS = Ruleset.of({"version": 1, "detectors": {"markings": {}}})


class Finder:
    """A detector of one word, with a behaviour to order. It stands in the place of a plug-in, not of our own code."""

    name, version, canaries, files = "markings", "1", [Canary("bait", "MARKING")], NO_FILES
    views = frozenset({Kind.RAW, Kind.FOLDED, Kind.DECODED, Kind.JOINED})

    def __init__(self, behave=None):
        self.behave, self.seen = behave, []

    def find(self, texts, budget):
        self.seen += texts
        if self.behave:
            self.behave(budget)
        return [[Span("MARKING", at, at + 4, 1.0)] if (at := text.find("bait")) >= 0 else [] for text in texts]


def raise_(error):
    def behave(_budget):
        raise error

    return behave


class StoppedClock:
    """Moves only when told to."""

    now = 0.0

    def __call__(self):
        return self.now


def engine_of(detector, clock=None):
    return Engine(ruleset=MARKINGS, detectors=[detector], key=KEY, **({"clock": clock} if clock else {}))


def test_a_scanned_document_has_a_complete_receipt():
    report = engine_of(Finder()).scan(Document.of({"a": "some bait", "b": ""}), deadline=5)
    assert report.complete
    assert [(f.path, f.start, f.end) for f in report.findings] == [("a", 5, 9)]


@pytest.mark.parametrize(
    ("error", "state"),
    [
        pytest.param(ValueError("quotes the text"), State.FAILED, id="a fault"),
        pytest.param(TimeoutError(), State.TIMEOUT, id="a pattern out of time"),
        pytest.param(OutOfTime(), State.TIMEOUT, id="the budget at its end"),
    ],
)
def test_a_detector_that_fails_makes_the_report_incomplete(error, state):
    report = engine_of(Finder(raise_(error))).scan(Document.of({"a": "text"}), deadline=5)
    assert not report.complete
    assert report.receipt.missing == ("markings",)
    assert next(run.state for run in report.receipt.runs if run.name == "markings") is state


def test_a_fault_is_named_by_its_class_and_not_by_its_message():
    report = engine_of(Finder(raise_(ValueError("hunter2")))).scan(Document.of({"a": "text"}), deadline=5)
    assert "hunter2" not in str(report.to_dict())


def test_a_detector_that_answers_too_late_is_late():
    clock = StoppedClock()

    def slow(_budget):
        clock.now += 10

    report = engine_of(Finder(slow), clock).scan(Document.of({"a": "text"}), deadline=5)
    assert not report.complete
    assert report.receipt.runs[-1].state is State.TIMEOUT


def test_a_detector_that_answers_for_too_few_texts_is_no_answer():
    class Forgetful(Finder):
        def find(self, _texts, _budget):
            return []

    assert not engine_of(Forgetful()).scan(Document.of({"a": "text"}), deadline=5).complete


def test_a_ruleset_with_a_detector_that_is_not_there_is_incomplete():
    engine = Engine(ruleset=MARKINGS, detectors=[], key=KEY)
    assert not engine.scan(Document.of({"a": "text"}), deadline=5).complete


def test_an_empty_document_was_seen_wholly():
    assert engine_of(Finder()).scan(Document.of({}), deadline=5).complete


def test_a_text_that_unfolds_without_end_is_incomplete(gzip_bomb):
    detector = Finder()
    report = engine_of(detector).scan(Document.of({"a": gzip_bomb}), deadline=5)
    assert not report.complete
    assert [run.state for run in report.receipt.runs] == [State.FAILED, State.SKIPPED]
    (limit,) = report.receipt.limits
    assert "a zipped part of it holds more than 1,048,576 bytes" in limit
    said = decide(report, policy=DEFAULT_POLICY, facts=Facts("internal", "public_api")).reasons[0].sentence
    assert said == f"The text could not be checked wholly, so it is not sent: {limit}."
    assert Report.of_dict(report.to_dict()).receipt.limits == (limit,)


@pytest.mark.parametrize("left", [0, -1])
def test_a_scan_that_ran_out_of_time_says_so(left):
    report = engine_of(Finder()).scan(Document.of({"a": "text"}), deadline=left)
    assert not report.complete
    assert "time" in report.receipt.limits[0]


def test_what_an_unknown_fault_says_is_not_repeated():
    quoting = Finder(raise_(ValueError("synthetic words")))
    report = engine_of(quoting).scan(Document.of({"a": "synthetic words"}), deadline=5)
    assert (report.complete, report.receipt.limits) == (False, ())
    assert "synthetic words" not in str(report.to_dict())


def test_a_segment_too_large_to_be_read_at_once_is_named_and_never_clean(monkeypatch):
    monkeypatch.setattr("governance.detection.scan.LARGEST_TEXT", 10)
    detector = Finder()
    report = engine_of(detector).scan(Document.of({"a": "eleven signs"}), deadline=5)
    assert not report.complete
    assert [run.fault for run in report.receipt.runs] == ["TooLarge", ""]
    assert report.receipt.limits == ("one text of it has more than 10 characters; send it in parts",)
    assert detector.seen == []


@pytest.fixture
def gzip_bomb():
    import base64
    import gzip

    return base64.b64encode(gzip.compress(b"a" * (8 << 20))).decode()


def test_text_seen_before_is_not_read_again():
    detector, cache = Finder(), MemoryCache()
    engine = engine_of(detector)
    first = engine.scan(Document.of({"a": "some bait"}), deadline=5, cache=cache)
    detector.seen.clear()
    again = engine.scan(Document.of({"elsewhere": "some bait"}), deadline=5, cache=cache)
    assert detector.seen == []
    assert again.complete
    assert again.receipt.bytes_cached == len("some bait")
    assert [(f.start, f.end, f.keyed_digest) for f in again.findings] == [
        (f.start, f.end, f.keyed_digest) for f in first.findings
    ]


def test_an_incomplete_scan_leaves_nothing_in_the_cache():
    cache = MemoryCache()
    engine_of(Finder(raise_(ValueError()))).scan(Document.of({"a": "some bait"}), deadline=5, cache=cache)
    detector = Finder()
    engine_of(detector).scan(Document.of({"a": "some bait"}), deadline=5, cache=cache)
    assert detector.seen == ["some bait"]


def test_the_cache_forgets_the_oldest():
    cache = MemoryCache(entries=1)
    cache.put_many({b"one": ()})
    cache.put_many({b"two": ()})
    assert cache.get_many([b"one", b"two"]) == [None, ()]


def test_a_report_survives_its_journey_as_json():
    report = engine_of(Finder()).scan(Document.of({"a": "some bait"}), deadline=5)
    assert Report.of_dict(report.to_dict()) == report


def test_a_receipt_that_claims_to_be_complete_is_not_believed():
    values = engine_of(Finder(raise_(ValueError()))).scan(Document.of({"a": "x"}), deadline=5).receipt.to_dict()
    assert not Receipt.of_dict({**values, "complete": True}).complete


def test_a_detector_that_misses_its_canary_is_named():
    class Deaf(Finder):
        def find(self, texts, _budget):
            return [[] for _ in texts]

    assert engine_of(Deaf()).canary() == ("markings",)


def test_a_detector_that_finds_another_kind_than_that_of_its_canary_is_named():
    class Milder(Finder):
        canaries = (Canary("bait", "MARKING", "restricted"),)

    assert engine_of(Milder()).canary() == ("markings",)


def test_a_detector_that_is_gone_is_named():
    engine = engine_of(Finder())
    engine.detectors = ()
    assert engine.canary() == ("markings",)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda path: path.write_bytes(b"another"), id="written anew"),
        pytest.param(lambda path: path.unlink(), id="deleted"),
        pytest.param(lambda path: path.replace(path.with_suffix(".old")), id="moved away"),
    ],
)
def test_a_detector_whose_file_changed_beneath_it_is_named(tmp_path, change):
    model = tmp_path / "model.onnx"
    model.write_bytes(b"weights")
    finder = Finder()
    finder.files = Files.of(model)
    engine = engine_of(finder)
    assert engine.canary() == ()
    change(model)
    assert engine.canary() == ("markings",)


@pytest.mark.parametrize(
    ("waits", "broken"),
    [
        pytest.param(60, (), id="its turn comes late"),
        pytest.param(130, ("markings",), id="its turn does not come"),
    ],
)
def test_a_detector_that_waits_for_the_processor_is_not_broken_until_the_wait_is_long(waits, broken):
    clock = StoppedClock()

    def waiting(budget):
        clock.now += waits
        budget.check()

    assert engine_of(Finder(waiting), clock).canary() == broken


def test_a_budget_ends():
    clock = StoppedClock()
    budget = Budget.of(1.0, clock)
    clock.now = 1.0
    with pytest.raises(OutOfTime):
        budget.check()


PLACES = st.tuples(st.integers(0, 12), st.integers(1, 6), st.booleans(), st.sampled_from([0.5, 0.9]))


@given(st.lists(PLACES, max_size=12))
def test_a_place_inside_another_is_told_once_and_exact_places_stay(places):
    findings = [Finding("X", "d", "a", start, start + size, score, f"{n}", exact=exact) for n, (start, size, exact, score) in enumerate(places)]  # fmt: skip
    told = without_overlaps(findings)

    def holds(one, other):
        return one is not other and one.start <= other.start and other.end <= one.end

    assert all(any(f == t or holds(t, f) for t in told) for f in findings)
    assert not [f for f in told for t in told if holds(t, f) and t.exact >= f.exact]
    assert all(any((t.start, t.end) == (f.start, f.end) or (t.exact and holds(t, f)) for t in told) for f in findings if f.exact)  # fmt: skip
