"""A picture that may go unread is only drawn: whatever else it says is seen. The pictures are synthetic."""

import zlib

import pytest

from governance.detection.documents.pictures import only_draws


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def png(*more: bytes, end: bytes = chunk(b"IEND")) -> bytes:
    head = chunk(b"IHDR", b"\0\0\0\x01\0\0\0\x01\x08\0\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", zlib.compress(b"\0\0")) + end


def marker(kind: int, data: bytes) -> bytes:
    return bytes([0xFF, kind]) + (len(data) + 2).to_bytes(2, "big") + data


JFIF = marker(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
DRAWN = marker(0xDB, bytes(65)) + marker(0xC0, bytes(9)) + marker(0xC4, bytes(20)) + marker(0xDA, bytes(6))


def jpeg(*more: bytes, end: bytes = b"\xff\xd9") -> bytes:
    return b"\xff\xd8" + JFIF + b"".join(more) + DRAWN + b"\x12\xff\x00\x34\xff\xd0\x56" + end


def gif(*more: bytes, end: bytes = b";") -> bytes:
    frame = b",\0\0\0\0\x01\0\x01\0\0" + b"\x02\x02\x44\x01\0"
    return b"GIF89a\x01\0\x01\0\x80\0\0" + bytes(6) + b"".join(more) + frame + end


def webp(*more: bytes) -> bytes:
    body = b"WEBP" + b"".join(more) + b"VP8L\x02\0\0\0\x2f\0"
    return b"RIFF" + len(body).to_bytes(4, "little") + body


WORDS = b"taken by Maria Keller"
PLAIN = {
    "PNG": png(),
    "PNG with a colour profile": png(chunk(b"iCCP", b"sRGB\0\0")),
    "JPEG": jpeg(),
    "JPEG with a colour profile": jpeg(marker(0xE2, b"ICC_PROFILE\0\x01\x01")),
    "GIF": gif(b"!\xf9\x04\0\0\0\0\0"),
    "GIF that moves": gif(b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"),
    "WebP": webp(),
}
SAYS_MORE = {
    "PNG with words": png(chunk(b"tEXt", WORDS)),
    "PNG with Exif": png(chunk(b"eXIf", WORDS)),
    "PNG with bytes behind it": png() + WORDS,
    "PNG without an end": png(end=b""),
    "JPEG with Exif": jpeg(marker(0xE1, b"Exif\0\0" + WORDS)),
    "JPEG with a remark": jpeg(marker(0xFE, WORDS)),
    "JPEG with IPTC": jpeg(marker(0xED, WORDS)),
    "JPEG with a small picture": jpeg().replace(JFIF, marker(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01" + b"abc")),
    "JPEG with bytes behind it": jpeg() + WORDS,
    "JPEG without an end": jpeg(end=b""),
    "GIF with a remark": gif(b"!\xfe\x05Maria\0"),
    "GIF with plain text": gif(b"!\x01\x0c" + bytes(12) + b"\x05Maria\0"),
    "GIF with bytes behind it": gif() + WORDS,
    "GIF without an end": gif(end=b""),
    "WebP with Exif": webp(b"EXIF\x06\0\0\0Maria!"),
    "WebP with bytes behind it": webp() + WORDS,
    "TIFF": b"II*\0" + WORDS,
    "nothing": b"",
}


@pytest.mark.parametrize("raw", PLAIN.values(), ids=PLAIN)
def test_a_plain_picture_is_only_drawn(raw):
    assert only_draws(raw)


@pytest.mark.parametrize("raw", SAYS_MORE.values(), ids=SAYS_MORE)
def test_what_a_picture_says_besides_is_seen(raw):
    assert not only_draws(raw)
