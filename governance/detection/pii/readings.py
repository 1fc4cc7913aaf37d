"""What the words of a name make of what the model took it for: whole words, towns that are people, peoples that are no towns."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from governance.detection.spans import Span

from .lists import is_family, is_given
from .organisations import is_of_organisation


def _words(name: str) -> frozenset[str]:
    return frozenset((Path(__file__).parent / name).read_text(encoding="utf-8").split())


_DEMONYMS = _words("demonyms.txt")
_JOINED_BEFORE, _JOINED_BEHIND = re.compile(r"(?:[^\W\d_][\w'’]*-|\b[OD]['’])\Z"), re.compile(r"-[^\W\d_][\w'’]*")
_OPENS = re.compile(r"(?:(?:and|The|the|und|et|y|e)(?:[ ]+(?=[^\W\d_])|\Z))")
_LONGEST_PART = 24
_LISTED = 0.5
_NUMBER_BEHIND = re.compile(r"[ ,]{1,2}\d")
_STREET = re.compile(
    r"(?:\d\w{0,4}|\b(?:rue|avenue|boulevard|chemin|place|quai|impasse|allée|calle|avenida|plaza|paseo|camino|acceso|rambla|via|viale|piazza|corso|rua|travessa|praça|ulica|ul\.|straat|laan))"
    r",?[ ](?:d[aeiou]s?[ ]|del[ ]|l[a’'][ ]?)?\Z",
    re.IGNORECASE,
)
_ROW = re.compile(r"[^\W\d_a-z][\w'’\-]*(?:[ ](?:[A-Z]\.|[^\W\d_a-z][\w'’\-]*)){0,4}")
_OF_NATURE = _words("landscape.txt")  # of places named after people: Virginia Beach


def reread(text: str, span: Span) -> Span | None:
    """Return the name as a whole word, of the type its words speak for; None when it names no person and no place."""
    if any(map(str.isdigit, text[span.start : span.end])):
        return span
    span = _whole_word(text, span)
    if opening := _OPENS.match(text, span.start, span.end):
        span = replace(span, start=opening.end())
    if span.start == span.end or is_of_organisation(text, span):
        return None
    if span.type != "LOCATION":
        return span
    value = text[span.start : span.end]
    if value in _DEMONYMS or _is_double_name(value):
        return None
    return _person(text, span) or span


def _is_double_name(value: str) -> bool:
    parts = value.split("-")
    return len(parts) > 1 and all(part[:1].isupper() and is_family(part) for part in parts)


def _whole_word(text: str, span: Span) -> Span:
    """Return the span with the other half of a double name: "Vazquez-Riggs"."""
    before = _JOINED_BEFORE.search(text, max(0, span.start - _LONGEST_PART), span.start)
    behind = _JOINED_BEHIND.match(text, span.end)
    return replace(span, start=before.start() if before else span.start, end=behind.end() if behind else span.end)


def _person(text: str, span: Span) -> Span | None:
    """Return a person where a given name stands before a family name; Virginia Beach stays a place."""
    row = _ROW.match(text, span.start)
    first, *others = row.group().split() if row else [""]
    if row and others and is_given(first) and is_family(others[-1]) and others[-1] not in _OF_NATURE:
        return replace(span, type="PERSON", end=row.end())
    return None


def in_address(text: str, start: int, end: int) -> bool:
    """Return whether a street or a number stands before a name, or a number behind it: streets are named after people."""
    before = _STREET.search(text, max(0, start - _LONGEST_PART), start)
    return before is not None or _NUMBER_BEHIND.match(text, end) is not None


def full_names(text: str) -> Iterator[Span]:
    """Yield the people whose given and family names are both listed, but for those that streets are named after."""
    for row in _ROW.finditer(text):
        first, *others = row.group().split()
        if (
            others
            and is_given(first)
            and is_family(others[-1])
            and others[-1] not in _OF_NATURE
            and not in_address(text, *row.span())
        ):
            yield Span("PERSON", row.start(), row.end(), _LISTED)
