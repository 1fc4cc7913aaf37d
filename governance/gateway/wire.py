"""One HTTP call as the gateway sees it: a few plain methods over ASGI."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from governance.core.errors import DomainError, Invalid, TooLarge

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
KIB = 1024
MOST_QUERY_FIELDS = 120  # a hundred names of files, and what else a page is asked for with
# Where the official clients put the key; whichever holds one is read, and none of them goes any further.
KEY_HEADERS = ("x-api-key", "x-goog-api-key")


class Answer(NamedTuple):
    """What is answered without a provider: `headers` besides the media type."""

    body: bytes
    headers: Mapping[str, str]
    status: int = 200


class Kept:
    """An answer that is kept instead of being sent; `status` is 0 until there is one."""

    def __init__(self) -> None:
        self.status, self.headers, self.body = 0, dict[str, str](), b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            told = {name.decode("latin-1"): value.decode("latin-1") for name, value in message["headers"]}
            self.status, self.headers = message["status"], told
            self.headers.pop("content-length", None)  # whoever sends it on says so again
        else:
            self.body += message.get("body", b"")


class ClientLeft(Exception):
    """Nobody waits for the reply any more."""


class Call:
    def __init__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        self.method = str(scope["method"])
        self.path = str(scope["path"])
        self._headers: dict[str, str] = {name.decode("latin-1"): _words_of(value) for name, value in scope["headers"]}
        self._query_string = bytes(scope.get("query_string", b"")).decode("latin-1")
        self._receive, self._send = receive, send
        self._body: bytes | DomainError | None = None
        self._looked_at: list[bytes] = []
        self._arrived = False
        self._leaving: asyncio.Task[None] | None = None
        self.begun = False
        self.listening: Callable[[], AbstractContextManager[None]] = nullcontext
        self.arrived: Callable[[int], None] = _uncounted
        self.answered: Callable[[], None] = _unnoted  # all of an answer has come, and there is work to do again

    def header(self, name: str) -> str:
        """Return a header by its lower-case name, "" when it is not there."""
        return self._headers.get(name, "")

    @property
    def key(self) -> str:
        """The text of the Remit key, from wherever a client may have put it, "" when there is none."""
        scheme, _, text = self.header("authorization").partition(" ")
        places = [text if scheme.lower() == "bearer" else "", *map(self.header, KEY_HEADERS), self.query("key")]
        return next((place.strip() for place in places if place.strip()), "")

    def query(self, name: str) -> str:
        """Return the one value of a name in the query, "" when it is not there or there twice. The query goes no further."""
        values = self.queries(name)
        return values[0] if len(values) == 1 else ""

    def queries(self, name: str) -> list[str]:
        """Return the values of a name in the query, in the order in which they stand; none of a query with too many fields."""
        if not self._query_string:
            return []
        try:
            return parse_qs(self._query_string, max_num_fields=MOST_QUERY_FIELDS).get(name, [])
        except ValueError:
            return []

    async def body(self, *, largest: int) -> bytes:
        """Return the whole body, the same however often it is asked for.

        Raises:
            TooLarge: `body_too_large`, from the declared length or as soon as more has arrived.
            Busy: `bodies_full`, when all that is under way leaves no room for it.
            Invalid: `encoding_not_supported`: a compressed body could hide what it holds, and how much.
            ClientLeft: when the client went away in the middle.
        """
        if self._body is None:
            try:
                with self.listening():
                    self._body = await self._whole(largest=largest)
            except DomainError as refused:
                self._body = refused  # the rest of a body that was refused is no body
        if isinstance(self._body, DomainError):
            raise self._body
        return self._body

    async def _whole(self, *, largest: int) -> bytes:
        parts = []
        async for block in self.blocks(largest=largest):
            parts.append(block)
            self.arrived(len(block))  # only what is kept counts
        return b"".join(parts)

    async def blocks(self, *, largest: int) -> AsyncIterator[bytes]:
        """Yield the body block by block as it arrives; nothing of it is kept here. Raises as `body`."""
        if self.header("content-encoding").lower() not in {"", "identity"}:
            raise Invalid("encoding_not_supported", "Send the body without Content-Encoding.")
        declared = self.header("content-length")
        if declared.isdigit() and int(declared) > largest:
            raise _too_large(largest)
        size = 0
        while (block := await self._next_block()) is not None:
            size += len(block)
            if size > largest:
                raise _too_large(largest)
            yield block

    def put_back(self, blocks: list[bytes]) -> None:
        """Let what was only looked at of the body be read as if it had not been."""
        self._looked_at = blocks

    def carrying(self, blocks: AsyncIterator[bytes], media_type: str, kept: Kept) -> "Call":
        """Return a call of the same client with another body, whose answer is kept for whoever makes it."""
        own = {"content-type", "content-length", "transfer-encoding"}
        pairs = [(name.encode("latin-1"), value.encode()) for name, value in self._headers.items() if name not in own]
        scope = {"method": "POST", "path": self.path, "headers": [*pairs, (b"content-type", media_type.encode())]}

        async def receive() -> Message:
            async for block in blocks:
                return {"type": "http.request", "body": block, "more_body": True}
            if not made._arrived:
                return {"type": "http.request", "body": b"", "more_body": False}
            return await self._receive()

        made = Call(scope, receive, kept)
        return made

    async def _next_block(self) -> bytes | None:
        if self._looked_at:
            return self._looked_at.pop(0)
        if self._arrived:
            return None
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        self._arrived = not message.get("more_body")
        return bytes(message.get("body", b""))

    async def reply(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.let_go()
        await self.begin(status, {**headers, "content-length": str(len(body))})
        await self._send({"type": "http.response.body", "body": body})

    async def begin(self, status: int, headers: Mapping[str, str]) -> None:
        pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": pairs})
        self.begun = True

    async def chunk(self, part: bytes) -> None:
        """Send one part of a reply that has begun. Raises ClientLeft when nobody takes it."""
        self.check()
        await self._send({"type": "http.response.body", "body": part, "more_body": True})

    def check(self) -> None:
        """Raises ClientLeft when nobody waits any more."""
        if self._leaves().done():
            raise ClientLeft

    @asynccontextmanager
    async def attended(self) -> AsyncIterator[None]:
        """Let the block run as long as its client waits, whatever it waits for itself. The body has been read by then.

        Raises:
            ClientLeft: when nobody waits any more; what the block waited for is cancelled.
        """
        try:
            async with asyncio.timeout(None) as until:

                def cut(leaving: asyncio.Task[None]) -> None:
                    if not (leaving.cancelled() or until.expired()):
                        until.reschedule(asyncio.get_running_loop().time())

                leaving = self._leaves()
                leaving.add_done_callback(cut)
                try:
                    yield
                finally:
                    leaving.remove_done_callback(cut)
        except TimeoutError:
            if not until.expired():
                raise
            raise ClientLeft from None

    async def end(self, part: bytes = b"") -> None:
        self.let_go()
        await self._send({"type": "http.response.body", "body": part})

    def let_go(self) -> None:
        """Stop looking at the client: it has its answer, and what it does now is its own affair."""
        if self._leaving is not None:
            self._leaving.cancel()

    def _leaves(self) -> asyncio.Task[None]:
        if self._leaving is None:
            self._leaving = asyncio.create_task(self._until_left())
        return self._leaving

    async def _until_left(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass


def _words_of(value: bytes) -> str:
    """Return the value of a header. RFC 9110, 5.5 leaves open what bytes beyond ASCII are: UTF-8 where they can be that, as programs send names."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _unnoted() -> None:
    """Nobody counts when there is work to do at a call that needs no place."""


def _uncounted(_size: int) -> None:
    """Nobody counts what arrives of a call that needs no place."""


def _too_large(largest: int) -> TooLarge:
    return TooLarge(
        "body_too_large",
        f"The body is larger than {largest // KIB} KiB.",
        remedy="Send less at once, or a training set as a file.",
    )
