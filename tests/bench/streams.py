"""How many streams are open at once: `./dev bench streams [--watched 1000] [--scanned 10,20,40] [--seconds 20]`.

Every stream brings five frames a second, and each frame says when the provider sent it, so what the gateway adds is known frame by
frame. In one gateway process so many streams are open whose answers are looked at afterwards, then some whose answers are read before
they are passed on; with those the scan worker is saturated, and how late the event loop of the gateway is then is asked of its own door,
`/healthz`, which needs nothing but the loop. To reach: 1,000 watched streams in 500 MiB, no frame later than 500 ms, and the loop not
later than 10 ms (p99).
"""

import argparse
import asyncio
import json
import re
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psutil
from _stack import HERE
from peering.load import at

import sending
from gateway import serve
from governance.destinations.rules import ReplyCheck
from governance.gateway.routes import Own
from harness.databases import Server
from harness.environment import prepare
from harness.processes import Launcher, RunningRemit

assert HERE
PATH, KEYS = "/openai/v1/chat/completions", 4
SENT = re.compile(rb"at (\d+\.\d{4}) ")
OPENED_A_SECOND = 60
BODY = json.dumps(
    {"model": "bench", "stream": True, "messages": [{"role": "user", "content": "Tell me the time, please."}]}
).encode()


@dataclass
class Open:
    """What a number of streams brought: milliseconds from the provider's sending of a frame to its arrival here."""

    added: list[float] = field(default_factory=list)
    whole: int = 0
    wrong: list[str] = field(default_factory=list)


async def read(session: aiohttp.ClientSession, address: str, key: str, seen: Open) -> None:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    line = b""
    try:
        async with session.post(address + PATH, data=BODY, headers=headers) as reply:
            async for line in reply.content:
                if sent := SENT.search(line):
                    seen.added.append((time.monotonic() - float(sent[1])) * 1000)
                seen.whole += b"[DONE]" in line
            if reply.status != 200:
                seen.wrong.append(f"{reply.status} {line[:120]!r}")
    except (aiohttp.ClientError, TimeoutError) as fault:
        seen.wrong.append(type(fault).__name__)


async def lateness(address: str, until: asyncio.Event) -> list[float]:
    """Return the milliseconds that the gateway took to say that it lives, asked twenty times a second on a connection of its own."""
    times = []
    async with aiohttp.ClientSession() as session:
        while not until.is_set():
            began = time.perf_counter()
            async with session.get(address + Own.ALIVE) as reply:
                await reply.read()
            times.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(0.05)
    return times


async def open_many(running: RunningRemit, keys: list[str], count: int) -> str:
    gateway, seen, over = psutil.Process(running.pid("gateway")), Open(), asyncio.Event()
    most, patience = aiohttp.TCPConnector(limit=0), aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=most, timeout=patience) as session:
        late = asyncio.create_task(lateness(running.gateway, over))
        streams = []
        for number in range(count):
            streams.append(asyncio.create_task(read(session, running.gateway, keys[number % len(keys)], seen)))
            await asyncio.sleep(1 / OPENED_A_SECOND)
        memory = gateway.memory_info().rss / 2**20
        await asyncio.gather(*streams)
        over.set()
        times = await late
    return (
        f"{count:6}{seen.whole:9}{memory:8.0f}{at(seen.added, 0.5):9.1f}{at(seen.added, 0.99):9.1f}"
        f"{at(times, 0.5):9.1f}{at(times, 0.99):9.1f}   {', '.join(sorted(set(seen.wrong))[:2])}"
    )


def keys_to(provider: str, check: ReplyCheck) -> list[str]:
    where, who = sending.destination(f"{provider}/v1", models=("bench",), check=check), []
    for _ in range(KEYS):
        who.append(sending.builder())
        sending.grant(who[-1], where)
    return [each.key for each in who]


def measure(running: RunningRemit, provider: str, wanted: argparse.Namespace) -> None:
    heads = ((" open", 6), ("whole", 9), ("MiB", 8), ("added", 9), ("p99", 9), ("loop", 9), ("p99", 9))
    print(f"{'':22}" + "".join(f"{head:>{width}}" for head, width in heads) + "   ms")
    watched, scanned = (keys_to(provider, check) for check in (ReplyCheck.WATCH, ReplyCheck.WINDOW))
    asyncio.run(open_many(running, watched, 2))  # the prompt is known from then on
    asyncio.run(open_many(running, scanned, 1))
    print(f"{'looked at afterwards':22}" + asyncio.run(open_many(running, watched, wanted.watched)), flush=True)
    for count in wanted.scanned:
        print(f"{'read before passed on':22}" + asyncio.run(open_many(running, scanned, count)), flush=True)


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--watched", type=int, default=1000)
    told.add_argument("--scanned", type=lambda text: [int(each) for each in text.split(",")], default=[10, 20, 40])
    told.add_argument("--seconds", type=float, default=20.0)
    wanted = told.parse_args()
    server = Server(prepare(), "bench")
    launcher = Launcher(server, lambda: Path(tempfile.mkdtemp(prefix="remit-bench-")))
    helpers = []
    try:
        running = launcher(only=("gateway", "interactive"), embedded=True, extra=sending.PATIENT)
        helpers.append(serve("_slow_provider", SECONDS=str(wanted.seconds)))
        with sending.connected_to_stack(running):
            measure(running, helpers[0][1], wanted)
    finally:
        for process, _ in helpers:
            process.kill()
        launcher.stop_all()
        server.stop()


if __name__ == "__main__":
    main()
