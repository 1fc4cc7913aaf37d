"""Whether a font of a PDF says which letters its signs are. One that does not is drawn, and cannot be read."""

import re
from typing import Any

from pypdf._codecs.adobe_glyphs import adobe_glyphs

_SAID = frozenset({"/WinAnsiEncoding", "/MacRomanEncoding", "/StandardEncoding", "/MacExpertEncoding"})
_PICTOGRAMS = frozenset({"/Symbol", "/ZapfDingbats"})
_PLAIN_FAMILIES = ("/Helvetica", "/Times", "/Courier", "/Arial")
# TeX's signs of formulas: they say nothing of their letters, which stand where they stand in ASCII.
_OF_FORMULAS = re.compile(r"/(?:[A-Z]{6}\+)?(?:CM(?:MI|SY|EX|MIB|BSY)|MS[AB]M|LASY|STMARY|WASY|EU[FRS])[A-Z]*\d+")


def tells_its_letters(font: Any) -> bool:
    """Say whether each sign of the font is known to be a letter. `font` is its dictionary."""
    kind = font.get("/Subtype")
    if "/ToUnicode" in font or kind in {
        "/CIDFontType0",
        "/CIDFontType2",
    }:  # those are the second half of one that must say it
        return True
    encoding = font.get("/Encoding")
    if kind == "/Type0":
        return False
    if isinstance(encoding, dict):
        named = [each for each in encoding.get("/Differences", ()) if isinstance(each, str)]
        return all(each in adobe_glyphs or each == "/.notdef" for each in named)
    return str(encoding) in _SAID or font.get("/BaseFont") in _PICTOGRAMS or _is_plain(font)


def _is_plain(font: Any) -> bool:
    name = str(font.get("/BaseFont", ""))
    return "/Encoding" not in font and bool(name.startswith(_PLAIN_FAMILIES) or _OF_FORMULAS.fullmatch(name))
