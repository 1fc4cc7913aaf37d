"""What the gateway adds to a call: `./dev bench gateway [--calls N] [--fresh N] [--size BYTES]`.

The same loopback provider is asked through a bare proxy, and through the gateway with text seen a moment ago and with text never seen,
in turns, so that a busy machine is busy for all of them alike; answers are watched, and in one lane read before they are passed on. One connection each, one call at a time. Times are milliseconds from
the request to the whole answer; for streams also to the first byte of the body. A durable commit is timed in the same run: the
gateway waits for one before the first byte leaves.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from _stack import HERE

import sending
from governance.destinations.rules import ReplyCheck
from harness.databases import Server
from harness.environment import prepare
from harness.processes import Launcher

SENTENCE = "Please make this plain synthetic sentence about garden chairs a little shorter. "


@dataclass
class Lane:
    """One way to the provider. `times` and `firsts` are milliseconds."""

    name: str
    address: str
    path: str
    key: str = "none"
    fresh: bool = False
    times: list[float] = field(default_factory=list)
    firsts: list[float] = field(default_factory=list)
    connection: HTTPConnection | None = None

    def ask(self, body: bytes) -> None:
        if self.connection is None:
            at = urlsplit(self.address)
            self.connection = HTTPConnection(at.hostname, at.port)
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        began = time.perf_counter()
        self.connection.request("POST", self.path, body, headers)
        reply = self.connection.getresponse()
        reply.read(1)
        first = time.perf_counter()
        rest = reply.read()
        self.firsts.append((first - began) * 1000)
        self.times.append((time.perf_counter() - began) * 1000)
        assert reply.status == 200, rest


def body_of(lane: Lane, size: int, *, stream: bool) -> bytes:
    # Every word of the head is new, so that nothing of a fresh text is in the cache; the rest is part of the same segment.
    head = f"Note {time.monotonic_ns()}. " if lane.fresh else "The note that is sent again and again. "
    text = (head + SENTENCE * (size // len(SENTENCE) + 1))[:size]
    return json.dumps({"model": "bench", "stream": stream, "messages": [{"role": "user", "content": text}]}).encode()


def measure(lanes: list[Lane], *, calls: int, fresh: int, size: int, stream: bool) -> None:
    for number in range(calls + 5):
        for lane in lanes:
            if lane.fresh and number >= fresh + 5:
                continue
            lane.ask(body_of(lane, size, stream=stream))
            if number < 5:  # the first calls open connections and fill caches
                lane.times.clear()
                lane.firsts.clear()


def report(lanes: list[Lane], *, stream: bool) -> None:
    floor = lanes[0]
    for lane in lanes:
        shown = lane.firsts if stream else lane.times
        base = floor.firsts if stream else floor.times
        added = [at(shown, share) - at(base, share) for share in (0.5, 0.99)]
        kind = "stream, first byte" if stream else "whole answer"
        figures = (
            f"p50 {at(shown, 0.5):8.2f}  p99 {at(shown, 0.99):8.2f}  added p50 {added[0]:8.2f}  p99 {added[1]:8.2f}"
        )
        print(f"{kind:20} {lane.name:22} n={len(shown):4}  {figures}  ms")


def at(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def commits(address: str, count: int) -> list[float]:
    """Return the milliseconds of durable commits of one small row."""
    times = []
    with psycopg.connect(address, autocommit=True) as conn:
        conn.execute("CREATE TABLE bench_commit (value int)")
        for number in range(count):
            began = time.perf_counter()
            conn.execute("INSERT INTO bench_commit VALUES (%s)", [number])
            times.append((time.perf_counter() - began) * 1000)
    return times


def serve(module: str, **environment: str) -> tuple[subprocess.Popen, str]:
    port = sending.free_port()
    command = [sys.executable, "-m", "uvicorn", f"{module}:application", "--port", str(port), "--no-access-log"]
    started = subprocess.Popen([*command, "--log-level", "error"], cwd=HERE, env=os.environ | environment)
    sending.wait_for(port)
    return started, f"http://127.0.0.1:{port}"


def lanes_of(running, provider: str, proxy: str) -> list[Lane]:
    path, gateway = "/openai/v1/chat/completions", running.gateway
    watched, read = (_key(provider, check) for check in (ReplyCheck.WATCH, ReplyCheck.WINDOW))
    return [
        Lane("bare proxy", proxy, "/v1/chat/completions"),
        Lane("gateway, seen text", gateway, path, watched),
        Lane("gateway, new text", gateway, path, watched, fresh=True),
        Lane("seen text, answer read", gateway, path, read),
    ]


def _key(provider: str, check: ReplyCheck) -> str:
    """Return the key of an initiative whose one destination has its answers checked in this way."""
    builder = sending.builder()
    sending.grant(builder, sending.destination(f"{provider}/v1", models=("bench",), check=check))
    return builder.key


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--calls", type=int, default=300)
    told.add_argument("--fresh", type=int, default=60)
    told.add_argument("--size", type=int, default=1024)
    wanted = told.parse_args()
    server = Server(prepare(), "bench")
    launcher = Launcher(server, lambda: Path(tempfile.mkdtemp(prefix="remit-bench-")))
    helpers = []
    try:
        # A server of its own: the one of the tests is careless with commits, and commits are what is measured.
        server.start()
        running = launcher(only=("gateway", "interactive"), embedded=True, extra={"GATEWAY_LOOPBACK_ALLOWED": "on"})
        helpers = [serve("_provider")]
        helpers.append(serve("_bare_proxy", PROVIDER=helpers[0][1]))
        with sending.connected_to_stack(running):
            print(f"{wanted.size} bytes of text a call, one call at a time")
            times = commits(sending.owner_address(running), 200)
            print(
                f"one durable commit    p50 {at(times, 0.5):.2f}  p99 {at(times, 0.99):.2f}  mean {statistics.mean(times):.2f} ms"
            )
            for stream in (False, True):
                lanes = lanes_of(running, helpers[0][1], helpers[1][1])
                measure(lanes, calls=wanted.calls, fresh=wanted.fresh, size=wanted.size, stream=stream)
                report(lanes, stream=stream)
    finally:
        for process, _ in helpers:
            process.kill()
        launcher.stop_all()
        server.stop()


if __name__ == "__main__":
    main()
