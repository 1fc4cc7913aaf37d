"""Whatever fails, nothing leaves: 503 within two seconds of the fault, no byte at the provider, and work again without a restart."""

import time
from itertools import count

import openai
import pytest
from django.db import connection

import sending
from governance.core.clock import now
from governance.gateway.models import Exchange
from harness.processes import wait_until

pytestmark = pytest.mark.services
_numbers = count(1)


def fresh_text() -> str:
    """Return about 1 KiB nobody has scanned before."""
    number = next(_numbers)
    return f"Synthetic note {number} of {time.monotonic_ns()}. " + "Please shorten this plain sentence for me. " * 22


@pytest.fixture(scope="module")
def own(start_remit):
    """A stack with a database server and a broker of its own, which these tests break."""
    running = start_remit(only=("gateway", "interactive"), embedded=True, extra={"GATEWAY_LOOPBACK_ALLOWED": "on"})
    yield running
    running.stop()


@pytest.fixture(scope="module")
def client(own, recording, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), sending.connected_to_stack(own):
        builder = sending.builder()
        sending.grant(builder, sending.destination(recording.url))
        yield openai.OpenAI(base_url=f"{own.gateway}/openai/v1", api_key=builder.key, max_retries=0, timeout=30)


def ask(client, text: str = "") -> None:
    client.chat.completions.create(model="recorder-1", messages=[{"role": "user", "content": text or fresh_text()}])


def works(client) -> bool:
    try:
        ask(client)
    except openai.APIError:
        return False
    return True


@pytest.fixture
def refused(client, recording):
    """Ask once during a fault: 503 within two seconds, nothing sent, not to be tried again by the client itself."""
    connection.close()  # an earlier test may have killed its server
    wait_until(lambda: works(client), what="a working gateway")
    before = len(recording.bodies())

    def once(*codes: str) -> None:
        began = time.monotonic()
        with pytest.raises(openai.InternalServerError) as error:
            ask(client)
        took = time.monotonic() - began
        assert error.value.status_code == 503
        assert error.value.code in codes
        assert error.value.response.headers["x-should-retry"] == "false"
        assert took < 2, f"{took:.2f} s"
        assert len(recording.bodies()) == before

    yield once
    wait_until(lambda: works(client), within_s=60, what="recovery without a restart of the gateway")


def test_a_killed_worker(own, refused):
    own.kill("interactive")
    refused("worker_absent", "worker_lost", "deadline_passed")


def test_a_frozen_worker(own, refused):
    own.freeze("interactive")
    children = sending.children_of(own.pid("interactive"))
    sending.signal_all(children, stop=True)
    try:
        refused("worker_absent", "worker_lost", "deadline_passed")
    finally:
        sending.signal_all(children, stop=False)
        own.thaw("interactive")


def test_a_worker_that_dies_of_the_text_is_not_given_it_again(own, client, refused):
    """The worker is killed while it scans; the message must not come back to the next one."""
    own.kill("interactive")
    refused("worker_absent", "worker_lost", "deadline_passed")
    wait_until(lambda: works(client), within_s=60, what="a new worker")
    assert sending.queue_length(own) == 0


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_an_answer_that_no_worker_can_read_is_withheld(own, client, stream):
    """The prompt is known from before; its answer is new each time."""
    said = {"model": "recorder-1", "messages": [{"role": "user", "content": "Say new"}], "stream": stream}
    wait_until(lambda: works(client), what="a working gateway")
    list(client.chat.completions.create(**said))
    own.freeze("interactive")
    children = sending.children_of(own.pid("interactive"))
    sending.signal_all(children, stop=True)
    try:
        with pytest.raises(openai.InternalServerError) as withheld:
            list(client.chat.completions.create(**said))
    finally:
        sending.signal_all(children, stop=False)
        own.thaw("interactive")
    assert (withheld.value.status_code, withheld.value.code) == (503, "reply_unchecked")
    assert "number" not in withheld.value.response.text
    exchange = sending.until_closed(Exchange.objects.order_by("-at").first().pk)
    assert (exchange.state, exchange.reply_verdict) == ("failed", "unavailable")


def test_a_killed_broker(own, refused):
    own.kill("valkey")
    refused("broker_down", "worker_absent", "deadline_passed")


def test_a_frozen_broker(own, refused):
    own.freeze("valkey")
    try:
        refused("broker_down", "worker_absent", "deadline_passed")
    finally:
        own.thaw("valkey")


def test_a_text_seen_before_needs_neither_broker_nor_worker(own, client):
    text = fresh_text()
    ask(client, text)
    ask(client, text)  # out of the cache that all processes share, into this one's own
    own.freeze("valkey")
    try:
        ask(client, text)
    finally:
        own.thaw("valkey")


def test_a_killed_database(own, refused):
    own.kill("postgres")
    refused("database_down")


def test_a_frozen_database(own, refused):
    backends = sending.children_of(own.pid("postgres"))
    own.freeze("postgres")
    sending.signal_all(backends, stop=True)
    try:
        refused("database_down")
    finally:
        sending.signal_all(backends, stop=False)
        own.thaw("postgres")


def test_a_read_only_database(own, refused):
    try:
        sending.set_read_only(own, on=True)
        refused("database_down")
    finally:
        sending.set_read_only(own, on=False)


def test_every_refusal_for_a_fault_of_the_scanner_is_recorded(own, client, refused):
    began = now()
    own.kill("interactive")
    refused("worker_absent", "worker_lost", "deadline_passed")
    rows = Exchange.objects.filter(at__gte=began, verdict="unavailable")
    assert [(row.state, row.bytes_out) for row in rows] == [("refused", 0)]
