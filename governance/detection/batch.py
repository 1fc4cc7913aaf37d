"""Scan a file of records into a file of findings, one line each. What the command line and a cluster's partition both call."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from governance.core import strict_json
from governance.core.errors import DomainError, Invalid
from governance.core.garbage import set_aside

from .cache import FindingsCache, MemoryCache
from .document import Document
from .engine import SHORTEST_KEY, Engine
from .incoming import STANDARD, Doubtful, Text, opened, texts_in
from .outgoing import written_whole
from .receipt import State
from .registered import exam_entry, origin, register_entry
from .report import Report
from .ruleset import DEFAULT_RULESET, Ruleset

_PROGRESS_EVERY = 1000
# Without a key file, register and scan still have to agree: the key is then no secret, and the digests say only "equal".
_SHARED_KEY = b"remit: a key that is no secret; use --key-file"


def scan_file(options: argparse.Namespace, *, key: bytes) -> int:
    """Scan `options.source` into `options.out`; return how many records are incomplete or broken.

    Raises:
        Invalid: `file_unreadable`, `out_unwritable`, `out_is_input`; as `chosen_ruleset`.
        Unavailable: as `Engine.load`. OSError: when the disk is full or the reader of OUT has gone.
    """
    _check_apart(options)
    cache, lacking, count = MemoryCache(), 0, 0
    field = options.field if options.format == "jsonl" else None
    with opened(options.source) as source, written_whole(options.out) as out:
        engine = Engine.load(_ruleset_of(options), key=key)
        set_aside()
        for count, (name, text) in enumerate(texts_in(source, name=_shown(options.source), field=field), start=1):
            line = {"id": name, **scanned(text, engine=engine, seconds=options.seconds, cache=cache)}
            lacking += not line["complete"]
            out.write(json.dumps(line, separators=(",", ":")) + "\n")
            if count % _PROGRESS_EVERY == 0:
                sys.stderr.write(f"{count} records\n")
    sys.stderr.write(f"{count} records, {lacking} incomplete\n")
    return lacking


def _check_apart(options: argparse.Namespace) -> None:
    """Refuse to write over what is read."""
    read = [file for file in (options.source, options.ruleset, options.key_file) if file not in (None, STANDARD)]
    if options.out.is_file() and any(file.exists() and options.out.samefile(file) for file in read):
        raise Invalid(
            "out_is_input", f"{options.out} is read by this scan.", field="--out", remedy="Name another file."
        )


def _shown(source: Path) -> str:
    """Return the name of a file as text, whatever bytes it is made of."""
    return os.fsencode(source.name).decode("utf-8", "replace")


def key_in(file: Path | None) -> bytes:
    """Return the key in `file`, or the one that is no secret. Raises Invalid, `key_unreadable`, `key_short`."""
    if file is None:
        return _SHARED_KEY
    try:
        key = file.read_bytes()
    except OSError as error:
        raise Invalid("key_unreadable", f"{file} cannot be read: {error.strerror}.", field="--key-file") from None
    if len(key) < SHORTEST_KEY:
        raise Invalid(
            "key_short",
            f"The key in {file} has {len(key)} bytes; at least {SHORTEST_KEY} are needed.",
            field="--key-file",
            remedy="Write 32 random bytes into it.",
        )
    return key


def scanned(text: Text, *, engine: Engine, seconds: float, cache: FindingsCache) -> dict[str, Any]:
    """Return what a line says of a record: findings, languages, whether it is complete, and if not, what is missing.

    Of a text that could not be read, or that others may read in another way, the code of the reason is the line's `error`.
    """
    match text:
        case DomainError():
            return {"findings": [], "languages": [], **_refused(text)}
        case Doubtful():
            return told(engine.scan(Document.of({"": text.text}), deadline=seconds, cache=cache)) | _refused(text.why)
    return told(engine.scan(Document.of({"": text}), deadline=seconds, cache=cache))


def _refused(error: DomainError) -> dict[str, Any]:
    return {"complete": False, "error": error.code, "why": [f"{error.reason} {error.remedy}".rstrip()]}


def _ruleset_of(options: argparse.Namespace) -> Ruleset:
    return chosen_ruleset(
        options.ruleset, mode=options.mode, registers=options.register, evaluations=options.evaluation
    )


def chosen_ruleset(
    file: Path | None, *, mode: str, registers: Sequence[Path] = (), evaluations: Sequence[Path] = ()
) -> Ruleset:
    """Return the ruleset in `file` or the default one, as `mode` reads it, with the registers and evaluation sets named.

    Raises:
        Invalid: `ruleset_...`, `register_missing`, `exam_missing`; `json_...` of a file that is no JSON.
    """
    ruleset = _ruleset_in(file) if file else DEFAULT_RULESET
    ruleset = ruleset_of_mode(ruleset, mode)
    if registers:
        ruleset = ruleset.with_options("source", registers=[register_entry(folder) for folder in registers])
    if evaluations:
        ruleset = ruleset.with_options("evaluation", sets=[exam_entry(folder) for folder in evaluations])
    return ruleset


def _ruleset_in(file: Path) -> Ruleset:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise Invalid("ruleset_unreadable", f"{file} cannot be read: {error.strerror}.", field="--ruleset") from None
    return Ruleset.of(strict_json.loads(raw))


def ruleset_of_mode(ruleset: Ruleset, mode: str) -> Ruleset:
    """Return the ruleset as `mode` reads it: `patterns` without names, `strict` with a second model for names."""
    if mode == "patterns":
        kept = {name: given for name, given in ruleset.document["detectors"].items() if name != "names"}
        return Ruleset.of({**ruleset.document, "detectors": kept})
    return ruleset.with_options("names", strict=True) if mode == "strict" else ruleset


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
