"""The log as text for other programs: NDJSON, JSON, CSV. Pure; each takes events one at a time and yields bytes.

NDJSON and JSON carry the event's canonical text byte for byte, so that its hash can be checked from the export alone.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

COLUMNS = (
    "idx",
    "event_id",
    "occurred_at",
    "kind",
    "subject",
    "actor",
    "unit_path",
    "request_id",
    "detail",
    "leaf_hash",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Event(Protocol):
    """What an export needs of an event (governance.audit.selectors.LoggedEvent)."""

    @property
    def idx(self) -> int: ...
    @property
    def event_id(self) -> UUID: ...
    @property
    def occurred_at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def actor(self) -> str: ...
    @property
    def unit_path(self) -> str: ...
    @property
    def canonical(self) -> bytes: ...
    @property
    def leaf_hash(self) -> str: ...
    @property
    def body(self) -> dict[str, Any]: ...


def as_ndjson(events: Iterable[Event]) -> Iterator[bytes]:
    """Yield one line for each event: {"idx": n, "leaf_hash": hex, "event": canonical text}."""
    for event in events:
        yield _entry(event) + b"\n"


def as_json(events: Iterable[Event]) -> Iterator[bytes]:
    """Yield one JSON array of the entries that `as_ndjson` has line by line."""
    before = b"[\n"
    for event in events:
        yield before + _entry(event)
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def as_csv(events: Iterable[Event]) -> Iterator[bytes]:
    """Yield a header and one record for each event (RFC 4180). No cell can start a formula in a spreadsheet."""
    yield _record(COLUMNS)
    for event in events:
        body = event.body
        detail = json.dumps(body["detail"], ensure_ascii=False, sort_keys=True)
        cells = (
            str(event.idx),
            str(event.event_id),
            body["at"],
            event.kind,
            event.subject,
            event.actor,
            event.unit_path,
            body["request_id"],
            detail,
            event.leaf_hash,
        )
        yield _record([without_formula(cell) for cell in cells])


def table_as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield a header and one record for each row, with the same care; None is an empty cell."""
    yield _record(columns)
    for row in rows:
        yield _record(["" if cell is None else without_formula(str(cell)) for cell in row])


def without_formula(cell: str) -> str:
    """Return `cell` so that no spreadsheet takes it for a formula: an apostrophe goes before a dangerous first character."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


FORMATS: dict[str, tuple[str, Callable[[Iterable[Event]], Iterator[bytes]]]] = {
    "ndjson": ("application/x-ndjson", as_ndjson),
    "json": ("application/json", as_json),
    "csv": ("text/csv; charset=utf-8", as_csv),
}


def _entry(event: Event) -> bytes:
    return b'{"idx":%d,"leaf_hash":"%s","event":%s}' % (event.idx, event.leaf_hash.encode(), event.canonical)


def _record(cells: Iterable[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()
