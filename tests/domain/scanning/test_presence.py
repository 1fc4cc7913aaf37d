"""Whether a worker is there: the broker counts its connection, and its pulse says that it runs. With a real broker."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings

from governance.core.errors import Unavailable
from governance.core.keyring import KeyRing
from governance.detection.document import Document, Segment
from governance.scanning.channel import (
    ANY_WORKER,
    MOST_REQUESTS,
    REQUESTS,
    REQUESTS_TTL_MS,
    alive_key,
    claim_key,
    presence_channel,
)
from governance.scanning.remote import Scanner
from governance.scanning.serving import ScanServer, connect
from harness.environment import prepare
from harness.processes import BROKER_NUMBERS, wait_until

DOCUMENT = Document((Segment("messages[0].content", "Plain words."),))


@pytest.fixture
def number():
    """A database of the broker in which no other test has a worker."""
    return next(BROKER_NUMBERS)


@pytest.fixture
def url(server, number):
    server.start()
    return prepare().redis_url(number)


@pytest.fixture
def broker(url):
    with connect(url) as client:
        yield client


def refusal(url, *, within_s: float = 1.5) -> str:
    """Return why a text is not scanned that nobody takes."""

    async def ask() -> str:
        scanner = Scanner(url, KeyRing.load(settings.PAYLOAD_KEY_FILE))
        await scanner.start()
        try:
            await scanner.scan(DOCUMENT, ruleset="0" * 64, deadline_s=within_s)
        except Unavailable as refused:
            return refused.code
        finally:
            await scanner.stop()
        return ""

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("is_connected", "has_pulse", "code"),
    [
        pytest.param(False, False, "worker_absent", id="none was ever there"),
        pytest.param(False, True, "worker_absent", id="killed a moment ago"),
        pytest.param(True, False, "worker_absent", id="hangs"),
        pytest.param(True, True, "deadline_passed", id="busy"),
    ],
)
def test_a_worker_is_there_while_it_is_connected_and_runs(url, number, broker, is_connected, has_pulse, code):
    if has_pulse:
        broker.set(ANY_WORKER, b"1")
    with broker.pubsub() as presence:
        if is_connected:
            presence.subscribe(presence_channel(ANY_WORKER, database=number))
            presence.get_message(timeout=20)
        assert refusal(url) == code


def test_a_worker_that_ended_with_a_text_is_known_to_be_lost_though_another_is_there(url, number, broker):
    def take() -> None:
        asked = wait_until(lambda: broker.rpop(REQUESTS), what="the request")
        broker.set(claim_key(asked.decode()), "a worker that is gone")

    broker.set(ANY_WORKER, b"1")
    with broker.pubsub() as presence, ThreadPoolExecutor(1) as beside:
        presence.subscribe(presence_channel(ANY_WORKER, database=number))
        presence.get_message(timeout=20)
        taking = beside.submit(take)
        assert refusal(url, within_s=20) == "worker_lost"
        taking.result()


def test_requests_that_nobody_takes_are_bounded_and_pass_away(url, broker):
    broker.lpush(REQUESTS, *map(str, range(MOST_REQUESTS + 5)))
    assert refusal(url) == "worker_absent"
    assert broker.llen(REQUESTS) == MOST_REQUESTS
    assert broker.lindex(REQUESTS, 1) == str(MOST_REQUESTS + 4).encode()  # the newest stay
    assert 0 < broker.pttl(REQUESTS) <= REQUESTS_TTL_MS


def test_another_database_of_the_broker_has_workers_of_its_own(url, broker):
    broker.set(ANY_WORKER, b"1")
    with broker.pubsub() as presence:
        presence.subscribe(presence_channel(ANY_WORKER, database=next(BROKER_NUMBERS)))
        presence.get_message(timeout=20)
        assert refusal(url) == "worker_absent"


def test_a_worker_whose_connection_is_ended_is_there_again(url, number, broker):
    ring = KeyRing.load(settings.PAYLOAD_KEY_FILE)
    worker = ScanServer(connect(url), ring, b"0" * 32, find_rulesets=list, beat=lambda _detail: None)
    worker.start()
    channel = presence_channel(alive_key(worker.name), database=number)

    def listeners() -> set[str]:
        there = dict(broker.pubsub_numsub(channel))[channel.encode()]
        return {each["id"] for each in broker.client_list(_type="pubsub") if there and each["db"] == str(number)}

    before = wait_until(listeners, what="a worker")
    for each in before:
        broker.client_kill_filter(_id=each)
    wait_until(lambda: listeners() - before, what="the worker again")
    assert broker.exists(ANY_WORKER)
