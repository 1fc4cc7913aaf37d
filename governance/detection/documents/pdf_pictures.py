"""The pictures of a PDF: unpacked as they are stored, each with the page that shows it. Source: ISO 32000-2, 8.9, and `pypdf`.

What is painted over what is not looked at: the pictures are read one by one.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pypdf import PdfReader
from pypdf.generic import IndirectObject, StreamObject

from .inside import SAYS_MORE, Pictures
from .pictures import MOST_PIXELS, only_draws
from .reading import Reading

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_LOOKED_THROUGH = 500  # pictures and forms of a page; any other is read all the same, and called by no page
_NOT_READ = {"/JBIG2Decode": "JBIG2", "/JPXDecode": "JPEG 2000"}
_JPEG = "/DCTDecode"


class _Unread(Exception):
    """`args[0]` says why, in our words."""


def look_at_pictures(reader: PdfReader, known: dict[int, Any], reading: Reading, pictures: Pictures) -> None:
    """Read the pictures among the objects of a file, whether or not a page shows them."""
    drawn = {number: each for number, each in known.items() if _is_picture(each)}
    masks = {number for each in drawn.values() if (number := _number(each, "/SMask")) is not None}
    places = _places(reader) if drawn else {}
    for number, each in drawn.items():
        where, turned = places.get(number, ("picture", 0))
        if number in masks:
            continue  # looked at with what it covers
        if not pictures.is_to_open(f"object {number}", int(each.get("/Length", 0)), where, reading):
            continue
        try:
            pictures.look_at_drawn(_unpacked(each), where, reading, turned=turned)
        except _Unread as why:
            pictures.lack(where, reading, str(why))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - a picture fails to unpack in every way there is
            pictures.lack(where, reading, f"it cannot be unpacked ({' '.join(_filters(each)) or 'plain'})")


def _is_picture(each: Any) -> bool:
    return isinstance(each, StreamObject) and each.get("/Subtype") == "/Image"


def _unpacked(stream: Any) -> "Image":
    """Return the picture of an object. Raises _Unread, and whatever unpacking raises."""
    width, height, filters = int(stream["/Width"]), int(stream["/Height"]), _filters(stream)
    if width * height > MOST_PIXELS:
        raise _Unread(f"it has {width:,} x {height:,} pixels; at most {MOST_PIXELS:,} are read")
    if packing := next((_NOT_READ[each] for each in filters if each in _NOT_READ), ""):
        raise _Unread(f"it is packed as {packing}, which is not read: print the document to a new PDF")
    _require_solid(stream)
    picture = _jpeg(stream) if filters[-1:] == [_JPEG] else stream.decode_as_image(pillow_parameters={})
    if picture.size != (width, height):
        raise _Unread("its size is not what the file says")
    return picture


def _jpeg(stream: Any) -> "Image":
    from .drawn import opened

    raw = stream.get_data()
    if not only_draws(raw):
        raise _Unread(SAYS_MORE)
    return opened(raw)


def _require_solid(stream: Any) -> None:
    """Refuse what shows something behind it: nobody knows how a model sees it."""
    see_through = _Unread("it is to see through: save it on a ground of one colour")
    if "/Mask" in stream:
        raise see_through
    mask = stream.get("/SMask")
    if mask is not None:
        cover = mask.get_object()
        if int(cover["/Width"]) * int(cover["/Height"]) > MOST_PIXELS:
            raise see_through
        low, _ = cover.decode_as_image(pillow_parameters={}).convert("L").getextrema()
        if low < 255:  # noqa: PLR2004 - nothing shows through
            raise see_through


def _filters(stream: Any) -> list[str]:
    said = stream.get("/Filter", [])
    said = said.get_object() if hasattr(said, "get_object") else said
    return [str(each) for each in said] if isinstance(said, list) else [str(said)]


def _number(each: Any, key: str) -> int | None:
    value = each.raw_get(key) if key in each else None
    return value.idnum if isinstance(value, IndirectObject) else None


def _places(reader: PdfReader) -> dict[int, tuple[str, int]]:
    """Return the first page that shows each picture, and by how many quarters against the clock it is turned there."""
    places: dict[int, tuple[str, int]] = {}
    for number, page in enumerate(reader.pages, start=1):
        turned = -(int(page.rotation) // 90) % 4
        for picture in _shown(page.get("/Resources"), set()):
            places.setdefault(picture, (f"page {number}, picture", turned))
    return places


def _shown(resources: Any, seen: set[int]) -> Iterator[int]:
    """Yield the numbers of the pictures that resources name, in forms as well, each once."""
    resources = resources.get_object() if resources is not None else {}
    named = resources.get("/XObject", {})
    named = named.get_object() if hasattr(named, "get_object") else named
    for key in named:
        number = _number(named, key)
        if number is None or number in seen or len(seen) > MOST_LOOKED_THROUGH:
            continue
        seen.add(number)
        yield number
        if named[key].get("/Subtype") == "/Form":
            yield from _shown(named[key].get("/Resources"), seen)
