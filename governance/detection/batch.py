"""Scan a file of records into a file of findings, one line each. What the command line and a cluster's partition both call."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from governance.core import strict_json
from governance.core.errors import DomainError, Invalid, TooLarge

from .cache import FindingsCache, MemoryCache
from .document import Document
from .engine import Engine
from .receipt import State
from .registered import exam_entry, origin, register_entry
from .report import Report
from .ruleset import DEFAULT_RULESET, Ruleset
from .text import LARGEST_TEXT, decode

_PROGRESS_EVERY = 1000
_LARGEST_LINE = LARGEST_TEXT + (1 << 20)  # bytes: a text of the largest size, and its record around it
# Without a key file, register and scan still have to agree: the key is then no secret, and the digests say only "equal".
_SHARED_KEY = b"remit: a key that is no secret; use --key-file"


def scan_file(options: argparse.Namespace, *, key: bytes) -> int:
    """Scan `options.source` into `options.out`; return how many records are incomplete or broken."""
    engine = Engine.load(_ruleset_of(options), key=key)
    cache, lacking, count = MemoryCache(), 0, 0
    with options.source.open("rb") as source, options.out.open("w", encoding="utf-8") as out:
        for count, (name, text) in enumerate(_texts(source, options), start=1):
            line = {"id": name, **scanned(text, engine=engine, seconds=options.seconds, cache=cache)}
            lacking += not line["complete"]
            out.write(json.dumps(line, separators=(",", ":")) + "\n")
            if count % _PROGRESS_EVERY == 0:
                sys.stderr.write(f"{count} records\n")
    sys.stderr.write(f"{count} records, {lacking} incomplete\n")
    return lacking


def key_in(file: Path | None) -> bytes:
    """Return the key in `file`, or the one that is no secret."""
    return file.read_bytes() if file else _SHARED_KEY


def scanned(text: str | DomainError, *, engine: Engine, seconds: float, cache: FindingsCache) -> dict[str, Any]:
    """Return what a line says of a record: findings, languages, whether it is complete, and if not, what is missing.

    In place of a text that could not be read stands the reason, whose code is the line's `error`.
    """
    if isinstance(text, DomainError):
        return {"findings": [], "languages": [], "complete": False, "error": text.code}
    return told(engine.scan(Document.of({"": text}), deadline=seconds, cache=cache))


def _ruleset_of(options: argparse.Namespace) -> Ruleset:
    return chosen_ruleset(
        options.ruleset, mode=options.mode, registers=options.register, evaluations=options.evaluation
    )


def chosen_ruleset(
    file: Path | None, *, mode: str, registers: Sequence[Path] = (), evaluations: Sequence[Path] = ()
) -> Ruleset:
    """Return the ruleset in `file` or the default one, as `mode` reads it, with the registers and evaluation sets named.

    Raises:
        Invalid: `ruleset_...`, `register_missing`, `exam_missing`.
    """
    ruleset = Ruleset.of(strict_json.loads(file.read_bytes())) if file else DEFAULT_RULESET
    ruleset = ruleset_of_mode(ruleset, mode)
    if registers:
        ruleset = ruleset.with_options("source", registers=[register_entry(folder) for folder in registers])
    if evaluations:
        ruleset = ruleset.with_options("evaluation", sets=[exam_entry(folder) for folder in evaluations])
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
        yield options.source.name, text_of(source.read(LARGEST_TEXT + 1))
        return
    for number, line in enumerate(_lines(source), start=1):
        if line is None:
            yield number, _too_large()
        elif line.strip():
            name, text = record_of(line, field=options.field)
            yield number if name is None else name, text


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


def record_of(line: bytes, *, field: str) -> tuple[Any, str | DomainError]:
    """Return the `id` of a line of JSON (None without one) and its text; in place of one that cannot be read, the reason."""
    if len(line) >= _LARGEST_LINE:
        return None, _too_large()
    try:
        record = strict_json.loads(line)
    except Invalid as error:
        return None, error
    if not isinstance(record, dict) or not isinstance(record.get(field), str):
        return None, Invalid("field_missing", f"The record has no text in the field {field}.")
    return record.get("id"), record[field]


def text_of(raw: bytes) -> str | DomainError:
    """Return `raw` as text, or the reason why it is none."""
    try:
        return decode(raw)
    except (Invalid, TooLarge) as error:
        return error


def told(report: Report) -> dict[str, Any]:
    """Return what a line says of a report: places and types, never the text."""
    findings = [
        {"type": f.type, "subtype": f.subtype, "detector": f.detector, "start": f.start, "end": f.end, "score": f.score}
        | origin(f)
        for f in report.findings
    ]
    line = {"findings": findings, "languages": list(report.languages), "complete": report.complete}
    if report.complete:
        return line
    return {**line, "missing": _missing(report), "why": list(report.receipt.limits)}


def _missing(report: Report) -> dict[str, str]:
    """Return {detector: how it ended}: "timeout", "skipped", or what it failed of."""
    return {run.name: run.fault or run.state.value for run in report.receipt.runs if run.state is not State.OK}
