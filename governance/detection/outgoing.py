"""The file of findings: whole or not there. Half of one would read as if the rest had no findings."""

import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from governance.core.errors import Invalid

from .incoming import STANDARD


@contextmanager
def written_whole(path: Path) -> Iterator[TextIO]:
    """Give a file that stands at `path` when the block ends, and not before; when it fails, none stands there.

    What an earlier run left there is removed first, so that nobody takes it for this one's. What is no plain file (`-` for
    standard output, a device, a pipe) gets each line as it is written.

    Raises:
        Invalid: `out_unwritable`, before the block. OSError: when the disk is full or the reader has gone.
    """
    try:
        out, part = _opened(path)
    except OSError as error:
        raise Invalid("out_unwritable", f"{path} cannot be written: {error.strerror}.", field="--out") from None
    try:
        try:
            yield out
            out.flush()
            if part is not None:
                os.fsync(out.fileno())
        finally:
            _close(out)
        if part is not None:
            _put(part, _target_of(path))
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def _opened(path: Path) -> tuple[TextIO, Path | None]:
    """Return the file to write and, unless that is `path` itself, where it stands until it is whole."""
    target = _target_of(path)
    if path == STANDARD or _is_standard(target):
        return sys.stdout, None
    mode = target.stat().st_mode if target.exists() else None
    if mode is not None and not stat.S_ISREG(mode):
        return target.open("w", encoding="utf-8"), None
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(0, "it is there, and is not to be written over")
    part = target.with_name(f".{secrets.token_hex(8)}.part")  # two runs into one file never share it
    try:
        made = part.open("x", encoding="utf-8")
        if mode is not None:
            part.chmod(stat.S_IMODE(mode))
        target.unlink(missing_ok=True)
    except OSError:
        part.unlink(missing_ok=True)
        if not target.exists():
            raise
        return target.open("w", encoding="utf-8"), None  # one that may be written, in a folder that may not be
    return made, part


def _target_of(path: Path) -> Path:
    """Return the file behind links, which stay. Path.resolve raises something else for links in a circle."""
    return Path(os.path.realpath(path))


def _is_standard(target: Path) -> bool:
    """Return whether it is what standard output already goes into, as `/dev/stdout` is."""
    try:
        return os.path.samestat(target.stat(), os.fstat(sys.stdout.fileno()))
    except OSError:
        return False


def _put(part: Path, target: Path) -> None:
    try:
        part.replace(target)
    except OSError:
        shutil.copyfile(part, target)


def _close(out: TextIO) -> None:
    """Close the file; standard output stays, but where nobody reads it any more the interpreter must not try once again."""
    if out is not sys.stdout:
        out.close()
        return
    try:
        out.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        raise
