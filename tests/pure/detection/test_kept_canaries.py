"""Detectors that compare with what is registered have canaries too, so that one that went blind is noticed. All is made here."""

from pathlib import Path

import numpy as np
import pytest

from governance.detection import kept_canaries
from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.fingerprints.exam import Item, write_exam
from governance.detection.fingerprints.public import write_public
from governance.detection.fingerprints.register import index
from governance.detection.fingerprints.rows import write_rows
from governance.detection.fingerprints.segment import SourceFile
from governance.detection.ruleset import DEFAULT_RULESET, Ruleset

KEY = b"a key made for the tests, 32 by."


@pytest.fixture
def registered(tmp_path):
    """An engine of a row, an item and a file that somebody registered. All synthetic."""
    made = {
        "datasets": write_rows([["Odo Brindlewick", "odo@brindlewick.example"]], key=KEY, out=tmp_path / "datasets"),
        "evaluation": write_exam(
            [Item("1", "one two three four five six seven eight nine")], key=KEY, out=tmp_path / "evaluation"
        ),
        "source": index(
            [SourceFile("a.txt", bytes(16), b"some words in a file".strip)], key=KEY, out=tmp_path / "source"
        ),
    }
    lists = {"datasets": ("rows", "rows"), "evaluation": ("sets", "exam"), "source": ("registers", "source")}
    detectors = {
        name: {option: [{"id": name, "kind": kind, "digest": made[name].digest, "folder": str(tmp_path / name)}]}
        for name, (option, kind) in lists.items()
    }
    return Engine.load(Ruleset.of({"version": 1, "detectors": detectors}), key=KEY)


def test_where_something_is_registered_its_detector_has_a_canary_and_finds_it(registered):
    assert all(detector.canaries for detector in registered.detectors)
    assert registered.canary() == ()


@pytest.mark.parametrize(
    "place",
    [
        pytest.param("governance.detection.fingerprints.table.Table.match", id="the tables"),
        pytest.param("governance.detection.fingerprints.keyed.HashKey.hide", id="the hidden hashes"),
    ],
)
def test_a_way_of_comparing_that_finds_nothing_is_noticed(registered, monkeypatch, place):
    nothing = np.zeros(0, dtype=np.int64)
    blind = {"match": lambda _table, _hashes: (nothing, nothing), "hide": lambda _key, hashes, _domain: hashes}
    monkeypatch.setattr(place, blind[place.rpartition(".")[2]])
    assert registered.canary() == ("source", "evaluation", "datasets")


@pytest.mark.parametrize("kind", ["source", "public"])
def test_who_registers_the_canaries_own_file_is_scanned_for_all_the_same(tmp_path, kind):
    """Remit's own source may be registered too, or be said to be public."""
    file = SourceFile("kept_canaries.py", bytes(16), Path(kept_canaries.__file__).read_bytes)
    own = index([SourceFile("a.txt", bytes(16), b"some words in a file".strip)], key=KEY, out=tmp_path / "own")
    if kind == "source":
        digest = index([file], key=KEY, out=tmp_path / "canaries").digest
    else:
        digest = write_public([file.read()], size=len(file.read()), out=tmp_path / "canaries")
    registers = [
        {"id": "own", "kind": "source", "digest": own.digest, "folder": str(tmp_path / "own")},
        {"id": "canaries", "kind": kind, "digest": digest, "folder": str(tmp_path / "canaries")},
    ]
    ruleset = Ruleset.of({"version": 1, "detectors": {"source": {"registers": registers}}})
    assert Engine.load(ruleset, key=KEY).canary() == ()


@pytest.mark.parametrize("name", ["source", "evaluation", "datasets"])
def test_a_detector_of_registered_things_that_says_nothing_is_noticed(registered, monkeypatch, name):
    blind = next(detector for detector in registered.detectors if detector.name == name)
    monkeypatch.setattr(type(blind), "find", lambda _self, texts, _budget: [[] for _ in texts])
    assert registered.canary() == (name,)


def test_without_anything_registered_nothing_is_missed():
    kept = {name: DEFAULT_RULESET.document["detectors"][name] for name in ("source", "evaluation", "datasets")}
    engine = Engine.load(Ruleset.of({"version": 1, "detectors": kept}), key=KEY)
    assert engine.canary() == ()
    assert engine.scan(Document.of({"text": "Plain words."}), deadline=30).complete
