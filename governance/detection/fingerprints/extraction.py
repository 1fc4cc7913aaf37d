"""The words of a document: HTML, DOCX and PDF as plain text, line by line; everything else as it is.

Bounded: a document that unfolds into more than `LARGEST_TEXT`, or takes longer than `SECONDS`, is cut there. What cannot be read
counts as empty: a register says how many files it holds, and one strange file must not keep out the rest.
"""

import re
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from html.parser import HTMLParser
from io import BytesIO
from xml.etree import ElementTree as ET

LARGEST_TEXT = 16 * 1024 * 1024
SECONDS = 30.0
_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARTS = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
_BREAKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "section"})
_CHUNK = 65536


def is_document(name: str) -> bool:
    """Say whether a file is one whose words must be taken out of it first."""
    return _suffix(name) in _READERS


def text_of(name: str, raw: bytes) -> bytes:
    """Return the text of a file in UTF-8; of a document its words, empty when it cannot be read."""
    reader = _READERS.get(_suffix(name))
    if reader is None:
        return raw
    pieces: list[str] = []
    # Parsers of foreign formats fail in every way there is; what was read until then counts.
    with suppress(Exception):
        pieces.extend(_bounded(reader(raw)))
    return "".join(pieces).encode("utf-8", "replace")


def _bounded(read: Iterator[str]) -> Iterator[str]:
    size, ends = 0, time.monotonic() + SECONDS
    for piece in read:
        size += len(piece)
        if size > LARGEST_TEXT or time.monotonic() > ends:
            return
        yield piece


def _suffix(name: str) -> str:
    return name.rpartition(".")[2].lower()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's signature
        self._silent += tag in {"script", "style"}
        if tag in _BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"} and self._silent > 0

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)


def _html(raw: bytes) -> Iterator[str]:
    parser = _Words()
    text = raw.decode("utf-8", "replace")
    for low in range(0, len(text), _CHUNK):
        parser.feed(text[low : low + _CHUNK])
        yield "".join(parser.pieces)
        parser.pieces.clear()


def _docx(raw: bytes) -> Iterator[str]:
    """Yield every word of body, tables, text boxes, headers, footers and notes: more than the paragraphs of the body."""
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        for name in sorted(filter(_PARTS.fullmatch, archive.namelist())):
            with archive.open(name) as part:
                for _, element in ET.iterparse(part):  # noqa: S314 - expat bounds entities; size and time are bounded here
                    if element.tag == f"{_WORDS}t":
                        yield element.text or ""
                    elif element.tag in {f"{_WORDS}p", f"{_WORDS}br"}:
                        yield "\n"
                    elif element.tag == f"{_WORDS}tab":
                        yield "\t"
                    if element.tag == f"{_WORDS}p":
                        element.clear()


def _pdf(raw: bytes) -> Iterator[str]:
    from pypdf import PdfReader

    for page in PdfReader(BytesIO(raw)).pages:
        yield page.extract_text() + "\n"


_READERS: dict[str, Callable[[bytes], Iterator[str]]] = {"html": _html, "htm": _html, "docx": _docx, "pdf": _pdf}
