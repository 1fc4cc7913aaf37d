"""Items of evaluation sets are recognised, changed or not, and nothing of a set can be read. All items are made here."""

import csv
import json
import random
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from governance.core.errors import Invalid, Unavailable
from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.fingerprints.exam import Item, write_exam
from governance.detection.fingerprints.words import words_of
from governance.detection.ruleset import Ruleset
from governance.detection.tables import cells_of, items_in, items_of

KEY = b"a key made for the tests, 32 by."
WORDS = [
    "river",
    "station",
    "garden",
    "copper",
    "window",
    "letter",
    "orange",
    "market",
    "bridge",
    "castle",
    "planet",
    "silver",
    "forest",
    "harbour",
    "engine",
]


def question(seed):
    """Return a question nobody asked and its answer."""
    pick = random.Random(seed)
    asked = " ".join(pick.choice(WORDS) for _ in range(30))
    return (
        f"If {asked}, how many are left?",
        f"There are {pick.randrange(99)} {' '.join(pick.choice(WORDS) for _ in range(12))}.",
    )


@pytest.fixture
def entry(tmp_path):
    items = [Item(f"q{n}", "\n".join(question(n))) for n in range(20)]
    items.append(Item("short", "which copper bridge crosses the harbour"))
    made = write_exam(items, key=KEY, out=tmp_path / "final")
    return {"id": "final", "kind": "exam", "digest": made.digest, "folder": str(tmp_path / "final")}


@pytest.fixture
def found(entry):
    engine = Engine.load(Ruleset.of({"version": 1, "detectors": {"evaluation": {"sets": [entry]}}}), key=KEY)

    def look(text):
        report = engine.scan(Document.of({"text": text}), deadline=30)
        assert report.complete
        return report.findings

    return look


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda asked, answer: f"{asked}\n{answer}", id="word for word"),
        pytest.param(lambda asked, answer: f"{asked}\n{answer}".upper(), id="in capitals"),
        pytest.param(lambda asked, answer: f"{asked}\n{answer}".replace(" ", ", "), id="with other signs"),
        pytest.param(lambda asked, _answer: f"{asked}\n{question(99)[1]}", id="with another answer"),
        pytest.param(lambda asked, answer: json.dumps({"q": asked, "a": answer}), id="escaped as JSON"),
        pytest.param(lambda asked, _answer: asked[:150], id="an excerpt"),
        pytest.param(lambda asked, answer: f"{'é“' * 40} {asked} {answer}", id="behind letters of two bytes"),
    ],
)
def test_an_item_is_recognised(found, change):
    (finding,) = found(change(*question(7)))
    assert (finding.type, finding.subtype) == ("EVALUATION", "final:q7")


def test_a_finding_says_where_the_item_stands(found):
    asked, answer = question(3)
    (finding,) = found(f"Please solve this. Ünder 5 lines: {asked} {answer} Thank you")
    assert "Please solve this"[finding.start : finding.start + 6] == ""
    assert finding.end - finding.start == len(f"{asked} {answer}".rstrip("."))


def test_a_short_item_counts_as_a_whole_only(found):
    assert [f.subtype for f in found("Tell me: which copper bridge crosses the harbour?")] == ["final:short"]
    assert found("which copper bridge crosses the river") == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n".join(question(50)), id="a question of the same kind"),
        pytest.param("how many are left? " * 50, id="a phrase of every item"),
        pytest.param("", id="nothing"),
    ],
)
def test_other_text_is_no_item(found, text):
    assert found(text) == ()


def test_a_set_holds_no_word_of_its_items(entry):
    with (Path(entry["folder"]) / "exam.bin").open("rb") as file:
        raw = file.read()
    assert not any(word.encode() in raw for word in WORDS)


def test_a_set_under_another_key_stops_the_engine(entry):
    with pytest.raises(Unavailable) as refusal:
        Engine.load(
            Ruleset.of({"version": 1, "detectors": {"evaluation": {"sets": [entry]}}}),
            key=b"another key, for the tests",
        )
    assert refusal.value.code == "exam_key"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(lambda entry: {**entry, "folder": entry["folder"] + "x"}, "exam_missing", id="not there"),
        pytest.param(lambda entry: {**entry, "digest": "0" * 64}, "exam_changed", id="not the one that is named"),
    ],
)
def test_a_set_that_is_not_the_one_named_stops_the_engine(entry, change, code):
    ruleset = Ruleset.of({"version": 1, "detectors": {"evaluation": {"sets": [change(entry)]}}})
    with pytest.raises(Unavailable) as refusal:
        Engine.load(ruleset, key=b"a key made for the tests, 32 by.")
    assert refusal.value.code == code


def test_items_are_read_from_json_lines_and_csv_alike(tmp_path):
    rows = [{"id": "a", "question": "one", "choices": "two"}, {"id": "a", "question": "three", "choices": "four"}]
    (tmp_path / "set.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with (tmp_path / "set.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    read = [[(item.id, item.text) for item in items_of(tmp_path / name)] for name in ("set.jsonl", "set.csv")]
    assert read[0] == read[1] == [("a", "one\ntwo"), ("a#2", "three\nfour")]


@pytest.fixture
def parquet_file(tmp_path):
    """A file of 2,500 rows in groups of 700, nested and with gaps."""
    rows = [
        {"id": n, "question": question(n)[0], "choices": [question(n)[1], None], "meta": {"level": n % 3}}
        for n in range(2500)
    ]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "set.parquet", row_group_size=700)
    return tmp_path / "set.parquet"


def test_items_are_read_from_parquet(parquet_file):
    items = list(items_of(parquet_file))
    assert [item.id for item in items] == [str(n) for n in range(2500)]
    assert items[2499].text == "\n".join([*question(2499), "0"])
    assert list(items_in(parquet_file.read_bytes())) == items


def test_cells_are_read_from_parquet(parquet_file):
    assert next(cells_of(parquet_file, ["question"])) == [question(0)[0]]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda raw: raw[:-200], id="cut at its end"),
        pytest.param(lambda raw: b"PAR1" + raw[4 : len(raw) // 2], id="cut in half"),
        pytest.param(lambda raw: raw[:5000] + bytes(20000) + raw[25000:], id="emptied in its middle"),
        pytest.param(lambda raw: raw[:4], id="a beginning alone"),
    ],
)
def test_a_broken_parquet_file_is_refused_in_words(parquet_file, broken):
    with pytest.raises(Invalid, match="no Parquet file that can be read") as refused:
        list(items_in(broken(parquet_file.read_bytes())))
    assert refused.value.code == "file_unreadable"


def test_nothing_but_a_parquet_file_loads_its_reader():
    program = "import sys, governance.detection.tables, governance.detection.engine; print('pyarrow' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


def test_a_broken_row_is_named(tmp_path):
    (tmp_path / "set.jsonl").write_text('{"id": 1}\n{"id"\n')
    with pytest.raises(Invalid) as refusal:
        list(items_of(tmp_path / "set.jsonl"))
    assert "2" in refusal.value.reason


def test_a_letter_that_grows_when_lowered_leaves_other_texts_to_be_lowered():
    alone, beside = words_of(["ÉCOLE À ORLÉANS"]), words_of(["İ", "ÉCOLE À ORLÉANS"])
    assert beside.hashes[1:].tolist() == alone.hashes.tolist() == words_of(["école à orléans"]).hashes.tolist()
