"""Read the words and the codes that are drawn in a picture: PNG, JPEG, GIF or WebP, one frame, nothing to see through.

The words are found and read by PP-OCRv6's small models (Apache-2.0), which come with RapidOCR; bars and squares by ZXing. A model may misread a
letter, and what is faint it does not see: so a destination's policy has to name pictures that were read, and one with a single line
that was not clear counts as not read. One that lies on its side or stands on its head is turned first.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image
from rapidocr import RapidOCR

from .pictures import MOST_PIXELS
from .reading import Opaque, Reading

LONGEST_SIDE = 1_600  # pixels in which the words of a picture of up to 2,560 are looked for
LEAST_SCALE = 0.625  # of any other, so that small letters stay as large as they are in that one
MOST_LINES = 1_000  # as many as the model tells of
SOLID = 255  # of a pixel: nothing shows through it
CLEAR = 0.9  # certainty of a line's letters; printed words measured .96 and more
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_MODES = frozenset({"1", "L", "P", "RGB", "RGBA"})  # others lose something on their way to RGB
_SETTINGS = {
    "EngineConfig.onnxruntime.intra_op_num_threads": 2,
    "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
    "Global.use_cls": False,  # the whole picture is turned here, so that its rows stay rows
    "Global.text_score": 0.0,  # what is unclear is told, not left out
    "Global.max_side_len": MOST_PIXELS,  # the words are read from the picture as it is
    "Global.log_level": "critical",
    "Det.limit_type": "max",
    "Det.limit_side_len": LONGEST_SIDE,
}
_ON_ITS_HEAD, _ON_ITS_SIDES = 2, (1, 3)  # quarters of a turn
# A word in small letters, and right behind it the beginning of an account or a long number in capitals and digits.
_GLUED = re.compile(r"(?<=[a-z]{3})(?=[A-Z]{2}\d\d|[A-Z0-9](?:-?[A-Z0-9]){7})|(?<=IBAN)(?=[A-Z]{2}\d\d)")
Image.MAX_IMAGE_PIXELS = None  # the bound is ours, asked before anything is unpacked, and has a reason to show
Pixels = NDArray[np.uint8]  # (height, width, 3): red, green and blue
Line = tuple[NDArray[np.float32], str, float]  # corners (4, 2) in pixels, the words, their certainty from 0 to 1


@dataclass(frozen=True, slots=True)
class Words:
    """`why_not` says why a picture counts as not read, "" for one that was; one of a single colour is `is_blank`."""

    rows: str = ""
    codes: str = ""
    why_not: str = ""
    is_blank: bool = False

    @property
    def apart(self) -> str:
        """The rows in which a value was read without the gap before it, with that gap: what is glued to a word hides."""
        rows = ((row, _GLUED.sub(" ", row)) for row in self.rows.splitlines())
        return "\n".join(apart for row, apart in rows if apart != row)


def read_picture(raw: bytes) -> Reading:
    """Return the words of a picture row by row, and those of its codes. It is `read_pictures` when all of its lines were clear.

    Raises:
        OSError, ValueError: when it is no picture.
    """
    words, reading = words_of(opened(raw)), Reading()
    reading.add("words", words.rows)
    reading.add("words, apart", words.apart)
    reading.add("codes", words.codes)
    if words.why_not or not reading.parts:
        reading.lack(Opaque.PICTURES, words.why_not or "it is blank")
    else:
        reading.lack(Opaque.READ_PICTURES)
    return reading


def opened(raw: bytes) -> Image.Image:
    """Return a picture that was not unpacked yet: its head tells how large that would be.

    Raises:
        OSError, ValueError: when it is no picture.
    """
    return Image.open(io.BytesIO(raw), formats=_FORMATS)


def words_of(picture: Image.Image, *, turned: int = 0) -> Words:
    """Return what is read of a picture that is shown turned by so many quarters against the clock."""
    if why := _beyond(picture):
        return Words(why_not=why)
    pixels = np.asarray(picture.convert("RGB"))
    if (pixels == pixels[0, 0]).all():
        return Words(is_blank=True)
    lines = _upright_lines(np.rot90(pixels, turned))
    codes = "\n".join(code.text for code in zxingcpp.read_barcodes(pixels))
    clear = len(lines) < MOST_LINES and all(certainty >= CLEAR for *_, certainty in lines) and (lines or codes)
    return Words(
        "\n".join(_rows(lines)), codes, "" if clear else "no words were read in it, or not all of them clearly"
    )


def _beyond(picture: Image.Image) -> str:
    """Return why a picture cannot be read at all, "" when it can."""
    width, height = picture.size
    if width * height > MOST_PIXELS:
        return f"it has {width:,} x {height:,} pixels; at most {MOST_PIXELS:,} are read"
    if getattr(picture, "n_frames", 1) > 1:
        return "it moves"
    if picture.mode not in _MODES:
        return "its colours are of a kind that is not read: save it in red, green and blue"
    if picture.has_transparency_data and np.asarray(picture.convert("RGBA"))[..., 3].min() < SOLID:
        return "it is to see through: save it on a ground of one colour"
    return ""


def _upright_lines(pixels: Pixels) -> list[Line]:
    """Return the lines of a picture, turned as most of them can be read. What is clear as it is is read once."""
    lines = _lines(pixels)
    if not lines or (_lie(lines) and _clear(lines) * 2 > len(lines)):
        return lines
    others = [_lines(np.rot90(pixels, turns)) for turns in ((_ON_ITS_HEAD,) if _lie(lines) else _ON_ITS_SIDES)]
    return max([lines, *others], key=lambda each: (_lie(each), _clear(each)))


def _lie(lines: list[Line]) -> bool:
    """Say whether most lines are wider than high."""
    return sum(float(np.ptp(corners[:, 0])) >= float(np.ptp(corners[:, 1])) for corners, *_ in lines) * 2 > len(lines)


def _clear(lines: list[Line]) -> int:
    return sum(certainty >= CLEAR for *_, certainty in lines)


def _lines(pixels: Pixels) -> list[Line]:
    model: Any = _model()
    side = max(LONGEST_SIDE, int(LEAST_SCALE * max(pixels.shape[:2])))
    model._load_det_model().limit_side_len = side  # noqa: SLF001 - else it is the same for every picture
    found: Any = model(np.ascontiguousarray(pixels[:, :, ::-1]))
    if found.boxes is None:
        return []
    return list(zip(found.boxes, found.txts, map(float, found.scores), strict=True))


@cache
def _model() -> RapidOCR:
    return RapidOCR(params=_SETTINGS)


def _rows(lines: Iterable[Line]) -> Iterator[str]:
    """Yield what stands beside one another as one row, for a value may be in two boxes."""
    row: list[tuple[float, str]] = []
    middle = height = 0.0
    for corners, words, _ in sorted(lines, key=lambda line: float(line[0][:, 1].mean())):
        here = float(corners[:, 1].mean())
        if row and here - middle > height / 2:
            yield " ".join(each for _, each in sorted(row))
            row = []
        middle, height = here, float(np.ptp(corners[:, 1]))
        row.append((float(corners[:, 0].min()), words))
    if row:
        yield " ".join(each for _, each in sorted(row))
