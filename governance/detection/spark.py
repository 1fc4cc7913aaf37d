r"""The scanner where the data is: a column of a Spark frame in, a frame of findings out, with an engine in every Python worker.

    lines = spark.read.text("s3a://corpus/*.jsonl", lineSep="\n")
    findings = scan_column(lines, "value", key_file=Path("findings.key"))

PySpark and pandas are the cluster's: neither is among the product's packages. deploy/SPARK.md says how the scanner gets there.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.core import strict_json
from governance.core.canonical import canonical
from governance.core.errors import Invalid
from governance.core.garbage import set_aside

from .batch import chosen_ruleset, key_in, scanned
from .cache import FindingsCache, MemoryCache
from .engine import Engine
from .incoming import Text, record_of, text_of
from .ruleset import Ruleset

if TYPE_CHECKING:
    from pandas import DataFrame as Batch
    from pyspark.sql import DataFrame as Frame

# The fields of a line of the command line's output; what such a line leaves out is null here.
SCHEMA = """
    id string,
    findings array<struct<
        type: string, subtype: string, detector: string, start: int, end: int, score: double,
        register: string, file: string, lines: array<int>, set: string, item: string>>,
    languages array<string>,
    complete boolean,
    missing map<string, string>,
    why array<string>,
    error string
"""
_ROW = dict.fromkeys(("id", "findings", "languages", "complete", "missing", "why", "error"))
_FINDING = dict.fromkeys(("register", "file", "lines", "set", "item"))


class Holding(StrEnum):
    """What a row of the column holds."""

    LINE = "line"  # a record as a line of JSON, whose text is one of its fields
    TEXT = "text"


def scan_column(
    frame: "Frame",
    column: str,
    *,
    name: str | None = None,
    holding: Holding = Holding.LINE,
    field: str = "text",
    mode: str = "standard",
    ruleset: Path | None = None,
    registers: Sequence[Path] = (),
    evaluations: Sequence[Path] = (),
    key_file: Path | None = None,
    seconds: float = 60.0,
) -> "Frame":
    """Return a frame of SCHEMA with a row for each row of `frame`: what the command line says of the same record.

    `column` is text or bytes in UTF-8; bytes that are none make an incomplete row, where Spark ends a job over text that is
    not UTF-8. `name` is the column that names a row, else its record's own `id` does. The other options are those of the
    command line. Registers, evaluation sets and the key stand at the same paths on the driver and on every executor; an
    executor that has others than the driver ends the job.

    Raises:
        Invalid: `column_type`; `ruleset_...`, `register_missing`, `exam_missing`.
    """
    from pyspark.sql import functions

    names = functions.col(name) if name else functions.lit(None)
    rows = frame.select(names.cast("string").alias("id"), functions.col(column).alias("content"))
    if rows.schema["content"].dataType.typeName() not in {"string", "binary"}:
        raise Invalid("column_type", f"The column {column} holds neither text nor bytes.", field=column)
    chosen = chosen_ruleset(ruleset, mode=mode, registers=registers, evaluations=evaluations)
    return rows.mapInPandas(Partition(canonical(chosen.document), key_file, Holding(holding), field, seconds), SCHEMA)


@dataclass(frozen=True, slots=True)
class Partition:
    """What a Python worker does with the batches of a partition. Spark writes it into its plan: it holds no key and no text."""

    ruleset: bytes  # its document in canonical JSON
    key_file: Path | None
    holding: Holding
    field: str
    seconds: float

    def __call__(self, batches: Iterable["Batch"]) -> Iterator["Batch"]:
        """Yield a frame of SCHEMA for each batch of `id` and `content`, row for row."""
        import pandas as pd

        cache = MemoryCache()
        for batch in batches:
            rows = [
                self.row(name, content, cache=cache)
                for name, content in batch[["id", "content"]].itertuples(index=False)
            ]
            yield pd.DataFrame(rows, columns=list(_ROW))

    def row(self, name: str | None, content: object, *, cache: FindingsCache) -> dict[str, Any]:
        """Return what is said of one row."""
        name, text = self._text_of(name, content)
        line = scanned(text, engine=_engine(self.ruleset, self.key_file), seconds=self.seconds, cache=cache)
        # Every field by name: for one that is not there pandas puts a number that is none.
        return _ROW | line | {"id": name, "findings": [_FINDING | finding for finding in line["findings"]]}

    def _text_of(self, name: str | None, content: object) -> tuple[str | None, Text]:
        """Return the name of a row and its text; in place of one that cannot be read, the reason."""
        name = name if isinstance(name, str) else None  # null, as pandas says it
        if not isinstance(content, str | bytes | bytearray):
            return name, Invalid("field_missing", "The row has no text.")
        raw = content.encode() if isinstance(content, str) else bytes(content)
        if self.holding is Holding.TEXT:
            return name, text_of(raw)
        own, text = record_of(raw, field=self.field)
        return _named(own) if name is None else name, text


@lru_cache(maxsize=1)
def _engine(ruleset: bytes, key_file: Path | None) -> Engine:
    """Return the engine of this Python worker. Spark keeps its workers from task to task, and with them the models in memory."""
    engine = Engine.load(Ruleset.of(strict_json.loads(ruleset)), key=key_in(key_file))
    set_aside()
    return engine


def _named(own: Any) -> str | None:
    """Return a record's own id as text: one that is none already, as the JSON of it."""
    return own if own is None or isinstance(own, str) else json.dumps(own)
