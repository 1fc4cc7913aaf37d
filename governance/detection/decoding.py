"""Undo packing: base64, base32, hex, lists of numbers of letters, gzip and zlib inside them. Bounded."""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator

from .edits import Edit
from .escapes import utf8
from .limits import TooMuch

_SHORTEST = 16  # shorter runs are words
_PACKED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_MARKED, _OTHER = b"x", b" "
_MARKS = bytes((_MARKED if byte in _PACKED else _OTHER)[0] for byte in range(256))
_SHORTEST_RUN = _MARKED * _SHORTEST
_PLAIN = bytes(range(0x20, 0x7F)) + b"\t\r\n"
_TEXT_TO_OTHER = 4
_NO_LETTER = "\ufffd"
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+\Z")
_BASE32 = re.compile(r"[A-Z2-7]+\Z")
# The end of a packed text over many lines may be short.
_LAST_LINE = re.compile(r"\r?\n([A-Za-z0-9+/_\-]{1,15})(?=={0,2}(?:\s|$))")
_WORDLIKE = re.compile(r"[a-z_\-/]+\Z|[A-Z_\-/]+\Z")
_SMALL = re.compile(r"[a-z_\-/]+")
_LINE_ENDS, _LONGEST_END, _BEGINS_END = frozenset({"\n", "\r\n"}), 2, frozenset("\r\n")
_URL_SAFE = str.maketrans("-_", "+/")
_NO_FIRST = frozenset("ghijklmnopqrstuv")  # packed, they begin with a byte that begins no letter of UTF-8
_GZIP, _ZLIB = b"\x1f\x8b", (b"\x78\x01", b"\x78\x9c", b"\x78\xda")
_LARGEST_UNZIPPED, _MOST_ZIPPED = 1 << 20, 3  # bytes; times, one in another
_TOO_MUCH = (
    "what it is packed from has more characters than a text of its length may unfold to; send it unpacked, in parts"
)
_ZIPPED_TOO_MUCH = f"a zipped part of it holds more than {_LARGEST_UNZIPPED:,} bytes; send it unpacked, in parts"
_ZIPPED_TOO_OFTEN = f"a part of it is zipped more than {_MOST_ZIPPED} times; send it unpacked"


class UnpacksTooLarge(TooMuch):
    """What is packed holds more than is unpacked."""


LIST_SIGNS = (
    # Whichever sign parts the numbers, it is one: Hyperscan reads three such lists six times as fast as one of any signs.
    "|".join(f"(?:[0-9A-Fa-f]{{2}}{sign}){{7}}[0-9A-Fa-f]{{2}}" for sign in " :-"),
    r"(?:(?:0x)?[0-9A-Fa-f]{2,3},\s?){7}(?:0x)?[0-9A-Fa-f]{2,3}",
)
_HEX_LIST = re.compile(r"(?<![0-9A-Za-z])(?:0x)?[0-9A-Fa-f]{2}(?:([ :\-]|,\s?)(?:0x)?[0-9A-Fa-f]{2})(?:\1(?:0x)?[0-9A-Fa-f]{2}){6,}(?![0-9A-Za-z])")  # fmt: skip
_DECIMAL_LIST = re.compile(r"(?<![0-9A-Za-z.])\d{2,3}(?:,\s?\d{2,3}){7,}(?![0-9A-Za-z.])")
_NUMBER = re.compile(r"\d+")
_LAST_BYTE = 255


def unlist_edits(text: str, low: int, high: int) -> Iterator[Edit]:
    """Yield one change per list of numbers that are the letters of a readable text."""
    end = 0
    lists = [match for pattern in (_DECIMAL_LIST, _HEX_LIST) for match in pattern.finditer(text, low, high)]
    for match in sorted(lists, key=lambda match: match.start()):
        plain = _listed(match) if match.start() >= end else None
        if plain:
            yield Edit(match.start(), match.end(), plain)
            end = match.end()


def _listed(match: re.Match[str]) -> str | None:
    if match.re is _HEX_LIST:
        return _mostly_readable(bytes.fromhex(re.sub(r"0x|[^0-9A-Fa-f]", "", match.group())))
    return _mostly_readable(bytes(min(int(number), _LAST_BYTE) for number in _NUMBER.findall(match.group())))


def unpack_edits(text: str, *, room: int) -> Iterator[Edit]:
    """Yield one change per base64, base32 or hex run that holds readable text.

    Raises:
        UnpacksTooLarge: when unpacking yields more than `room` characters, or a zipped part more than 1 MiB.
    """
    for start, end in _candidates(text):
        # Half of the long names of code begin with such a letter, small, which hex and base32 do not have either.
        plain = None if text[start] in _NO_FIRST else _unpacked(text[start:end])
        if plain is None:
            continue
        room -= len(plain)
        if room < 0:
            raise UnpacksTooLarge(_TOO_MUCH)
        yield Edit(start, _padded(text, end), plain)


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where at least _SHORTEST letters of base64 stand in a row.

    Small letters alone are a word, unless they fill a line, which may be one of many.
    """
    # A byte for every character, and a search for a fixed string, which leaps: most texts are words.
    marks = text.encode("latin-1", "replace").translate(_MARKS)
    start = marks.find(_SHORTEST_RUN)
    while start >= 0:
        end = marks.find(_OTHER, start)
        end = len(marks) if end < 0 else end
        if not _SMALL.fullmatch(text, start, end) or _is_line(text, start, end):
            yield start, end
        start = marks.find(_SHORTEST_RUN, end)


def _is_line(text: str, start: int, end: int) -> bool:
    return text[end : end + 1] in ("", "\r", "\n") and text[start - 1 : start] in ("", "\n")


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    """Yield what may be packed: runs that a line's end alone parts (MIME, PEM, a shell's paste) together, where that is text."""
    together: list[tuple[int, int]] = []
    for run in _runs(text):
        if together and (run[0] - together[-1][1] > _LONGEST_END or text[together[-1][1] : run[0]] not in _LINE_ENDS):
            yield from _as_one_or_by_line(text, together)
            together = []
        together.append(run)
    if together:
        yield from _as_one_or_by_line(text, together)


def _as_one_or_by_line(text: str, runs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    start, end = runs[0][0], runs[-1][1]
    if len(runs) == 1 and text[end : end + 1] not in _BEGINS_END:
        yield start, end
        return
    if last := _LAST_LINE.match(text, end):
        runs = [*runs, (last.start(1), last.end(1))]
        end = last.end(1)
    if len(runs) > 1 and _unpacked(text[start:end]) is not None:
        yield start, end
    else:
        yield from (run for run in runs if run[1] - run[0] >= _SHORTEST)


def _padded(text: str, end: int) -> int:
    return end + 1 + (text[end + 1 : end + 2] == "=") if text[end : end + 1] == "=" else end


def _unpacked(run: str) -> str | None:
    if _WORDLIKE.match(run):
        return _from_base32(run)
    if "\n" in run:
        run = "".join(run.split())
    return (_from_hex(run) if _HEX.match(run) else None) or _from_base32(run) or _from_base64(run)


def _from_hex(run: str) -> str | None:
    return _readable(bytes.fromhex(run))


def _from_base32(run: str) -> str | None:
    if not _BASE32.match(run):
        return None
    try:
        return _readable(base64.b32decode(run + "=" * (-len(run) % 8)))
    except binascii.Error:
        return None


def _from_base64(run: str) -> str | None:
    if run[0] in _NO_FIRST:
        return None
    if len(run) % 4 == 1:
        return None
    bare = run.translate(_URL_SAFE) if "_" in run or "-" in run else run
    try:
        # A run has no other letters than these, so nothing is left for base64.b64decode to look for.
        return _readable(binascii.a2b_base64(bare + "=" * (-len(bare) % 4)))
    except binascii.Error:
        return None


def _readable(packed: bytes) -> str | None:
    """Return the text in `packed`, unzipped when it is zipped, or None when it is not text."""
    for _ in range(_MOST_ZIPPED):
        if not _is_zipped(packed):
            break
        packed = _unzipped(packed) or b""
    else:
        if _is_zipped(packed) and _unzipped(packed):
            raise UnpacksTooLarge(_ZIPPED_TOO_OFTEN)
    text = _utf16(packed) if b"\x00" in packed[:32] else utf8(packed)
    if text and all(character.isprintable() or character in "\t\r\n" for character in text):
        return text
    return None


def _mostly_readable(packed: bytes) -> str | None:
    """Return as `_readable` does; where one byte in four at most is no text, with spaces for those.

    A list takes in what stands beside it: a number or a pair of letters that is no letter of the text.
    """
    text = _readable(packed)
    if text is None and len(packed.translate(None, _PLAIN)) * _TEXT_TO_OTHER <= len(packed):
        shown = packed.decode("utf-8", "replace")
        return "".join(letter if letter.isprintable() and letter != _NO_LETTER else " " for letter in shown)
    return text


def _is_zipped(packed: bytes) -> bool:
    return packed[:2] == _GZIP or packed[:2] in _ZLIB


def _unzipped(packed: bytes) -> bytes | None:
    machine = zlib.decompressobj(wbits=47)  # 32 + 15: gzip or zlib, told by its header
    try:
        plain = machine.decompress(packed, _LARGEST_UNZIPPED)
    except zlib.error:
        return None
    if machine.unconsumed_tail:
        raise UnpacksTooLarge(_ZIPPED_TOO_MUCH)
    return plain


def _utf16(packed: bytes) -> str | None:
    """PowerShell's -EncodedCommand is UTF-16: every other byte of plain text is zero."""
    try:
        return packed.decode("utf-16-le" if packed[1:2] == b"\x00" else "utf-16-be")
    except UnicodeDecodeError:
        return None
