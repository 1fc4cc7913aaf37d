"""Scan a file of records into a file of findings, one line each. What the command line and a cluster's partition both call."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from governance.core import strict_json
from governance.core.errors import DomainError, Invalid, TooLarge

from .cache import MemoryCache
from .document import Document
from .engine import Engine
from .receipt import State
from .registered import exam_entry, origin, register_entry
from .report import Report
from .ruleset import DEFAULT_RULESET, Ruleset
from .text import LARGEST_TEXT, decode

_PROGRESS_EVERY = 1000
_LARGEST_LINE = LARGEST_TEXT + (1 << 20)  # bytes: a text of the largest size, and its record around it


def scan_file(options: argparse.Namespace, *, key: bytes) -> int:
    """Scan `options.source` into `options.out`; return how many records are incomplete or broken."""
    engine = Engine.load(ruleset_of(options), key=key)
    cache, lacking, count = MemoryCache(), 0, 0
    with options.source.open("rb") as source, options.out.open("w", encoding="utf-8") as out:
        for count, (name, text) in enumerate(_texts(source, options), start=1):
            line = (
                {"id": name, "findings": [], "languages": [], "complete": False, "error": text.code}
                if isinstance(text, DomainError)
                else None
            )
            if line is None:
                line = _line(name, engine.scan(Document.of({"": str(text)}), deadline=options.seconds, cache=cache))
            lacking += not line["complete"]
            out.write(json.dumps(line, separators=(",", ":")) + "\n")
            if count % _PROGRESS_EVERY == 0:
                sys.stderr.write(f"{count} records\n")
    sys.stderr.write(f"{count} records, {lacking} incomplete\n")
    return lacking


def ruleset_of(options: argparse.Namespace) -> Ruleset:
    """Return the ruleset of the command line: a file or the default, without names in patterns mode, with the registers named."""
    ruleset = Ruleset.of(strict_json.loads(options.ruleset.read_bytes())) if options.ruleset else DEFAULT_RULESET
    ruleset = ruleset_of_mode(ruleset, options.mode)
    if options.register:
        ruleset = ruleset.with_options("source", registers=[register_entry(folder) for folder in options.register])
    if options.evaluation:
        ruleset = ruleset.with_options("evaluation", sets=[exam_entry(folder) for folder in options.evaluation])
    return ruleset


def ruleset_of_mode(ruleset: Ruleset, mode: str) -> Ruleset:
    """Return the ruleset as `mode` reads it: `patterns` without names, `strict` with a second model for names."""
    if mode == "patterns":
        kept = {name: given for name, given in ruleset.document["detectors"].items() if name != "names"}
        return Ruleset.of({**ruleset.document, "detectors": kept})
    return ruleset.with_options("names", strict=True) if mode == "strict" else ruleset


def _texts(source: BinaryIO, options: argparse.Namespace) -> Iterator[tuple[Any, str | DomainError]]:
    """Yield (id, text) of every record; in place of a text that cannot be read, the reason. Holds one record at a time."""
    if options.format != "jsonl":
        yield options.source.name, _or_reason(lambda: decode(source.read(LARGEST_TEXT + 1)))
        return
    for number, line in enumerate(_lines(source), start=1):
        if line is None:
            yield number, _too_large()
        elif line.strip():
            yield _record(number, line, options.field)


def _lines(source: BinaryIO) -> Iterator[bytes | None]:
    """Yield each line without its end; None for one that is too large to be held, which is read past in parts."""
    while line := source.readline(_LARGEST_LINE):
        if len(line) < _LARGEST_LINE or line.endswith(b"\n"):
            yield line.rstrip(b"\r\n")
            continue
        while (rest := source.readline(_LARGEST_LINE)) and not rest.endswith(b"\n"):
            pass
        yield None


def _too_large() -> TooLarge:
    return TooLarge("text_too_large", f"A record has more than {_LARGEST_LINE} bytes.", remedy="Send it in parts.")


def _record(number: int, line: bytes, field: str) -> tuple[Any, str | DomainError]:
    try:
        record = strict_json.loads(line)
    except Invalid as error:
        return number, error
    if not isinstance(record, dict) or not isinstance(record.get(field), str):
        return number, Invalid("field_missing", f"The record has no text in the field {field}.")
    return record.get("id", number), record[field]


def _or_reason(read: Callable[[], str]) -> str | DomainError:
    try:
        return read()
    except (Invalid, TooLarge) as error:
        return error


def _line(name: Any, report: Report) -> dict[str, Any]:
    findings = [
        {"type": f.type, "subtype": f.subtype, "detector": f.detector, "start": f.start, "end": f.end, "score": f.score}
        | origin(f)
        for f in report.findings
    ]
    line = {"id": name, "findings": findings, "languages": list(report.languages), "complete": report.complete}
    return line if report.complete else {**line, "missing": _missing(report)}


def _missing(report: Report) -> dict[str, str]:
    """Return {detector: how it ended}: "timeout", "skipped", or what it failed of."""
    return {run.name: run.fault or run.state.value for run in report.receipt.runs if run.state is not State.OK}
