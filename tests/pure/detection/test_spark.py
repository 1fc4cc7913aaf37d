"""What a Python worker of Spark says of a row, without Spark; with it: `./dev test -m long tests/stories/test_spark.py`. All synthetic."""

import json
import pickle
import re

import pytest

from corpus import TOO_DEEP
from governance.core.canonical import canonical
from governance.detection.__main__ import main
from governance.detection.batch import chosen_ruleset
from governance.detection.cache import MemoryCache
from governance.detection.spark import SCHEMA, Holding, Partition

EMAIL = "jane.roe@example.com"
PATTERNS = canonical(chosen_ruleset(None, mode="patterns").document)


def row_of(content, *, name="r1", holding=Holding.TEXT):
    return Partition(PATTERNS, None, holding, "text", 60.0).row(name, content, cache=MemoryCache())


def said_of(fields):
    return {name: value for name, value in fields.items() if value is not None}


@pytest.mark.parametrize(
    ("content", "holding"),
    [
        pytest.param(f"write to {EMAIL}", Holding.TEXT, id="text"),
        pytest.param(f"write to {EMAIL}".encode(), Holding.TEXT, id="bytes"),
        pytest.param(json.dumps({"id": "own", "text": f"write to {EMAIL}"}), Holding.LINE, id="a line of JSON"),
    ],
)
def test_a_row_says_what_the_command_line_says(tmp_path, content, holding):
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "r1", "text": f"write to {EMAIL}"}) + "\n")
    main(["scan", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl"), "--mode", "patterns"])
    row = row_of(content, holding=holding)
    row["findings"] = [said_of(found) for found in row["findings"]]
    assert said_of(row) == json.loads((tmp_path / "out.jsonl").read_text())
    assert row["findings"]


@pytest.mark.parametrize(
    ("content", "holding", "error"),
    [
        pytest.param(None, Holding.TEXT, "field_missing", id="null"),
        pytest.param(float("nan"), Holding.LINE, "field_missing", id="null, as pandas says it"),
        pytest.param(b"not UTF-8: \xff", Holding.TEXT, "not_utf8", id="broken bytes"),
        pytest.param(b'{"text": "\xff"}', Holding.LINE, "json_encoding", id="a line of broken bytes"),
        pytest.param('{"body": "x"}', Holding.LINE, "field_missing", id="no such field"),
        pytest.param(b"a" * (66 << 20), Holding.LINE, "text_too_large", id="a line too large"),
    ],
)
def test_a_row_that_cannot_be_read_is_not_clean(content, holding, error):
    row = row_of(content, holding=holding)
    assert (row["id"], row["findings"], row["complete"], row["error"]) == ("r1", [], False, error)


@pytest.mark.parametrize("content", ["plain words", TOO_DEEP, None], ids=["clean", "too deep", "unread"])
def test_a_frame_has_a_column_for_everything_that_is_said(content):
    columns = re.findall(r"^    (\w+) ", SCHEMA, re.MULTILINE)
    assert list(row_of(content)) == columns


@pytest.mark.parametrize(
    ("own", "said"),
    [
        pytest.param('"a"', "a", id="a text"),
        pytest.param("7", "7", id="a number"),
        pytest.param("null", None, id="none"),
    ],
)
def test_a_row_without_a_name_has_the_one_of_its_record(own, said):
    line = f'{{"id": {own}, "text": "x"}}'
    assert (row_of(line, name=None, holding=Holding.LINE)["id"], row_of(line, holding=Holding.LINE)["id"]) == (
        said,
        "r1",
    )


def test_the_plan_holds_no_key(tmp_path):
    (tmp_path / "findings.key").write_bytes(b"a key of the tests, of 32 bytes.")
    plan = pickle.dumps(Partition(PATTERNS, tmp_path / "findings.key", Holding.TEXT, "text", 60.0))
    assert b"a key of the tests" not in plan
