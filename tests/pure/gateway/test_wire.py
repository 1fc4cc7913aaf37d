"""One HTTP call as the gateway reads it."""

import asyncio
import itertools

import pytest

from governance.core.errors import Busy, TooLarge
from governance.gateway.wire import Call, ClientLeft


async def nowhere(message):
    raise AssertionError(message)


def call_of(*parts):
    """Return a call whose body comes in these parts without a declared length, and goes on for ever after them."""
    messages = itertools.chain(parts, itertools.repeat(b"more"))

    async def receive():
        return {"type": "http.request", "body": next(messages), "more_body": True}

    return Call({"method": "POST", "path": "/", "headers": []}, receive, nowhere)


@pytest.mark.parametrize(("name", "coding"), [("Zoë Łukasz 李", "utf-8"), ("Zoë", "latin-1"), ("ada", "ascii")])
def test_a_name_in_a_header_is_read_as_it_was_meant(name, coding):
    call = Call({"method": "POST", "path": "/", "headers": [(b"x-remit-actor", name.encode(coding))]}, nowhere, nowhere)
    assert call.header("x-remit-actor") == name


def test_the_rest_of_a_refused_body_is_never_read_as_a_body():
    call = call_of(b"x" * 11, b"{}")
    for _ in range(2):
        with pytest.raises(TooLarge):
            asyncio.run(call.body(largest=10))


def test_what_arrives_is_counted_piece_by_piece_and_what_finds_no_room_is_refused_there():
    call, counted = call_of(b"x" * 4, b"y" * 4, b"z" * 4), []

    def arrived(size):
        if sum(counted) + size > 10:
            raise Busy("bodies_full", "Too many.")
        counted.append(size)

    call.arrived = arrived
    with pytest.raises(Busy):
        asyncio.run(call.body(largest=100))
    assert counted == [4, 4]


def left_at_once(*, after_s=0.0):
    """Return a call whose client leaves after so many seconds."""

    async def receive():
        await asyncio.sleep(after_s)
        return {"type": "http.disconnect"}

    return Call({"method": "POST", "path": "/", "headers": []}, receive, nowhere)


def test_what_is_done_for_a_client_who_left_is_cut_short():
    cancelled = []

    async def wait_in_vain():
        call = left_at_once()
        async with call.attended():
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                cancelled.append(True)
                raise

    with pytest.raises(ClientLeft):
        asyncio.run(wait_in_vain())
    assert cancelled


def test_who_leaves_with_the_answer_interrupts_nothing():
    async def answered():
        call = left_at_once(after_s=0.01)
        async with call.attended():
            call.let_go()
            await asyncio.sleep(0.05)
        return True

    assert asyncio.run(answered())


def test_another_end_of_time_is_not_taken_for_a_client_who_left():
    async def late():
        async with left_at_once(after_s=60).attended(), asyncio.timeout(0.01):
            await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        asyncio.run(late())
