"""A client that goes away, and a period that ends, in the middle of an answer."""

import json

import pytest

import sending
from faulting.clients import leaves_in_the_answer
from faulting.worlds import Misbehaving
from governance.gateway.models import Exchange
from harness.processes import wait_until

pytestmark = pytest.mark.services
PATH = "/openai/v1/chat/completions"


@pytest.fixture
def silent():
    """A provider that takes a call and says nothing."""
    started = Misbehaving.start()
    yield started
    started.stop()


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_a_client_that_leaves_ends_the_call_to_a_silent_provider(gateway, silent, stream):
    who = sending.builder()
    where = sending.destination(f"http://127.0.0.1:{silent.port}/v1", models=("stall-1",))
    sending.grant(who, where)
    said = {"model": "stall-1", "messages": [{"role": "user", "content": "Say it."}], "stream": stream}
    leaves_in_the_answer(gateway.gateway, who.key, PATH, json.dumps(said).encode(), "")
    opened = wait_until(lambda: Exchange.objects.filter(key_id=who.key_id).first(), what="an intent")
    closed = sending.until_closed(opened.pk)
    # Unnoticed, it would be a provider that could not be reached, once its silence had lasted too long.
    assert (closed.state, closed.error_code) == ("failed", "client_left")
    assert closed.bytes_out > 0  # it may have arrived
