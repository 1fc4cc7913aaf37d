"""What kind of document some bytes are said to be. Nothing is guessed: what is not named here is not read."""

from enum import StrEnum


class Kind(StrEnum):
    TEXT = "text"  # UTF-8, whatever is written in it
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    PICTURE = "picture"


PICTURES = "pictures"  # what is told a reader that is to read the pictures inside a document as well
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MEDIA = {
    "application/json": Kind.TEXT,
    "application/jsonl": Kind.TEXT,
    "application/x-ndjson": Kind.TEXT,
    "application/xml": Kind.TEXT,
    "application/yaml": Kind.TEXT,
    "application/x-yaml": Kind.TEXT,
    "application/sql": Kind.TEXT,
    "application/javascript": Kind.TEXT,
    "application/x-javascript": Kind.TEXT,
    "text/plain": Kind.TEXT,
    "text/csv": Kind.TEXT,
    "text/tab-separated-values": Kind.TEXT,
    "text/markdown": Kind.TEXT,
    "text/md": Kind.TEXT,
    "text/x-markdown": Kind.TEXT,
    "text/xml": Kind.TEXT,
    "text/yaml": Kind.TEXT,
    "text/css": Kind.TEXT,
    "text/javascript": Kind.TEXT,
    "text/x-python": Kind.TEXT,
    "text/x-java": Kind.TEXT,
    "text/x-c": Kind.TEXT,
    "text/x-c++": Kind.TEXT,
    "text/x-script.python": Kind.TEXT,
    "text/x-sh": Kind.TEXT,
    "text/x-sql": Kind.TEXT,
    "text/html": Kind.HTML,
    "application/xhtml+xml": Kind.HTML,
    "application/pdf": Kind.PDF,
    DOCX: Kind.DOCX,
    XLSX: Kind.XLSX,
    PPTX: Kind.PPTX,
    "image/png": Kind.PICTURE,
    "image/jpeg": Kind.PICTURE,
    "image/gif": Kind.PICTURE,
    "image/webp": Kind.PICTURE,
}
_OF_TEXT = "txt text md markdown csv tsv json jsonl ndjson xml yaml yml toml ini log sql css js ts py java c cpp h go rs rb sh tex"
SUFFIXES = {
    **dict.fromkeys(_OF_TEXT.split(), Kind.TEXT),
    "html": Kind.HTML,
    "htm": Kind.HTML,
    "pdf": Kind.PDF,
    "docx": Kind.DOCX,
    "xlsx": Kind.XLSX,
    "pptx": Kind.PPTX,
}


def kind_of_media(media: str) -> Kind | None:
    """Return the kind that a media type names, None for one that is not read."""
    return MEDIA.get(media)


def kind_of_name(name: str) -> Kind | None:
    """Return the kind that the end of a file's name says, None when it says nothing known."""
    return SUFFIXES.get(name.rpartition(".")[2].lower()) if "." in name else None
