"""Pass the provider's answer on to the client, whole or as it arrives, and note what it cost."""

import json
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Protocol

from governance.core import strict_json
from governance.core.errors import Invalid, NotAllowed, Unavailable
from governance.destinations.rules import ReplyCheck
from governance.detection.policy import Verdict
from governance.gateway.dialects.batches import Step
from governance.gateway.dialects.framing import Frame, Framing
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.dialects.replies import Usage, added
from governance.gateway.faults import ProviderFault
from governance.gateway.reading import Reading, too_long, unreadable
from governance.gateway.replies.held import HeldAnswer
from governance.gateway.waiting import Line
from governance.gateway.wire import Call, ClientLeft

BAD = 400
LARGEST_REPLY = 32 * 1024**2


class ProviderReply(Protocol):
    @property
    def status(self) -> int: ...
    @property
    def content_type(self) -> str: ...
    @property
    def advice(self) -> Mapping[str, str]: ...
    def chunks(self) -> AsyncIterator[bytes]: ...
    def close(self) -> None: ...


class Retold(Protocol):
    """What is made of an answer about a batch."""

    async def told(self, body: bytes) -> bytes: ...

    def reading_of(self, reading: Reading, custom_id: Any) -> Reading: ...


@dataclass(slots=True)
class Passed:
    """What went back to the client. `told` is for an answer about a batch. `first_ms` is from the send to the first byte of the provider's body.

    `kept` is what was passed on before it was looked at; None when there was too much of it to keep. `ended` says that a stream came
    to its end, as its format marks it; `delivered` that the client was sent all of it.
    """

    prompt: Prompt
    reading: Reading
    told: Retold | None = None
    framing: Framing = field(init=False)
    size: int = 0
    usage: Usage = field(default_factory=Usage)
    first_ms: float = 0.0
    kept: list[Frame] | None = field(default_factory=list)
    ended: bool = False
    delivered: bool = False
    kept_bytes: int = 0

    def __post_init__(self) -> None:
        self.framing = self.prompt.surface.framing()

    def is_records(self, reply: ProviderReply) -> bool:
        """Say whether the reply is a file of answers, a record each; an error comes whole."""
        return self.prompt.surface.step is Step.TAKE and reply.status < BAD

    def is_stream(self, reply: ProviderReply) -> bool:
        """Say whether the reply is the stream that was asked for; an error comes whole."""
        return self.prompt.stream and reply.status < BAD and reply.content_type.startswith(self.framing.media_type)

    def note(self, frame: Frame) -> None:
        found = self.prompt.surface.answers.usage_of(frame.data)
        if self.prompt.surface.step is Step.TAKE:
            self.usage = added(self.usage, found)
            return  # looked at record by record, so nothing of it is kept
        self.usage = Usage(*(new if new is not None else old for new, old in zip(found, self.usage, strict=True)))
        self.ended = self.ended or self.prompt.surface.answers.last.search(frame.data) is not None
        if self.looked_at_afterwards and self.kept is not None:
            self.kept_bytes += len(frame.data)
            self.kept.append(frame)
            if self.kept_bytes > self.reading.most_held:
                self.kept = None

    def cut_off(self, last: Frame) -> bytes:
        """Return the bytes that end a stream early with `last`; only whole frames have been sent before."""
        return self.framing.write(last) + self.framing.end()

    @property
    def looked_at_afterwards(self) -> bool:
        return self.reading.check is ReplyCheck.WATCH

    async def look_back(self) -> None:
        """Look at what was passed on as it came."""
        await self.reading.look_back(self.prompt.surface.answers, self.kept)

    def forget(self) -> None:
        """Keep nothing of what was passed on: it was not looked at, and that is noted."""
        self.kept, self.kept_bytes = None, 0
        self.reading.seen.note_verdict(Verdict.UNAVAILABLE)


async def pass_whole(call: Call, reply: ProviderReply, headers: Mapping[str, str], passed: Passed) -> None:
    """Collect the answer, have it checked, then reply with it.

    Raises:
        Unavailable: `reply_too_large`, or what `chunks` and Reading.settle raise.
        NotAllowed: as Reading.settle.
    """
    parts: list[bytes] = []
    async for chunk in _timed(reply, passed):
        parts.append(chunk)
        passed.size += len(chunk)
        if passed.size > LARGEST_REPLY:
            raise Unavailable("reply_too_large", "The provider's answer is too large.")
    call.answered()
    body = b"".join(parts)
    passed.note(Frame("", body))
    written = body if passed.reading.as_it_comes else await _checked(call, reply, body, passed)
    if passed.told is not None and reply.status < BAD:
        written = await passed.told.told(written)
    await call.reply(reply.status, written, {**headers, "content-type": reply.content_type})


async def _checked(call: Call, reply: ProviderReply, body: bytes, passed: Passed) -> bytes:
    held = passed.reading.hold(passed.prompt.surface.answers)
    try:
        held.take(Frame("", body))
    except Invalid as wrong:
        if passed.reading.check is ReplyCheck.WATCH and passed.reading.person is None:
            return body
        raise unreadable(wrong) from wrong
    held.end()
    await passed.reading.settle(held)
    if held.waits:
        line = Line(call, passed.framing, reply.status, {}, silent=True)
        with call.listening():  # its place at work is for others while a person thinks
            await line.waiting_for(passed.reading.confirm(held, reply.content_type))
    return b"".join(frame.data for frame in held.ready())


async def pass_stream(call: Call, reply: ProviderReply, headers: Mapping[str, str], passed: Passed) -> None:
    """Send each frame on as soon as it is whole and may be passed on.

    Raises:
        NotAllowed: `reply_blocked`.
        Unavailable: `frame_too_large`, `reply_unreadable`, `reply_unchecked`, `reply_too_long`, `provider_broke_off`.
        ClientLeft, and what `chunks` raises.
    """
    told = {**headers, "content-type": reply.content_type, "cache-control": "no-store"}
    try:
        if passed.reading.as_it_comes:
            await call.begin(reply.status, told)
            await _pass_as_it_comes(call, reply, passed)
        else:
            await _pass_checked(Line(call, passed.framing, reply.status, told), reply, passed)
    except ClientLeft:
        # Clients hang up on the frame that ends the answer, without waiting for the connection to end.
        if not passed.delivered:
            raise


async def pass_records(call: Call, reply: ProviderReply, headers: Mapping[str, str], passed: Passed) -> None:
    """Send each record on once it was checked by itself; in the place of one that is stopped stands an error of its own.

    Raises:
        Unavailable: `frame_too_large`, `reply_unreadable`, `reply_unchecked`, `reply_too_long`.
        ClientLeft, and what `chunks` raises.
    """
    line = Line(call, passed.framing, reply.status, {**headers, "content-type": reply.content_type})
    chunks, numbers = _timed(reply, passed), count(1)
    while (chunk := await line.waiting_for(anext(chunks, None))) is not None:
        for frame in _frames(chunk, passed):
            await _pass_record(line, frame, next(numbers), passed)
    for frame in passed.framing.rest():
        await _pass_record(line, frame, next(numbers), passed)
    await line.end()


async def _pass_record(line: Line, frame: Frame, number: int, passed: Passed) -> None:
    surface = passed.prompt.surface
    tree = _record_in(frame)
    told = passed.told.reading_of(passed.reading, tree.get("custom_id")) if passed.told else passed.reading
    held = told.hold_record(surface.answers, number)
    held.take(frame)
    held.end()
    try:
        await line.waiting_for(told.settle(held))
        frames = list(held.ready())
    except NotAllowed as stopped:
        frames = [Frame("", json.dumps(surface.batch.withheld(tree, stopped)).encode())] if surface.batch else []
    passed.size += await line.send(frames)
    if told.check is ReplyCheck.WATCH:
        await told.look_back(surface.answers, [frame])


def _record_in(frame: Frame) -> dict[str, Any]:
    try:
        tree = strict_json.loads(frame.data)
    except Invalid as wrong:
        raise unreadable(wrong) from wrong
    if not isinstance(tree, dict):
        raise unreadable(Invalid("wrong_type", "A record is no object."))
    return tree


async def _pass_as_it_comes(call: Call, reply: ProviderReply, passed: Passed) -> None:
    async for chunk in _timed(reply, passed):
        written = b"".join(map(passed.framing.write, _frames(chunk, passed)))
        if written:
            await call.chunk(written)
            passed.size += len(written)
            passed.delivered = passed.ended
    last = b"".join(map(passed.framing.write, _rest(passed)))
    if not passed.ended:
        if last:
            await call.chunk(last)
        raise _cut_off()
    await call.end(last + passed.framing.end())


async def _pass_checked(line: Line, reply: ProviderReply, passed: Passed) -> None:
    """Nothing is read from the provider while a scan is under way, so what waits here is bounded and the provider is slowed down."""
    held, chunks = passed.reading.hold(passed.prompt.surface.answers), _timed(reply, passed)
    while (chunk := await line.waiting_for(anext(chunks, None))) is not None:
        await _move(line, held, _frames(chunk, passed), passed)
    await _move(line, held, _rest(passed), passed, last=True)
    if not passed.ended:
        raise _cut_off()
    if held.waits:
        await line.waiting_for(passed.reading.confirm(held, reply.content_type))
        passed.size += await line.send(held.ready())
    await line.end()


async def _move(line: Line, held: HeldAnswer, frames: Iterable[Frame], passed: Passed, *, last: bool = False) -> None:
    try:
        for frame in frames:
            held.take(frame)
    except Invalid as wrong:
        raise unreadable(wrong) from wrong
    if last:
        held.end()
    await line.waiting_for(passed.reading.settle(held))
    passed.size += await line.send(held.ready())
    passed.delivered = passed.ended and not held.size
    if held.size > passed.reading.most_held:
        raise too_long()


def _frames(chunk: bytes, passed: Passed) -> list[Frame]:
    try:
        frames = list(passed.framing.feed(chunk))
    except ValueError as large:
        raise Unavailable("frame_too_large", "The provider sent a piece of an answer that is too large.") from large
    return _noted(frames, passed)


def _rest(passed: Passed) -> list[Frame]:
    return _noted(list(passed.framing.rest()), passed)


def _noted(frames: list[Frame], passed: Passed) -> list[Frame]:
    for frame in frames:
        passed.note(frame)
    return frames


def _cut_off() -> ProviderFault:
    """An answer that stops in good order before its end would pass for a whole one."""
    return ProviderFault("provider_broke_off", "The provider ended before its answer did.", sent=True)


async def _timed(reply: ProviderReply, passed: Passed) -> AsyncIterator[bytes]:
    began = time.monotonic()
    async for chunk in reply.chunks():
        if not passed.first_ms:
            passed.first_ms = (time.monotonic() - began) * 1000
        yield chunk
