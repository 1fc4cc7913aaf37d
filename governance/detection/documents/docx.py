"""DOCX: every word of every part, and everything in the archive that is not words.

Each file of the archive is known by its name or it counts as attached; the text of each element is read, whatever it is called, so
that deleted text, field codes, formulas, shapes and properties are read as the body is. Source: ECMA-376, parts 1 and 2.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree as ET

from .reading import LEGIBLE, Opaque, Reading

MOST_FILES = 2000
LARGEST_UNPACKED = 16 * 1024 * 1024  # bytes of all files together
_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STORIES = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
_XML = re.compile(r".*\.(?:xml|rels)")
_PICTURES = re.compile(r"(?:word/media/|docProps/thumbnail\.).*")
_FONTS = re.compile(r"word/fonts/[^/]+\.odttf")
_PROGRAMS = re.compile(r"word/(?:vbaProject.*\.bin|vbaData\.xml|activeX/.*)", re.IGNORECASE)
_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an encrypted document is packed into one of the old kind
_SPOKEN = frozenset({"author", "initials", "descr", "title", "alt", "Target", "userId", "tooltip"})
# Variables, fields of forms, names of places in the text, and where letters get their data: whatever they say is somebody's.
_OF_PEOPLE = frozenset(
    [
        "docVar",
        "alias",
        "tag",
        "listItem",
        "bookmarkStart",
        "default",
        "helpText",
        "statusText",
        "connectString",
        "query",
        "udl",
        "src",
        "property",
    ]
)
_OF_FORM = frozenset({"lsdException", "font", "latin", "ea", "cs", "sym", "rFonts", "altName", "mathFont", "Ignorable"})
_NAMESPACE = re.compile(
    r"https?://(?:schemas\.openxmlformats\.org|schemas\.microsoft\.com|purl\.oclc\.org)/[\w./-]{1,120}"
)
_PLAIN_TITLE = re.compile(
    r"(?:header|footer|footnotes|endnotes|comments|core|app|custom|data|chart|item|settings|glossary)\d{0,3}"
)
_BREAKS = {"p": "\n", "br": "\n", "cr": "\n", "tab": "\t"}
_RUNS = frozenset({"t", "delText", "instrText", "delInstrText"})
_SAYS_MORE = re.compile(r"\s|@|://")
_HEAD_BYTES = 30  # before the name of a file in the archive
_END_BYTES = 22  # of the end of an archive without a remark
_LONGEST_DESCRIPTOR = 24  # bytes that may follow a file in the archive

Beside = dict[str, None]  # each once, in order


def read_docx(raw: bytes) -> Reading:
    """Return the parts, the body first, then what stands beside the words: who, where to, and the names of the files."""
    reading = Reading()
    if raw.startswith(_OLD_FORMAT):
        reading.opaque.add(Opaque.ENCRYPTED)
        return reading
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        files = archive.infolist()
        if len(files) > MOST_FILES or sum(file.file_size for file in files) > LARGEST_UNPACKED:
            reading.opaque.add(Opaque.UNREADABLE)
            return reading
        if _is_strange(raw, archive):
            reading.opaque.add(Opaque.ATTACHMENTS)
            return reading
        beside = {said: None for file in files for said in _said_of(raw, file)}
        for file in sorted(files, key=lambda each: (each.filename != "word/document.xml", each.filename)):
            _read_file(archive, file, reading, beside)
        reading.add("properties", "\n".join(beside))
    return reading


def _is_strange(raw: bytes, archive: zipfile.ZipFile) -> bool:
    """Say whether the archive holds bytes that are in none of its files, or is not that of a document."""
    files = sorted(archive.infolist(), key=lambda each: each.header_offset)
    names = {each.filename for each in files}
    if archive.comment or len(names) != len(files) or "word/document.xml" not in names:
        return True
    at = 0
    for file in files:
        if not 0 <= file.header_offset - at <= (_LONGEST_DESCRIPTOR if at else 0):
            return True
        at = _head(raw, file)[1] + file.compress_size
    end = raw[-_END_BYTES:]
    size, place = (int.from_bytes(end[at : at + 4], "little") for at in (12, 16))  # of the list of files
    whole = end.startswith(b"PK\x05\x06") and size + place + _END_BYTES == len(raw)
    return not (whole and 0 <= archive.start_dir - at <= _LONGEST_DESCRIPTOR)


def _head(raw: bytes, file: zipfile.ZipInfo) -> tuple[int, int]:
    """Return where the further fields before a file begin, and where they end and the file begins."""
    at = file.header_offset
    name, fields = (int.from_bytes(raw[at + place : at + place + 2], "little") for place in (26, 28))
    begin = at + _HEAD_BYTES + name
    return begin, begin + fields


def _said_of(raw: bytes, file: zipfile.ZipInfo) -> Iterator[str]:
    """Yield the name of a file, and what its entries in the archive say besides."""
    begin, end = _head(raw, file)
    yield file.filename
    for fields in (file.comment, file.extra, raw[begin:end]):
        yield from (match.decode("ascii") for match in LEGIBLE.findall(fields))


def _read_file(archive: zipfile.ZipFile, file: zipfile.ZipInfo, reading: Reading, beside: Beside) -> None:
    name = file.filename
    if (file.is_dir() and not file.file_size) or _FONTS.fullmatch(name):
        return
    if file.flag_bits & 1:
        reading.opaque.add(Opaque.ENCRYPTED)
    elif _PICTURES.fullmatch(name):
        reading.opaque.add(Opaque.PICTURES)
    elif _PROGRAMS.fullmatch(name):
        reading.opaque.add(Opaque.PROGRAMS)
    elif _XML.fullmatch(name):
        reading.add(_title(name, len(reading.parts) + 1), _text_of(archive.read(file), reading, beside))
    else:
        reading.opaque.add(Opaque.ATTACHMENTS)


def _title(name: str, number: int) -> str:
    """Return what a part is called: "body", "header1", "comments", "core"; a number where its name could say something."""
    title = name.rpartition("/")[2].rpartition(".")[0]
    return "body" if name == "word/document.xml" else title if _PLAIN_TITLE.fullmatch(title) else f"part {number}"


def _text_of(raw: bytes, reading: Reading, beside: Beside) -> str:
    # What a document type or another encoding holds is not among the elements.
    if b"<!DOCTYPE" in raw or b"\0" in raw:
        reading.opaque.add(Opaque.UNREADABLE)
        return ""
    return "".join(_pieces(BytesIO(raw), beside))


def _pieces(part: BytesIO, beside: Beside) -> Iterator[str]:
    """Yield the text of each element and comment, runs of a paragraph end to end; what attributes say goes to `beside`."""
    for event, element in ET.iterparse(part, events=("start", "end", "comment", "pi")):  # noqa: S314 - no entities; bounded
        if event == "start":
            beside.update((value, None) for key, value in element.items() if _says_something(element, key, value))
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


def _says_something(element: ET.Element, key: str, value: str) -> bool:
    """Say whether an attribute may hold words of somebody; fonts and what every program writes alike are left out."""
    kind, name = element.tag.rpartition("}")[2], key.rpartition("}")[2]
    if kind in _OF_PEOPLE:
        return True
    if kind in _OF_FORM or name in _OF_FORM or _NAMESPACE.fullmatch(value):
        return False
    return name in _SPOKEN or bool(_SAYS_MORE.search(value))


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
