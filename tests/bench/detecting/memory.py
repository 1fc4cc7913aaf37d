"""Memory, start, growth, and how time grows with hostile text. Each is measured in a process of its own, beside its goal.

The process holds every detector, with a register, an exam, rows of a dataset and words of the organisation.
"""

import os
import tempfile
from pathlib import Path

from detecting._measured import SIZES, answer_of, started
from detecting._registered import ruleset_with_everything

SECTION = "memory"
MOST_MB, MOST_START_S, MOST_GROWTH_MB, MOST_EXPONENT = 700, 5.0, 1.0, 1.2


def arguments(group) -> None:
    group.add_argument(
        "--scans", type=int, default=1800, help="different prompts that memory is watched over (default: 1800)"
    )
    group.add_argument("--scan-size", type=int, default=2000, help="characters of each (default: 2000)")
    group.add_argument("--largest", type=int, default=SIZES[-1], help="characters of hostile text (default: 1000000)")
    group.add_argument("--longest", type=float, default=20.0, help="seconds that one hostile text may take")
    group.add_argument("--detectors", nargs="+", default=[], help="hostile text for these alone")


def run(options) -> None:
    with tempfile.TemporaryDirectory() as folder:
        whole = ruleset_with_everything(Path(folder), strict=options.mode == "strict")
        _start_and_growth(whole, options)
        _hostile(whole, options)


def _start_and_growth(whole, options) -> None:
    answer_of(started("start", ruleset=whole))  # the first on a machine compiles the patterns, as `prepare` does
    fresh = answer_of(started("start", ruleset=whole))
    _told(f"start, {fresh['start_processor_s']:.1f} s of it processor", fresh["start_s"], MOST_START_S, "s")
    _told("resident when started", fresh["resident_mb"], MOST_MB, "MB")
    grown = answer_of(started("growth", ruleset=whole, scans=options.scans, size=options.scan_size))
    _told(f"at most, over {options.scans} prompts", grown["peak_mb"], MOST_MB, "MB")
    _told("growth per 1,000 scans", grown["growth_mb"], MOST_GROWTH_MB, "MB")


def _hostile(whole, options) -> None:
    """Print per detector the text in which its time, and that of the views it reads, grows most."""
    print(f"\n{'hostile text':14}{'worst exponent':>16}{'':4}{'of':32}{'slowest at its largest size'}")
    for name in options.detectors or whole["detectors"]:
        alone = {**whole, "detectors": {name: whole["detectors"][name]}}
        kinds = answer_of(started("hostile", ruleset=alone, largest=options.largest, longest_s=options.longest))[
            "kinds"
        ]
        grows = {kind: seen["exponent"] for kind, seen in kinds.items() if seen["exponent"] is not None}
        worst = max(grows, key=grows.__getitem__, default=None)
        slowest = max(kinds, key=lambda kind: kinds[kind]["seconds"] / kinds[kind]["size"])
        exponent = grows.get(worst, 0.0)
        verdict = "" if exponent <= MOST_EXPONENT else f"  OVER {MOST_EXPONENT}"
        print(
            f"{name:14}{exponent:16.2f}{'':4}{worst or 'never above 3 ms':32}{slowest}: {kinds[slowest]['seconds']:.2f} s"
            f" for {kinds[slowest]['size']:,}{verdict}",
            flush=True,
        )


def _told(title, figure, most, unit) -> None:
    verdict = "" if figure <= most else "  OVER"
    load = os.getloadavg()[0]
    print(f"{title:44}{figure:9.2f} {unit:3} goal {most:g} {unit}, load {load:.1f}{verdict}", flush=True)
