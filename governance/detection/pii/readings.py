"""What the words of a name make of what the model took it for: whole words, towns that are people, peoples that are no towns."""

import re
from collections.abc import Collection, Iterator, Sequence
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
        rf"\b(?:[Ss]chedule|[Bb]ook|[Ii]nvite|[Rr]emind|[Aa]sk|[Nn]otify|[Tt]ell|[Ii]nform)[ ]{_WORD}[ ](?:for|to|about|that|whether|if)\b",
        rf"\b(?:[Aa]unt(?:y|ie)?|[Uu]ncle|[Cc]ousin|(?:[Mm]y|[Hh]is|[Hh]er|[Oo]ur|[Tt]heir)[ ](?:wife|husband|son|daughter|brother|sister|colleague|boss|friend|manager|landlord|tenant|neighbou?r|partner|assistant))[ ]{_WORD}",
    )
)
_KEYS = frozenset({"max", "min", "mark", "grant", "rose", "will", "art", "page", "case", "chase", "data", "price", "sunny", "summer", "main", "long", "short", "story", "link", "dev", "url"})  # fmt: skip
_MONTHS = frozenset({"april", "may", "june", "august"})
# "linked to A. Alcala", "Author: K. Sinclair": an initial that ends no sentence, as in "plan B. Young people".
_INITIALLED = re.compile(
    r"(?:^|[(:;,|>–—\-*][ \t*_]+|[(|>\"“]|\b(?i:by|to|from|with|as|and|of|for|via|attn|cc|dear|told|asked|saw|met|is|where|when|but|because|if)[ ])(?P<name>(?:[A-Z]\.[ ]?){1,2}(?P<family>[^\W\d_a-z][\w'’\-]+))(?![\w@])",
    re.MULTILINE,
)
_IN_ROW = re.compile(r"[,;.)]|[ ](?:\(|and\b|&)|\Z")  # of people by their initials: "I. Haugen, S. Pillai (chair)"
# "lena: done. marco: thanks": who speaks in a chat, where nobody writes capitals.
_SPEAKER = re.compile(r"(?:^|[.!?\]][ ])(?P<name>[a-z]{3,20}):[ ](?=[^\W\d_])", re.MULTILINE)
_LEAST_SPEAKERS = 2
_LIKELY_AROUND = Likely((*_NAMED_AROUND, _INITIALLED, _SPEAKER))
# Korean given names as they are written in Latin letters; "Co-op" and "Pre-war" are none.
_OF_TWO_SYLLABLES = re.compile(
    r"(?!(?:Co|Re|Pre|Non|Sub|On|In|Off|Up|Mid|Out|Post|Anti|Multi|Self|Semi|Ex|E|Add|Log|Sign|Set|Check|Cut|Pro|Bi|Tri|De|Un|Vice|Well|Low|High|Long|Short)-)[A-Z][a-z]{1,4}-[a-z]{2,5}"
)
_TOWNS = _words("towns.txt")  # given names that are places more often
_ONE_WORD = re.compile(r"[^\W\d_a-z][^\W\d_]+(?:['’\-][^\W\d_]+)?")
_AT_PLACE = re.compile(
    r"(?:\b(?:in|at|from|to|near|via|of|into|through|around|across|outside|towards?|north|south|east|west|central|downtown|greater|en|à|nach|aus|naar|uit|für|for)|(?-i:[^\W\d_a-z][\w.]*),|[/\-–]|\d)[ ]*\Z",
    re.IGNORECASE,
)
_PLACE_BEHIND = re.compile(
    r",?[ ](?:[A-Z]{2}\b|\d)|[,/\-–][ ]?[^\W\d_a-z]|[ ](?:office|branch|airport|region|area|county|city|province|state|plant|site|campus)\b"
)
_PARTICLE_BEFORE = re.compile(
    r"[ ](?:[Ll]o|[Ll]a|[Ll]e|[Ee]l|[Aa]l|[Aa]p|[Vv][ao]n(?: de[rn]?)?|[Dd][ei](?: la)?|[Dd]os|[Dd]a|[Bb]int?|[Bb]en|[Ii]bn|[Mm]ac|[Tt]er|[Zz]u)[ ]\Z"
)
_REST_OF_NAME = re.compile(r"[^\W\d_][\w'’\-]*(?:[ ][^\W\d_][\w'’\-]*)?")
_ARABIC = re.compile(r"(?:[Aa]l|[Ee]l|[Aa]s|[Aa]d|[Aa]r|[Bb]in|[Ii]bn)[\-][A-Z]\w+")
_BUILDINGS = frozenset({"House", "Cottage", "Lodge", "Farm", "Villa", "Hall", "Manor", "Mill", "Barn", "Tower", "Mansions", "Apartments"})  # fmt: skip
_DWELLINGS = _BUILDINGS - {"Hall", "Mill", "Tower"}  # Willow House is no Willow; these three are families as well
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
    value = text[span.start : span.end]
    if span.type != "LOCATION":
        building = " " in value and value.rpartition(" ")[2] in _BUILDINGS and text[span.end : span.end + 1] == ","
        return replace(span, type="LOCATION") if building else span
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
    return replace(span, type="PERSON", end=row.end()) if row and _is_full_name(row.group().split()) else None


def _is_full_name(words: Sequence[str]) -> bool:
    """Return whether a listed given name stands first and a listed family name last: not Virginia Beach, but Eun-ji Park."""
    if len(words) == 1 or not is_family(words[-1]) or words[-1] in _DWELLINGS:
        return False
    return _OF_TWO_SYLLABLES.fullmatch(words[0]) is not None or (is_given(words[0]) and words[-1] not in _OF_NATURE)


def is_town(value: str) -> bool:
    """Return whether a word is a country, or a given name that is a town or a region more often."""
    return value in COUNTRIES or value.lower() in _TOWNS


def is_part_of_name(text: str, span: Span, named: Collection[int]) -> bool:
    """Return whether one word that was taken for a place is somebody: part of a name, or a given name where no place can stand.

    `named` holds where people begin and end in `text`.
    """
    value = text[span.start : span.end]
    if _goes_on(text, span, named):
        return True
    if not _ONE_WORD.fullmatch(value) or is_town(value):
        return False
    if span.start - 1 in named and text[span.start - 1] == " ":
        return is_family(value) or is_given(value)
    at_place = _AT_PLACE.search(text, max(0, span.start - _LONGEST_PART), span.start) is not None
    if at_place or _PLACE_BEHIND.match(text, span.end):
        return False
    return (span.end + 1 in named and text[span.end : span.end + 1] == " ") or is_given(value)


def _goes_on(text: str, span: Span, named: Collection[int]) -> bool:
    """Return whether a particle joins the place to somebody before it: "Yusuf |al-Khatib", "Chiara Lo |Presti"."""
    if not _REST_OF_NAME.fullmatch(text, span.start, span.end):
        return False
    particle = _PARTICLE_BEFORE.search(text, max(0, span.start - _LONGEST_PART), span.start)
    if particle:
        return span.start - 1 in named or particle.start() in named
    return span.start - 1 in named and _ARABIC.match(text, span.start) is not None


def in_address(text: str, start: int, end: int) -> bool:
    """Return whether a street or a number stands before a name, or a number behind it: streets are named after people."""
    before = _STREET.search(text, max(0, start - _LONGEST_PART), start)
    return before is not None or _NUMBER_BEHIND.match(text, end) is not None


def full_names(text: str) -> Iterator[Span]:
    """Yield the people whose given and family names are both listed, but for those that streets are named after."""
    for row in _ROW.finditer(text):
        if _is_full_name(row.group().split()) and row.group() not in COUNTRIES and not in_address(text, *row.span()):
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
    yield from _initialled(text) if _INITIALLED in likely else ()
    speakers = [match for match in _SPEAKER.finditer(text) if is_given(match["name"])] if _SPEAKER in likely else []
    if len({match["name"] for match in speakers} - _KEYS) >= _LEAST_SPEAKERS:
        yield from (Span("PERSON", *match.span("name"), _LISTED) for match in speakers if match["name"] not in _KEYS)


def _initialled(text: str) -> Iterator[Span]:
    """Yield the people with initials whose family names are listed, and those in one row with them: "I. Haugen, S. Pillai"."""
    found = list(_INITIALLED.finditer(text))
    row = any(is_family(match["family"]) and _IN_ROW.match(text, match.end()) for match in found)
    for match in found:
        known = is_family(match["family"]) or (row and _IN_ROW.match(text, match.end()))
        if known and match["family"] not in _OF_NATURE and not in_address(text, *match.span("name")):
            yield Span("PERSON", *match.span("name"), _LISTED)
