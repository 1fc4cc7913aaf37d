"""The scanner on the command line, without Django, database or network.

    python -m governance.detection scan IN --out OUT.jsonl [--field text] [--format jsonl|text|code] [--mode standard|strict|patterns]
                                           [--ruleset FILE] [--key-file FILE] [--register DIR] [--evaluation DIR]
    python -m governance.detection index SOURCE... --out DIR [--public] [--key-file FILE]
    python -m governance.detection exam FILE --out DIR [--key-file FILE]
    python -m governance.detection prepare

IN is lines of JSON, or one text; a gzip file is unzipped. `-` is standard input, or for OUT standard output. FIELD is a key or the way
to a text further in: messages[0].content. OUT is written whole or not at all: when a scan fails or is stopped, there is none.

Exit codes: 0 done and every record complete; 1 done, but a record is incomplete or broken; 2 wrong use; 3 the scanner cannot run, or
could not go on; 130 stopped by a signal.
"""

import argparse
import math
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from governance.core.errors import DomainError

DONE, INCOMPLETE, WRONG_USE, CANNOT_RUN, STOPPED = 0, 1, 2, 3, 130
_ENGINE_SECONDS = 60.0


def main(arguments: Sequence[str] | None = None) -> int:
    # Before numpy is imported: its products here are so small that a second thread would only wait, at full speed, for the next.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except DomainError as error:
        sys.stderr.write(f"{error.reason} {error.remedy}".rstrip() + "\n")
        return CANNOT_RUN if error.kind == "unavailable" else WRONG_USE
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        sys.stderr.write(f"It could not go on: {error.strerror or type(error).__name__}.{where}\n")
        return CANNOT_RUN
    except KeyboardInterrupt:
        sys.stderr.write("Stopped before the end.\n")
        return STOPPED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m governance.detection", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    scan = commands.add_parser("scan", help="scan a file of records, a text or a source file")
    scan.add_argument("source", type=Path, metavar="IN")
    scan.add_argument("--out", type=Path, required=True)
    scan.add_argument("--field", default="text", help="the field that holds the text, for jsonl (default: text)")
    scan.add_argument("--format", choices=("jsonl", "text", "code"), default="jsonl")
    scan.add_argument(
        "--mode",
        choices=("standard", "strict", "patterns"),
        default="standard",
        help="strict: with a second model for names; patterns: without any",
    )
    scan.add_argument("--ruleset", type=Path, help="a ruleset document; otherwise the default one")
    scan.add_argument(
        "--register", type=Path, action="append", default=[], metavar="DIR", help="a source register made by index"
    )
    scan.add_argument(
        "--evaluation", type=Path, action="append", default=[], metavar="DIR", help="an evaluation set made by exam"
    )
    scan.add_argument(
        "--seconds", type=_seconds, default=_ENGINE_SECONDS, help="the longest one record may take (default: 60)"
    )
    scan.add_argument("--key-file", type=Path, help="32 random bytes; otherwise a key that is no secret")
    scan.set_defaults(run=_scan)
    index = commands.add_parser(
        "index", help="make or renew a source register of files, folders, git repositories or bundles"
    )
    index.add_argument("sources", type=Path, nargs="+", metavar="SOURCE")
    index.add_argument("--public", action="store_true", help="a list of text that anybody may have: no leak of ours")
    index.add_argument("--out", type=Path, required=True, metavar="DIR")
    index.add_argument("--key-file", type=Path)
    index.set_defaults(run=_index)
    exam = commands.add_parser("exam", help="keep the fingerprints of an evaluation set (JSON lines, CSV, Parquet)")
    exam.add_argument("source", type=Path, metavar="FILE")
    exam.add_argument("--out", type=Path, required=True, metavar="DIR")
    exam.add_argument("--key-file", type=Path)
    exam.set_defaults(run=_exam)
    prepare = commands.add_parser("prepare", help="check that the models are there and that every detector works")
    prepare.set_defaults(run=_prepare)
    return parser


def _seconds(given: str) -> float:
    seconds = float(given)
    if not (math.isfinite(seconds) and seconds > 0):
        message = "more than 0"
        raise argparse.ArgumentTypeError(message)
    return seconds


def _scan(options: argparse.Namespace) -> int:
    from .batch import key_in, scan_file

    return INCOMPLETE if scan_file(options, key=key_in(options.key_file)) else DONE


def _index(options: argparse.Namespace) -> int:
    from .batch import key_in
    from .registered import index

    index(options, key=key_in(options.key_file))
    return DONE


def _exam(options: argparse.Namespace) -> int:
    from .batch import key_in
    from .registered import make_exam

    make_exam(options, key=key_in(options.key_file))
    return DONE


def _prepare(_options: argparse.Namespace) -> int:
    from .engine import Engine
    from .registered import prepare_installed_text
    from .ruleset import DEFAULT_RULESET

    prepare_installed_text()
    Engine.load(DEFAULT_RULESET, key=os.urandom(32))
    sys.stderr.write("Every detector finds its canary.\n")
    return DONE


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what is half written is removed for either signal
    raise SystemExit(main())
