"""Exports that other programs read: nothing in a field can end its line, its cell, or start a formula."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest

from governance.audit.events import EventKind, event_row
from governance.audit.formats import FORMATS, as_csv, as_json, as_ndjson, without_formula
from governance.audit.rules import leaf_hash
from governance.core.actors import Actor

AT = datetime(2026, 3, 2, 9, 0, 0, 5, tzinfo=UTC)
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    'a"b,c\r\nd',
    "\u2028line",
    "\x00nul",
    "</script>",
    "'quoted",
    "né",
]


@dataclass
class Logged:
    idx: int
    event_id: UUID
    occurred_at: datetime
    kind: str
    subject: str
    actor: str
    unit_path: str
    canonical: bytes
    leaf_hash: str

    @property
    def body(self):
        return json.loads(self.canonical)


def logged(idx, text):
    actor = Actor.of_key(text, person=None, request_id=text)
    row = event_row(EventKind.KEY_MADE, subject=text, by=actor, at=AT, unit_path=text, note=text)
    fields = (row.event_id, row.occurred_at, row.kind, row.subject, row.actor, row.unit_path, row.canonical)
    return Logged(idx, *fields, leaf_hash(row.canonical).hex())


LOG = [logged(idx, text) for idx, text in enumerate(HOSTILE)]


def test_every_line_is_one_entry_and_proves_its_hash():
    lines = b"".join(as_ndjson(LOG)).split(b"\n")
    assert lines.pop() == b""
    for line, event in zip(lines, LOG, strict=True):
        canonical = line.partition(b',"event":')[2][:-1]
        assert leaf_hash(canonical).hex() == json.loads(line)["leaf_hash"] == event.leaf_hash
        assert not any(byte < 0x20 for byte in line)


def test_json_is_the_same_entries_as_one_array():
    entries = json.loads(b"".join(as_json(LOG)))
    assert entries == [json.loads(line) for line in as_ndjson(LOG)]
    assert [entry["event"]["detail"]["note"] for entry in entries] == HOSTILE


def test_an_empty_log_is_an_empty_export():
    assert json.loads(b"".join(as_json([]))) == []
    assert b"".join(as_ndjson([])) == b""
    assert len(list(as_csv([]))) == 1


def test_no_cell_starts_a_formula_and_none_breaks_its_row():
    text = b"".join(as_csv(LOG)).decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert {len(row) for row in rows} == {10}
    assert len(rows) == len(LOG) + 1
    assert not [cell for row in rows[1:] for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize("text", HOSTILE)
def test_only_a_dangerous_start_is_changed(text):
    changed = without_formula(text)
    assert changed in {text, f"'{text}"}
    assert (changed != text) == (text[0] in "=+-@\t\r")


def test_every_format_names_its_content_type():
    assert {name: kind for name, (kind, _) in FORMATS.items()} == {
        "ndjson": "application/x-ndjson",
        "json": "application/json",
        "csv": "text/csv; charset=utf-8",
    }
