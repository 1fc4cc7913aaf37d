"""Ask a scan worker, from an asyncio process. No answer in time is an error, never an empty report."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from governance.core.background import end
from governance.core.errors import DomainError, Unavailable
from governance.core.ids import uuid7
from governance.core.sealing import KeyRing
from governance.detection.document import Document
from governance.detection.documents.apart import UNREAD, unread
from governance.detection.documents.reading import Reading
from governance.detection.report import Report
from governance.scanning.channel import (
    ANY_WORKER,
    MOST_REQUESTS,
    REQUESTS,
    REQUESTS_TTL_MS,
    alive_key,
    canary_key,
    claim_key,
    payload_key,
    presence_channel,
    replies_key,
)
from governance.scanning.payloads import File, Reply, Request, open_reply, seal_request

WATCH_S = 0.2
UNCLAIMED_S = 0.5  # a worker that is there and free takes a request within milliseconds
CONNECT_S, ANSWER_S = 0.5, 0.8
CONNECTIONS = 32  # each is asked many times in a millisecond's time
NOTHING_SENT = "Nothing was sent. Try again in a moment."
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Waiting:
    answer: asyncio.Future[Reply]
    asked: float
    worker: str = ""  # who took it, once the watch has seen that
    misses: int = 0


@dataclass(slots=True)
class Scanner:
    """One for each process: one list of replies, one reader of it, one watch over the workers that owe an answer."""

    redis_url: str
    ring: KeyRing
    workers: int = field(init=False, default=1)  # how many there were when one was asked last
    _client: Redis = field(init=False)
    _replies: str = field(init=False)
    _waiting: dict[str, _Waiting] = field(init=False, default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(init=False, default_factory=list)

    async def start(self) -> None:
        self._client = connect(self.redis_url, timeout_s=ANSWER_S)
        self._replies = replies_key(str(uuid4()))
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._watch())]

    async def stop(self) -> None:
        await end(*self._tasks)
        await self._client.aclose()

    async def scan(self, document: Document, *, ruleset: str, deadline_s: float) -> Report:
        """Return the report on `document` by the detectors of `ruleset` (a digest). It may still be incomplete.

        Raises:
            Unavailable: `broker_down`, `worker_absent`, `worker_lost`, `deadline_passed`, or the worker's own reason, such as
                `ruleset_missing`, `canary_failed` or `detector_failed`.
        """
        reply = await self._ask(Request(str(uuid7()), self._replies, ruleset, document), deadline_s)
        if reply.report is None:
            raise _unchecked(reply.code)
        return reply.report

    async def read(self, file: File, *, deadline_s: float) -> Reading:
        """Return the words of a document, and what of it nobody can read.

        Raises:
            Unavailable: as `scan`; `document_unread`, when it takes more than a document may.
        """
        reply = await self._ask(Request(str(uuid7()), self._replies, "", Document(()), file), deadline_s)
        if reply.reading is None:
            raise unread() if reply.code == UNREAD else _unchecked(reply.code)
        return reply.reading

    async def _ask(self, request: Request, deadline_s: float) -> Reply:
        loop = asyncio.get_running_loop()
        waiting = self._waiting[request.id] = _Waiting(loop.create_future(), loop.time())
        try:
            async with asyncio.timeout(deadline_s):
                await self._publish(request, deadline_s)
                return await waiting.answer
        except TimeoutError as late:
            raise Unavailable("deadline_passed", "The scan took too long.", remedy=NOTHING_SENT) from late
        finally:
            del self._waiting[request.id]

    async def is_ready(self, ruleset: str) -> bool:
        """Say whether a worker is alive, and one that holds `ruleset` found its canaries within the last seconds."""
        try:
            return await self._client.exists(canary_key(ruleset), ANY_WORKER) == 2  # noqa: PLR2004 - both signs
        except (RedisError, OSError):
            return False

    @property
    def is_busy(self) -> bool:
        """Say whether somebody in this process waits for a scan."""
        return bool(self._waiting)

    @property
    def client(self) -> Redis:
        return self._client

    async def _publish(self, request: Request, deadline_s: float) -> None:
        sealed = seal_request(self.ring, request)
        try:
            async with self._client.pipeline(transaction=False) as pipe:
                pipe.pubsub_numsub(self._presence(ANY_WORKER))
                pipe.exists(ANY_WORKER)
                pipe.set(payload_key(request.id), sealed, px=max(1, int(deadline_s * 1000)))
                pipe.lpush(REQUESTS, request.id)
                pipe.ltrim(REQUESTS, 0, MOST_REQUESTS - 1)
                pipe.pexpire(REQUESTS, REQUESTS_TTL_MS)
                listening, runs, *_ = await pipe.execute()
        except (RedisError, OSError) as fault:
            raise _broker_down() from fault
        if not ((workers := sum(_counts(listening))) and runs):
            raise _absent()
        self.workers = workers

    async def _read(self) -> None:
        """Take replies from the list and hand them to who waits, for ever."""
        reader = connect(self.redis_url, timeout_s=None, single=True)
        while True:
            try:
                popped: Any = await reader.blpop([self._replies], timeout=0)
                self._receive(open_reply(self.ring, popped[1]))
            except (RedisError, OSError):
                # Answers on the way are lost with the broker: say so now instead of at each deadline.
                self._fail_all(_broker_down())
                await asyncio.sleep(WATCH_S)
            except DomainError as fault:
                log.warning("a reply could not be read: %s", fault.code)

    def _receive(self, reply: Reply) -> None:
        waiting = self._waiting.get(reply.id)
        if waiting is not None and not waiting.answer.done():
            waiting.answer.set_result(reply)

    async def _watch(self) -> None:
        """Find out within a second that nobody is there to answer, and within a few that who is there hangs, whatever the deadline."""
        while True:
            await asyncio.sleep(WATCH_S)
            await self._see_claims()
            now = asyncio.get_running_loop().time()
            owed = [each for each in self._waiting.values() if each.worker or now - each.asked > UNCLAIMED_S]
            if owed:
                await self._check(owed)

    async def _see_claims(self) -> None:
        """Find out who took what is waited for. Most scans are over before anybody would have to know."""
        unseen = {name: each for name, each in self._waiting.items() if not each.worker}
        if not unseen:
            return
        try:
            claims: Any = await self._client.mget([claim_key(name) for name in unseen])
        except (RedisError, OSError):
            return  # the reader sees a lost broker too, and says so
        for waiting, worker in zip(unseen.values(), claims, strict=True):
            waiting.worker = worker.decode() if worker else ""

    async def _check(self, owed: list[_Waiting]) -> None:
        names = [alive_key(each.worker) if each.worker else ANY_WORKER for each in owed]
        try:
            async with self._client.pipeline(transaction=False) as pipe:
                pipe.pubsub_numsub(*map(self._presence, names))
                pipe.mget(names)
                listening, pulses = await pipe.execute()
        except (RedisError, OSError):
            return  # the reader sees a lost broker too, and says so
        for waiting, is_there, pulse in zip(owed, _counts(listening), pulses, strict=True):
            waiting.misses = 0 if is_there and pulse else waiting.misses + 1
            # Twice, so that a worker whose connection was ended has the time to make another.
            if waiting.misses > 1 and not waiting.answer.done():
                waiting.answer.set_exception(_lost() if waiting.worker else _absent())

    def _presence(self, alive: str) -> str:
        return presence_channel(alive, database=self._client.connection_pool.connection_kwargs.get("db", 0))

    def _fail_all(self, error: Unavailable) -> None:
        for waiting in self._waiting.values():
            if not waiting.answer.done():
                waiting.answer.set_exception(error)


def connect(url: str, *, timeout_s: float | None, single: bool = False) -> Redis:
    """Return a client that tries a broken connection once again and then gives up at once.

    `single`: it asks one thing after the other, on a connection that is not lent and looked at anew for each.
    """
    told: dict[str, Any] = {
        "socket_connect_timeout": CONNECT_S,
        "socket_timeout": timeout_s,
        "retry": Retry(NoBackoff(), 1),
        "protocol": 2,
    }
    if single:
        return Redis.from_url(url, single_connection_client=True, **told)
    # One too many waits its turn: the library's own pool answers it with an error, which would be a broker that is down.
    return Redis.from_pool(BlockingConnectionPool.from_url(url, max_connections=CONNECTIONS, timeout=timeout_s, **told))


def _counts(listening: Any) -> list[int]:
    """Return how many listen on each channel asked about, in that order."""
    return [number for _, number in listening]


def _unchecked(code: str) -> Unavailable:
    return Unavailable(code, "The text could not be checked.", remedy=NOTHING_SENT)


def _broker_down() -> Unavailable:
    return Unavailable("broker_down", "The scan workers cannot be reached.", remedy=NOTHING_SENT)


def _absent() -> Unavailable:
    return Unavailable("worker_absent", "No scan worker is running.", remedy=NOTHING_SENT)


def _lost() -> Unavailable:
    return Unavailable("worker_lost", "The scan worker ended before it answered.", remedy=NOTHING_SENT)
