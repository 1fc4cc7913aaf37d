"""What the words of a name make of what the model took it for: whole words, towns that are people, peoples that are no towns."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from governance.detection.likely import Likely
from governance.detection.spans import Span

from .lists import is_family, is_given
from .organisations import is_of_organisation


def _words(name: str) -> frozenset[str]:
    return frozenset((Path(__file__).parent / name).read_text(encoding="utf-8").split())


COUNTRIES = frozenset((Path(__file__).parent / "countries.txt").read_text(encoding="utf-8").splitlines())
_DEMONYMS = _words("demonyms.txt")
_JOINED_BEFORE, _JOINED_BEHIND = re.compile(r"(?:[^\W\d_][\w'’]*-|\b[OD]['’])\Z"), re.compile(r"-[^\W\d_][\w'’]*")
_OPENS = re.compile(r"(?:(?:and|The|the|und|et|y|e)(?:[ ]+(?=[^\W\d_])|\Z))")
_LONGEST_PART = 24
_LISTED = 0.5
_NUMBER_BEHIND = re.compile(r"[ ,]{1,2}\d")
_STREET = re.compile(
    r"(?:\d\w{0,4}|\b(?:rue|avenue|boulevard|chemin|place|quai|impasse|allée|calle|avenida|plaza|paseo|camino|acceso|retorno|circuito|privada|cerrada|callejón|glorieta|viaducto|ronda|rambla|via|viale|piazza|corso|rua|travessa|praça|ulica|ul\.|straat|laan))"
    r",?[ ](?:d[aeiou]s?[ ]|del[ ]|l[a’'][ ]?)?\Z",
    re.IGNORECASE,
)
_ROW = re.compile(r"[^\W\d_a-z][\w'’\-]*(?:[ ](?:[A-Z]\.|[^\W\d_a-z][\w'’\-]*)){0,4}")
_WORD = r"([^\W\d_][\w'’\-]+)"
# Words that only a name stands between; a listed one is somebody, also where nobody writes capitals.
_NAMED_AROUND = tuple(
    re.compile(words, re.MULTILINE)
    for words in (
        rf"(?:^|[\"“][ ]?){_WORD},[ ](?:can|could|would|will|please|did|do|are|have)[ ]",
        rf"(?:^|[.!?][ ]){_WORD}[ ](?:had[ ]given|spent[ ]an?[ ](?:day|week|month|year|summer)[ ](?:at|in|with))\b",
        rf"\b(?:give|gives|gave|given|told|asked|sent|showed)[ ]{_WORD}[ ](?:his|her|their)\b",
        rf"\b(?:[Gg]ender|[Ww]ife|[Hh]usband|[Ww]idow|[Dd]aughter|[Ss]ister|[Bb]rother|[Bb]irthday)[ ]of[ ]{_WORD}",
        rf"\b[Tt]he[ ](?:(?:van|von|de|der|di)[ ])?{_WORD}[ ](?:novel|biography|memoir)\b",
        rf"\((?:not[ ])?(?:by|feat\.)[ ]{_WORD}\)",
        rf"\b(?:but|because|and|if|when)[ ]{_WORD}[ ]just[ ](?:has|had|wants?|wanted|needs?|needed|loves?|loved|hates?|hated)\b",
        rf"\b(?:leave|tell|help|show|trust|believe)[ ]me,?[ ]{_WORD}[,!?.]",
        rf"\b(?:[Ss]chedule|[Bb]ook|[Ii]nvite|[Rr]emind|[Aa]sk|[Nn]otify)[ ]{_WORD}[ ](?:for|to|about)\b",
    )
)
_MONTHS = frozenset({"april", "may", "june", "august"})
# "linked to A. Alcala", "Author: K. Sinclair": an initial that ends no sentence, as in "plan B. Young people".
_INITIALLED = re.compile(
    r"(?:^|[(:;,|>–—\-*][ \t*_]+|[(|>\"“]|\b(?i:by|to|from|with|as|and|of|for|via|attn|cc|dear|told|asked|saw|met|is|where|when|but|because|if)[ ])(?P<name>(?:[A-Z]\.[ ]?){1,2}(?P<family>[^\W\d_a-z][\w'’\-]+))(?![\w@])",
    re.MULTILINE,
)
_LIKELY_AROUND = Likely((*_NAMED_AROUND, _INITIALLED))
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
            and row.group() not in COUNTRIES
            and not in_address(text, *row.span())
        ):
            yield Span("PERSON", row.start(), row.end(), _LISTED)


def named_around(text: str) -> Iterator[Span]:
    """Yield the listed names at places where only a name stands: "Cetera, can you ...", "she gave Anna her ...", "paid by A. Alcala"."""
    likely = _LIKELY_AROUND.of(text)
    typed_small = text.islower()
    for pattern in _NAMED_AROUND:
        for match in pattern.finditer(text) if pattern in likely else ():
            name = match[1]
            written = (typed_small or name[0].isupper()) and name.lower() not in _MONTHS
            if written and (is_given(name) or is_family(name)):
                yield Span("PERSON", *match.span(1), _LISTED)
    for match in _INITIALLED.finditer(text) if _INITIALLED in likely else ():
        family = match["family"]
        if is_family(family) and family not in _OF_NATURE and not in_address(text, *match.span("name")):
            yield Span("PERSON", *match.span("name"), _LISTED)
