"""Shapes of fields that hold a document or a picture as base64. Pure.

Only the one way of writing bytes as base64 is taken: what is decoded here is what anybody else decodes. The kind is said by the media
type and by the file's name, which must agree, and the bytes must begin as that kind does. Plain text is a text like any other, and
what is put in its place is written as base64 again.
"""

import binascii
import hashlib
import re
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from governance.core.errors import Invalid
from governance.detection.documents.kinds import Kind, kind_of_media, kind_of_name
from governance.detection.documents.pictures import BEGINNINGS
from governance.gateway.dialects.shapes import Enclosed, Shape, Spot, Text, record, unscannable, wrong

DATA_URI = re.compile(r"data:([a-z0-9.+-]+/[a-z0-9.+-]+)(?:;charset=utf-8)?;base64,")
MEDIA_TYPE = re.compile(r"([a-z0-9.+-]+/[a-z0-9.+-]+)(?:; ?charset=utf-8)?")
# Characters no text has, and the beginnings of what only looks like text.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_BEGINS: Mapping[Kind, tuple[bytes, ...]] = {
    Kind.PDF: (b"%PDF-",),
    **dict.fromkeys((Kind.DOCX, Kind.XLSX, Kind.PPTX), (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
    Kind.PICTURE: BEGINNINGS,
}
_OTHER_FORMATS = (*(each for begins in _BEGINS.values() for each in begins), b"{\\rtf")
DOCUMENTS = frozenset({Kind.TEXT, Kind.HTML, Kind.PDF, Kind.DOCX, Kind.XLSX, Kind.PPTX})
PICTURES = frozenset({Kind.PICTURE})
TAKEN = {
    DOCUMENTS: "Text, CSV, Markdown, HTML, PDF, DOCX, XLSX and PPTX are read.",
    PICTURES: "Pictures are taken as PNG, JPEG, GIF or WebP in base64, for nobody can look at an address before it is sent.",
}
REMEDY = "Send its text."


@dataclass(frozen=True, slots=True)
class Carried:
    """Fields of an object: `data` has the bytes, `media` their media type, `name` the name of the file."""

    data: tuple[str, ...]
    media: tuple[str, ...] = ()
    name: tuple[str, ...] = ()


def carrying(
    carried: Carried,
    fields: Mapping[str, Shape],
    *,
    required: frozenset[str] = frozenset(),
    only: frozenset[Kind] = DOCUMENTS,
) -> Shape:
    """An object with these fields besides, whose bytes are of one of the kinds of `only`."""
    described = dict.fromkeys((*carried.data, *carried.media), _later)
    known = record({**fields, **described}, required=required)

    def walk(value: Any, spot: Spot, texts: list[Text]) -> None:
        known(value, spot, texts)
        data, media, name = (_one(value, names, spot) for names in (carried.data, carried.media, carried.name))
        if not data:
            raise Invalid(
                "field_missing", f"{spot.name} lacks {carried.data[0]}.", field=spot.field(carried.data[0]).place
            )
        enclose(value[data], spot.field(data), texts, media=value.get(media, ""), name=value.get(name, ""), only=only)

    return walk


def _later(value: Any, spot: Spot, _texts: list[Text]) -> None:
    """Only whether it is a text: what it says is looked at by `enclose`, which is always called after."""
    if not isinstance(value, str):
        raise wrong(spot, "a text")


def _one(value: Mapping[str, Any], names: tuple[str, ...], spot: Spot) -> str:
    """Return which of the spellings of a field is there, "" when none is."""
    there = [name for name in names if value.get(name) is not None]
    if len(there) > 1:
        raise Invalid("field_twice", f"{spot.name} has {' and '.join(there)}, which are the same.", field=spot.place)
    return there[0] if there else ""


def enclose(data: str, spot: Spot, texts: list[Text], *, media: str, name: str, only: frozenset[Kind]) -> None:
    """Collect what a field holds as base64 or as a data URI.

    Raises:
        NotAllowed: `unscannable`, for a kind that is not read here, and for one that is not what it is said to be.
        Invalid: `not_base64`.
    """
    uri = DATA_URI.match(data)
    head = uri[0] if uri else ""
    taken = TAKEN.get(only, TAKEN[DOCUMENTS])
    kind = _kind(spot, [*_media(media), *([uri[1]] if uri else [])], name, taken)
    if kind not in only:
        raise unscannable(spot, taken, remedy=REMEDY)
    raw, encode = _decoded(data[len(head) :], spot)
    if kind is Kind.TEXT:
        text = text_in(raw, spot)
        texts.append(Text(spot.keys, spot.place, spot.place, text, written=lambda new: head + encode(new.encode())))
        return
    require_kind(raw, kind, spot)
    digest = hashlib.sha256(raw).hexdigest()
    texts.append(
        Enclosed(
            spot.keys,
            spot.place,
            spot.place,
            "",
            fixed=True,
            kind=kind,
            raw=raw,
            digest=digest,
            packed=lambda new: head + encode(new),
        )
    )


def picture(value: Any, spot: Spot, texts: list[Text]) -> None:
    """A picture as base64 alone, whose kind its first bytes tell."""
    _later(value, spot, texts)
    enclose(value, spot, texts, media="image/png", name="", only=PICTURES)


def _media(media: str) -> list[str]:
    """Return the media type without its encoding; one that is written otherwise stays as it is, and is not known."""
    said = MEDIA_TYPE.fullmatch(media)
    return [said[1] if said else media] if media else []


def _kind(spot: Spot, media: list[str], name: str, taken: str) -> Kind:
    """Return the one kind that everything said about it names."""
    said = {kind_of_media(each) for each in media}
    named = kind_of_name(name)
    kinds = said | {named} if named or not said else said
    if len(kinds) != 1 or None in kinds:
        reason = taken if kinds <= {None} else "What is said of its kind does not agree."
        raise unscannable(spot, reason, remedy=REMEDY)
    return next(kind for kind in kinds if kind)


def _decoded(data: str, spot: Spot) -> tuple[bytes, Callable[[bytes], str]]:
    """Return the bytes and how to write others in the same alphabet."""
    safe = "-" in data or "_" in data
    decode: Callable[[str], bytes] = urlsafe_b64decode if safe else b64decode
    write = urlsafe_b64encode if safe else b64encode

    def encode(raw: bytes) -> str:
        return write(raw).decode()

    try:
        raw = decode(data)
    except (binascii.Error, ValueError):
        raw = b""
    if not raw or encode(raw) != data:
        raise Invalid(
            "not_base64", f"{spot.name} is not base64, or not written in the one usual way.", field=spot.place
        )
    return raw, encode


def require_kind(raw: bytes, kind: Kind, spot: Spot) -> None:
    """Raises NotAllowed, `unscannable`, when bytes do not begin as what they are said to be."""
    if kind is Kind.TEXT:
        text_in(raw, spot)
    elif kind in _BEGINS and not raw.startswith(_BEGINS[kind]):
        raise unscannable(spot, f"It is not what it is said to be: {kind.value}.", remedy=REMEDY)


def text_in(raw: bytes, spot: Spot) -> str:
    """Return the text that bytes are. Raises NotAllowed, `unscannable`, when they are none."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise unscannable(spot, "It is not UTF-8.", remedy="Save it as UTF-8.") from None
    if _NO_TEXT.search(text) or raw.startswith(_OTHER_FORMATS):
        raise unscannable(spot, "It is not the text that it is said to be.", remedy=REMEDY)
    return text
