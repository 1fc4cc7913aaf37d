"""What is measured in a process of its own, so that nothing else counts: `started` begins one, `answer_of` waits for what it found."""

import json
import math
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from detecting._rows import KEY
from detecting._texts import HOSTILE, hostile, prompts

from governance.core.garbage import set_aside
from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.ruleset import Ruleset

_HERE = Path(__file__).resolve()
_PROGRAM = "import sys; sys.path[:0] = {folders}; from detecting._measured import answer; answer()"
SIZES = (1_000, 4_000, 16_000, 64_000, 256_000, 1_000_000)
_LEAST_SECONDS = 0.003  # below this a call costs more than the text
_WATCHED_SECONDS = 0.5
_DEADLINE = 120.0


def started(measure: str, **given: Any) -> subprocess.Popen[str]:
    """Begin a measure: a function of this module and its arguments, which are such as JSON can carry."""
    program = _PROGRAM.format(folders=[str(_HERE.parents[1]), str(_HERE.parents[3])])
    words = [sys.executable, "-c", program, measure, json.dumps({**given, "spawned": time.monotonic()})]
    # As the workers run: one process, one core.
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)


def answer_of(process: subprocess.Popen[str]) -> dict[str, Any]:
    said, _ = process.communicate()
    if process.returncode:
        raise SystemExit("A measuring process failed; what it said stands above.")
    found: dict[str, Any] = json.loads(said)
    return found


def answer() -> None:
    """Answer in the process that was started."""
    given = json.loads(sys.argv[2])
    spawned = given.pop("spawned")
    engine = Engine.load(Ruleset.of(given.pop("ruleset")), key=KEY)
    set_aside()
    began = {"start_s": time.monotonic() - spawned, "start_processor_s": time.process_time()}
    found = _MEASURES[sys.argv[1]](engine, **given)
    print(json.dumps({**began, "peak_mb": _peak_mb(), **found}))


def _start(engine: Engine) -> dict[str, Any]:
    return {"resident_mb": _resident_mb()}


def _growth(engine: Engine, *, scans: int, size: int) -> dict[str, Any]:
    """Scan so many different prompts; the growth is the slope of resident memory over the last third, in MB per 1,000 scans.

    Until then the caches of words and numbers, which are bounded, have filled.
    """
    sizes = []
    for prompt in prompts(size, scans, seed=1):
        _scan(engine, prompt)
        sizes.append(_resident_mb())
    settled = sizes[scans * 2 // 3 :]
    return {"resident_mb": sizes[-1], "growth_mb": 1000 * _slope(list(range(len(settled))), settled)}


def _hostile(engine: Engine, *, largest: int, longest_s: float) -> dict[str, Any]:
    """Return by kind of text the exponent of time over size, and the seconds of the largest that was tried."""
    return {"kinds": {kind: _exponent(engine, unit, largest, longest_s) for kind, unit in HOSTILE.items()}}


def _exponent(engine: Engine, unit: str, largest: int, longest_s: float) -> dict[str, Any]:
    points: list[tuple[int, float]] = []
    for size in SIZES:
        if size > largest or (points and points[-1][1] * size / points[-1][0] > longest_s):
            break
        points.append((size, _seconds(partial(_scan, engine, hostile(unit, size)))))
    telling = [(math.log(size), math.log(took)) for size, took in points if took >= _LEAST_SECONDS]
    exponent = _slope(*map(list, zip(*telling, strict=True))) if len(telling) > 1 else None
    return {"exponent": exponent, "size": points[-1][0], "seconds": points[-1][1]}


def _seconds(act: Callable[[], None]) -> float:
    """Return the processor time of one call, the best of as many as fit half a second."""
    best, spent = math.inf, 0.0
    while spent < _WATCHED_SECONDS:
        began = time.process_time()
        act()
        took = time.process_time() - began
        best, spent = min(best, took), spent + took
    return best


def _latency(engine: Engine, *, size: int, count: int, seed: int) -> dict[str, Any]:
    """Return what each of so many different prompts took: seconds on the clock, and of the processor."""
    for prompt in prompts(size, 2, seed=seed + 1000):
        _scan(engine, prompt)
    clock, processor = [], []
    for prompt in prompts(size, count, seed=seed):
        at, spent = time.perf_counter(), time.process_time()
        _scan(engine, prompt)
        clock.append(time.perf_counter() - at)
        processor.append(time.process_time() - spent)
    return {"clock_s": clock, "processor_s": processor}


_MEASURES: dict[str, Callable[..., dict[str, Any]]] = {
    "start": _start,
    "growth": _growth,
    "hostile": _hostile,
    "latency": _latency,
}


def _scan(engine: Engine, text: str) -> None:
    """A text that cannot be read wholly costs its time too: the report is incomplete, and nobody asks."""
    engine.scan(Document.of({"text": text}), deadline=_DEADLINE)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def _slope(across: list[float], up: list[float]) -> float:
    """Return the slope of the straight line nearest to the points."""
    middle, height = sum(across) / len(across), sum(up) / len(up)
    leans = sum((x - middle) * (y - height) for x, y in zip(across, up, strict=True))
    return leans / sum((x - middle) ** 2 for x in across)
