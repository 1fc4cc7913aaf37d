"""A scan worker that is there and does not do its work: `python broken_worker.py raising|late|silent|...`.

It takes requests from the broker as a worker does and answers through the product's own ScanServer; only one thing is broken. Most are
a detector: raising, exhausted (no memory left), late, silent (finds nothing any more, not even its canary), none, rubbish and half (what
it returns), dying, crashing, hanging. The rest are what the worker makes of it: unloaded (no detector at all), other, older, partial
(the report is on another text, by other rules, on half of it), garbled, forged (the answer cannot be opened). `sound`: nothing is.

Three work with the product's own detectors until they are told SIGUSR1: emptied (they are gone), blinded (one finds nothing any more),
and lasting, which nothing happens to: what it is made of is changed by somebody else.
"""

import os
import signal
import sys
import threading
import time
from dataclasses import replace

import django
from django.conf import settings
from redis import Redis

from governance.core.sealing import KeyRing
from governance.detection.detector import NO_FILES, Canary
from governance.detection.document import Document, Segment
from governance.detection.engine import Engine
from governance.detection.views import Kind
from governance.scanning.channel import REQUESTS
from governance.scanning.payloads import seal_reply
from governance.scanning.serving import ScanServer, connect

HOW = sys.argv[1]
ANOTHER = Document((Segment("messages[0].content", "Another text."),))


class Broken:
    version, views, canaries, files = "1", frozenset(Kind), (), NO_FILES

    def __init__(self, name: str) -> None:
        self.name = name
        if HOW == "silent":
            self.canaries = (Canary("a synthetic canary", "SECRET"),)

    def find(self, texts, budget):
        match HOW:
            case "raising":
                raise RuntimeError("broken on purpose")
            case "exhausted":
                raise MemoryError
            case "late":
                time.sleep(budget.left + 1)
            case "hanging":
                time.sleep(3600)
            case "dying":
                os.kill(os.getpid(), signal.SIGKILL)
            case "crashing":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "none":
                return None
            case "rubbish":
                return ["rubbish" for _ in texts]
            case "half":
                return [[] for _ in texts[1:]]
        return [[] for _ in texts]


class Misreporting(Engine):
    """Looks at everything with detectors that find nothing, and says of it what is not so."""

    def scan(self, document, **how):
        if HOW == "other":
            return super().scan(ANOTHER, **how)
        report = super().scan(document, **how)
        if HOW == "older":
            return replace(report, receipt=replace(report.receipt, ruleset="0" * 64))
        if HOW == "partial":
            return replace(report, receipt=replace(report.receipt, bytes_seen=report.receipt.bytes_given // 2))
        return report


class Mumbling(ScanServer):
    """Answers so that nobody can open it."""

    def _reply(self, request, reply, _findings) -> None:
        another = KeyRing.load(settings.FINDINGS_KEY_FILE)
        sealed = seal_reply(another, reply) if HOW == "forged" else os.urandom(400)
        self.client.rpush(request.replies, sealed)


BREAKING = threading.Event()


class Breaking(Engine):
    """The product's own, until it is told to break; and so are all that are loaded afterwards."""

    def canary(self, **but):
        if BREAKING.is_set():
            self._break()
        return super().canary(**but)

    def scan(self, document, **how):
        if BREAKING.is_set():
            self._break()
        return super().scan(document, **how)

    def _break(self) -> None:
        match HOW:
            case "emptied":
                self.detectors = ()
            case "blinded":
                self.detectors[-1].find = lambda texts, _budget: [[] for _ in texts]


def load(ruleset, *, key, beside) -> Engine:
    """Return an engine whose every detector the ruleset names is a broken one, or one that breaks later."""
    if HOW in {"emptied", "blinded", "lasting"}:
        return Breaking.load(ruleset, key=key, beside=beside)
    detectors = [] if HOW == "unloaded" else [Broken(name) for name in ruleset.required]
    return Misreporting(ruleset=ruleset, detectors=detectors, key=key)


def main() -> None:
    django.setup()
    from governance.scanning.selectors import detectors_wanted

    key = KeyRing.load(settings.FINDINGS_KEY_FILE)
    kind = Mumbling if HOW in {"garbled", "forged"} else ScanServer
    server = kind(
        client=connect(settings.REDIS_URL),
        ring=KeyRing.load(settings.PAYLOAD_KEY_FILE),
        findings_key=key.key(key.current),
        find_rulesets=detectors_wanted,
        beat=lambda _detail: None,
        load=load,
    )
    server.start()
    signal.signal(signal.SIGUSR1, lambda *_: BREAKING.set())
    print("ready", flush=True)
    broker = Redis.from_url(settings.REDIS_URL)
    while os.getppid() != 1:
        if popped := broker.brpop([REQUESTS], timeout=1):
            server.answer(popped[1].decode())


if __name__ == "__main__":
    main()
