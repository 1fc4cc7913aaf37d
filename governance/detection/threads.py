"""Work on the pieces of a text by more than one thread, where cores are free: somebody waits for a long prompt."""

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Generic, TypeVar

LEAST = 3  # pieces: fewer are done before a helper is awake
MOST_HELPERS = 3
PATIENCE_S = 0.02  # several pieces of the names model
NICE = 5  # a third of the weight of others: helpers are for cores that nobody else wants
Piece = TypeVar("Piece")
Result = TypeVar("Result")


@dataclass(slots=True)
class _Share(Generic[Piece, Result]):
    piece: Piece
    result: "Future[Result]"

    @property
    def is_made(self) -> bool:
        return self.result.done() and not self.result.cancelled()


def in_order(do: Callable[[Piece], Result], pieces: Iterable[Piece]) -> Iterator[tuple[Piece, Result]]:
    """Yield each piece with what `do` makes of it, in order; a few of those that follow are worked on meanwhile.

    `do` must let go of the interpreter while it works, as numerical libraries do, and depend on nothing but its piece. The asking thread
    works too, on whatever no helper has begun; it goes on alone where a helper does not come to its end, since no core is free. What
    `do` or the iteration of `pieces` raises is raised here.
    """
    rest, helpers = iter(pieces), _helpers_of(os.getpid())
    first = list(islice(rest, LEAST))
    if helpers is None or len(first) < LEAST:
        for piece in (*first, *rest):
            yield piece, do(piece)
        return
    ahead = deque(_Share(piece, helpers.submit(do, piece)) for piece in first)
    try:
        while ahead and _is_first_done(ahead, do):
            share = ahead.popleft()
            yield share.piece, share.result.result()
            more = islice(rest, max(0, 2 * MOST_HELPERS - len(ahead)))
            ahead.extend(_Share(piece, helpers.submit(do, piece)) for piece in more)
    finally:
        for share in ahead:
            share.result.cancel()
    for share in ahead:
        yield share.piece, share.result.result() if share.is_made else do(share.piece)
    for piece in rest:
        yield piece, do(piece)


def _is_first_done(ahead: deque[_Share[Piece, Result]], do: Callable[[Piece], Result]) -> bool:
    """Work until the first piece is done; say no when a helper has it in hand and does not get on."""
    while not ahead[0].result.done():
        mine = next((share for share in ahead if share.result.cancel()), None)
        if mine is None:
            return bool(wait([ahead[0].result], PATIENCE_S).done)
        mine.result = _done(do, mine.piece)
    return True


def _done(do: Callable[[Piece], Result], piece: Piece) -> "Future[Result]":
    done: Future[Result] = Future()
    try:
        done.set_result(do(piece))
    except Exception as fault:  # noqa: BLE001 - raised again in its turn
        done.set_exception(fault)
    return done


@cache
def _helpers_of(process: int) -> ThreadPoolExecutor | None:  # noqa: ARG001 - threads do not survive a fork
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    count = min(MOST_HELPERS, cores - 1)
    return ThreadPoolExecutor(count, "reading", initializer=_give_way) if count else None


def _give_way() -> None:
    """Make this thread, and no other, one that others go before."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
