"""How a stream is cut into frames: server-sent events, lines of JSON, or one long JSON array. Pure.

One instance serves one stream. It takes chunks, which may end anywhere, gives back frames that are whole, and writes frames again:
what goes on to the client are frames, never chunks, so a stream can be ended between any two of them.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

LARGEST_FRAME = 4 * 1024**2
# What names an event: a word of the format. Anything else is not passed on, for nobody reads names.
EVENT_NAME = re.compile(rb"[A-Za-z][A-Za-z0-9_.-]{0,63}")


class Frame(NamedTuple):
    """`event` is the name a server-sent event carries, "" elsewhere; `data` is the JSON, or a word such as [DONE]."""

    event: str
    data: bytes


class Framing(Protocol):
    """`media_type` begins the Content-Type of such a stream; `keep_alive` may be written between frames and means nothing."""

    media_type: str
    keep_alive: bytes

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        """Yield every frame completed by `chunk`. Raises ValueError when one grows beyond LARGEST_FRAME."""

    def rest(self) -> Iterator[Frame]:
        """Yield what is left when the provider has ended, as a frame if it is one."""

    def write(self, frame: Frame) -> bytes: ...

    def end(self) -> bytes:
        """Return what closes a stream after its last frame."""


NewFraming = Callable[[], Framing]


def _checked(rest: bytes) -> bytes:
    if len(rest) > LARGEST_FRAME:
        message = "A frame of the stream is too large."
        raise ValueError(message)
    return rest


class ServerEvents:
    """text/event-stream, as the HTML standard defines it: lines of one event joined, comments dropped."""

    media_type = "text/event-stream"
    keep_alive = b":\n\n"

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        # The rest too: a chunk may end between the two bytes of a line's end.
        *events, rest = (self._rest + chunk).replace(b"\r\n", b"\n").split(b"\n\n")
        self._rest = _checked(rest)
        for event in events:
            yield from _event(event)

    def rest(self) -> Iterator[Frame]:
        rest, self._rest = self._rest, b""
        yield from _event(rest)

    def write(self, frame: Frame) -> bytes:
        name = f"event: {frame.event}\n".encode() if frame.event else b""
        return name + b"data: " + frame.data.replace(b"\n", b"\ndata: ") + b"\n\n"

    def end(self) -> bytes:
        return b""


def _event(text: bytes) -> Iterator[Frame]:
    name, lines = "", []
    for line in text.split(b"\n"):
        field, _, value = line.partition(b":")
        if field == b"data":
            lines.append(value.removeprefix(b" "))
        elif field == b"event":
            name = value.strip().decode() if EVENT_NAME.fullmatch(value.strip()) else ""
    if lines:
        yield Frame(name, b"\n".join(lines))


class JsonLines:
    """application/x-ndjson: one JSON value a line."""

    media_type = "application/x-ndjson"
    keep_alive = b"\n"

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        *lines, rest = (self._rest + chunk).split(b"\n")
        self._rest = _checked(rest)
        yield from (Frame("", line.strip()) for line in lines if line.strip())

    def rest(self) -> Iterator[Frame]:
        rest, self._rest = self._rest.strip(), b""
        if rest:
            yield Frame("", rest)

    def write(self, frame: Frame) -> bytes:
        return frame.data + b"\n"

    def end(self) -> bytes:
        return b""


class PlainLines(JsonLines):
    """A file of JSON, one value a line. Its readers take an empty line for a broken value, so nothing is written between two."""

    keep_alive = b""


class JsonArray:
    """One JSON array of objects that arrives piece by piece."""

    media_type = "application/json"
    keep_alive = b" "
    _token = re.compile(rb'\\.|["{}]', re.DOTALL)

    def __init__(self) -> None:
        self._rest, self._at, self._depth, self._quoted = b"", 0, 0, False
        self._written = 0

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        self._rest += chunk
        start = 0
        while found := self._token.search(self._rest, self._at):
            self._at = found.end()
            token = found.group()
            if token == b'"':
                self._quoted = not self._quoted
            elif not self._quoted and token == b"{":
                start = found.start() if self._depth == 0 else start
                self._depth += 1
            elif not self._quoted and token == b"}":
                self._depth -= 1
                if self._depth == 0:
                    yield Frame("", self._rest[start : self._at])
                    start = self._at
        self._keep(start)

    def _keep(self, start: int) -> None:
        # An escape that the chunk cut in two is read again with its second half.
        cut = self._rest[self._at :].endswith(b"\\")
        self._rest = _checked(self._rest[start:] if self._depth else b"")
        self._at = max(len(self._rest) - cut, 0)

    def rest(self) -> Iterator[Frame]:
        yield from ()

    def write(self, frame: Frame) -> bytes:
        self._written += 1
        return (b"[" if self._written == 1 else b",\r\n") + frame.data

    def end(self) -> bytes:
        return b"]" if self._written else b"[]"
