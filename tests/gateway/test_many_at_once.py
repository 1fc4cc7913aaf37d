"""Many clients at once, in the long form: `./dev test -m long tests/gateway/test_many_at_once.py` prints how soon a revocation reaches them."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import sending
from governance.destinations.rules import ReplyCheck

pytestmark = [pytest.mark.services, pytest.mark.long]
PATH = "/openai/v1/chat/completions"
CLIENTS, STREAMS = 50, 10
WITHIN_S = 1.0


def body(text: str, *, model: str = "recorder-1", stream: bool = False) -> bytes:
    asked = {"model": model, "messages": [{"role": "user", "content": text}], "stream": stream}
    return json.dumps(asked).encode()


def asks_until_refused(gateway, key: str) -> float:
    """Ask again and again; return when the last answer came that was no refusal."""
    last = 0.0
    while True:
        status, *_ = sending.post(gateway, key, body("Say it again."))
        if status != 200:
            return last
        last = time.time()


def reads_until_cut(gateway, key: str) -> float:
    """Read a slow stream; return when its last piece came."""
    reply = sending.reply_to(gateway, body("Say it slowly.", model="slow-1", stream=True), PATH, key)
    last = 0.0
    while (line := reply.readline()) and b"error" not in line:
        last = time.time()
    return last


def test_a_revocation_reaches_every_client_within_a_second(gateway, recording, capsys):
    who = sending.builder()
    sending.grant(who, sending.destination(recording.url, check=ReplyCheck.WATCH))
    sending.post(gateway, who.key, body("Say it again."))
    before = recording.count()
    with ThreadPoolExecutor(CLIENTS) as pool:
        asked = [pool.submit(asks_until_refused, gateway, who.key) for _ in range(CLIENTS - STREAMS)]
        streams = [pool.submit(reads_until_cut, gateway, who.key) for _ in range(STREAMS)]
        time.sleep(3)
        revoked = sending.revoke_grants(who).timestamp()
    begun = [each for each in streams if each.result()]
    sent = max(path.stat().st_mtime for path in sorted(recording.folder.glob("*.body"))[before:]) - revoked
    answered, cut = (max(each.result() for each in kind) - revoked for kind in (asked, streams))
    with capsys.disabled():
        print(
            f"\n{CLIENTS} clients, {recording.count() - before} calls; after the commit the last call reached the provider at"
            f" {sent:+.2f} s, the last answer came at {answered:+.2f} s, the last piece of {STREAMS} streams at {cut:+.2f} s"
        )
    assert len(begun) == STREAMS
    assert max(sent, cut) <= WITHIN_S
