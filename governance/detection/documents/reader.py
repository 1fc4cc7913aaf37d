"""Read a document here. What its format's parser fails on is unreadable, never empty."""

from collections.abc import Callable

from .docx import read_docx
from .html import read_html
from .inside import Pictures
from .kinds import Kind
from .pdf import read_pdf
from .pptx import read_pptx
from .reading import Opaque, Reading
from .xlsx import read_xlsx


def _read_picture(raw: bytes, _inside: Pictures) -> Reading:
    from .drawn import read_picture  # its libraries take a second, and no other document needs them

    return read_picture(raw)


READERS: dict[Kind, Callable[[bytes, Pictures], Reading]] = {
    Kind.HTML: read_html,
    Kind.PDF: read_pdf,
    Kind.DOCX: read_docx,
    Kind.XLSX: read_xlsx,
    Kind.PPTX: read_pptx,
    Kind.PICTURE: _read_picture,
}


def read(kind: Kind, raw: bytes, *, pictures: bool = False) -> Reading:
    """Return the words of a document of one of the kinds of READERS, and what of it nobody can read.

    With `pictures` the pictures inside it are read as well, within the bounds of `inside`.
    """
    try:
        return READERS[kind](raw, Pictures(reads=pictures))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - parsers of foreign formats fail in every way there is
        return Reading(opaque={Opaque.UNREADABLE})
