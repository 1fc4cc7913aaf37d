"""Pass the provider's answer on to the client, whole or as it arrives, and note what it cost."""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from governance.core.errors import NotAllowed, Unavailable
from governance.gateway.dialects.events import EventReader
from governance.gateway.dialects.openai import chat
from governance.gateway.watch import Lease
from governance.gateway.wire import Call

EVENT_STREAM = "text/event-stream"
LARGEST_REPLY = 32 * 1024**2


class ProviderReply(Protocol):
    @property
    def status(self) -> int: ...
    @property
    def content_type(self) -> str: ...
    def chunks(self) -> AsyncIterator[bytes]: ...
    def close(self) -> None: ...


@dataclass(slots=True)
class Passed:
    """What went back to the client. `first_ms` is from the send to the first byte of the provider's body."""

    size: int = 0
    tokens_in: int | None = None
    tokens_out: int | None = None
    first_ms: float = 0.0

    def note(self, piece: bytes) -> None:
        tokens_in, tokens_out = chat.usage_of(piece)
        self.tokens_in = tokens_in if tokens_in is not None else self.tokens_in
        self.tokens_out = tokens_out if tokens_out is not None else self.tokens_out


async def pass_whole(call: Call, reply: ProviderReply, headers: Mapping[str, str], passed: Passed) -> None:
    """Collect the answer, then reply with it.

    Raises:
        Unavailable: `reply_too_large`, or what `chunks` raises.
    """
    parts: list[bytes] = []
    async for chunk in _timed(reply, passed):
        parts.append(chunk)
        passed.size += len(chunk)
        if passed.size > LARGEST_REPLY:
            raise Unavailable("reply_too_large", "The provider's answer is too large.")
    body = b"".join(parts)
    passed.note(body)
    await call.reply(reply.status, body, {**headers, "content-type": reply.content_type})


async def pass_stream(
    call: Call, reply: ProviderReply, headers: Mapping[str, str], passed: Passed, *, lease: Lease
) -> None:
    """Send each part on as it arrives, as long as what allowed it stands.

    Raises:
        NotAllowed: `no_longer_allowed`, when the key or a grant was taken back.
        ClientLeft, and what `chunks` raises.
    """
    events = EventReader()
    await call.begin(reply.status, {**headers, "content-type": reply.content_type, "cache-control": "no-store"})
    async for chunk in _timed(reply, passed):
        if lease.ended:
            raise NotAllowed(lease.ended, "What allowed this was taken back, so the answer ends here.")
        await call.chunk(chunk)
        passed.size += len(chunk)
        for event in events.feed(chunk):
            passed.note(event)
    await call.end()


async def _timed(reply: ProviderReply, passed: Passed) -> AsyncIterator[bytes]:
    began = time.monotonic()
    async for chunk in reply.chunks():
        if not passed.first_ms:
            passed.first_ms = (time.monotonic() - began) * 1000
        yield chunk
