"""Read the words and the codes that are drawn in a picture: PNG, JPEG, GIF or WebP, one frame, nothing to see through.

The words are found and read by PP-OCRv6's small models (Apache-2.0), which come with RapidOCR; bars and squares by ZXing. A model may misread a
letter, and what is faint it does not see: so a destination's policy has to name pictures that were read, and one with a single line
that was not clear counts as not read.
"""

import io
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image
from rapidocr import RapidOCR

from .reading import Opaque, Reading

MOST_PIXELS = 4_200_000  # a whole screen of 2,560 x 1,600
LONGEST_SIDE = 1_600  # pixels that the words are looked for in; they are read from the picture as it is
SOLID = 255  # of a pixel: nothing shows through it
CLEAR = 0.9  # certainty of a line's letters; printed words measured .96 and more
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_MODES = frozenset({"1", "L", "P", "RGB", "RGBA"})  # others lose something on their way to RGB
_SETTINGS = {
    "EngineConfig.onnxruntime.intra_op_num_threads": 2,
    "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
    "Global.use_cls": False,  # what stands on its head is not clear, and refused
    "Global.text_score": 0.0,  # what is unclear is told, not left out
    "Global.log_level": "critical",
    "Det.limit_type": "max",
    "Det.limit_side_len": LONGEST_SIDE,
}
Line = tuple[NDArray[np.float32], str, float]  # corners (4, 2) in pixels, the words, their certainty from 0 to 1


def read_picture(raw: bytes) -> Reading:
    """Return the words of a picture row by row, and those of its codes. It is `read_pictures` when all of its lines were clear.

    Raises:
        OSError, ValueError: when it is no picture.
    """
    pixels = _pixels(raw)
    reading = Reading(opaque={Opaque.PICTURES})
    if pixels is None:
        return reading
    lines = _lines(pixels)
    reading.add("words", "\n".join(_rows(lines)))
    reading.add("codes", "\n".join(code.text for code in zxingcpp.read_barcodes(pixels)))
    if reading.parts and all(certainty >= CLEAR for *_, certainty in lines):
        reading.opaque = {Opaque.READ_PICTURES}
    return reading


def _pixels(raw: bytes) -> NDArray[np.uint8] | None:
    """Return rows of red, green and blue, or None for a picture that is too large, moves, or shows what is behind it."""
    with Image.open(io.BytesIO(raw), formats=_FORMATS) as picture:
        moves = getattr(picture, "n_frames", 1) > 1
        if moves or picture.width * picture.height > MOST_PIXELS or picture.mode not in _MODES:
            return None
        if picture.has_transparency_data and np.asarray(picture.convert("RGBA"))[..., 3].min() < SOLID:
            return None
        return np.asarray(picture.convert("RGB"))


def _lines(pixels: NDArray[np.uint8]) -> list[Line]:
    found: Any = _model()(pixels[:, :, ::-1])
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
