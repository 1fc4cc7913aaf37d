"""Rows of a registered dataset are recognised in a prompt, in any order of their cells. All rows are made here."""

import random

import pytest

from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.fingerprints.rows import write_rows
from governance.detection.ruleset import Ruleset

KEY = b"a key made for the tests, 32 by."
FIRST = ["Orla", "Petra", "Quentin", "Rasmus", "Signe", "Tove", "Ulrik", "Viggo"]
LAST = ["Aldermann", "Birkeland", "Crowhurst", "Dunmore", "Eastwick", "Fairbairn"]
CITIES = ["Northhaven", "Millbrook", "Stonebridge"]


def row(seed):
    """Return a customer nobody knows: name, e-mail, policy number, city, amount."""
    pick = random.Random(seed)
    first, last = pick.choice(FIRST), pick.choice(LAST)
    number = f"{pick.randrange(10**8):08d}"
    return [
        f"{first} {last}",
        f"{first}.{last}{seed}@example.com".lower(),
        number,
        pick.choice(CITIES),
        str(pick.randrange(900)),
    ]


@pytest.fixture
def found(tmp_path):
    made = write_rows([row(n) for n in range(200)], key=KEY, out=tmp_path / "claims")
    entry = {"id": "motor-claims", "kind": "rows", "digest": made.digest, "folder": str(tmp_path / "claims")}
    engine = Engine.load(Ruleset.of({"version": 1, "detectors": {"datasets": {"rows": [entry]}}}), key=KEY)

    def look(text):
        report = engine.scan(Document.of({"text": text}), deadline=30)
        assert report.complete
        return report.findings

    return look


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(",".join, id="as CSV"),
        pytest.param(lambda r: f"Write to {r[1]}, whose policy {r[2]} has lapsed.", id="in a sentence"),
        pytest.param(lambda r: f"{r[2]} | {r[3]} | {r[1].upper()}", id="in another order and in capitals"),
        pytest.param(lambda r: f'{{"mail": "{r[1]}", "policy": "{r[2]}"}}', id="as JSON"),
    ],
)
def test_a_row_is_recognised(found, written):
    (finding,) = found(f"Please help. {written(row(42))} Thank you.")
    assert (finding.type, finding.subtype) == ("DATASET", "motor-claims")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(",".join(row(5000)), id="a row of another dataset"),
        pytest.param(row(42)[1], id="one cell alone"),
        pytest.param(f"{row(42)[2]} {'and so on ' * 30} {row(42)[1]}", id="cells far from one another"),
        pytest.param(f"{row(42)[1]} {row(43)[2]}", id="cells of two rows"),
        pytest.param("Tove from Northhaven asked about 12 things in Millbrook.", id="common words"),
        pytest.param("", id="nothing"),
    ],
)
def test_other_text_is_no_row(found, text):
    assert found(text) == ()


def test_registered_rows_can_not_be_read(tmp_path):
    write_rows([row(n) for n in range(50)], key=KEY, out=tmp_path / "claims")
    raw = (tmp_path / "claims" / "rows.bin").read_bytes()
    assert not any(word.encode() in raw for word in [*FIRST, *LAST, *CITIES])
