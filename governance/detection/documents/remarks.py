"""Words in a PDF that belong to no object: remarks, which readers pass over, and whatever stands between two objects.

Source: ISO 32000-2, 7.2.4 and 7.5.
"""

import re
from collections.abc import Iterator

from .reading import LEGIBLE

_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
_TEXT = re.compile(rb"\((?:\\.|[^()\\])*+\)", re.DOTALL)
_REMARK = re.compile(rb"%(?!PDF-|%EOF)([^\r\n]+)")
_BETWEEN = re.compile(rb"endobj(.*?)(?=\d+\s+\d+\s+obj\b|xref|trailer|startxref|%%EOF|\Z)", re.DOTALL)


def remarks_in_file(raw: bytes) -> Iterator[str]:
    """Yield what stands in the bytes of a file outside of its objects and streams."""
    rest = _STREAM.sub(b"", raw)
    for between in _BETWEEN.findall(rest):
        yield from _legible(between)
    yield from remarks_in(rest)


def remarks_in(signs: bytes) -> Iterator[str]:
    """Yield the remarks among the signs that draw a page, or in a file without its streams."""
    for remark in _REMARK.findall(_TEXT.sub(b"", signs)):
        yield from _legible(remark)


def _legible(raw: bytes) -> Iterator[str]:
    yield from (match.decode("ascii") for match in LEGIBLE.findall(raw))
