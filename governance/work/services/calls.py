"""Writes over REST that a client may repeat: the same key and body give the first answer again, with one effect."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid
from governance.work.models import IdempotentCall


@dataclass(slots=True)
class Call:
    """`status` and `response` are the earlier answer when `is_replay`, else what the block must fill in before it ends."""

    is_replay: bool
    status: int = 0
    response: Any = None  # JSON

    def answer(self, status: int, response: Any) -> None:
        self.status, self.response = status, response


@contextmanager
def repeatable(*, key: str, body_digest: str, by: Actor, at: datetime) -> Iterator[Call]:
    """Run the block once for each `key` of an actor, in one transaction with the note of its answer.

    When the block raises, nothing is kept and the call may be made again.

    Raises:
        Conflict: `call_in_flight`, while the same call is still running.
        Invalid: `key_reused`, when the key was used with another body.
        RuntimeError: when the block ends without an answer.
    """
    with transaction.atomic():
        _enter(by, key)
        earlier = IdempotentCall.objects.filter(actor=str(by), key=key).first()
        if earlier is not None:
            yield _replay(earlier, body_digest)
            return
        call = Call(is_replay=False)
        yield call
        if not call.status:
            raise RuntimeError("A repeatable call ended without an answer.")
        IdempotentCall.objects.create(
            actor=str(by), key=key, body_digest=body_digest, status=call.status, response=call.response, at=at
        )


def _enter(by: Actor, key: str) -> None:
    # A lock and not a row: the row of a call in flight is not visible to others, and waiting for it would tie up a worker.
    name = int.from_bytes(hashlib.sha256(f"{by}\n{key}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [name])
        [entered] = cursor.fetchone() or [False]
    if not entered:
        raise Conflict("call_in_flight", "The same call is still running.", remedy="Repeat it in a moment.")


def _replay(earlier: IdempotentCall, body_digest: str) -> Call:
    if earlier.body_digest != body_digest:
        raise Invalid(
            "key_reused", "This idempotency key was used with another body.", remedy="Use a new key for a new call."
        )
    return Call(is_replay=True, status=earlier.status or 0, response=earlier.response)
