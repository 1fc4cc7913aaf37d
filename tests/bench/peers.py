"""Remit beside what people would take instead: `./dev bench peers [--sizes 200,2000] [--connections 1,8] [--seconds 3] [--no-litellm]`.

LiteLLM with its Presidio guardrail (analyzer and anonymizer beside it) and cloakwall are installed from the package index, each into an
environment of its own, and asked in turns with Remit and a bare proxy, all in front of the same provider: text nobody has seen, the same
text again, and streams. Printed are added milliseconds, calls a second, memory, and what of two names, an address and a telephone in each
prompt reached the provider. Client, provider and all peers share this machine: read ratios in one run, not milliseconds of two.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

from _stack import HERE as _HERE
from peering.load import Cell, Lane, at, measure
from peering.programs import (
    Programs,
    memory_of,
    start_bare,
    start_cloakwall,
    start_litellm,
    start_presidio,
    start_upstream,
)

import sending
from builders import INSTALLER
from governance.core.clock import now
from governance.destinations.rules import ReplyCheck
from governance.scanning import services
from governance.scanning.selectors import enforced_ruleset
from harness.databases import Server
from harness.environment import prepare
from harness.processes import Launcher, RunningRemit

assert _HERE
MODES = ("fresh", "repeated", "stream")
REMIT_PATH = "/openai/v1/chat/completions"
GUARDED, GUARDED_BOTH = "litellm + presidio, prompts", "litellm + presidio, both ways"
REMIT, REMIT_BOTH, REMIT_PATTERNS = "remit, answers watched", "remit, answers read", "remit, patterns only"


def remit_lanes(running: RunningRemit, upstream: str) -> list[Lane]:
    """Return Remit as it looks at answers afterwards, and as it reads them before they are passed on."""
    return [
        _remit_lane(running, REMIT, upstream, ReplyCheck.WATCH),
        _remit_lane(running, REMIT_BOTH, upstream, ReplyCheck.WINDOW),
    ]


def _remit_lane(running: RunningRemit, name: str, upstream: str, check: ReplyCheck) -> Lane:
    builder = sending.builder()
    sending.grant(builder, sending.destination(f"{upstream}/v1", models=("bench",), check=check))
    return Lane(name, running.gateway, REMIT_PATH, builder.key)


def use_patterns_only() -> None:
    """Put rules in force that look for everything but names, as cloakwall does."""
    before, at_ = enforced_ruleset(), now()
    detection = dict(before.detectors.document)
    detection["detectors"] = {name: how for name, how in detection["detectors"].items() if name != "names"}
    policy = dict(before.policy.document)
    made = services.make_ruleset(detection=detection, policy=policy, by=INSTALLER, at=at_)
    services.activate_ruleset(ruleset_id=made.pk, by=INSTALLER, at=at_)


async def measure_all(lanes: list[Lane], upstream: str, wanted: argparse.Namespace) -> list[Cell]:
    """Return every cell; the lanes take turns, so that a busy machine is busy for all of them alike."""
    for lane in lanes:  # connections, caches, models
        for mode in MODES:
            await measure(lane, upstream, size=wanted.sizes[0], connections=1, mode=mode, seconds=0.5)
    return [
        await measure(lane, upstream, size=size, connections=connections, mode=mode, seconds=wanted.seconds)
        for size in wanted.sizes
        for connections in wanted.connections
        for mode in MODES
        for lane in lanes
    ]


def report(cells: list[Cell]) -> Iterator[str]:
    yield f"{'bytes':>6} {'conns':>5}  {'text':9}{'':30}{'n':>6}{'p50':>9}{'p99':>9}{'added p50':>11}{'p99':>9}{'calls/s':>9}  ms"
    floors = {(cell.size, cell.connections, cell.mode): cell for cell in cells if cell.lane.name == "bare proxy"}
    for cell in cells:
        floor, stream = floors[cell.size, cell.connections, cell.mode], cell.mode == "stream"
        shown, base = (each.firsts if stream else each.times for each in (cell, floor))
        half, most = at(shown, 0.5), at(shown, 0.99)
        added = f"{half - at(base, 0.5):11.2f}{most - at(base, 0.99):9.2f}"
        wrong = f"  {sum(cell.wrong.values())} failed: {next(iter(cell.wrong))}" if cell.wrong else ""
        head = f"{cell.size:6} {cell.connections:5}  {cell.mode:9}{cell.lane.name:30}"
        yield f"{head}{len(cell.times):6}{half:9.2f}{most:9.2f}{added}{cell.rate:9.1f}{wrong}"
    yield "(of a stream the times are those to its first text)"


def findings(cells: list[Cell]) -> Iterator[str]:
    yield "\nOf what stood in fresh prompts this reached the provider as it was:"
    for name in dict.fromkeys(cell.lane.name for cell in cells):
        raw: dict[str, list[int]] = {}
        for cell in cells:
            if cell.lane.name == name and cell.mode != "repeated":
                for kind, (seen, of) in cell.raw.items():
                    total = raw.setdefault(kind, [0, 0])
                    total[0], total[1] = total[0] + seen, total[1] + of
        yield f"{name:32}" + "   ".join(f"{kind} {seen} of {of}" for kind, (seen, of) in raw.items())


def ratios(cells: list[Cell]) -> Iterator[str]:
    """Say how what Remit adds compares with what the peer adds that does the same, in the same run."""
    medians = {
        (c.lane.name, c.size, c.connections, c.mode): at(c.firsts if c.mode == "stream" else c.times, 0.5)
        for c in cells
    }
    pairs = ((REMIT, GUARDED), (REMIT_BOTH, GUARDED_BOTH), (REMIT_PATTERNS, "cloakwall"))
    yield "\nAdded median of Remit as a share of what the peer adds:"
    for ours, theirs in pairs:
        for (name, *cell), median in medians.items():
            key, floor = (theirs, *cell), medians["bare proxy", *cell]
            if name == ours and key in medians:
                size, connections, mode = cell
                share = (median - floor) / (medians[key] - floor)
                yield f"{size:6} {connections:5}  {mode:9}{ours} / {theirs}: {share:.2f}"


def memory(programs: Programs, running: RunningRemit) -> Iterator[str]:
    yield "\nMemory, MiB"
    guarded = [name for name in (GUARDED, "analyzer", "anonymizer") if name in programs.started]
    told = {"bare proxy": ["bare"], "cloakwall": ["cloakwall"], "litellm": ["litellm"], " + ".join(guarded): guarded}
    for title, names in told.items():
        if names and all(name in programs.started for name in names):
            yield f"{title:60}{programs.memory(*names):8.0f}"
    ours = [running.pid(name) for name in ("gateway", "interactive")]
    yield f"{'remit: gateway + scan worker':60}{sum(map(memory_of, ours)):8.0f}"
    everything = [*ours, running.pid("postgres"), running.pid("valkey")]
    yield f"{'remit, with its database and broker':60}{sum(map(memory_of, everything)):8.0f}"


def run(launcher: Launcher, programs: Programs, wanted: argparse.Namespace) -> None:
    upstream = start_upstream(programs)
    lanes = [start_bare(programs, upstream), start_cloakwall(programs, upstream)]
    if wanted.litellm:
        services_ = start_presidio(programs)
        lanes.append(start_litellm(programs, upstream, "litellm", services={}, replies=False))
        lanes.append(start_litellm(programs, upstream, GUARDED, services=services_, replies=False))
        lanes.append(start_litellm(programs, upstream, GUARDED_BOTH, services=services_, replies=True))
    started = {"only": ("gateway", "interactive"), "embedded": True, "extra": sending.PATIENT}
    running, patterned = launcher(**started), launcher(**started)
    with sending.connected_to_stack(running):
        lanes += remit_lanes(running, upstream)
    with sending.connected_to_stack(patterned):
        use_patterns_only()
        lanes.append(_remit_lane(patterned, REMIT_PATTERNS, upstream, ReplyCheck.WATCH))
    cells = asyncio.run(measure_all(lanes, upstream, wanted))
    for part in (report(cells), findings(cells), ratios(cells) if wanted.litellm else (), memory(programs, running)):
        print(*part, sep="\n", flush=True)


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--sizes", type=numbers, default=[200, 2000, 20000])
    told.add_argument("--connections", type=numbers, default=[1, 8])
    told.add_argument("--seconds", type=float, default=3.0)
    told.add_argument("--no-litellm", dest="litellm", action="store_false")
    wanted = told.parse_args()
    server = Server(prepare(), "bench")
    launcher = Launcher(server, lambda: Path(tempfile.mkdtemp(prefix="remit-bench-")))
    programs = Programs(Path(tempfile.mkdtemp(prefix="remit-peers-")))
    try:
        run(launcher, programs, wanted)
    finally:
        programs.stop()
        launcher.stop_all()
        server.stop()


def numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",")]


if __name__ == "__main__":
    main()
