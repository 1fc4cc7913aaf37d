"""What became of a crowd's calls, and what everything that took part used of the processors meanwhile."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psutil

GENERATOR = Path(__file__).with_name("generator.py")
CALLERS = "generator"
NUMBER_DIGITS = 8


@dataclass
class Tally:
    """What became of the calls of one run that began after its lead. Times are milliseconds; `accepted` those answered 200; `shed`
    those turned away with 503 and told when to come again, `why` by the code that was told; `other` counts everything else by what
    it was. `lead` are the times of what was accepted while the crowd had only begun. `cpu` is processor seconds a second, by whose."""

    seconds: float = 0.0
    offered: int = 0
    late_ms: list[float] = field(default_factory=list)
    accepted: dict[str, list[float]] = field(default_factory=dict)
    shed: dict[str, list[float]] = field(default_factory=dict)
    why: dict[str, Counter[str]] = field(default_factory=dict)
    other: Counter[str] = field(default_factory=Counter)
    lead: list[float] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)

    def times(self) -> list[float]:
        return [each for times in self.accepted.values() for each in times]

    def shed_times(self) -> list[float]:
        return [each for times in self.shed.values() for each in times]

    @property
    def goodput(self) -> float:
        return len(self.times()) / self.seconds if self.seconds else 0.0

    def note(self, key: str, status: int, code: str, took_ms: float, *, may_come_again: bool) -> None:
        if status == 200:
            self.accepted.setdefault(key, []).append(took_ms)
        elif status == 503 and may_come_again:
            self.shed.setdefault(key, []).append(took_ms)
            self.why.setdefault(key, Counter())[code] += 1
        else:
            self.other[f"{status} {code}"] += 1


@dataclass
class Processes:
    """The processes that share the machine, by name; each with its children."""

    of: dict[str, psutil.Process]

    def cpu_s(self) -> dict[str, float]:
        return {name: sum(map(_cpu_s, [each, *each.children(recursive=True)])) for name, each in self.of.items()}


def _cpu_s(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system


@dataclass
class Crowd:
    """Clients of one gateway. `words` are what a call says before and after its number; where they are one, it is in no text."""

    address: str
    path: str
    words: tuple[str, ...]
    watched: Processes
    number: int = 1

    async def come(self, shares: Sequence[tuple[str, float]], *, rate: float, seconds: float, lead_s: float) -> Tally:
        """Let `rate` calls a second come, at random moments. `shares`: (key, weight) of who they are of."""
        keys, weights = zip(*shares, strict=True)
        return await self._run(keys, lead_s, seconds=seconds + lead_s, rate=rate, weights=weights)

    async def press(self, key: str, *, connections: int, seconds: float) -> Tally:
        """Let so many connections ask again as soon as they are answered: what the gateway can do at most."""
        return await self._run([key], 0.0, seconds=seconds, connections=connections)

    async def _run(self, keys: Sequence[str], lead_s: float, *, seconds: float, **plan: object) -> Tally:
        at = urlsplit(self.address)
        head, tail = self._around_number(at.netloc)
        given = {"host": at.hostname, "port": at.port, "keys": keys, "head": head, "tail": tail}
        plan |= given | {"first": self.number, "seconds": seconds}
        before = self.watched.cpu_s()
        told = await _generated(plan)
        spent = {name: used - before[name] for name, used in self.watched.cpu_s().items()} | {CALLERS: told["cpu_s"]}
        self.number += len(told["calls"])
        tally = Tally(seconds=seconds - lead_s)
        tally.cpu = {name: used / told["seconds"] for name, used in spent.items()}
        for begun_s, late_ms, key, status, again, code, took_ms in told["calls"]:
            if begun_s < lead_s:
                tally.lead += [took_ms] if status == 200 else []
                continue
            tally.offered += 1
            tally.late_ms.append(late_ms)
            tally.note(keys[key], status, code, took_ms, may_come_again=again)
        return tally

    def _around_number(self, netloc: str) -> tuple[str, str]:
        lines = [f"POST {self.path} HTTP/1.1", f"Host: {netloc}", "Authorization: Bearer KEY"]
        lines.append("Content-Type: application/json")
        if len(self.words) == 1:
            body = self.words[0]
            return "\r\n".join([*lines, "X-Number: "]), f"\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        head, tail = self.words
        size = len(head) + NUMBER_DIGITS + len(tail)
        return "\r\n".join([*lines, f"Content-Length: {size}", "", head]), tail


async def _generated(plan: dict[str, object]) -> dict:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-I", "-S", GENERATOR, stdin=pipe, stdout=pipe)
    told, _ = await process.communicate(json.dumps(plan).encode())
    return json.loads(told)
