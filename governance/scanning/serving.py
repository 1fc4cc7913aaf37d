"""The scanning half of a worker process: engines loaded once, signs of life, canaries, and the answer to one request."""

import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from redis import Redis, RedisError, ResponseError
from redis.backoff import NoBackoff
from redis.retry import Retry

from governance.core.errors import DomainError, Unavailable
from governance.core.garbage import set_aside
from governance.core.sealing import KeyRing
from governance.detection.documents.apart import read_apart
from governance.detection.engine import Engine
from governance.detection.ruleset import Ruleset
from governance.scanning.cache import ValkeyCache, WrittenLater
from governance.scanning.channel import (
    ANY_WORKER,
    CANARY_S,
    CANARY_TTL_MS,
    CLAIM_TTL_MS,
    PULSE_S,
    PULSE_TTL_MS,
    REPLIES_TTL_MS,
    alive_key,
    canary_key,
    claim_key,
    payload_key,
    presence_channel,
)
from governance.scanning.payloads import File, Reply, Request, State, open_request, seal_reply
from governance.scanning.taking import at_most

ENGINES_KEPT = 3  # the one in force, the one before it while a change is under way, and one in shadow
ANSWER_MARGIN_S = 0.02  # what the way back takes
OVERDUE_S = 5.0  # so long after its deadline a scan hangs: nobody waits for its answer, and who comes next would wait for nothing
log = logging.getLogger(__name__)


class _Proof(NamedTuple):
    """The detectors of an engine that did not work at a moment of the monotonic clock."""

    at: float
    failed: tuple[str, ...]


@dataclass
class ScanServer:
    """One for each worker process. `find_rulesets` returns the detectors in force, then those of a version in shadow; [] while there are none."""

    client: "Redis"
    ring: KeyRing
    findings_key: bytes
    find_rulesets: Callable[[], list[Ruleset]]
    beat: Callable[[dict[str, Any]], None]
    load: Callable[..., Engine] = Engine.load
    name: str = field(default_factory=lambda: f"{os.uname().nodename}:{os.getpid()}")
    _engines: OrderedDict[str, Engine] = field(default_factory=OrderedDict)
    _proofs: dict[str, "_Proof"] = field(default_factory=dict)
    _engine_lock: threading.Lock = field(default_factory=threading.Lock)  # spaCy is not safe in threads
    _wake: threading.Event = field(default_factory=threading.Event)
    _loaded: threading.Condition = field(default_factory=threading.Condition)

    def start(self) -> None:
        """Load the detectors in force, prove them by their canaries, and begin to give signs of life."""
        self._tend()
        threading.Thread(target=self._pulse, name="scan-pulse", daemon=True).start()
        threading.Thread(target=self._tend_forever, name="scan-canary", daemon=True).start()

    def answer(self, request_id: str) -> None:
        """Answer one request, unless nobody waits for it any more."""
        left_s, sealed = self._take(request_id)
        if sealed is None:
            return
        try:
            request = open_request(self.ring, sealed, request_id=request_id)
        except (DomainError, ValueError, KeyError, TypeError) as fault:
            # Sealed under another key, or of another version: nobody can be answered, and who comes next can.
            log.warning("scan request not opened: %s", type(fault).__name__)
            return
        began, findings = time.monotonic(), WrittenLater(ValkeyCache(self.client, self.ring))
        try:
            with at_most(left_s + OVERDUE_S):
                reply = self._answered(request, findings, deadline_s=left_s - ANSWER_MARGIN_S)
        except Exception as fault:  # noqa: BLE001 - whatever a detector did, who waits is told that nothing was checked
            # The class alone: messages of parsers and regular expressions quote the text they failed on.
            log.warning("scan failed: %s", type(fault).__name__)
            reply = self._unavailable(request, "detector_failed")
        if time.monotonic() - began < left_s:
            self._reply(request, reply, findings)
        else:
            findings.write()

    def _take(self, request_id: str) -> tuple[float, bytes | None]:
        """Take the text away from the broker, and say who did; with it the seconds left, by the broker's clock, not by two machines' clocks."""
        key = payload_key(request_id)
        with self.client.pipeline(transaction=False) as pipe:
            pipe.pttl(key)
            pipe.getdel(key)
            # Whoever comes too late finds no text, and takes nobody's name away.
            pipe.set(claim_key(request_id), self.name, px=CLAIM_TTL_MS, nx=True)
            left_ms, sealed, _ = pipe.execute()
        return left_ms / 1000, sealed

    def _answered(self, request: Request, findings: WrittenLater, *, deadline_s: float) -> Reply:
        if request.file:
            return self._read(request, request.file, deadline_s=deadline_s)
        return self._scan(request, findings, deadline_s=deadline_s)

    def _scan(self, request: Request, findings: WrittenLater, *, deadline_s: float) -> Reply:
        began = time.monotonic()
        engine = self._engine_of(request.ruleset, within_s=deadline_s)
        if engine is None:
            return self._unavailable(request, "ruleset_missing")
        with self._engine_lock:
            # Here as well, for the thread that does it every few seconds may itself hang or be gone.
            if self._failed(request.ruleset, engine, within_s=CANARY_TTL_MS / 1000):
                return self._unavailable(request, "canary_failed")
            left_s = deadline_s - (time.monotonic() - began)
            report = engine.scan(request.document, deadline=left_s, cache=findings)
        return Reply(request.id, State.DONE, self.name, report=report)

    def _read(self, request: Request, file: File, *, deadline_s: float) -> Reply:
        try:
            reading = read_apart(file.kind, file.raw, seconds=deadline_s, pictures=file.pictures)
        except Unavailable as fault:
            return self._unavailable(request, fault.code)
        return Reply(request.id, State.DONE, self.name, reading=reading)

    def _engine_of(self, ruleset: str, *, within_s: float) -> Engine | None:
        """Return the engine of a ruleset; one that has just come into force is loaded first, as long as the prompt can wait."""
        if ruleset not in self._engines:
            self._wake.set()
            with self._loaded:
                self._loaded.wait_for(lambda: ruleset in self._engines, timeout=max(0.0, within_s))
        return self._engines.get(ruleset)

    def _unavailable(self, request: Request, code: str) -> Reply:
        return Reply(request.id, State.UNAVAILABLE, self.name, code=code)

    def _reply(self, request: Request, reply: Reply, findings: WrittenLater) -> None:
        with self.client.pipeline(transaction=False) as pipe:
            findings.write_into(pipe)  # first, so that who has the answer finds it in the cache
            pipe.rpush(request.replies, seal_reply(self.ring, reply))
            pipe.pexpire(request.replies, REPLIES_TTL_MS)
            *written, pushed, _ = pipe.execute(raise_on_error=False)
        if isinstance(pushed, ResponseError):
            raise pushed
        if any(isinstance(each, ResponseError) for each in written):
            log.warning("findings cache not written: ResponseError")

    def _pulse(self) -> None:
        """Be seen to be there, by a connection that stays open, and to run, by a key that passes away."""
        names, database = (alive_key(self.name), ANY_WORKER), self.client.connection_pool.connection_kwargs.get("db", 0)
        with self.client.pubsub() as presence:  # type: ignore[no-untyped-call]
            while True:
                try:
                    # Reading finds out that the broker ended the connection; with the next one the client listens again by itself.
                    if not presence.subscribed:
                        presence.subscribe(*(presence_channel(name, database=database) for name in names))
                    presence.get_message()
                    with self.client.pipeline(transaction=False) as pipe:
                        for name in names:
                            pipe.set(name, b"1", px=PULSE_TTL_MS)
                        pipe.execute()
                except (RedisError, OSError):
                    pass  # who waits sees the missing sign; the next one comes in a moment
                time.sleep(PULSE_S)

    def _tend_forever(self) -> None:
        while True:
            self._wake.wait(CANARY_S if self._engines else 1.0)
            self._wake.clear()
            self._tend()

    def _tend(self) -> None:
        """Scan the canaries, load what is in force, say that all is well only when it is."""
        self._attempt(self._prove_all)
        self._attempt(self._load_wanted)

    def _attempt(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as fault:  # noqa: BLE001 - without this thread a broken detector would go unseen
            log.warning("scan worker not ready: %s %s", type(fault).__name__, getattr(fault, "code", ""))

    def _prove_all(self) -> None:
        for digest, engine in list(self._engines.items()):
            self._prove(digest, engine)

    def _load_wanted(self) -> None:
        """The one in force first, so that a version in shadow that cannot be loaded keeps nobody from it."""
        wanted = self.find_rulesets()
        for ruleset in wanted:
            self._load(ruleset, wanted)

    def _load(self, ruleset: Ruleset, wanted: list[Ruleset]) -> None:
        """Load a ruleset that is not here, or anew one that does not work any more: of that nothing is used again."""
        working = {digest: engine for digest, engine in self._engines.items() if not self._proofs[digest].failed}
        if ruleset.digest in working:
            return
        # One engine scans at a time, so they share what they look for in the same way: a second set of models would not fit.
        engine = self.load(ruleset, key=self.findings_key, beside=tuple(working.values()))
        self._prove(ruleset.digest, engine)
        with self._loaded:
            self._engines[ruleset.digest] = engine
            self._loaded.notify_all()
        unwanted = [digest for digest in self._engines if digest not in {each.digest for each in wanted}]
        for digest in unwanted[: max(0, len(self._engines) - ENGINES_KEPT)]:
            del self._engines[digest], self._proofs[digest]
        set_aside()
        log.info("detectors loaded, ruleset %s", ruleset.digest[:12])

    def _prove(self, digest: str, engine: Engine) -> None:
        with self._engine_lock:
            failed = self._failed(digest, engine, within_s=0)
        if failed:
            log.error("canary not found by: %s", ", ".join(failed))
        else:
            self.client.set(canary_key(digest), b"1", px=CANARY_TTL_MS)
        self.beat({"ruleset": digest, "failed": list(failed)})

    def _failed(self, digest: str, engine: Engine, *, within_s: float) -> tuple[str, ...]:
        """Return the detectors that do not work, as was found so lately or is found now. Whoever calls holds the engines' lock."""
        proof = self._proofs.get(digest)
        if proof is None or time.monotonic() - proof.at >= within_s:
            proof = self._proofs[digest] = _Proof(time.monotonic(), engine.canary())
        return proof.failed


def connect(url: str) -> "Redis":
    return Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=2, retry=Retry(NoBackoff(), 1), protocol=2)
