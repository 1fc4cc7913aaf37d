"""Rows of a file of JSON lines, CSV or Parquet: the items of an evaluation set, or the cells of a dataset."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from governance.core import strict_json
from governance.core.errors import Invalid

from .fingerprints.exam import Item
from .text import decode

_Reader = Callable[[bytes], Iterator[Mapping[str, Any]]]
LARGEST_FILE = 512 * 1024 * 1024
_ROWS_AT_ONCE = 1000  # of Parquet: one group of rows may hold millions
_NAMES = ("id", "task_id", "item_id", "question_id", "key")  # of a column that tells one item from another


def items_of(path: Path) -> Iterator[Item]:
    """Yield the items of the file, by its ending: .csv, .parquet, otherwise JSON lines.

    Raises:
        Invalid: `file_missing`, `file_unreadable` with the number of the row at fault.
        TooLarge: `text_too_large`.
    """
    yield from _items(_rows_of(path))


def items_in(data: bytes) -> Iterator[Item]:
    """Yield the items of a file whose name nobody knows: Parquet and JSON lines are told by how they begin, else it is CSV.

    Raises:
        Invalid: `file_unreadable` with the number of the row at fault. TooLarge: `text_too_large`.
    """
    yield from _items(_reader_for(data)(data))


def _reader_for(data: bytes) -> _Reader:
    if data.startswith(b"PAR1"):
        return _parquet_rows
    first = next((line for line in io.BytesIO(data) if line.strip()), b"")
    try:
        # A heading of CSV in quotation marks is no JSON, and a row of it that is one number is no item.
        return _json_rows if isinstance(strict_json.loads(first.strip()), str | list | Mapping) else _csv_rows
    except Invalid:
        return _json_rows if first.lstrip().startswith((b"{", b"[")) else _csv_rows


def _items(rows: Iterator[Mapping[str, Any]]) -> Iterator[Item]:
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        item = _item(number, row)
        name = item.id if item.id not in seen else f"{item.id}#{number}"
        seen.add(name)
        yield Item(name, item.text)


def cells_of(path: Path, columns: Sequence[str] = ()) -> Iterator[list[str]]:
    """Yield the cells of each row of the file, of the named columns alone when any are named.

    Raises:
        Invalid: as `items_of`, and `unknown_column`.
    """
    for row in _rows_of(path):
        if unknown := sorted(set(columns) - set(row)):
            raise Invalid("unknown_column", f"The file has no column {', '.join(unknown)}.", field="columns")
        yield [text for name, value in row.items() if not columns or name in columns for text in _texts(value)]


def _rows_of(path: Path) -> Iterator[Mapping[str, Any]]:
    if not path.is_file():
        raise Invalid("file_missing", f"There is no {path.name}.")
    reader = {".csv": _csv_rows, ".parquet": _parquet_rows}.get(path.suffix.lower(), _json_rows)
    return reader(path.read_bytes())


def _item(number: int, row: Mapping[str, Any]) -> Item:
    named = next((name for name in _NAMES if row.get(name) not in (None, "")), "")
    texts = [text for name, value in row.items() if name != named for text in _texts(value)]
    return Item(str(row[named]) if named else str(number), "\n".join(texts))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _json_rows(data: bytes) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(data.splitlines(), start=1):
        if line.strip():
            row = _parsed(number, line)
            yield row if isinstance(row, Mapping) else {"text": row}


def _parsed(number: int, line: bytes) -> Any:
    try:
        return strict_json.loads(line)
    except Invalid as error:
        raise _unreadable(number, "is not JSON") from error


def _csv_rows(data: bytes) -> Iterator[Mapping[str, Any]]:
    reader = csv.DictReader(io.StringIO(decode(data, largest=LARGEST_FILE), newline=""))
    try:
        for row in reader:
            yield {str(name): value for name, value in row.items()}
    except csv.Error as error:
        raise _unreadable(reader.line_num, "is not CSV") from error


def _parquet_rows(data: bytes) -> Iterator[Mapping[str, Any]]:
    # It loads slowly and takes tens of megabytes: no process that reads no Parquet pays for it.
    import pyarrow as pa
    from pyarrow import parquet

    counted = 0
    try:
        with parquet.ParquetFile(pa.BufferReader(data)) as file:
            for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE, use_threads=False):
                yield from batch.to_pylist()
                counted += batch.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        where = f"Behind row {counted} this is" if counted else "This is"
        raise Invalid("file_unreadable", f"{where} no Parquet file that can be read.") from error


def _unreadable(number: int, what: str) -> Invalid:
    return Invalid("file_unreadable", f"Row {number} {what}.")
