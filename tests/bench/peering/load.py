"""One cell of the comparison: so many connections, each asking again as soon as it is answered, for so many seconds."""

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count

import aiohttp

from .prompts import Sample, sample

SAMPLED = 150  # of so many prompts it is looked up what reached the provider
PATIENCE_S = 60
CONFIRMED, CONTENT, DONE = b"confirmed", b'"content"', b"[DONE]"
_numbers = count(1)


@dataclass(frozen=True)
class Lane:
    """One way to the provider: `path` and `key` are what its clients use."""

    name: str
    address: str
    path: str = "/v1/chat/completions"
    key: str = "sk-local-test"
    model: str = "bench"


@dataclass
class Cell:
    """Times are milliseconds; `firsts` until the first piece with text in it. `raw`: kind -> (values that reached the provider, all)."""

    lane: Lane
    size: int
    connections: int
    mode: str
    times: list[float] = field(default_factory=list)
    firsts: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    raw: dict[str, tuple[int, int]] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds


def at(values: list[float], share: float) -> float:
    """Return the value below which that share of them lies, not a number when there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


async def measure(lane: Lane, upstream: str, *, size: int, connections: int, mode: str, seconds: float) -> Cell:
    """Return how the lane did. `mode`: fresh (no text twice), repeated (one text), stream (fresh, in pieces)."""
    cell, asked = Cell(lane, size, connections, mode), []
    limit, patience = aiohttp.TCPConnector(limit=connections), aiohttp.ClientTimeout(total=PATIENCE_S)
    async with aiohttp.ClientSession(connector=limit, timeout=patience) as session:
        await _seen(session, upstream)
        began = time.perf_counter()
        again = sample(size, next(_numbers))

        async def client() -> None:
            while time.perf_counter() - began < seconds:
                asked.append(again if mode == "repeated" else sample(size, next(_numbers)))
                await _ask(session, cell, asked[-1])

        await asyncio.gather(*(client() for _ in range(connections)))
        cell.seconds = time.perf_counter() - began
        _look_for(cell, asked, "\n".join(await _seen(session, upstream)))
    return cell


async def _seen(session: aiohttp.ClientSession, upstream: str) -> list[str]:
    async with session.get(f"{upstream}/seen") as reply:
        return await reply.json()


async def _ask(session: aiohttp.ClientSession, cell: Cell, said: Sample) -> None:
    stream = cell.mode == "stream"
    body = {"model": cell.lane.model, "messages": [{"role": "user", "content": said.text}]}
    headers = {"Authorization": f"Bearer {cell.lane.key}", "Content-Type": "application/json"}
    data = json.dumps(body | ({"stream": True} if stream else {})).encode()
    began, first, told = time.perf_counter(), 0.0, b""
    try:
        async with session.post(cell.lane.address + cell.lane.path, data=data, headers=headers) as reply:
            async for part in reply.content.iter_any():
                told += part
                if not first and CONTENT in told:
                    first = time.perf_counter() - began
            fine = reply.status == 200 and (DONE if stream else CONFIRMED) in told
    except (aiohttp.ClientError, TimeoutError) as fault:
        cell.wrong[type(fault).__name__] += 1
        return
    if fine:
        cell.times.append((time.perf_counter() - began) * 1000)
        cell.firsts.append(first * 1000)
    else:
        cell.wrong[f"{reply.status} {told[:120]!r}"] += 1


def _look_for(cell: Cell, asked: list[Sample], arrived: str) -> None:
    for kind in asked[0].values:
        values = [value for each in asked[:: max(1, len(asked) // SAMPLED)] for value in each.values[kind]]
        cell.raw[kind] = (sum(value in arrived for value in values), len(values))
