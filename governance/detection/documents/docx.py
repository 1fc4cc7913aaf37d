"""DOCX: every word of every part, and everything in the archive that is not words.

Each file of the archive is known by its name or it counts as attached; the text of each element is read, whatever it is called, so
that deleted text, field codes, formulas, shapes and properties are read as the body is. Source: ECMA-376, parts 1 and 2.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree as ET

from .reading import Opaque, Reading

MOST_FILES = 2000
LARGEST_UNPACKED = 64 * 1024 * 1024
_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STORIES = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
_XML = re.compile(r".*\.(?:xml|rels)")
_PICTURES = re.compile(r"(?:word/media/|docProps/thumbnail\.).*")
_FONTS = re.compile(r"word/fonts/[^/]+\.odttf")
_PROGRAMS = re.compile(r"word/(?:vbaProject.*\.bin|vbaData\.xml|activeX/.*)", re.IGNORECASE)
_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an encrypted document is packed into one of the old kind
_SPOKEN = frozenset({"author", "initials", "descr", "title", "alt", "Target", "userId", "tooltip"})
_BREAKS = {"p": "\n", "br": "\n", "cr": "\n", "tab": "\t"}
_RUNS = frozenset({"t", "delText", "instrText", "delInstrText"})
_SAYS_MORE = re.compile(r"\s|@|://")
_END_BYTES = 22  # of the end of an archive without a remark
_LONGEST_DESCRIPTOR = 24  # bytes that may follow a file in the archive


def read_docx(raw: bytes) -> Reading:
    """Return the parts, the body first."""
    reading = Reading()
    if raw.startswith(_OLD_FORMAT):
        reading.opaque.add(Opaque.ENCRYPTED)
        return reading
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        files = archive.infolist()
        if _is_strange(raw, archive):
            reading.opaque.add(Opaque.ATTACHMENTS)
            return reading
        for file in sorted(files, key=lambda each: (each.filename != "word/document.xml", each.filename)):
            _read_file(archive, file, reading)
    return reading


def _is_strange(raw: bytes, archive: zipfile.ZipFile) -> bool:
    """Say whether the archive holds bytes that are in none of its files, or more than is unpacked here."""
    files = sorted(archive.infolist(), key=lambda each: each.header_offset)
    names = {each.filename for each in files}
    too_much = len(files) > MOST_FILES or sum(each.file_size for each in files) > LARGEST_UNPACKED
    if too_much or archive.comment or len(names) != len(files) or "word/document.xml" not in names:
        return True
    at = 0
    for file in files:
        if not 0 <= file.header_offset - at <= (_LONGEST_DESCRIPTOR if at else 0):
            return True
        name, extra = (
            int.from_bytes(raw[file.header_offset + k : file.header_offset + k + 2], "little") for k in (26, 28)
        )
        at = file.header_offset + 30 + name + extra + file.compress_size
    end = raw[-_END_BYTES:]
    listed = sum(
        int.from_bytes(end[place : place + 4], "little") for place in (12, 16)
    )  # size and place of the list of files
    whole = end.startswith(b"PK\x05\x06") and listed + _END_BYTES == len(raw)
    return not (whole and 0 <= archive.start_dir - at <= _LONGEST_DESCRIPTOR)


def _read_file(archive: zipfile.ZipFile, file: zipfile.ZipInfo, reading: Reading) -> None:
    name = file.filename
    if file.is_dir() or _FONTS.fullmatch(name):
        return
    if file.flag_bits & 1:
        reading.opaque.add(Opaque.ENCRYPTED)
    elif _PICTURES.fullmatch(name):
        reading.opaque.add(Opaque.PICTURES)
    elif _PROGRAMS.fullmatch(name):
        reading.opaque.add(Opaque.PROGRAMS)
    elif _XML.fullmatch(name):
        reading.add(_title(name), _text_of(archive.read(file), reading))
    else:
        reading.opaque.add(Opaque.ATTACHMENTS)


def _title(name: str) -> str:
    """Return what a part is called: "body", "header1", "comments", "core"."""
    title = name.rpartition("/")[2].rpartition(".")[0]
    return {"document": "body"}.get(title, title)


def _text_of(raw: bytes, reading: Reading) -> str:
    # What a document type or another encoding holds is not among the elements.
    if b"<!DOCTYPE" in raw or b"\0" in raw:
        reading.opaque.add(Opaque.UNREADABLE)
        return ""
    return "".join(_pieces(BytesIO(raw)))


def _pieces(part: BytesIO) -> Iterator[str]:
    """Yield the text of each element and comment, and the attributes that say something; runs of a paragraph end to end."""
    for event, element in ET.iterparse(part, events=("start", "end", "comment", "pi")):  # noqa: S314 - no entities; bounded
        if event == "start":
            yield from (f"\n{value}\n" for key, value in element.items() if _says_something(key, value))
        elif event == "end":
            yield from _said(element)
        else:
            yield f"\n{element.text}\n"


def _said(element: ET.Element) -> Iterator[str]:
    kind = element.tag.rpartition("}")[2]
    if kind in _BREAKS:
        yield _BREAKS[kind]
    elif element.text:
        yield element.text if kind in _RUNS else f"\n{element.text}\n" if element.text.strip() else ""
    if element.tail and element.tail.strip():
        yield f"\n{element.tail}\n"


def _says_something(key: str, value: str) -> bool:
    return key.rpartition("}")[2] in _SPOKEN or bool(_SAYS_MORE.search(value))


def words_of(raw: bytes) -> Iterator[str]:
    """Yield the words of body, tables, text boxes, headers, footers and notes, without anything around them."""
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        for name in sorted(filter(_STORIES.fullmatch, archive.namelist())):
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
