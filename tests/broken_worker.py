"""A scan worker that is there and does not do its work: `python broken_worker.py raising|late|silent|...`.

It takes messages from the broker as a worker does and answers through the product's own ScanServer; only one thing is broken. Most are
a detector: raising, exhausted (no memory left), late, silent (finds nothing any more, not even its canary), none, rubbish and half (what
it returns), dying, crashing, hanging. The rest are what the worker makes of it: unloaded (no detector at all), other, older, partial
(the report is on another text, by other rules, on half of it), garbled, forged (the answer cannot be opened). `sound`: nothing is.
"""

import json
import os
import signal
import sys
import time
from base64 import b64decode
from dataclasses import replace

import django
from django.conf import settings
from redis import Redis

from governance.core.sealing import KeyRing
from governance.detection.detector import Canary
from governance.detection.document import Document, Segment
from governance.detection.engine import Engine
from governance.detection.views import Kind
from governance.scanning.channel import QUEUE
from governance.scanning.payloads import seal_reply
from governance.scanning.serving import ScanServer, connect

HOW = sys.argv[1]
ANOTHER = Document((Segment("messages[0].content", "Another text."),))


class Broken:
    version, views, canary = "1", frozenset(Kind), None

    def __init__(self, name: str) -> None:
        self.name = name
        if HOW == "silent":
            self.canary = Canary("a synthetic canary", "SECRET")

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

    def _reply(self, request, reply) -> None:
        another = KeyRing.load(settings.FINDINGS_KEY_FILE)
        sealed = seal_reply(another, reply) if HOW == "forged" else os.urandom(400)
        self.client.rpush(request.replies, sealed)


def load(ruleset, *, key, beside) -> Engine:
    """Return an engine whose every detector the ruleset names is a broken one."""
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
    print("ready", flush=True)
    broker = Redis.from_url(settings.REDIS_URL)
    while os.getppid() != 1:
        if popped := broker.brpop([QUEUE], timeout=1):
            server.answer(json.loads(b64decode(json.loads(popped[1])["body"]))[1]["request_id"])


if __name__ == "__main__":
    main()
