"""The words of a document for a register: HTML, DOCX and PDF as plain text, line by line; everything else as it is.

Bounded: a document that unfolds into more than `LARGEST_TEXT`, or takes longer than `SECONDS`, is cut there. What cannot be read
counts as empty: a register says how many files it holds, and one strange file must not keep out the rest.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from governance.detection.documents import docx, html
from governance.detection.documents.kinds import Kind, kind_of_name

LARGEST_TEXT = 16 * 1024 * 1024
SECONDS = 30.0


def is_document(name: str) -> bool:
    """Say whether a file is one whose words must be taken out of it first."""
    return kind_of_name(name) in _READERS


def text_of(name: str, raw: bytes) -> bytes:
    """Return the text of a file in UTF-8; of a document its words, empty when it cannot be read."""
    reader = _READERS.get(kind_of_name(name))
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


def _html(raw: bytes) -> Iterator[str]:
    return html.words_of(raw.decode("utf-8", "replace"))


def _pdf(raw: bytes) -> Iterator[str]:
    from governance.detection.documents.pdf import words_of  # it loads slowly, and few need it

    return words_of(raw)


_READERS: dict[Kind | None, Callable[[bytes], Iterator[str]]] = {
    Kind.HTML: _html,
    Kind.DOCX: docx.words_of,
    Kind.PDF: _pdf,
}
