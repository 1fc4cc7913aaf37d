"""HTML: its source as it stands, and its words without the tags, where a value that tags cut in two is whole again."""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import unquote

from .inside import Pictures
from .reading import Opaque, Reading

_BREAKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "section"})
_CHUNK = 65536
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_OUR_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_PICTURE = re.compile(r"data:\s*(?:image|audio|video)/", re.IGNORECASE)
_READ = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,([A-Za-z0-9+/]+={0,2})(?=[\"')\s])")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.said: dict[str, None] = {}  # what attributes say, and what it says where it is written as in addresses
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for value in filter(None, (value for _, value in attrs)):
            self.said |= {value: None, unquote(value): None}
        self._silent += tag in {"script", "style"}
        if tag in _BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"} and self._silent > 0

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)


def words_of(text: str) -> Iterator[str]:
    """Yield the words in order, without scripts and styles."""
    yield from _parsed(text, _Words())


def _parsed(text: str, parser: _Words) -> Iterator[str]:
    for low in range(0, len(text), _CHUNK):
        parser.feed(text[low : low + _CHUNK])
        yield "".join(parser.pieces)
        parser.pieces.clear()
    parser.close()
    yield "".join(parser.pieces)


def read_html(raw: bytes, pictures: Pictures) -> Reading:
    """Return the source and the words. Another encoding than UTF-8 would be read otherwise where it is sent."""
    reading = Reading()
    try:
        source = raw.decode("utf-8")
    except UnicodeDecodeError:
        reading.opaque.add(Opaque.UNREADABLE)
        return reading
    if any(name.lower() not in _OUR_CHARSETS for name in _CHARSET.findall(source)):
        reading.opaque.add(Opaque.UNREADABLE)
    reading.add("source", source)
    parser = _Words()
    reading.add("words", "".join(_parsed(source, parser)))
    reading.add("attributes", "\n".join(said for said in parser.said if said not in source))
    _look_at_pictures(source, reading, pictures)
    return reading


def _look_at_pictures(source: str, reading: Reading, pictures: Pictures) -> None:
    """Look at what stands in the source as base64. A picture that is written otherwise is told of; one elsewhere is only named."""
    for place in _PICTURE.finditer(source):
        written = _READ.match(source, place.start())
        try:
            raw = b64decode(written[1], validate=True) if written else b""
        except binascii.Error:
            raw = b""
        if raw:
            pictures.look(raw, "picture", reading)
        else:
            pictures.lack("picture", reading, "it is not written as PNG, JPEG, GIF or WebP in base64")
