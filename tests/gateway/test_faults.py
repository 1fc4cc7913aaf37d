"""Whatever fails, nothing leaves unscanned; and it works again without a restart. Every fault on every surface: test_fault_matrix.py."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import openai
import pytest
from django.db import connection
from redis import Redis

import sending
from faulting.every import FAULTS
from faulting.matrix import Matrix, put
from faulting.worlds import world_of
from governance.gateway.models import Exchange
from governance.scanning.channel import claim_key
from governance.stack.places import ROOT
from harness.processes import wait_until

pytestmark = pytest.mark.services
QUICK = [pytest.param(fault, id=fault.name) for fault in FAULTS if fault.quick]
# Twenty calls at once on a busy machine: where the scanner works, it is given the time to.
SETTINGS = {"GATEWAY_LOOPBACK_ALLOWED": "on", "SCAN_BASE_DEADLINE_S": "6", "GATEWAY_LONGEST_WAIT_S": "10"}
_numbers = count(1)


def fresh_text() -> str:
    """Return about 1 KiB nobody has scanned before."""
    number = next(_numbers)
    return f"Synthetic note {number} of {time.monotonic_ns()}. " + "Please shorten this plain sentence for me. " * 22


@pytest.fixture(scope="module")
def own(start_remit):
    """A stack with a database server and a broker of its own, which these tests break."""
    running = start_remit(only=("gateway", "interactive"), embedded=True, extra=SETTINGS)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def world(own, recording, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), sending.connected_to_stack(own), world_of(own, recording) as made:
        yield made


@pytest.fixture
def client(world):
    connection.close()  # an earlier test may have killed its server
    return openai.OpenAI(base_url=f"{world.running.gateway}/openai/v1", api_key=world.key, max_retries=0, timeout=30)


def ask(client, text: str = "") -> None:
    client.chat.completions.create(model="recorder-1", messages=[{"role": "user", "content": text or fresh_text()}])


@pytest.mark.parametrize("fault", QUICK)
def test_nothing_leaves_unscanned_while_it_holds(world, fault):
    """Ours sends nothing, and a gateway that leaks on purpose is seen to, on each surface: so the cell could have told."""
    matrix = Matrix()
    matrix.add(put(fault, world))
    assert matrix.faults() == []
    assert matrix.blind() == []


def test_a_worker_that_dies_of_the_text_is_not_given_it_again(own, world, client):
    """The worker is killed while it scans; the message must not come back to the next one."""
    world.until_well()
    own.kill("interactive")
    with pytest.raises(openai.InternalServerError):
        ask(client)
    world.until_well()
    assert sending.queue_length(own) == 0


def scanning(own) -> set[int]:
    return set(sending.children_of(own.pid("interactive")))


def test_a_scan_process_that_is_ended_is_replaced(own, world, client):
    """By the alarm that ends one whose scan hangs; the worker lives on."""
    world.until_well()
    worker, before = own.pid("interactive"), scanning(own)
    for each in before:
        os.kill(each, signal.SIGALRM)
    wait_until(lambda: scanning(own) and not scanning(own) & before, what="another process")
    world.until_well()
    ask(client)
    assert own.pid("interactive") == worker


def test_a_scan_process_leaves_no_connection_for_celery_to_close_twice(own, world):
    """Celery closes the database connection of its thread by number once a process has begun, and by then the number may be another's."""
    world.until_well()
    program = (
        "import os, django; django.setup()\n"
        "from django.db import connection\n"
        "from governance.celery import app\n"
        "from governance.scanning import tasks\n"
        "app.amqp.queues.select(['scan.interactive']); tasks._begin()\n"
        "print(len(tasks._here), connection.connection, flush=True); os._exit(0)"
    )
    environment = sending.environment_of(own, "interactive")
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines()[-1] == "1 None"


def test_a_worker_that_is_asked_to_end_answers_what_it_took(own, world, client):
    world.until_well()
    # The model reads all of it and finds nobody, so it takes a while and is scanned once.
    lines = (f"Most of the complaints mention slow answers in case {number}." for number in range(1400))
    long_text = f"Synthetic note {time.monotonic_ns()}. {' '.join(lines)}"
    before = scanning(own)
    with ThreadPoolExecutor(1) as aside:
        asking = aside.submit(ask, client, long_text)
        with Redis.from_url(sending.environment_of(own, "gateway")["REDIS_URL"]) as broker:
            wait_until(lambda: any(broker.scan_iter(claim_key("*"))), what="the scan")
        os.kill(own.pid("interactive"), signal.SIGTERM)
        asking.result(timeout=60)
    wait_until(lambda: not scanning(own) & before, what="the end of the process")


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_an_answer_that_no_worker_can_read_is_withheld(own, world, client, stream):
    """The prompt is known from before; its answer is new each time."""
    said = {"model": "recorder-1", "messages": [{"role": "user", "content": "Say new"}], "stream": stream}
    world.until_well()
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
    assert withheld.value.response.headers["x-should-retry"] == "false"
    assert "number" not in withheld.value.response.text
    exchange = sending.until_closed(Exchange.objects.order_by("-at").first().pk)
    assert (exchange.state, exchange.reply_verdict) == ("failed", "unavailable")


def test_a_text_seen_before_needs_neither_broker_nor_worker(own, world, client):
    world.until_well()
    text = fresh_text()
    ask(client, text)
    ask(client, text)  # out of the cache that all processes share, into this one's own
    own.freeze("valkey")
    try:
        ask(client, text)
    finally:
        own.thaw("valkey")
