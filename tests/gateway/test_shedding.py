"""More than can be done is turned away at its headers, before its body, the database or a worker is asked; a quiet key is let in."""

import json
import os
import socket
import sys
import time
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest
from redis import Redis

import sending
from faulting.worlds import Beside
from governance.destinations.rules import ReplyCheck
from governance.gateway.admitting.admission import LEAST_AT_WORK
from governance.gateway.models import Exchange
from governance.scanning.channel import ANY_WORKER
from governance.stack.places import ROOT
from governance.stack.plan import SHEDDING
from harness.processes import wait_until

pytestmark = pytest.mark.services
PATH = "/openai/v1/chat/completions"
SEEN = "Say it again."
WAIT_S, HELD_S = 0.3, 60


@pytest.fixture(params=[(), SHEDDING], ids=["by the handler", "at the headers"])
def hurried(gateway, request):
    """A gateway that knows a crowd by the wait of one burst, with scans that may take their time; both ways of turning away."""
    changed = {
        "GATEWAY_LONGEST_WAIT_S": str(WAIT_S),
        "SCAN_BASE_DEADLINE_S": f"{HELD_S}",
        "SCAN_LONGEST_DEADLINE_S": f"{HELD_S}",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
    }
    environment = sending.environment_of(gateway, "gateway") | changed
    started = Beside(environment, served=("governance.gateway.asgi:application", *request.param)).start().until_up()
    yield started
    started.stop()


@pytest.fixture
def two_keys(gateway, recording):
    """The key that crowds and the quiet one, each of an initiative of its own."""
    made = [sending.builder(), sending.builder()]
    for each in made:
        sending.grant(each, sending.destination(recording.url, check=ReplyCheck.WATCH))
    return made


def body(text: str) -> bytes:
    return json.dumps({"model": "recorder-1", "messages": [{"role": "user", "content": text}]}).encode()


def opened(gateway) -> socket.socket:
    at = urlsplit(gateway.gateway)
    return socket.create_connection((at.hostname, at.port), timeout=20)


def head(key: str, raw: bytes) -> bytes:
    lines = [f"POST {PATH} HTTP/1.1", "Host: gateway", f"Authorization: Bearer {key}", "Content-Type: application/json"]
    return "\r\n".join([*lines, f"Content-Length: {len(raw)}", "", ""]).encode()


def answer_on(wire: socket.socket) -> tuple[int, dict[str, str], dict]:
    """Return status, headers and what was told, of one answer whose length was told."""
    told = b""
    while b"\r\n\r\n" not in told:
        told += wire.recv(4096)
    first, *lines = told.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    rest = told.partition(b"\r\n\r\n")[2]
    while len(rest) < int(headers["content-length"]):
        rest += wire.recv(4096)
    return int(first.split(" ")[1]), headers, json.loads(rest)


@contextmanager
def workers_held(gateway):
    """Let no scan be done, and none be given up: a worker that stands still and says that it runs."""
    held = sending.children_of(gateway.pid("interactive"))
    sending.signal_all(held, stop=True)
    Redis.from_url(sending.environment_of(gateway, "gateway")["REDIS_URL"]).set(ANY_WORKER, b"1", ex=HELD_S)
    try:
        yield
    finally:
        sending.signal_all(held, stop=False)


@contextmanager
def crowd_of(hurried, key: str):
    """Fill what a burst may have with texts that nobody has scanned, and wait until it is known as a crowd."""
    with ExitStack() as open_calls:
        for number in range(LEAST_AT_WORK):
            wire = open_calls.enter_context(opened(hurried))
            raw = body(f"Synthetic note {number} of {time.monotonic_ns()}.")
            wire.sendall(head(key, raw) + raw)
        wait_until(lambda: refused_at_headers(hurried, key), what="a crowd")
        time.sleep(2 * WAIT_S)
        yield


def refused_at_headers(hurried, key: str):
    """Return the answer to a call whose headers have come and whose body has not; None where it is let in."""
    with opened(hurried) as wire:
        wire.sendall(head(key, body(SEEN)))
        wire.settimeout(0.5)
        try:
            return answer_on(wire)
        except TimeoutError:
            return None


def test_beside_a_crowd_whose_scans_stand_still_a_quiet_key_is_answered(hurried, gateway, two_keys):
    crowd, quiet = two_keys
    for each in two_keys:
        assert sending.post(hurried, each.key, body(SEEN))[0] == 200
    with workers_held(gateway), crowd_of(hurried, crowd.key):
        status, headers, told = refused_at_headers(hurried, crowd.key)
        assert (status, told["error"]["code"]) == (503, "busy")
        assert (headers["retry-after"], headers["x-should-retry"]) == ("1", "true")
        assert sending.post(hurried, quiet.key, body(SEEN))[0] == 200


def test_what_is_turned_away_leaves_no_record_and_its_connection_goes_on(hurried, gateway, two_keys):
    crowd, quiet = two_keys
    for each in two_keys:
        sending.post(hurried, each.key, body(SEEN))
    with workers_held(gateway), crowd_of(hurried, crowd.key), opened(hurried) as wire:
        of_crowd = Exchange.objects.filter(initiative=crowd.initiative)
        before = of_crowd.count()
        ids = set()
        for _ in range(20):
            wire.sendall(head(crowd.key, body(SEEN)) + body(SEEN))
            status, headers, told = answer_on(wire)
            assert (status, headers["x-request-id"]) == (503, told["error"]["request_id"])
            ids.add(headers["x-request-id"])
        after = of_crowd.count()
        wire.sendall(head(quiet.key, body(SEEN)))
        wire.sendall(body(SEEN))
        assert answer_on(wire)[0] == 200
    assert (after, len(ids)) == (before, 20)
