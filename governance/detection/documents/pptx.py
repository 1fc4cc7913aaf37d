"""PPTX: slides with their notes, comments, tables and charts, and what masters and layouts say. Source: ECMA-376, part 1."""

import re

from .inside import Pictures
from .office import Family, read_office
from .reading import Reading

_TITLES = "slide|notesSlide|slideLayout|slideMaster|notesMaster|handoutMaster|comment|comments|commentAuthors|core|app|custom|data|chart"
PPTX = Family(
    body="ppt/presentation.xml",
    first=re.compile(r"ppt/slides/slide\d+\.xml"),
    pictures=re.compile(r"(?:ppt/media/|docProps/thumbnail\.).*"),
    fonts=re.compile(r"ppt/fonts/[^/]+\.fntdata"),
    programs=re.compile(r"ppt/(?:vbaProject.*\.bin|vbaData\.xml|activeX/.*)", re.IGNORECASE),
    titles=re.compile(rf"(?:{_TITLES})\d{{0,3}}"),
    # Whoever comments, what tags of programs and shows of the author's own say, and how sections, slides, shapes and themes are called.
    people=frozenset({"cmAuthor", "author", "tag", "custShow", "section", "cNvPr", "cSld", "theme"}),
)


def read_pptx(raw: bytes, pictures: Pictures) -> Reading:
    """Return the parts of a PPTX, the slides first. Raises whatever a broken archive or broken XML raises."""
    return read_office(raw, PPTX, pictures)
