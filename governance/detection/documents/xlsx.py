"""XLSX: the rows of each sheet as a reader sees them, with the formulas behind them, and everything beside. Source: ECMA-376, part 1.

The texts of cells stand in a list of their own that the cells point into; they are put where they are shown, so that a value is read
beside its heading. What no cell points to is read as well.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from xml.etree import ElementTree as ET

from .inside import Pictures
from .office import SPOKEN, Beside, Family, note, pieces_in, read_office, said_in
from .reading import Reading

_SHARED = "xl/sharedStrings.xml"
_SHEET = re.compile(r"xl/(?:worksheets|chartsheets|dialogsheets|macrosheets)/[^/]+\.xml")
# A number with an exponent is shown in full: a card number has sixteen digits.
_LONG = re.compile(r"-?\d(?:\.\d+)?[eE]\+?[0-2]?\d")
_TITLES = "workbook|sheet|comments|threadedComment|person|table|drawing|chart|sharedStrings|core|app|custom|connections|externalLink"
XLSX = Family(
    body="xl/workbook.xml",
    first=_SHEET,  # before the list of their texts
    pictures=re.compile(r"(?:xl/media/|docProps/thumbnail\.).*"),
    fonts=re.compile(r"xl/fonts/[^/]+\.odttf"),
    programs=re.compile(r"xl/(?:vbaProject.*\.bin|activeX/.*|ctrlProps/.*|macrosheets/.*)", re.IGNORECASE),
    titles=re.compile(rf"(?:{_TITLES})\d{{0,3}}"),
    # Names of sheets, places, tables and columns; what lists are filtered by; who writes; where data comes from; what a pivot kept.
    people=frozenset(
        [
            "sheet",
            "definedName",
            "table",
            "tableColumn",
            "cacheField",
            "sheetName",
            "filter",
            "customFilter",
            "protectedRange",
            "person",
            "dbPr",
            "textPr",
            "webPr",
            "dataValidation",
            "hyperlink",
            "s",
            "cNvPr",
            "numFmt",
            "scenario",
            "inputCells",
            "fileSharing",
        ]
    ),
    spoken=SPOKEN | {"location", "display", "name", "caption", "text", "userName", "refreshedBy"},
)


def read_xlsx(raw: bytes, pictures: Pictures) -> Reading:
    """Return the parts of an XLSX. Raises whatever a broken archive or broken XML raises, and a cell that points nowhere."""
    return read_office(raw, XLSX, pictures, lambda archive: _Workbook(*_shared(archive)).pieces)


def _shared(archive: zipfile.ZipFile) -> tuple[list[str], list[str]]:
    """Return the texts that cells point into, and what stands between them."""
    texts: list[str] = []
    strays: list[str] = []
    if _SHARED in archive.namelist():
        with archive.open(_SHARED) as part:
            for _, element in ET.iterparse(part):  # noqa: S314 - no entities; bounded
                if _kind(element) == "si":
                    texts.append(_words(element))
                    strays += _strays(element)
                    element.clear()
            strays += _strays(element)
    return texts, strays


@dataclass(slots=True)
class _Workbook:
    """Reads the parts of one workbook. `shown` are the numbers of the texts that a cell pointed to so far."""

    shared: list[str]
    strays: list[str]
    shown: set[int] = field(default_factory=set)

    def pieces(self, name: str, part: BytesIO, beside: Beside) -> Iterator[str]:
        if name == _SHARED:
            for _ in pieces_in(part, beside, XLSX):  # for what its attributes say; its texts are here
                pass
            unshown = [text for number, text in enumerate(self.shared) if number not in self.shown]
            yield "\n".join([*unshown, *self.strays])
        elif _SHEET.fullmatch(name):
            yield from self._sheet(part, beside)
        else:
            yield from pieces_in(part, beside, XLSX)

    def _sheet(self, part: BytesIO, beside: Beside) -> Iterator[str]:
        """Yield each row with tabs between its cells, then its formulas, and whatever else a sheet says where it stands."""
        row = _Row()
        for event, element in ET.iterparse(part, events=("start", "end", "comment", "pi")):  # noqa: S314 - no entities; bounded
            kind = _kind(element)
            if event == "start":
                note(element, beside, XLSX)
                row.inside = row.inside or kind == "c"
            elif event != "end":
                yield f"\n{element.text}\n"
            elif kind == "c":
                row.add(self._value(element), element)
            elif kind == "row":
                yield row.told()
                yield from said_in(element)
                row = _Row()
                element.clear()
            elif not row.inside:
                yield from said_in(element)
        yield row.told()

    def _value(self, cell: ET.Element) -> str:
        """Return what a cell shows."""
        value = "".join(each.text or "" for each in cell.iter() if _kind(each) == "v")
        if cell.get("t") == "s" and value:
            number = int(value)
            self.shown.add(number)
            return self.shared[number]
        value = f"{Decimal(value).normalize():f}" if _LONG.fullmatch(value) else value
        return "\n".join(filter(None, [value, _words(cell)]))


@dataclass(slots=True)
class _Row:
    """`inside`: a cell has begun and not ended. What stands in it is told with it."""

    cells: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    inside: bool = False

    def add(self, value: str, cell: ET.Element) -> None:
        self.cells.append(value)
        self.beside += [each.text for each in cell.iter() if each.text and _kind(each) == "f"]
        self.beside += _strays(cell)
        self.inside = False
        cell.clear()

    def told(self) -> str:
        return "".join(f"{line}\n" for line in ["\t".join(self.cells), *self.beside] if line)


def _kind(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _words(element: ET.Element) -> str:
    """Return the runs of a text end to end, and behind them how it is read aloud."""
    aloud = [each for phonetic in element.iter() if _kind(phonetic) == "rPh" for each in phonetic.iter()]
    runs = [each for each in element.iter() if _kind(each) == "t"]
    said = ("".join(each.text or "" for each in runs if (each in aloud) is spoken) for spoken in (False, True))
    return "\n".join(filter(None, said))


def _strays(element: ET.Element) -> list[str]:
    """Return what stands in an element beside values, formulas and texts."""
    texts = [each.text for each in element.iter() if _kind(each) not in {"v", "f", "t"}]
    tails = [each.tail for each in element.iter()]
    return [each for each in [*texts, *tails] if each and each.strip()]
