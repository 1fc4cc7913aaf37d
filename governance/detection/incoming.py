"""The file that is scanned: from a path or standard input, plain or zipped, one record at a time."""

import gzip
import json
import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from governance.core import strict_json
from governance.core.errors import DomainError, Invalid, TooLarge

from .text import LARGEST_TEXT, decode

STANDARD = Path("-")  # in place of a file: standard input, standard output
LARGEST_LINE = LARGEST_TEXT + (1 << 20)  # bytes: a text of the largest size, and its record around it
_BOM, _GZIP = b"\xef\xbb\xbf", b"\x1f\x8b"  # the second begins no text of UTF-8
_STEP = re.compile(r"(?:\A|\.)([^.\[\]]+)|\[(\d{1,9})\]")
_WIDEST_NAME = 64  # bits of a number
_BROKEN_ZIP = (EOFError, gzip.BadGzipFile, zlib.error)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A text that others may read in another way: what it holds for us is looked for, and it is not complete for all that."""

    text: str
    why: DomainError


Text = str | Doubtful | DomainError


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Give the bytes of `path`, unzipped where it is a gzip file; of standard input for `-`. Raises Invalid, `file_unreadable`."""
    if path == STANDARD:
        with _plain(sys.stdin.buffer) as plain:
            yield plain
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise Invalid("file_unreadable", f"{path} cannot be read: {error.strerror}.", field="IN") from None
    with file, _plain(file) as plain:
        yield plain


@contextmanager
def _plain(file: Any) -> Iterator[BinaryIO]:
    if file.peek(len(_GZIP))[: len(_GZIP)] == _GZIP:
        with gzip.GzipFile(fileobj=file) as unzipped:
            yield cast("BinaryIO", unzipped)  # it has all of it that is used here
    else:
        yield file


def texts_in(source: BinaryIO, *, name: str, field: str | None) -> Iterator[tuple[Any, Text]]:
    """Yield (id, text) of every record; in place of a text that cannot be read, the reason.

    `field` names the text in lines of JSON; None for a file that is one text, called `name`. Behind a place where a gzip
    file is broken there is no telling how many records follow: one with the reason stands for them.
    """
    number = 0
    try:
        if field is None:
            yield name, text_of(source.read(LARGEST_TEXT + 1))
            return
        for number, line in enumerate(_lines(source), start=1):
            if line is None:
                yield number, _too_large()
            elif line.strip():
                own, text = record_of(line, field=field)
                yield number if own is None else own, text
    except _BROKEN_ZIP:
        reason = f"The gzip file is broken or cut off behind line {number}."
        broken = Invalid("file_unreadable", reason, field="IN", remedy="Zip it again.")
        yield number + 1 if field else name, broken


def _lines(source: BinaryIO) -> Iterator[bytes | None]:
    """Yield each line without its end; None for one that is too large to be held, which is read past in parts."""
    before = _BOM  # of the file, where an editor put it, and of no record in it
    while line := source.readline(LARGEST_LINE):
        if len(line) < LARGEST_LINE or line.endswith(b"\n"):
            yield line.removeprefix(before).rstrip(b"\r\n")
        else:
            while (rest := source.readline(LARGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield None
        before = b""


def _too_large() -> TooLarge:
    return TooLarge("text_too_large", f"A record has more than {LARGEST_LINE:,} bytes.", remedy="Send it in parts.")


def record_of(line: bytes, *, field: str) -> tuple[Any, Text]:
    """Return the `id` of a line of JSON (None without one) and its text; in place of one that cannot be read, the reason.

    `field` is a key, or else the way to a text further in: `messages[0].content`.
    """
    if len(line) >= LARGEST_LINE:
        return None, _too_large()
    try:
        record = strict_json.loads(line)
    except Invalid as error:
        return _read_loosely(line, field, error)
    name, text = _parts_of(record, field)
    return name, _no_text(field) if text is None else text


def _read_loosely(line: bytes, field: str, why: Invalid) -> tuple[Any, Text]:
    """Return what most readers would take from a line that is refused; of two texts under one key none."""
    try:
        record = json.loads(_with_every_byte(line), strict=False)
    except (ValueError, RecursionError):
        return None, why
    name, text = _parts_of(record, field)
    of_two = why.code == "json_duplicate_key"
    return _sound(name), why if text is None or of_two else Doubtful(text, why)


def _sound(name: Any) -> Any:
    """Return the name of a record that was read loosely as everybody can read it, None for one that is not to be had so."""
    if isinstance(name, str):
        return name.encode("utf-8", "replace").decode()
    return name if isinstance(name, int) and name.bit_length() <= _WIDEST_NAME else None


def _parts_of(record: Any, field: str) -> tuple[Any, str | None]:
    if not isinstance(record, dict):
        return None, None
    text = record[field] if field in record else _further_in(record, field)
    return record.get("id"), text if isinstance(text, str) else None


def _no_text(field: str) -> Invalid:
    reason = f"The record has no text in the field {field}."
    return Invalid("field_missing", reason, field=field, remedy="Name the field that holds it.")


def _further_in(value: Any, field: str) -> Any:
    """Return what stands at the end of the way `field`, None where it ends before."""
    steps = list(_STEP.finditer(field))
    if "".join(step[0] for step in steps) != field:
        return None
    for step in steps:
        key = step[1] if step[2] is None else int(step[2])
        if isinstance(key, str):
            value = value.get(key) if isinstance(value, dict) else None
        else:
            value = value[key] if isinstance(value, list) and key < len(value) else None
    return value


def text_of(raw: bytes) -> Text:
    """Return `raw` as text, or the reason why it is none."""
    try:
        return decode(raw)
    except TooLarge as error:
        return error
    except Invalid as error:
        return Doubtful(_with_every_byte(raw), error)


def _with_every_byte(raw: bytes) -> str:
    """Return `raw` as text in which half a character stands for each byte that is no part of one."""
    return raw.decode("utf-8", "surrogateescape")
