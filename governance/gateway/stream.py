"""Pass the provider's answer on to the client, whole or as it arrives, and note what it cost."""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from governance.core.errors import NotAllowed, Unavailable
from governance.gateway.dialects.framing import Frame, Framing
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.dialects.replies import Usage
from governance.gateway.watch import Lease
from governance.gateway.wire import Call

BAD = 400
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

    prompt: Prompt
    framing: Framing = field(init=False)
    size: int = 0
    usage: Usage = field(default_factory=Usage)
    first_ms: float = 0.0

    def __post_init__(self) -> None:
        self.framing = self.prompt.surface.framing()

    def is_stream(self, reply: ProviderReply) -> bool:
        """Say whether the reply is the stream that was asked for; an error comes whole."""
        return self.prompt.stream and reply.status < BAD and reply.content_type.startswith(self.framing.media_type)

    def note(self, piece: bytes) -> None:
        found = self.prompt.surface.answers.usage_of(piece)
        self.usage = Usage(*(new if new is not None else old for new, old in zip(found, self.usage, strict=True)))

    def cut_off(self, last: Frame) -> bytes:
        """Return the bytes that end a stream early with `last`; only whole frames have been sent before."""
        return self.framing.write(last) + self.framing.end()


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
    """Send each frame on as soon as it is whole, as long as what allowed it stands.

    Raises:
        NotAllowed: `no_longer_allowed`, when the key or a grant was taken back.
        Unavailable: `frame_too_large`.
        ClientLeft, and what `chunks` raises.
    """
    await call.begin(reply.status, {**headers, "content-type": reply.content_type, "cache-control": "no-store"})
    async for chunk in _timed(reply, passed):
        if lease.ended:
            raise NotAllowed(lease.ended, "What allowed this was taken back, so the answer ends here.")
        written = _written(chunk, passed)
        if written:
            await call.chunk(written)
            passed.size += len(written)
    last = b"".join(passed.framing.write(frame) for frame in passed.framing.rest())
    await call.end(last + passed.framing.end())


def _written(chunk: bytes, passed: Passed) -> bytes:
    try:
        frames = list(passed.framing.feed(chunk))
    except ValueError as large:
        raise Unavailable("frame_too_large", "The provider sent a piece of an answer that is too large.") from large
    for frame in frames:
        passed.note(frame.data)
    return b"".join(map(passed.framing.write, frames))


async def _timed(reply: ProviderReply, passed: Passed) -> AsyncIterator[bytes]:
    began = time.monotonic()
    async for chunk in reply.chunks():
        if not passed.first_ms:
            passed.first_ms = (time.monotonic() - began) * 1000
        yield chunk
