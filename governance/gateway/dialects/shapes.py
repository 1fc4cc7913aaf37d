"""The shape of a request body, which is at the same time the walk over its texts. Pure.

Deny by default: a shape names every field it knows; a field it does not name is refused, and every text that is not one of a few
fixed words is collected to be scanned. So a text cannot be sent without having been collected.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from governance.core.errors import Invalid, NotAllowed
from governance.detection.documents.kinds import Kind

Keys = tuple[str | int, ...]
HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")
PLAIN_NAME = re.compile(r"[a-z][a-zA-Z0-9_]{0,39}")
# Shorter numbers hold no card, account or telephone number.
LONG_NUMBER_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a body.

    `path` is what the scanner is told: unique, and it ends in the key under which the text stood. `place` is what is stored and
    shown: keys the format does not define are numbered, for they may be personal data themselves.
    `fixed` marks names, numbers and what is signed, which nothing can be put in the place of. `written` puts another text into the
    form in which this one stood.
    """

    keys: Keys
    path: str
    place: str
    text: str
    fixed: bool = False
    written: Callable[[str], str] = str


@dataclass(frozen=True, slots=True)
class Enclosed(Text):
    """A document or a picture in a body, in a form whose words have to be taken out first: not a text until they are.

    `digest` is the SHA-256 of the bytes, by which what was read of them is found. `packed` writes other bytes into the form in which
    these stood.
    """

    kind: Kind = Kind.TEXT
    raw: bytes = field(default=b"", repr=False)
    digest: str = ""
    packed: Callable[[bytes], str] = bytes.hex


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the walk is."""

    keys: Keys = ()
    place: str = ""

    def field(self, name: str) -> "Spot":
        return Spot((*self.keys, name), f"{self.place}.{name}" if self.place else name)

    def item(self, index: int) -> "Spot":
        return Spot((*self.keys, index), f"{self.place}[{index}]")

    def free(self, name: str, index: int) -> "Spot":
        return Spot((*self.keys, name), f"{self.place}{{{index}}}")

    @property
    def name(self) -> str:
        return self.place or "The body"


Shape = Callable[[Any, Spot, list[Text]], None]


def wrong(spot: Spot, needed: str) -> Invalid:
    return Invalid("wrong_type", f"{spot.name} must be {needed}.", field=spot.place)


def text(*, fixed: bool = False) -> Shape:
    """Any text; it is scanned. A fixed one is signed, so nothing can be put in its place."""

    def walk(value: Any, spot: Spot, texts: list[Text]) -> None:
        if not isinstance(value, str):
            raise wrong(spot, "a text")
        texts.append(Text(spot.keys, spot.place, spot.place, value, fixed))

    return walk


def word(*allowed: str) -> Shape:
    """One of a few words of the format itself. The only texts that are not scanned."""

    def walk(value: Any, spot: Spot, _texts: list[Text]) -> None:
        if not isinstance(value, str) or value not in allowed:
            raise wrong(spot, f"one of {', '.join(allowed)}")

    return walk


def number(least: float, most: float, *, whole: bool = False) -> Shape:
    def walk(value: Any, spot: Spot, _texts: list[Text]) -> None:
        fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if not fits or not least <= value <= most:
            raise wrong(spot, f"a {'whole ' if whole else ''}number from {least:g} to {most:g}")

    return walk


def flag() -> Shape:
    def walk(value: Any, spot: Spot, _texts: list[Text]) -> None:
        if not isinstance(value, bool):
            raise wrong(spot, "true or false")

    return walk


def listed(shape: Shape, *, most: int, least: int = 0) -> Shape:
    def walk(value: Any, spot: Spot, texts: list[Text]) -> None:
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise wrong(spot, f"a list of {least} to {most}")
        for index, each in enumerate(value):
            shape(each, spot.item(index), texts)

    return walk


def record(
    fields: Mapping[str, Shape], *, required: frozenset[str] = frozenset(), others_scanned: bool = False
) -> Shape:
    """An object with these fields and no other. A field that is not required may be null.

    With `others_scanned` it may have more, whose names and values are scanned whatever they are.
    """

    def walk(value: Any, spot: Spot, texts: list[Text]) -> None:
        if not isinstance(value, dict):
            raise wrong(spot, "an object")
        for index, (name, inner) in enumerate(value.items()):
            if name in fields:
                if inner is not None or name in required:
                    fields[name](inner, spot.field(name), texts)
            elif others_scanned:
                _named(name, inner, spot.free(name, index), texts)
            else:
                raise _unknown(name, spot)
        for name in required - value.keys():
            raise Invalid("field_missing", f"{spot.name} lacks {name}.", field=spot.field(name).place)

    return walk


def tagged(tag: str, shapes: Mapping[str, Shape], *, otherwise: str = "") -> Shape:
    """An object whose field `tag` says which of `shapes` it has. Any other kind cannot be scanned and is refused.

    `otherwise` is the kind of an object that does not say.
    """

    def walk(value: Any, spot: Spot, texts: list[Text]) -> None:
        if not isinstance(value, dict):
            raise wrong(spot, "an object")
        kind = otherwise if value.get(tag) is None else value[tag]
        shape = shapes.get(kind) if isinstance(kind, str) else None
        if shape is None:
            raise unscannable(spot, f"Only {' and '.join(shapes)} can be scanned here.")
        shape(value, spot, texts)

    return walk


def either(
    *, when_text: Shape | None = None, when_list: Shape | None = None, when_object: Shape | None = None
) -> Shape:
    """A value of several kinds, each with its own shape."""
    known: dict[type, Shape | None] = {str: when_text, list: when_list, dict: when_object}
    names: dict[type, str] = {str: "a text", list: "a list", dict: "an object"}

    def walk(value: Any, spot: Spot, texts: list[Text]) -> None:
        shape = known.get(type(value))
        if shape is None:
            raise wrong(spot, " or ".join(names[kind] for kind, shape in known.items() if shape))
        shape(value, spot, texts)

    return walk


def free(*, only_objects: bool = True) -> Shape:
    """Any JSON (a schema, metadata): every text, every name of a field and every long number in it is scanned."""

    def walk(value: Any, spot: Spot, texts: list[Text]) -> None:
        if only_objects and not isinstance(value, dict):
            raise wrong(spot, "an object")
        _anything(value, spot, spot.place, texts)

    return walk


def _anything(value: Any, spot: Spot, path: str, texts: list[Text]) -> None:
    if isinstance(value, str):
        texts.append(Text(spot.keys, path, spot.place, value))
    elif digits := long_number(value):
        texts.append(Text(spot.keys, path, spot.place, digits, fixed=True))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            inner = spot.item(index)
            _anything(each, inner, inner.place, texts)
    elif isinstance(value, dict):
        for index, (name, each) in enumerate(value.items()):
            _named(name, each, spot.free(name, index), texts)


def long_number(value: Any) -> str:
    """Return how a number is written that may be that of a card, an account or a telephone, "" for anything else."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return ""
    digits = str(value)
    return digits if sum(each.isdigit() for each in digits) >= LONG_NUMBER_DIGITS else ""


def _named(name: str, value: Any, spot: Spot, texts: list[Text]) -> None:
    texts.append(Text(spot.keys, f"{spot.place}#", f"{spot.place}#", name, fixed=True))
    _anything(value, spot, f"{spot.place}.{name}", texts)


def both_spellings(fields: Mapping[str, Shape]) -> dict[str, Shape]:
    """Return the fields under their own names and written_like_this, for formats that take either."""
    return {**{snake(name): shape for name, shape in fields.items()}, **fields}


def snake(name: str) -> str:
    return HUMP.sub(r"_\1", name).lower()


def texts_only(*, most: int) -> Shape:
    """A text or a list of texts. Lists of token numbers are text in another form, which is not scanned."""

    def walk(value: Any, spot: Spot, texts: list[Text]) -> None:
        if isinstance(value, list) and any(isinstance(each, int | list) for each in value):
            remedy = "Send texts. In LangChain: OpenAIEmbeddings(check_embedding_ctx_length=False)."
            raise unscannable(spot, "Token numbers are text in another form.", remedy=remedy)
        either(when_text=text(), when_list=listed(text(), least=1, most=most))(value, spot, texts)

    return walk


def off(reason: str) -> Shape:
    """A switch that must stay off."""

    def walk(value: Any, spot: Spot, _texts: list[Text]) -> None:
        if value is not False:
            raise unscannable(spot, reason, remedy=f"Leave {spot.name} away.")

    return walk


def unscannable_field(reason: str) -> Shape:
    """A field whose content cannot be looked into, so it never passes."""

    def walk(_value: Any, spot: Spot, _texts: list[Text]) -> None:
        raise unscannable(spot, reason)

    return walk


def unscannable(spot: Spot, reason: str, *, remedy: str = "Send the same as text.") -> NotAllowed:
    return NotAllowed(
        "unscannable",
        f"{spot.name} holds content that cannot be scanned, so it is not sent. {reason}",
        field=spot.place,
        remedy=remedy,
    )


def _unknown(name: str, spot: Spot) -> Invalid:
    # A name that is not a plain word may hold data, and errors quote none.
    shown = f" {name}" if PLAIN_NAME.fullmatch(name) else ""
    return Invalid("unknown_field", f"{spot.name} has a field{shown} that is not known here.", field=spot.place)
