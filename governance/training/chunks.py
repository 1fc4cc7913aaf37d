"""Cut a stream of bytes into runs of whole lines, so that each can be scanned alone and retried alone. Pure."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class ChunkPlan:
    """[first_byte, end_byte) holds `lines` whole lines, the first of them line `first_line` of the set, from 1.

    `digest` is the SHA-256 of exactly these bytes: what a worker reads later must hash to it.
    """

    number: int
    first_byte: int
    end_byte: int
    first_line: int
    lines: int
    digest: str


class _Open:
    """The chunk being filled."""

    def __init__(self, number: int, first_byte: int, first_line: int) -> None:
        self.number, self.first_byte, self.first_line = number, first_byte, first_line
        self.size = self.newlines = 0
        self.ends_inside_a_line = False
        self.hash = hashlib.sha256()

    def take(self, part: bytes) -> None:
        self.hash.update(part)
        self.size += len(part)
        self.newlines += part.count(b"\n")
        self.ends_inside_a_line = not part.endswith(b"\n")

    def plan(self) -> ChunkPlan:
        end_byte = self.first_byte + self.size
        lines = self.newlines + self.ends_inside_a_line
        return ChunkPlan(self.number, self.first_byte, end_byte, self.first_line, lines, self.hash.hexdigest())

    def after(self) -> "_Open":
        return _Open(self.number + 1, self.first_byte + self.size, self.first_line + self.newlines)


def cut(blocks: Iterable[bytes], *, target_bytes: int = CHUNK_BYTES) -> Iterator[ChunkPlan]:
    """Yield chunks that end at the first line end at or after `target_bytes`; the last one ends where the data ends.

    Holds one block at a time, whatever the size of the data or of a line: a line longer than the target makes a chunk
    of its own length. Concatenated, the chunks are the data, byte for byte.
    """
    chunk = _Open(number=0, first_byte=0, first_line=1)
    for block in blocks:
        start = 0
        while start < len(block):
            end = _line_end(block, start, target_bytes - chunk.size)
            chunk.take(block[start : end or len(block)])
            start = end or len(block)
            if end:
                yield chunk.plan()
                chunk = chunk.after()
    if chunk.size:
        yield chunk.plan()


def _line_end(block: bytes, start: int, room: int) -> int:
    """Return the position after the first newline that fills the chunk, or 0 when this block holds none."""
    return block.find(b"\n", max(start, start + room - 1)) + 1


def lines_of(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of a stream, each with its newline, holding one line and one block at a time."""
    parts: list[bytes] = []
    for block in blocks:
        *whole, rest = block.split(b"\n")
        for end in whole:
            yield b"".join([*parts, end, b"\n"])
            parts = []
        if rest:
            parts.append(rest)
    if parts:
        yield b"".join(parts)
