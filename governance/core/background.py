"""Tasks that run beside everything else until the process ends."""

import asyncio
from typing import Any

AGAIN_S = 1.0


async def end(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel the tasks until they are done. A library may lose a cancellation in an error of its own, so once is not enough."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=AGAIN_S)
