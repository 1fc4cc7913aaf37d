"""A scan worker that is there and does not do its work: `python broken_worker.py raising|late|silent|half`.

It takes messages from the broker as a worker does and answers through the product's own ScanServer; only the detectors are broken.
raising: one throws. late: one outlasts every deadline. silent: one finds nothing any more, not even its canary.
"""

import json
import os
import sys
import time
from base64 import b64decode

import django
from django.conf import settings
from redis import Redis

from governance.core.sealing import KeyRing
from governance.detection.detector import Canary
from governance.detection.engine import Engine
from governance.detection.views import Kind
from governance.scanning.channel import QUEUE
from governance.scanning.serving import ScanServer, connect


class Broken:
    version, views, canary = "1", frozenset(Kind), None

    def __init__(self, name: str, how: str) -> None:
        self.name, self.how = name, how
        if how == "silent":
            self.canary = Canary("a synthetic canary", "SECRET")

    def find(self, texts, budget):
        if self.how == "raising":
            message = "broken on purpose"
            raise RuntimeError(message)
        if self.how == "late":
            time.sleep(budget.left + 1)
        return [[] for _ in texts]


def load(ruleset, *, key) -> Engine:
    """Return an engine whose every detector the ruleset names is a broken one."""
    return Engine(ruleset=ruleset, detectors=[Broken(name, sys.argv[1]) for name in ruleset.required], key=key)


def main() -> None:
    django.setup()
    from governance.scanning.selectors import detectors_in_force

    key = KeyRing.load(settings.FINDINGS_KEY_FILE)
    server = ScanServer(
        client=connect(settings.REDIS_URL),
        ring=KeyRing.load(settings.PAYLOAD_KEY_FILE),
        findings_key=key.key(key.current),
        find_ruleset=detectors_in_force,
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
