"""One HTTP call as the gateway reads it."""

import asyncio
import itertools

import pytest

from governance.core.errors import TooLarge
from governance.gateway.wire import Call


async def nowhere(message):
    raise AssertionError(message)


def call_of(*parts):
    """Return a call whose body comes in these parts without a declared length, and goes on for ever after them."""
    messages = itertools.chain(parts, itertools.repeat(b"more"))

    async def receive():
        return {"type": "http.request", "body": next(messages), "more_body": True}

    return Call({"method": "POST", "path": "/", "headers": []}, receive, nowhere)


def test_the_rest_of_a_refused_body_is_never_read_as_a_body():
    call = call_of(b"x" * 11, b"{}")
    for _ in range(2):
        with pytest.raises(TooLarge):
            asyncio.run(call.body(largest=10))
