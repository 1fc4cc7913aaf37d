"""Registered source is recognised in a prompt, escaped or not, and traced to file and lines. The source is made here."""

import json
import random

import pytest

from governance.core.errors import Unavailable
from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.fingerprints.index import build, files_of, open_index
from governance.detection.ruleset import Ruleset

KEY = b"a key made for the tests, 32 by."
WORDS = [
    "ledger",
    "invoice",
    "route",
    "depot",
    "carrier",
    "tariff",
    "pallet",
    "window",
    "shift",
    "driver",
    "rate",
    "total",
    "limit",
    "stock",
    "batch",
    "claim",
]


def made_source(seed, lines=120):
    """Return code nobody wrote: names and numbers from a seeded choice."""
    pick = random.Random(seed)
    body = [
        f"    {pick.choice(WORDS)}_{pick.choice(WORDS)} = self.{pick.choice(WORDS)}.{pick.choice(WORDS)}({pick.randint(2, 999)}, {pick.choice(WORDS)}[{pick.randint(0, 99)}])"
        for _ in range(lines)
    ]
    return "\n".join([f"def {pick.choice(WORDS)}_{seed}(self):", *body]) + "\n"


@pytest.fixture
def register(tmp_path):
    folder = tmp_path / "ours"
    folder.mkdir()
    for seed in range(3):
        (folder / f"module_{seed}.py").write_text(made_source(seed))
    digest = build(files_of([folder]), key=KEY, out=tmp_path / "register")
    return {"id": "ours", "kind": "source", "digest": digest, "folder": str(tmp_path / "register")}


@pytest.fixture
def found(register):
    engine = Engine.load(Ruleset.of({"version": 1, "detectors": {"source": {"registers": [register]}}}), key=KEY)

    def look(text):
        report = engine.scan(Document.of({"text": text}), deadline=30)
        assert report.complete
        return report.findings

    return look


def some_lines(seed, first, count):
    return "\n".join(made_source(seed).splitlines()[first - 1 : first - 1 + count])


def test_ten_lines_are_traced_to_their_file_and_lines(found):
    copied = some_lines(1, 40, 10)
    text = f"Please explain this code:\n{copied}\nThanks"
    (finding,) = found(text)
    register, name, lines = finding.subtype.split(":")
    first, last = map(int, lines.split("-"))
    assert (register, name) == ("ours", "module_1.py")
    assert 40 <= first <= last <= 49
    assert text[finding.start : finding.end] in copied


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(json.dumps, id="escaped as JSON"),
        pytest.param(str.upper, id="in capitals"),
        pytest.param(lambda text: text.replace("    ", "\t"), id="indented otherwise"),
        pytest.param(lambda text: text.replace("\n", "  # a remark\n"), id="with comments added"),
        pytest.param(lambda text: "é" * 50 + text, id="behind letters of two bytes"),
    ],
)
def test_a_changed_form_is_still_recognised(found, change):
    assert found(change(some_lines(2, 10, 20)))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(made_source(77), id="other code of the same kind"),
        pytest.param("0, 0, 0, 0, 0, 0, " * 200, id="a table of zeros"),
        pytest.param("Could you explain what a pallet window is?", id="a question"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_not_registered_is_not_ours(found, text):
    assert list(found(text)) == []


def test_the_same_sources_make_the_same_index(tmp_path):
    sources = [("a.py", made_source(5).encode()), ("b.py", made_source(6).encode())]
    assert build(sources, key=KEY, out=tmp_path / "one") == build(sources, key=KEY, out=tmp_path / "two")


def test_what_stands_in_many_files_says_nothing(tmp_path):
    build([(f"{n}.py", made_source(5).encode()) for n in range(9)], key=KEY, out=tmp_path / "common")
    assert len(open_index(tmp_path / "common", key=KEY).hashes) == 0


def test_an_index_holds_no_word_of_the_source(tmp_path):
    build([("a.py", made_source(5).encode())], key=KEY, out=tmp_path / "r")
    raw = b"".join(path.read_bytes() for path in (tmp_path / "r").iterdir())
    assert not any(word.encode() in raw for word in WORDS)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(
            lambda entry: {**entry, "digest": "0" * 64}, "register_changed", id="not the bytes the ruleset names"
        ),
        pytest.param(lambda entry: {**entry, "folder": entry["folder"] + "x"}, "register_missing", id="not there"),
    ],
)
def test_a_wrong_register_stops_the_engine(register, change, code):
    with pytest.raises(Unavailable) as refusal:
        Engine.load(Ruleset.of({"version": 1, "detectors": {"source": {"registers": [change(register)]}}}), key=KEY)
    assert refusal.value.code == code


def test_a_register_under_another_key_is_refused_and_not_silently_empty(register):
    with pytest.raises(Unavailable) as refusal:
        Engine.load(
            Ruleset.of({"version": 1, "detectors": {"source": {"registers": [register]}}}),
            key=b"another key, also made for tests",
        )
    assert refusal.value.code == "register_key"
