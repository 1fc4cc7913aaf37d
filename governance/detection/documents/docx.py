"""DOCX: deleted text, field codes, formulas, shapes and properties are read as the body is. Source: ECMA-376, part 1."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree as ET

from .inside import Pictures
from .office import Family, read_office
from .reading import Reading

_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STORIES = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
# Variables, fields of forms, names of places, styles and pictures, watermarks, what numbers a list, and where letters get their data:
# whatever they say is somebody's.
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
        "name",
        "textpath",
        "lvlText",
        "docPr",
        "cNvPr",
        "tblCaption",
        "tblDescription",
    ]
)
_TITLES = "header|footer|footnotes|endnotes|comments|core|app|custom|data|chart|item|settings|glossary"
DOCX = Family(
    body="word/document.xml",
    first=re.compile("word/document.xml"),
    pictures=re.compile(r"(?:word/media/|docProps/thumbnail\.).*"),
    fonts=re.compile(r"word/fonts/[^/]+\.odttf"),
    programs=re.compile(r"word/(?:vbaProject.*\.bin|vbaData\.xml|activeX/.*)", re.IGNORECASE),
    titles=re.compile(rf"(?:{_TITLES})\d{{0,3}}"),
    people=_OF_PEOPLE,
)


def read_docx(raw: bytes, pictures: Pictures) -> Reading:
    """Return the parts of a DOCX. Raises whatever a broken archive or broken XML raises."""
    return read_office(raw, DOCX, pictures)


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
