"""Undo encodings: escapes (percent, HTML entities, those of JSON and C), base64, hex, gzip and zlib inside them. Bounded."""

import base64
import binascii
import html
import re
import zlib
from collections.abc import Iterator

from .edits import Edit

_ESCAPE = re.compile(
    r"%[0-7][0-9A-Fa-f]|(?:%[89A-Fa-f][0-9A-Fa-f])+"
    r"|&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});"
    r"|(?:\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2})|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}"
    r"|\\[nrtbf\"'/\\]"
)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " "}
# Shorter runs are words; the newline lets a wrapped body (MIME, PEM, a shell paste) be read as one.
_PACKED = re.compile(
    r"(?<![A-Za-z0-9+/_\-])[A-Za-z0-9+/_\-]{16,}(?:\r?\n[A-Za-z0-9+/_\-]{16,})*={0,2}(?![A-Za-z0-9+/_])"
)
_LINE = re.compile(r"[A-Za-z0-9+/_\-]{16,}={0,2}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+\Z")
_WORDLIKE = re.compile(r"[a-z_\-/]+\Z|[A-Z_\-/]+\Z")
_URL_SAFE = str.maketrans("-_", "+/")
_GZIP, _ZLIB = b"\x1f\x8b", (b"\x78\x01", b"\x78\x9c", b"\x78\xda")
_LARGEST_UNZIPPED = 1 << 20


def unescape_edits(text: str) -> Iterator[Edit]:
    """Yield one change per escape; a run of UTF-8 percent bytes is one change."""
    if "%" not in text and "&" not in text and "\\" not in text:
        return
    for match in _ESCAPE.finditer(text):
        plain = _unescaped(match.group())
        if plain is not None:
            yield Edit(match.start(), match.end(), plain)


def _unescaped(escape: str) -> str | None:
    if escape[0] == "&":
        plain = html.unescape(escape)
        return plain if plain != escape else None
    if escape[0] == "%":
        return _utf8(bytes.fromhex(escape.replace("%", "")))
    if escape[1] == "u":
        units = bytes.fromhex(escape.replace("\\u", ""))
        return units.decode("utf-16-be", "replace")
    if escape[1] == "x":
        return chr(bytes.fromhex(escape[2:])[0])
    return _SIMPLE.get(escape[1], escape[1])


def unpack_edits(text: str, *, room: int) -> Iterator[Edit]:
    """Yield one change per base64 or hex run that holds readable text.

    Raises:
        OverflowError: when unpacking yields more than `room` characters, or a zipped part more than 1 MiB.
    """
    for match in _PACKED.finditer(text):
        for start, end in _runs(match):
            plain = _unpacked(text[start:end])
            if plain is None:
                continue
            room -= len(plain)
            if room < 0:
                message = "unpacked text is too large"
                raise OverflowError(message)
            yield Edit(start, end, plain)


def _runs(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the run as a whole when it is one packed text over many lines, else each of its lines."""
    if "\n" not in match.group() or _unpacked(match.group()) is not None:
        yield match.start(), match.end()
        return
    for line in _LINE.finditer(match.group()):
        yield match.start() + line.start(), match.start() + line.end()


def _unpacked(run: str) -> str | None:
    if _WORDLIKE.match(run):
        return None
    run = "".join(run.split())
    return (_from_hex(run) if _HEX.match(run) else None) or _from_base64(run)


def _from_hex(run: str) -> str | None:
    return _readable(bytes.fromhex(run))


def _from_base64(run: str) -> str | None:
    bare = run.rstrip("=").translate(_URL_SAFE)
    if len(bare) % 4 == 1:
        return None
    try:
        return _readable(base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True))
    except binascii.Error:
        return None


def _readable(packed: bytes) -> str | None:
    """Return the text in `packed`, unzipped when it is zipped, or None when it is not text."""
    if packed[:2] == _GZIP or packed[:2] in _ZLIB:
        packed = _unzipped(packed) or b""
    text = _utf16(packed) if b"\x00" in packed[:32] else _utf8(packed)
    if text and all(character.isprintable() or character in "\t\r\n" for character in text):
        return text
    return None


def _unzipped(packed: bytes) -> bytes | None:
    machine = zlib.decompressobj(wbits=47)  # 32 + 15: gzip or zlib, told by its header
    try:
        plain = machine.decompress(packed, _LARGEST_UNZIPPED)
    except zlib.error:
        return None
    if machine.unconsumed_tail:
        message = "a zipped part is too large"
        raise OverflowError(message)
    return plain


def _utf8(packed: bytes) -> str | None:
    try:
        return packed.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _utf16(packed: bytes) -> str | None:
    """PowerShell's -EncodedCommand is UTF-16: every other byte of plain text is zero."""
    try:
        return packed.decode("utf-16-le" if packed[1:2] == b"\x00" else "utf-16-be")
    except UnicodeDecodeError:
        return None
