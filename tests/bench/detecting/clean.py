"""False findings on clean code: findings of personal data per 1,000 lines of Python's standard library."""

import sysconfig
from collections import Counter
from pathlib import Path

from detecting._rows import engine_of, findings_of

SECTION = "clean"
NOT_PERSONAL = {"SECRET", "SOURCE", "MARKING"}
_LARGEST = 60_000  # characters of a file, so that one does not decide


def arguments(parser) -> None:
    parser.add_argument(
        "--code-files", type=int, default=60, help="files, spread evenly over the library (default: 60)"
    )
    parser.add_argument("--show", action="store_true", help="print every finding")


def run(options) -> None:
    engine = engine_of(options.mode)
    everything = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    files = everything[:: max(1, len(everything) // options.code_files)][: options.code_files]
    lines, kinds = 0, Counter()
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")[:_LARGEST]
        lines += text.count("\n")
        for finding in findings_of(engine, text):
            kinds[finding.type] += finding.type not in NOT_PERSONAL
            if options.show and finding.type not in NOT_PERSONAL:
                print(
                    path.name,
                    finding.type,
                    repr(text[finding.start : finding.end]),
                    repr(text[max(0, finding.start - 30) : finding.end + 20]),
                )
    total = sum(kinds.values())
    print(
        f"{len(files)} files, {lines} lines: {1000 * total / lines:.2f} findings per 1,000 lines; {dict((+kinds).most_common())}"
    )
