"""More calls than can be done: `./dev bench overload [--seconds 12] [--size 2048] [--times 1,2,5,10]`.

How much the gateway can do is measured first, with connections that ask again as soon as they are answered. Then calls come at once,
twice, five and ten times that rate, at moments of their own, over kept-alive connections from a process that does nothing else, once
with text nobody has scanned before and once with text seen before. At ten times, one key of nine comes as ever while the others crowd.
Printed are what was done in time, what was turned away and how, the memory of the gateway, what each process took of the processors,
and how many bytes reached the provider that nobody had scanned. The first --lead seconds of each run stand apart: a crowd is told from
a burst only after a moment, and in a run of a minute that moment does not count.
"""

import argparse
import asyncio
import json
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import psutil
from _stack import HERE
from overloading.traffic import Crowd, Processes, Tally
from peering.load import at

import sending
from gateway import SENTENCE, serve
from governance.destinations.rules import ReplyCheck
from governance.gateway.models import Exchange
from harness.databases import Server
from harness.environment import prepare
from harness.processes import Launcher, RunningRemit

assert HERE
PATH, CONNECTIONS = "/openai/v1/chat/completions", (1, 4, 16)
CROWD, QUIET_SHARE = (
    8,
    0.08,
)  # keys that crowd; what the quiet one asks for, of capacity: less than a ninth, its fair share
GOODPUT, SLOWER = 0.8, 2.0
SETTINGS = {"GATEWAY_LOOPBACK_ALLOWED": "on"}
HEADS = " " * 12 + "".join(
    f"{name:>{width}}"
    for name, width in (
        ("offered/s", 10),
        ("done/s", 10),
        ("p50", 9),
        ("p99", 9),
        ("shed", 8),
        ("p50", 9),
        ("p99", 9),
        ("late p99", 9),
        ("MiB", 8),
    )
)


def words_of(*, size: int, fresh: bool) -> tuple[str, ...]:
    """Return what a call says, before and after its number where that is to make it a text nobody has seen."""
    text = (SENTENCE * (size // len(SENTENCE) + 1))[: size - len("Note 00000000 of overload. ")]
    begin, end = '{"model":"bench","messages":[{"role":"user","content":"', '"}]}'
    if fresh:
        return f"{begin}Note ", f" of overload. {text}{end}"
    return (f"{begin}The note sent again. {text}{end}",)


def keys_to(provider: str) -> list[str]:
    """Return the keys of the crowd, and last the quiet one; each of an initiative and a unit of its own."""
    where = sending.destination(f"{provider}/v1", models=("bench",), check=ReplyCheck.WATCH)
    who = [sending.builder() for _ in range(CROWD + 1)]
    for each in who:
        sending.grant(each, where)
    return [each.key for each in who]


async def capacity_of(crowd: Crowd, key: str, seconds: float) -> float:
    """Return calls a second, the most of any number of connections."""
    await crowd.press(key, connections=2, seconds=1)  # models, caches, connections
    tried = [await crowd.press(key, connections=each, seconds=seconds / 3) for each in CONNECTIONS]
    return max(each.goodput for each in tried)


def line(name: str, tally: Tally, memory: float) -> str:
    times, shed = tally.times(), tally.shed_times()
    return (
        f"{name:12}{tally.offered / tally.seconds:10.1f}{tally.goodput:10.1f}{at(times, 0.5):9.1f}{at(times, 0.99):9.1f}"
        f"{len(shed):8}{at(shed, 0.5):9.1f}{at(shed, 0.99):9.1f}{at(tally.late_ms, 0.99):9.1f}{memory:8.0f}   {dict(tally.other) or ''}"
    )


def became(tally: Tally, keys: Sequence[str], name: str) -> str:
    """Say what became of the calls of these keys, and by what they were turned away."""
    done = sum(len(tally.accepted.get(key, [])) for key in keys)
    why = sum((tally.why.get(key, Counter()) for key in keys), Counter())
    asked = done + why.total()
    return f"  {name:14}{done:6} of {asked} done ({done / max(1, asked):.0%}); turned away: {dict(why) or 'none'}"


async def measure(
    running: RunningRemit, provider: psutil.Process, keys: list[str], wanted: argparse.Namespace, *, fresh: bool
) -> list[str]:
    """Return what is to be said of one kind of text."""
    gateway = psutil.Process(running.pid("gateway"))
    crowd = Crowd(running.gateway, PATH, words_of(size=wanted.size, fresh=fresh), _processes(running, provider))
    capacity = await capacity_of(crowd, keys[0], wanted.seconds)
    await crowd.come([(key, 1) for key in keys], rate=capacity / 2, seconds=1, lead_s=0)  # every key has been seen
    shares = [(key, 1 / CROWD) for key in keys[:CROWD]]
    tallies: dict[str, Tally] = {}
    said = [f"\n{'new' if fresh else 'seen'} text, {wanted.size} bytes; capacity {capacity:.1f} calls/s", HEADS]
    pace = {"seconds": wanted.seconds, "lead_s": wanted.lead}
    for times in wanted.times:
        tally = tallies[f"{times:g}x"] = await crowd.come(shares, rate=capacity * times, **pace)
        said.append(line(f"{times:g}x", tally, gateway.memory_info().rss / 2**20))
    crowded = [(key, wanted.times[-1] / CROWD) for key in keys[:CROWD]] + [(keys[-1], QUIET_SHARE)]
    tallies["beside"] = await crowd.come(crowded, rate=capacity * (wanted.times[-1] + QUIET_SHARE), **pace)
    said.append(line("beside", tallies["beside"], gateway.memory_info().rss / 2**20))
    said += [spent(name, tally) for name, tally in tallies.items()]
    both = tallies.pop("beside")
    first, last = (list(tallies.values())[index] for index in (0, -1))
    peak = max(each.goodput for each in tallies.values())
    slower = at(last.times(), 0.99) / at(first.times(), 0.99)
    said.append(
        f"at {wanted.times[-1]:g}x: {last.goodput / peak:.0%} of the most done (to reach: {GOODPUT:.0%}), p99 {slower:.2f} times that"
        f" of {wanted.times[0]:g}x (to reach: {SLOWER:g})"
    )
    share = len(both.times()) / (CROWD + 1)
    said += [
        f"beside the crowd, where a share of one is {share:.0f} calls:",
        became(both, keys[-1:], "the quiet key"),
        became(both, keys[:CROWD], "the crowd"),
    ]
    return said


def spent(name: str, tally: Tally) -> str:
    """Say what each process took, in processors; and of the gateway, for each call that came."""
    shares = "  ".join(f"{who} {used:.2f}" for who, used in tally.cpu.items())
    return f"  processors at {name:8}{shares}   p99 in the lead {at(tally.lead, 0.99) if tally.lead else 0:.1f} ms"


def _processes(running: RunningRemit, provider: psutil.Process) -> Processes:
    names = {"gateway": "gateway", "workers": "interactive", "database": "postgres", "broker": "valkey"}
    found = {shown: psutil.Process(running.pid(name)) for shown, name in names.items()}
    return Processes({**found, "provider": provider})


def unscanned(provider: str) -> str:
    with urllib.request.urlopen(f"{provider}/digests") as told:
        digests = json.load(told)
    scanned = set(Exchange.objects.filter(scan__complete=True).values_list("request_digest", flat=True))
    return f"\n{len(digests)} bodies reached the provider; {sum(each not in scanned for each in digests)} of them not scanned"


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--seconds", type=float, default=12.0)
    told.add_argument("--lead", type=float, default=1.0)
    told.add_argument("--size", type=int, default=2048)
    told.add_argument("--times", type=lambda text: [float(each) for each in text.split(",")], default=[1, 2, 5, 10])
    told.add_argument("--only", choices=["new", "seen"])
    wanted = told.parse_args()
    server = Server(prepare(), "bench")
    launcher = Launcher(server, lambda: Path(tempfile.mkdtemp(prefix="remit-bench-")))
    helpers = []
    try:
        running = launcher(only=("gateway", "interactive"), embedded=True, extra=SETTINGS)
        helpers.append(serve("_provider"))
        provider, provider_process = helpers[0][1], psutil.Process(helpers[0][0].pid)
        with sending.connected_to_stack(running):
            keys = keys_to(provider)
            for fresh in (True, False):
                if wanted.only in {None, "new" if fresh else "seen"}:
                    print(
                        *asyncio.run(measure(running, provider_process, keys, wanted, fresh=fresh)),
                        sep="\n",
                        flush=True,
                    )
            print(unscanned(provider))
    finally:
        for process, _ in helpers:
            process.kill()
        launcher.stop_all()
        server.stop()


if __name__ == "__main__":
    main()
