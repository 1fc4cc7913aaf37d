"""Office files: every word of every part, and everything in the archive that is not words.

Each file of the archive is known by its name or it counts as attached; the text of each element is read, whatever it is called, so
that deleted text, field codes, formulas, shapes and properties are read as the body is. Source: ECMA-376, parts 1 and 2.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from xml.etree import ElementTree as ET

from .inside import Pictures
from .reading import LEGIBLE, Opaque, Reading
from .showing import showing

MOST_FILES = 2000
LARGEST_UNPACKED = 16 * 1024 * 1024  # bytes of all files together
_XML = re.compile(r".*\.(?:xml|rels)")
_DATA = re.compile(r"customXml/item\d*\.xml")  # of a form of somebody's own: whatever its attributes say is theirs
_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an encrypted document is packed into one of the old kind
SPOKEN = frozenset({"author", "initials", "descr", "title", "alt", "Target", "userId", "tooltip"})
_OF_FORM = frozenset({"lsdException", "font", "latin", "ea", "cs", "sym", "rFonts", "altName", "mathFont", "Ignorable"})
_NAMESPACE = re.compile(
    r"https?://(?:schemas\.openxmlformats\.org|schemas\.microsoft\.com|purl\.oclc\.org)/[\w./-]{1,120}"
)
BREAKS = {"p": "\n", "br": "\n", "cr": "\n", "tab": "\t"}
RUNS = frozenset({"t", "delText", "instrText", "delInstrText"})
_SAYS_MORE = re.compile(r"\s|@|://")
_HEAD_BYTES = 30  # before the name of a file in the archive
_END_BYTES = 22  # of the end of an archive without a remark
_LONGEST_DESCRIPTOR = 24  # bytes that may follow a file in the archive

Beside = dict[str, None]  # each once, in order


Pieces = Callable[[str, BytesIO, Beside], Iterator[str]]  # of a part by its name; what attributes say goes to the last


@dataclass(frozen=True, slots=True)
class Family:
    """What the files of one kind of archive are called, and which attributes in them are words of somebody.

    `body` is the file without which it is no document of this kind; the files that `first` names come next. `titles` are plain names
    of parts, which say nothing. All that an element of `people` says is somebody's, and `spoken` is, whatever element says it.
    """

    body: str
    first: re.Pattern[str]
    pictures: re.Pattern[str]
    fonts: re.Pattern[str]
    programs: re.Pattern[str]
    titles: re.Pattern[str]
    people: frozenset[str]
    spoken: frozenset[str] = SPOKEN

    def place(self, name: str) -> tuple[bool, bool, str]:
        """Return where a file stands in the order in which they are read."""
        return name != self.body, not self.first.fullmatch(name), name


def read_office(
    raw: bytes, family: Family, pictures: Pictures, pieces_of: Callable[[zipfile.ZipFile], Pieces] | None = None
) -> Reading:
    """Return the parts, the body first, then what stands beside the words: who, where to, and the names of the files.

    `pieces_of` makes what reads the parts of one archive, where they are read in a way of their own.
    """
    reading = Reading()
    if raw.startswith(_OLD_FORMAT):
        reading.opaque.add(Opaque.ENCRYPTED)
        return reading
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        files = archive.infolist()
        if len(files) > MOST_FILES or sum(file.file_size for file in files) > LARGEST_UNPACKED:
            reading.opaque.add(Opaque.UNREADABLE)
            return reading
        if _is_strange(raw, archive, family):
            reading.opaque.add(Opaque.ATTACHMENTS)
            return reading
        beside = {said: None for file in files for said in _said_of(raw, file)}
        shown = showing(archive) if pictures.reads else {}
        pieces = pieces_of(archive) if pieces_of else partial(_usual, family)
        for file in sorted(files, key=lambda each: family.place(each.filename)):
            if family.pictures.fullmatch(file.filename) and not file.flag_bits & 1:
                pictures.look(archive.read(file), shown.get(file.filename, "picture"), reading)
            else:
                _read_file(archive, file, family, pieces, reading, beside)
        reading.add("properties", "\n".join(beside))
    return reading


def _usual(family: Family, _name: str, part: BytesIO, beside: Beside) -> Iterator[str]:
    return pieces_in(part, beside, family)


def _is_strange(raw: bytes, archive: zipfile.ZipFile, family: Family) -> bool:
    """Say whether the archive holds bytes that are in none of its files, or is not that of a document."""
    files = sorted(archive.infolist(), key=lambda each: each.header_offset)
    names = {each.filename for each in files}
    if archive.comment or len(names) != len(files) or family.body not in names:
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


def _read_file(  # noqa: PLR0917 - what is read, how, and the two places it goes to
    archive: zipfile.ZipFile,
    file: zipfile.ZipInfo,
    family: Family,
    pieces: Pieces,
    reading: Reading,
    beside: Beside,
) -> None:
    name = file.filename
    if (file.is_dir() and not file.file_size) or family.fonts.fullmatch(name):
        return
    if file.flag_bits & 1:
        reading.opaque.add(Opaque.ENCRYPTED)
    elif family.programs.fullmatch(name):
        reading.opaque.add(Opaque.PROGRAMS)
    elif _XML.fullmatch(name):
        raw = archive.read(file)
        # What a document type or another encoding holds is not among the elements.
        if b"<!DOCTYPE" in raw or b"\0" in raw:
            reading.opaque.add(Opaque.UNREADABLE)
            return
        if _DATA.fullmatch(name):
            beside.update((value, None) for _, each in ET.iterparse(BytesIO(raw)) for value in each.attrib.values())  # noqa: S314 - no entities; bounded
        reading.add(_title(name, len(reading.parts) + 1, family), "".join(pieces(name, BytesIO(raw), beside)))
    else:
        reading.opaque.add(Opaque.ATTACHMENTS)


def _title(name: str, number: int, family: Family) -> str:
    """Return what a part is called: "body", "header1", "comments", "core"; a number where its name could say something."""
    title = name.rpartition("/")[2].rpartition(".")[0]
    return "body" if name == family.body else title if family.titles.fullmatch(title) else f"part {number}"


def pieces_in(part: BytesIO, beside: Beside, family: Family) -> Iterator[str]:
    """Yield the text of each element and comment, runs of a paragraph end to end; what attributes say goes to `beside`."""
    for event, element in ET.iterparse(part, events=("start", "end", "comment", "pi")):  # noqa: S314 - no entities; bounded
        if event == "start":
            note(element, beside, family)
        elif event == "end":
            yield from said_in(element)
        else:
            yield f"\n{element.text}\n"


def note(element: ET.Element, beside: Beside, family: Family) -> None:
    """Note what the attributes of an element say, where they may be words of somebody."""
    beside.update((value, None) for key, value in element.items() if _says_something(element, key, value, family))


def said_in(element: ET.Element) -> Iterator[str]:
    """Yield the text of an element that has ended, and what stands behind it."""
    kind = element.tag.rpartition("}")[2]
    if kind in BREAKS:
        yield BREAKS[kind]
    elif element.text:
        yield element.text if kind in RUNS else f"\n{element.text}\n" if element.text.strip() else ""
    if element.tail and element.tail.strip():
        yield f"\n{element.tail}\n"


def _says_something(element: ET.Element, key: str, value: str, family: Family) -> bool:
    """Say whether an attribute may hold words of somebody; fonts and what every program writes alike are left out."""
    kind, name = element.tag.rpartition("}")[2], key.rpartition("}")[2]
    if kind in family.people:
        return True
    if kind in _OF_FORM or name in _OF_FORM or _NAMESPACE.fullmatch(value):
        return False
    return name in family.spoken or bool(_SAYS_MORE.search(value))
