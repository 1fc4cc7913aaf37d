"""Whether a picture is only drawn: PNG, JPEG, GIF or WebP without a word in it (where, when and by whom it was taken, remarks).

Nothing is taken out of a picture, since the bytes that were looked at are the bytes that leave; one that says something besides is
told of. Source: the W3C's PNG, ITU-T T.81 and JFIF 1.02, GIF89a, the WebP container.
"""

import re
from collections.abc import Callable

MOST_PIXELS = 9_000_000  # of one: a page of A4 at 300 dots an inch, or a screen of 3,840 x 2,160
_PNG, _PNG_DRAWS = (
    b"\x89PNG\r\n\x1a\n",
    frozenset(b"IHDR PLTE IDAT IEND tRNS cHRM gAMA sBIT sRGB iCCP bKGD pHYs hIST acTL fcTL fdAT cICP".split()),
)
_JPEG, _JPEG_END = b"\xff\xd8", b"\xff\xd9"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC8}  # also tables of Huffman and arithmetic coding
_TABLES, _SCAN = frozenset({0xDB, 0xDD}), 0xDA
_PLAIN_JFIF = re.compile(rb"JFIF\0.{7}\0\0", re.DOTALL)  # without a small picture in it
_SCANNED = re.compile(rb"\xff[^\x00\xd0-\xd7]", re.DOTALL)  # where the signs of a scan end
_GIFS = (b"GIF87a", b"GIF89a")
_WEBP_DRAWS = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP"})


def only_draws(raw: bytes) -> bool:
    """Say whether these are the bytes of a picture of a known kind with nothing in it but what is drawn."""
    look = next((look for begins, look in _KINDS if raw.startswith(begins)), None)
    try:
        return look is not None and look(raw)
    except IndexError:
        return False


def _png(raw: bytes) -> bool:
    at = len(_PNG)
    while at < len(raw):
        size, kind = int.from_bytes(raw[at : at + 4], "big"), raw[at + 4 : at + 8]
        if kind not in _PNG_DRAWS:
            return False
        at += size + 12
        if kind == b"IEND":
            return at == len(raw)
    return False


def _jpeg(raw: bytes) -> bool:
    at = len(_JPEG)
    while raw[at : at + 2] != _JPEG_END:
        if raw[at] != 0xFF or not _jpeg_draws(raw, at):  # noqa: PLR2004 - the sign of every marker
            return False
        kind = raw[at + 1]
        at += 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
        if kind == _SCAN:
            ends = _SCANNED.search(raw, at)
            if ends is None:
                return False
            at = ends.start()
    return at + len(_JPEG_END) == len(raw)


def _jpeg_draws(raw: bytes, at: int) -> bool:
    kind, size = raw[at + 1], int.from_bytes(raw[at + 2 : at + 4], "big")
    said = raw[at + 4 : at + 2 + size]
    match kind:
        case 0xE0:
            return bool(_PLAIN_JFIF.fullmatch(said))
        case 0xE2:
            return said.startswith(b"ICC_PROFILE\0")
        case 0xEE:
            return said.startswith(b"Adobe") and size == 14  # noqa: PLR2004 - the whole of what Adobe says of colours
        case _:
            return size > 1 and (kind in _FRAMES or kind in _TABLES or kind == _SCAN)


def _gif(raw: bytes) -> bool:
    at = 13 + _palette(raw[10])
    while raw[at] != ord(";"):
        if raw[at] == ord(","):
            at = _past_blocks(raw, at + 11 + _palette(raw[at + 9]))
        elif raw[at : at + 2] == b"!\xf9" or raw[at : at + 14] == b"!\xff\x0bNETSCAPE2.0":
            at = _past_blocks(raw, at + 2)
        else:
            return False
    return at + 1 == len(raw)


def _palette(flags: int) -> int:
    """Return the bytes of a table of colours, as its flags say."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _past_blocks(raw: bytes, at: int) -> int:
    while raw[at]:
        at += raw[at] + 1
    return at + 1


def _webp(raw: bytes) -> bool:
    if raw[8:12] != b"WEBP" or int.from_bytes(raw[4:8], "little") + 8 != len(raw):
        return False
    at = 12
    while at < len(raw):
        if raw[at : at + 4] not in _WEBP_DRAWS:
            return False
        size = int.from_bytes(raw[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    return at == len(raw)


_KINDS: tuple[tuple[bytes, Callable[[bytes], bool]], ...] = (
    (_PNG, _png),
    (_JPEG, _jpeg),
    (_GIFS[0], _gif),
    (_GIFS[1], _gif),
    (b"RIFF", _webp),
)
BEGINNINGS = tuple(begins for begins, _ in _KINDS)
