"""Tasks beside everything else end when the process does."""

import asyncio

from governance.core import background


async def loses_the_first_cancellation():
    """Go on for ever, as a client of a broker does whose own error took the place of a cancellation."""
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        await asyncio.sleep(3600)


async def test_a_task_that_loses_a_cancellation_ends_all_the_same(monkeypatch):
    monkeypatch.setattr(background, "AGAIN_S", 0.01)
    tasks = [asyncio.create_task(loses_the_first_cancellation()), asyncio.create_task(asyncio.sleep(3600))]
    await asyncio.sleep(0)
    await background.end(*tasks)
    assert all(task.done() for task in tasks)
