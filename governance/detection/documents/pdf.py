"""PDF: the words of every page, every other text of the file, and everything in it that is not text.

Not only what the pages show is read: each object of the file is looked at, for comments, fields, bookmarks and properties leave with
it. A stream that is not known to be a page, a font or the like counts as attached, and so does what an earlier version of the file
left behind. Source: ISO 32000-2, and the `pypdf` package.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError
from pypdf.generic import ByteStringObject, IndirectObject, NameObject, StreamObject, TextStringObject

from .fonts import tells_its_letters
from .inside import Pictures
from .pdf_pictures import look_at_pictures
from .reading import LEGIBLE, Opaque, Reading
from .remarks import remarks_in, remarks_in_file

MOST_PAGES = 300
_OBJECT = re.compile(rb"(?<![0-9])\d+\s+\d+\s+obj\b")
_MARKED = frozenset({b"BDC", b"DP"})
_INLINE_PICTURE = b"INLINE IMAGE"
_SHOWS_PICTURES = frozenset({b"Do", _INLINE_PICTURE})
_DRAWS = frozenset({b"m", b"l", b"c", b"v", b"y", b"sh"})  # a rectangle is a ground or a frame
_PROGRAMS = frozenset({"/JS", "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/XFA"})
_ATTACHED = frozenset({"/EmbeddedFile", "/EF", "/RichMedia", "/3D", "/Sound", "/Movie", "/Screen", "/Collection"})
# What marks a stream that holds no text: packed objects, shadings, functions, character maps, fonts, colour profiles.
_HARMLESS_TYPES = frozenset({"/ObjStm", "/XRef", "/CMap"})
_HARMLESS_KEYS = frozenset({"/FunctionType", "/ShadingType", "/Length1"})
_FONT_FILES = frozenset({"/Type1C", "/CIDFontType0C", "/OpenType"})
Known = dict[int, Any]


def read_pdf(raw: bytes, pictures: Pictures) -> Reading:
    """Return the pages, then what stands beside them."""
    reading = Reading()
    try:
        reader = PdfReader(BytesIO(raw), strict=True)
        if reader.is_encrypted:
            reading.opaque.add(Opaque.ENCRYPTED)
            return reading
        known = dict(_objects(reader))
    except FileNotDecryptedError:
        reading.opaque.add(Opaque.ENCRYPTED)
        return reading
    if len(reader.pages) > MOST_PAGES:
        reading.opaque.add(Opaque.UNREADABLE)
        return reading
    beside: list[str] = []
    for number, page in enumerate(reader.pages, start=1):
        reading.add(f"page {number}", _page(page, number, beside, reading))
    look_at_pictures(reader, known, reading, pictures)
    reading.opaque |= _left_behind(raw, reader, known) | set(_opaque(reader, known))
    beside += _forms(reader, known)
    beside += remarks_in_file(raw)
    beside += [text for each in (reader.trailer.get("/Info"), *known.values()) for text in _texts(each)]
    reading.add("properties", "\n".join(dict.fromkeys(beside)))
    return reading


def words_of(raw: bytes) -> Iterator[str]:
    """Yield the words of the pages."""
    for page in PdfReader(BytesIO(raw)).pages:
        yield page.extract_text() + "\n"


def _objects(reader: PdfReader) -> Iterator[tuple[int, Any]]:
    """Yield each object of the file with its number, whether or not anything leads to it."""
    for generation, places in reader.xref.items():
        for number in places:
            yield number, reader.get_object(IndirectObject(number, generation, reader))
    for number in reader.xref_objStm:
        yield number, reader.get_object(IndirectObject(number, 0, reader))


def _page(page: Any, number: int, beside: list[str], reading: Reading) -> str:
    """Return the words of a page; what is written into its marks goes to `beside`."""
    drawn: set[bytes] = set()

    def look(operator: bytes, operands: Any, _matrix: Any, _of_text: Any) -> None:
        drawn.add(operator)
        if operator == _INLINE_PICTURE:
            reading.lack(Opaque.PICTURES, f"page {number}, picture: it stands in the page itself, not beside it")
        elif operator in _MARKED:
            beside.extend(_texts(operands))

    text = str(page.extract_text(visitor_operand_before=look))
    contents = page.get_contents()
    signs = contents.get_data() if contents is not None else b""
    beside.extend(remarks_in(signs))
    # Something is drawn, and nobody can say what; pictures are looked at by themselves.
    if not text.strip() and signs.strip() and not _shows_pictures_alone(drawn):
        reading.lack(Opaque.UNREADABLE, f"page {number}: lines and curves without a word")
    return text


def _shows_pictures_alone(drawn: set[bytes]) -> bool:
    return not drawn.isdisjoint(_SHOWS_PICTURES) and drawn.isdisjoint(_DRAWS)


def _forms(reader: PdfReader, known: Known) -> Iterator[str]:
    """Yield the words of what is drawn by reference: stamps, fields, headings set once for all pages."""
    drawn: list[Any] = [each for each in known.values() if isinstance(each, StreamObject)]
    for each in drawn:
        if each.get("/Subtype") == "/Form":
            yield str(reader.pages[0].extract_xform_text(each))
            yield from remarks_in(each.get_data())


def _opaque(reader: PdfReader, known: Known) -> Iterator[Opaque]:
    pages = _contents(reader, known)
    for number, each in known.items():
        if isinstance(each, StreamObject):
            yield from _opaque_stream(number, each, pages)
        yield from _opaque_entries(each)


def _contents(reader: PdfReader, known: Known) -> set[int]:
    """Return the numbers of the streams that draw pages, and the letters of fonts that are drawn."""
    found: set[int] = set()
    for page in reader.pages:
        found |= _numbers(page.raw_get("/Contents") if "/Contents" in page else None)
    for each in known.values():
        if isinstance(each, dict) and "/CharProcs" in each:
            found |= _numbers(list(each["/CharProcs"].values()))
    return found


def _numbers(value: Any) -> set[int]:
    if isinstance(value, IndirectObject):
        inner = value.get_object()
        return {value.idnum} | (_numbers(inner) if isinstance(inner, list) else set())
    return {number for each in value for number in _numbers(each)} if isinstance(value, list) else set()


def _opaque_stream(number: int, stream: Any, pages: set[int]) -> Iterator[Opaque]:
    kind, subtype = stream.get("/Type"), stream.get("/Subtype")
    if not (
        number in pages
        or subtype in {"/Image", "/Form"}  # looked at by themselves
        or subtype in _FONT_FILES
        or kind in _HARMLESS_TYPES
        or not _HARMLESS_KEYS.isdisjoint(stream)
        or (kind == "/Metadata" and subtype == "/XML")
        or "/N" in stream  # a colour profile
        or b"begincmap" in stream.get_data()
    ):
        yield Opaque.ATTACHMENTS


def _opaque_entries(each: Any) -> Iterator[Opaque]:
    """Yield what the dictionaries of an object say that it does or carries."""
    if isinstance(each, dict):
        words = {str(key) for key in each} | {str(each.get(key)) for key in ("/Type", "/Subtype", "/S")}
        if not words.isdisjoint(_PROGRAMS):
            yield Opaque.PROGRAMS
        if not words.isdisjoint(_ATTACHED):
            yield Opaque.ATTACHMENTS
        if each.get("/Type") == "/Font" and not tells_its_letters(each):
            yield Opaque.UNREADABLE
    for inner in _inner(each):
        yield from _opaque_entries(inner)


def _texts(each: Any) -> Iterator[str]:
    """Yield every text in an object, without following what it refers to: that is an object of its own."""
    if isinstance(each, TextStringObject):
        yield str(each)
    elif isinstance(each, ByteStringObject):
        yield from (match.decode("ascii") for match in LEGIBLE.findall(each))
    elif isinstance(each, StreamObject) and each.get("/Type") == "/Metadata":
        yield each.get_data().decode("utf-8", "replace")
    if isinstance(each, dict):
        yield from _ticked(each)
    for inner in _inner(each):
        yield from _texts(inner)


def _ticked(each: Any) -> Iterator[str]:
    """Yield what a field of a form says by a name, not a text: what is ticked, and what can be."""
    yield from (str(each.get(key))[1:] for key in ("/V", "/DV", "/AS") if isinstance(each.get(key), NameObject))
    looks = each.get("/AP")
    for look in looks.values() if isinstance(looks, dict) else ():
        states = look.get_object()
        if isinstance(states, dict) and not isinstance(states, StreamObject):
            yield from (str(state)[1:] for state in states)


def _inner(each: Any) -> Iterator[Any]:
    """Yield what stands in a list or a dictionary itself, and nothing it refers to."""
    if isinstance(each, dict):
        yield from (value for key, value in each.items() if key != "/ID")
    elif isinstance(each, list):
        yield from each


def _left_behind(raw: bytes, reader: PdfReader, known: Known) -> set[Opaque]:
    """Return whether there are objects in the bytes that are not in the file any more: what an earlier version said."""
    places = {offset for each in reader.xref.values() for offset in each.values()}
    begins = {match.start() for offset in places if (match := _OBJECT.search(raw, offset))}
    live = {match.start() for match in _OBJECT.finditer(raw)} <= begins
    packed = all(
        reader.xref_objStm.get(number, (None,))[0] == stream
        for stream, each in known.items()
        if isinstance(each, StreamObject) and each.get("/Type") == "/ObjStm"
        for number in _packed(each)
    )
    whole = raw.startswith(b"%PDF-") and not raw.rpartition(b"%%EOF")[2].strip()
    return set() if live and packed and whole else {Opaque.ATTACHMENTS}


def _packed(stream: Any) -> list[int]:
    """Return the numbers of the objects that are packed into a stream."""
    return [int(each) for each in stream.get_data()[: int(stream["/First"])].split()[::2]]
