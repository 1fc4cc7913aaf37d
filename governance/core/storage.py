"""Sealed files: uploads, holds and exports lie on disk only as sealed frames, and are read whole or in ranges.

A file appears under its name when it is complete and on disk, never before; what is half written is removed.
"""

import asyncio
import contextlib
import errno
import hashlib
import os
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from governance.core.errors import DomainError, Invalid, NotFound, Unavailable
from governance.core.frames import FRAME_BYTES, HEAD_BYTES, SEALED_FRAME_BYTES, Frames, frame_count
from governance.core.sealing import KeyRing

REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class SealedFile:
    """What was stored: `digest` is the SHA-256 (hex) of the plain bytes, `size` their number."""

    ref: str
    digest: str
    size: int


class SealedWriter:
    """Takes plain bytes in pieces of any size. `file` is there after the block has ended without an error."""

    file: SealedFile

    def __init__(self, target: Path, frames: Frames) -> None:
        self._target, self._frames = target, frames
        self._part = target.with_name(f".{target.name}.{secrets.token_hex(8)}.part")
        self._hash, self._rest = hashlib.sha256(), bytearray()
        self._size = self._number = 0
        with _answered(target.name):
            self._out = _create(self._part)
        self._put(frames.head)

    @property
    def size(self) -> int:
        """The number of plain bytes taken so far."""
        return self._size

    def write(self, plain: bytes | bytearray | memoryview) -> None:
        """Take the next bytes.

        Raises:
            Unavailable: `storage_full` or `storage_failed`.
        """
        self._hash.update(plain)
        self._size += len(plain)
        self._rest += plain
        # The last frame must be known as the last, so a full one waits until more has come.
        while len(self._rest) > FRAME_BYTES:
            self._seal(bytes(self._rest[:FRAME_BYTES]), last=False)
            del self._rest[:FRAME_BYTES]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._complete()
        finally:
            # On a full disk closing fails once more, on what is thrown away here.
            with contextlib.suppress(OSError):
                self._out.close()
            self._part.unlink(missing_ok=True)

    def _complete(self) -> None:
        self._seal(bytes(self._rest), last=True)
        with _answered(self._target.name):
            self._out.flush()
            os.fsync(self._out.fileno())
            self._part.rename(self._target)
            _sync_folder(self._target.parent)
        self.file = SealedFile(self._target.name, self._hash.hexdigest(), self._size)

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._put(self._frames.seal(self._number, plain, last=last))
        self._number += 1

    def _put(self, sealed: bytes) -> None:
        with _answered(self._target.name):
            self._out.write(sealed)


class SealedReader:
    """Yields the plain bytes of [start, end) in blocks of at most 64 KiB. A block is given out only when it is proved."""

    def __init__(self, source: BinaryIO, ring: KeyRing, context: str, start: int, end: int | None) -> None:
        self._source = source
        self._count = frame_count(source.seek(0, os.SEEK_END))
        source.seek(0)
        self._frames = Frames.of_head(ring, source.read(HEAD_BYTES), context=context)
        # The last frame is opened first: a file that was cut off must not be read up to the cut.
        self.size = (self._count - 1) * FRAME_BYTES + len(self._frame(self._count - 1))
        self._start, self._end = max(start, 0), self.size if end is None else min(end, self.size)

    def read(self) -> bytes:
        """Return all of the range at once."""
        return b"".join(self)

    def close(self) -> None:
        self._source.close()

    def __iter__(self) -> Iterator[bytes]:
        for number in range(self._start // FRAME_BYTES, -(-self._end // FRAME_BYTES)):
            first = number * FRAME_BYTES
            block = self._frame(number)[max(self._start - first, 0) : self._end - first]
            if block:
                yield block

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _frame(self, number: int) -> bytes:
        self._source.seek(HEAD_BYTES + number * SEALED_FRAME_BYTES)
        return self._frames.open(number, self._source.read(SEALED_FRAME_BYTES), last=number == self._count - 1)


@dataclass(frozen=True, slots=True)
class SealedFolder:
    """A folder of sealed files. `ref` names a file: letters, digits, dots, dashes; the file opens under no other name."""

    root: Path
    ring: KeyRing

    def writer(self, ref: str) -> SealedWriter:
        """Return a writer of a new file, to be used in a `with` block. A file of the same name is replaced at the end.

        Raises:
            Invalid: `ref_wrong`. Unavailable: `storage_full`, `storage_failed`, or the ring's own.
        """
        target = self._path(ref)
        with _answered(ref):
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        return SealedWriter(target, Frames.new(self.ring, context=_place(ref)))

    def reader(self, ref: str, start: int = 0, end: int | None = None) -> SealedReader:
        """Return the plain bytes [start, end) of a file, in blocks; use it in a `with` block.

        Raises:
            NotFound: `not_stored`. Invalid: `ref_wrong`, or `sealed_damaged` (also later, at the damaged frame).
            Unavailable: `storage_failed`, `key_unknown`.
        """
        path = self._path(ref)
        with _answered(ref):
            source = path.open("rb")
        try:
            with _answered(ref):
                return SealedReader(source, self.ring, _place(ref), start, end)
        except DomainError:
            source.close()
            raise

    def delete(self, ref: str) -> None:
        """Remove a file; one that is not there is no error."""
        with _answered(ref), contextlib.suppress(FileNotFoundError):
            self._path(ref).unlink()
            _sync_folder(self.root)

    def _path(self, ref: str) -> Path:
        if not REF.fullmatch(ref):
            raise Invalid("ref_wrong", "This is no name of a stored file.")
        return self.root / ref


@contextlib.asynccontextmanager
async def sealing(folder: SealedFolder, ref: str) -> AsyncIterator[SealedWriter]:
    """The block of a writer with its work on the disk in a thread, so that other requests go on. Raises as SealedFolder.writer."""
    writer = await asyncio.to_thread(folder.writer, ref)
    try:
        yield writer
    except BaseException as fault:
        await asyncio.to_thread(writer.__exit__, type(fault), fault, fault.__traceback__)
        raise
    await asyncio.to_thread(writer.__exit__, None, None, None)


def _place(ref: str) -> str:
    return f"file:{ref}"


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")


def _sync_folder(folder: Path) -> None:
    # Without this the name may be gone after a power cut, although the bytes are there.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _answered(ref: str) -> Iterator[None]:
    """Turn what the file system says into an error that a door can answer. No path is told."""
    try:
        yield
    except FileNotFoundError as missing:
        raise NotFound("not_stored", f"Nothing is stored as {ref}.") from missing
    except OSError as failed:
        if failed.errno in FULL:
            raise Unavailable("storage_full", "There is no room left to store this.", remedy="Make room.") from failed
        raise Unavailable("storage_failed", "The storage did not answer.") from failed
