"""The bytes of all bodies that a process holds are bounded, and shared; who finds no room is told to come again."""

import json
import os
import socket
import sys
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

import sending
from faulting.worlds import TESTS, Beside
from governance.stack.places import ROOT
from harness.processes import wait_until

pytestmark = pytest.mark.services
KIB = 1024
ROOM, LARGEST, MOST_OF_HALF, LITTLE = 64 * KIB, 32 * KIB, 30 * KIB, 10 * KIB


@pytest.fixture
def narrow(gateway):
    """A gateway that may hold no more than 64 KiB of bodies, half of it of one key alone."""
    changed = {
        "GATEWAY_LARGEST_BODIES_HELD": f"{ROOM}B",
        "GATEWAY_LARGEST_BODY": f"{LARGEST}B",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(TESTS), *sys.path]),
    }
    started = Beside(sending.environment_of(gateway, "gateway") | changed).start().until_up()
    yield started
    started.stop()


def body(size: int) -> bytes:
    said = {"model": "recorder-1", "messages": [{"role": "user", "content": "Say it again."}]}
    return json.dumps(said).encode().ljust(size)


def sends_half(gateway, key):
    """Return a connection by which the larger part of a body came, and no more does."""
    at = urlsplit(gateway.gateway)
    wire = socket.create_connection((at.hostname, at.port), timeout=10)
    head = f"POST /openai/v1/chat/completions HTTP/1.1\r\nHost: {at.netloc}\r\nAuthorization: Bearer {key}\r\n"
    wire.sendall(f"{head}Content-Length: {LARGEST}\r\n\r\n".encode() + b" " * MOST_OF_HALF)
    return wire


def test_who_fills_it_is_refused_more_while_another_has_room_until_it_is_given_back(narrow, who, where):
    quiet = sending.builder()
    sending.grant(quiet, where)
    assert sending.post(narrow, who.key, body(MOST_OF_HALF))[0] == 200
    with ExitStack() as held:
        status, headers, told = wait_until(lambda: crowded(narrow, who.key, held), what="a body without room")
        assert sending.post(narrow, quiet.key, body(LITTLE))[0] == 200
    assert (status, told["error"]["code"]) == (503, "bodies_full")
    assert (headers["retry-after"], headers["x-should-retry"]) == ("1", "true")
    wait_until(lambda: sending.post(narrow, who.key, body(MOST_OF_HALF))[0] == 200, what="room again")


def crowded(gateway, key, held):
    """Fill the room of a key and ask once more. An answer is there before its bytes are given back, so the first may find no room itself."""
    wire = sends_half(gateway, key)
    if (answer := refused(gateway, key)) is None:
        wire.close()
        return None
    held.enter_context(wire)
    return answer


def refused(gateway, key):
    answer = sending.post(gateway, key, body(MOST_OF_HALF))
    return answer if answer[0] != 200 else None
