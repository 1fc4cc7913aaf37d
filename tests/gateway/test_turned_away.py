"""What is turned away at its headers is answered as the handler would, and its connection goes on, whatever comes on it."""

import json
import os
import socket
import sys
import time
from urllib.parse import urlsplit

import pytest

import sending
from faulting.worlds import Beside
from governance.gateway.first_call import FIRST_CALLS
from governance.gateway.watch import BEAT_S
from governance.stack.places import ROOT
from governance.stack.plan import SHEDDING
from governance.work.models import Heartbeat
from harness.databases import connected_to
from harness.processes import wait_until

pytestmark = pytest.mark.services
PATH = "/openai/v1/chat/completions"
RAW = json.dumps({"model": "recorder-1", "messages": [{"role": "user", "content": "Say it again."}]}).encode()
OTHER_EACH_TIME = {"date", "x-request-id", "x-remit-exchange"}


@pytest.fixture(scope="module")
def narrow(stack):
    """A gateway in which each key may have one call under way."""
    changed = {"GATEWAY_MOST_IN_FLIGHT_PER_KEY": "1", "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    environment = sending.environment_of(stack, "gateway") | changed
    started = Beside(environment, served=("governance.gateway.asgi:application", *SHEDDING)).start().until_up()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def places(stack, recording, django_db_setup, django_db_blocker):
    """A destination of each interface, proposed once: whose key it is matters here, and not where its call goes."""
    with django_db_blocker.unblock(), connected_to(stack.database):
        return [
            sending.destination(recording.speaking(each), dialect=each, secret=sending.PROVIDER_SECRET)
            for each in sending.BASES
        ]


def key_for(places) -> str:
    """Return the key of a new initiative that may use each of them."""
    made, data = sending.builder(), sending.dataset()
    for each in places:
        sending.grant(made, each, data=data)
    return made.key


@pytest.fixture
def loud(narrow, gateway, places):
    """A key whose one call is under way as long as the test."""
    key = key_for(places)
    slow = json.dumps({"model": "slow-1", "stream": True, "messages": [{"role": "user", "content": "Say it slowly."}]})
    reply = sending.reply_to(narrow, slow.encode(), PATH, key)
    assert reply.status == 200
    yield key
    reply.close()


@pytest.fixture
def quiet(gateway, places):
    return key_for(places)


@pytest.fixture
def wire(narrow):
    with opened(narrow) as made:
        yield Wire(made)


def opened(narrow) -> socket.socket:
    at = urlsplit(narrow.gateway)
    return socket.create_connection((at.hostname, at.port), timeout=30)


class Wire:
    """One connection, on which answers are read one after the other."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock, self.told = sock, b""

    def say(self, *parts: bytes) -> None:
        self.sock.sendall(b"".join(parts))

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of the next answer, of which the length is told."""
        head, _, self.told = self._until(lambda: b"\r\n\r\n" in self.told).partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        size = int(headers["content-length"])
        body = self._until(lambda: len(self.told) >= size)[:size]
        self.told = self.told[size:]
        return int(first.split(" ")[1]), headers, body

    def has_ended(self) -> bool:
        """Wait until the other side ends it; say whether it did without another word."""
        return not self.told and self.sock.recv(1) == b""

    def _until(self, done) -> bytes:
        while not done():
            part = self.sock.recv(65536)
            assert part, "it ended before the answer was whole"
            self.told += part
        return self.told


def call(key: str, *lines: str, path: str = PATH, body: bytes = RAW, version: str = "1.1") -> bytes:
    """Return the head of a call; of its own it tells the length of the body, unless a line says how that comes."""
    length = (
        [] if any(line.lower().startswith("transfer-encoding") for line in lines) else [f"Content-Length: {len(body)}"]
    )
    told = [f"POST {path} HTTP/{version}", "Host: gateway", f"Authorization: Bearer {key}", *length, *lines, "", ""]
    return "\r\n".join(told).encode()


def code_of(body: bytes) -> str:
    return json.loads(body)["error"]["code"]


@pytest.mark.parametrize("first", FIRST_CALLS.values(), ids=FIRST_CALLS)
def test_it_is_told_in_the_words_of_each_interface_as_the_handler_tells_it(wire, loud, first):
    path = first.address("recorder-1")
    told = []
    for each in (path, f"{path}?by=handler"):
        wire.say(call(loud, path=each), RAW)
        status, headers, body = wire.answer()
        own = headers["x-request-id"].encode()
        assert own in body or own.decode() == headers["x-remit-exchange"]
        rest = {name: value for name, value in headers.items() if name not in OTHER_EACH_TIME}
        told.append((status, rest, body.replace(own, b"its id")))
    assert told[0] == told[1]
    assert told[0][0] == 503


def test_a_body_in_chunks_that_comes_after_the_answer_is_let_pass(wire, loud, quiet):
    wire.say(call(loud, "Transfer-Encoding: chunked"))
    assert wire.answer()[0] == 503
    for _ in range(40):
        wire.say(b"2000\r\n", b"x" * 0x2000, b"\r\n")
    wire.say(b"0\r\n\r\n", call(quiet), RAW)
    assert wire.answer()[0] == 200


def test_calls_sent_without_waiting_are_answered_in_their_order(wire, loud, quiet):
    turned_away = call(loud) + RAW
    wire.say(turned_away, turned_away, call(quiet), RAW, turned_away)
    answers = [wire.answer() for _ in range(4)]
    assert [status for status, *_ in answers] == [503, 503, 200, 503]
    assert len({headers["x-request-id"] for _, headers, _ in answers}) == 4


@pytest.mark.parametrize(
    ("lines", "version"),
    [
        pytest.param(["Connection: close"], "1.1", id="which says that it ends"),
        pytest.param([], "1.0", id="of before connections stayed"),
    ],
)
def test_a_connection_that_is_not_to_stay_ends_with_its_answer(wire, loud, lines, version):
    wire.say(call(loud, *lines, version=version), RAW)
    status, _, body = wire.answer()
    assert (status, code_of(body)) == (503, "busy")
    assert wire.has_ended()


def test_who_asks_before_it_sends_its_body_is_told_at_once(wire, loud):
    wire.say(call(loud, "Expect: 100-continue"))
    status, _, body = wire.answer()
    assert (status, code_of(body)) == (503, "busy")


def test_a_connection_on_which_nothing_more_comes_is_ended(wire, loud):
    wire.say(call(loud), RAW[:10])  # not even the rest of its body
    assert wire.answer()[0] == 503
    assert wire.has_ended()


@pytest.mark.parametrize("header", ["x-api-key", "x-goog-api-key"])
def test_a_key_in_another_place_is_the_same_key(wire, loud, quiet, header):
    for key, wanted in ((loud, 503), (quiet, 200)):
        wire.say(call("", f"{header}: {key}"), RAW)
        assert wire.answer()[0] == wanted


def test_how_many_were_turned_away_is_in_the_sign_of_life(wire, narrow, loud):
    process = f"{os.uname().nodename}:{narrow.pid()}"

    def counted() -> int:
        return max((each.detail["shed"] for each in Heartbeat.objects.filter(process=process)), default=-1)

    wait_until(lambda: counted() >= 0, what="a sign of life")
    time.sleep(2 * BEAT_S)  # until all that came before is in it
    before = counted()
    for _ in range(25):
        wire.say(call(loud), RAW)
        assert wire.answer()[0] == 503
    wait_until(lambda: counted() >= before + 25, what="the next sign of life")
    assert counted() == before + 25
