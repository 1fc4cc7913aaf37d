"""Server-sent events: from the chunks a network delivers to whole events."""

from collections.abc import Iterator

LARGEST_EVENT = 4 * 1024**2


class EventReader:
    """Collects chunks, which may end anywhere, and gives back the data of each event that is whole."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the data of every event completed by `chunk`, lines of one event joined by a newline.

        Raises:
            ValueError: when an event grows beyond LARGEST_EVENT.
        """
        # The rest too: a chunk may end between the two bytes of a line's end.
        self._rest = (self._rest + chunk).replace(b"\r\n", b"\n")
        *events, self._rest = self._rest.split(b"\n\n")
        if len(self._rest) > LARGEST_EVENT:
            message = "An event of the stream is too large."
            raise ValueError(message)
        for event in events:
            lines = [line[5:].removeprefix(b" ") for line in event.split(b"\n") if line.startswith(b"data:")]
            if lines:
                yield b"\n".join(lines)
