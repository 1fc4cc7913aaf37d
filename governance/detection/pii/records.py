"""People and places in records, where no sentence speaks for a name.

Under a key (`"lastName": "Iyer"`, `surname = 'Ashdown'`), in a column whose heading says whose names stand there, in a list of
passengers, as an account ("password for dmitry.volkov").
"""

import re
from collections.abc import Callable, Iterator

from governance.detection.likely import Likely
from governance.detection.spans import Span

from .columns import cells_below
from .lists import is_family, is_given
from .organisations import is_company
from .readings import COUNTRIES, is_town

_SCORE = 0.7
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_PART = rf"(?:{_CAPITAL}[^\W\d_]*(?:['’\-][^\W\d_]+)*\.?)"
_WHOLE = rf"{_CAPITAL}[^\W\d_]+(?:['’\-][^\W\d_]+)*"
_PARTICLE = r"(?:(?:van|von|de|der|den|del|della|di|da|dos|la|le|bin|al|el|ten|zu)[ ])"
_NAME = rf"{_PART}(?:[ ,]{{1,2}}{_PARTICLE}{{0,3}}{_PART}){{0,4}}"
_LOGIN = r"[a-z]{1,20}[._][a-z]{2,20}"
# Words for a part of a name are of a name whatever stands below; words for somebody may also be of a firm or a team.
_OF_NAME = r"(?:first|last|given|family|middle|maiden|full|legal|preferred|fore)[ \t_\-]?names?|surnames?|(?:vor|nach|familien)name|pr[ée]nom|nom[ _]de[ _]famille|nom(?=[ \t]*[;,\t|][ \t]*prénom)|(?<=prénom[;,\t|])nom|apellidos?|cognome|achternaam|voornaam|sobrenome|nazwisko|imi[eę]"
_SOMEBODY = (
    r"(?:patient|employee|customer|client|contact|manager|student|teacher|guest|passenger|applicant|candidate|driver|doctor|nurse|tenant|landlord|witness|claimant|beneficiary|cardholder|"
    r"account[ _]?holder|policy[ _]?holder|line[ _]?manager|supervisor|requester|requestor|reporter|assignee|author|reviewer|approver|owner|caller|user|agent|signatory|participant|member|person|recipient|sender)"
    r"(?:['’]?s)?(?:[ \t_\-]?(?:full[ \t_\-]?)?name)?"
)
_KEY = re.compile(
    rf"(?<![A-Za-z])(?:[a-z]{{2,20}}(?:_|(?=[A-Z])))?(?i:{_OF_NAME})[\"']?[ \t]*(?:[:=]|=>|:=)[ \t]*([\"'])(?P<value>{_NAME})\1"
)
_KEY_OF_SOMEBODY = re.compile(rf"[\"'](?i:{_SOMEBODY})[\"'][ \t]*:[ \t]*\[?[ \t]*\"(?P<value>{_NAME})\"")
_TOWN = r"city|town|ville|stadt|wohnort|ciudad|città|citta|plaats|woonplaats|miasto|cidade|(?:birth[ _]?place|place[ _]of[ _]birth)"
_ADDRESS = r"(?:(?:home|postal|mailing|billing|shipping|delivery|street)[ _])?address|street|adresse|anschrift|direcci[óo]n|indirizzo|adres|endereço|morada"
_COUNTRY = r"(?:country|land|pays|país|paese|kraj)(?:[ _]of[ _](?:birth|residence))?"
_HEADING = re.compile(
    rf"(?:^|(?<=[\t|;,\"]))[ \t]*\"?(?P<label>(?i:(?P<part>{_OF_NAME})|(?P<town>{_TOWN}|{_COUNTRY})|(?P<address>{_ADDRESS})|{_SOMEBODY}))\"?[ \t]*(?=[\t|;,\"\n])",
    re.MULTILINE,
)  # fmt: skip
_KEY_OF_TOWN = re.compile(
    rf"[\"'](?i:{_TOWN})[\"'][ \t]*:[ \t]*\"(?P<value>{_PART}(?:[ \-]{_PARTICLE}?{_PART}){{0,3}})\""
)
_ADDRESS_CELL = re.compile(
    r"[ \t]*\"?(?P<value>(?=[^\n]{0,80}\d)(?=[^\n]{0,80}[^\W\d_]{3})[^\n\"@|]{6,100}?)\"?[ \t]*\Z"
)
_CELL = re.compile(rf"[ \t]*\"?(?P<value>{_NAME}|{_LOGIN})\"?[ \t]*\Z")
# "OKAFOR/CHUKWUEMEKA MR"
_PASSENGER = re.compile(
    r"(?<![\w/])(?P<value>[A-Z]{2,25}/[A-Z]{2,25}(?: [A-Z]{2,20}){0,2}? ?(?:MRS?|MS|MISS|MSTR|DR|CHD))(?![\w/])"
)
# "Failed password for dmitry.volkov", "user=m.delacroix"
_ACCOUNT = re.compile(
    rf"\b(?i:user(?:name)?|login|account|author|assignee|owner|reporter|requester|password for|logged in as)[\"']?[ \t]{{0,2}}[:=]?[ \t]{{0,2}}[\"']?(?P<value>{_LOGIN})(?![\w@.(\[/\-])"
)
# "Novák, Petr" in quotation marks; one of the words has to be listed.
_REVERSED = re.compile(rf"\"(?P<value>{_PART}(?:[ ]{_PART})?, {_PART}(?:[ ]{_PART}){{0,2}})\"")
# `<familyName>Nakamura</familyName>`, `last_name=Chaudhry&`, `lastName: Okafor`: an element, a form, a line that says nothing else.
_ELEMENT = re.compile(
    rf"<(?:[a-zA-Z]{{2,20}}(?:_|(?=[A-Z])|:))?(?i:{_OF_NAME})(?:[ ][^<>\n]{{0,80}})?>\s{{0,20}}(?P<value>{_NAME})\s{{0,20}}</"
)
_ELEMENT_OF_TOWN = re.compile(
    rf"<(?:[a-zA-Z]{{2,20}}:)?(?i:{_TOWN}|{_COUNTRY})>\s{{0,20}}(?P<value>{_PART}(?:[ \-]{_PARTICLE}?{_PART}){{0,3}})\s{{0,20}}</"
)
_FIELD = re.compile(
    rf"(?:^|[?&\s\"'])(?:[a-z]{{2,20}}_)?(?i:{_OF_NAME})=(?P<value>{_PART}(?:[+]{_PART}){{0,3}})(?=[&\s\"']|\Z)"
)
_LINE = re.compile(
    rf"^[ \t]*(?:-[ ])?(?:[a-z]{{2,20}}_)?(?i:{_OF_NAME})[ \t]*:[ \t]*(?P<value>{_NAME})[ \t]*\r?$", re.MULTILINE
)
# "Mbeki^Hamza": how pictures of patients write names (DICOM, PN) and messages between hospitals (HL7, XPN).
_CARETS = re.compile(rf"(?<![\w^])(?P<value>{_WHOLE}\^{_WHOLE}(?:\^{_WHOLE}){{0,3}})(?!\w)")
# A link to write to somebody shows who it is.
_LINKED = re.compile(
    rf"<a[ ][^<>\n]{{0,100}}\bmailto:[^<>\n]{{1,160}}>\s{{0,20}}(?P<value>{_PART}(?:[ ]{_PARTICLE}{{0,3}}{_PART}){{1,3}})\s{{0,20}}</a>"
)
# "| Accra, Ghana |": a town and its country alone in a cell.
_TOWN_CELL = re.compile(
    rf"(?:^|[|\t;\"])[ ]{{0,20}}(?P<value>{_PART}(?:[ \-]{_PART}){{0,2}}, (?P<country>[A-Z][\w]+(?:[ ][A-Z][\w]+){{0,2}}))[ ]{{0,20}}(?=[|\t;\"]|$)",
    re.MULTILINE,
)
_SHORT_COUNTRIES = frozenset(
    {"UAE", "USA", "UK", "US", "U.S.", "DRC", "KSA", "Czechia", "England", "Scotland", "Wales"}
)
_LIKELY = Likely(
    (
        _ELEMENT,
        _ELEMENT_OF_TOWN,
        _FIELD,
        _LINE,
        _CARETS,
        _LINKED,
        _TOWN_CELL,
        _KEY,
        _KEY_OF_TOWN,
        _KEY_OF_SOMEBODY,
        _PASSENGER,
        _REVERSED,
        _ACCOUNT,
        _HEADING,
    )
)
_NO_NAMES = frozenset({"string", "text", "varchar", "none", "null", "unknown", "test", "name", "first", "last", "value", "yes", "no", "open", "closed", "active", "admin", "system", "team", "support", "sales", "finance", "legal", "marketing", "total", "n/a", "required", "optional", "contact", "email", "mail", "us", "write", "click", "here", "customer", "service", "help", "desk", "info", "office", "privacy", "press"})  # fmt: skip
_CODE_OF_COUNTRY = 2  # letters: DE
_MOST_TABLES = 2000  # headings looked at in one text


def recorded(text: str) -> Iterator[Span]:
    """Yield the people, towns and addresses of records and tables."""
    likely = _LIKELY.of(text)
    found = [
        (kind, *match.span("value"))
        for pattern, kind, judge in _NAMED
        for match in (pattern.finditer(text) if pattern in likely else ())
        if judge(match["value"]) and not is_company(text, *match.span("value"))
    ]
    if _HEADING in likely:
        found += _in_columns(text)
    yield from (
        Span(kind, start, end, _SCORE, "address" if kind == "LOCATION" else "")
        for kind, start, end in dict.fromkeys(found)
    )


def _in_columns(text: str) -> Iterator[tuple[str, int, int]]:
    headings = [match for match, _ in zip(_HEADING.finditer(text), range(_MOST_TABLES), strict=False)]
    for number, (start, end) in cells_below(text, [heading.span("label") for heading in headings]):
        heading = headings[number]
        cell = (_ADDRESS_CELL if heading["address"] else _CELL).match(text, start, end)
        if cell is None or is_company(text, *cell.span("value")):
            continue
        if heading["town"] and len(cell["value"]) <= _CODE_OF_COUNTRY:
            continue
        kind = "LOCATION" if heading["address"] or heading["town"] else "PERSON"
        if heading["address"] or _judge_of(heading, cell["value"])(cell["value"]):
            yield (kind, *cell.span("value"))


def _judge_of(heading: re.Match[str], value: str) -> Callable[[str], bool]:
    if value[0].islower():
        return _is_login
    return _is_name if heading["part"] or heading["town"] else _is_somebody


def _is_name(value: str) -> bool:
    return not any(word.strip(".,").lower() in _NO_NAMES for word in value.split())


def _is_somebody(value: str) -> bool:
    """Return whether two words or more stand there and a list knows one: "Procurement" owns a row as well."""
    words = [word.strip(".,") for word in value.split()]
    return len(words) > 1 and _is_name(value) and any(is_given(word) or is_family(word) for word in words)


def _is_of_carets(value: str) -> bool:
    return any(is_given(word) or is_family(word) for word in value.split("^"))


def _ends_in_country(value: str) -> bool:
    country = value.rpartition(", ")[2]
    return country in COUNTRIES or country in _SHORT_COUNTRIES


def _is_reversed(value: str) -> bool:
    family, _, given = value.partition(", ")
    known = is_family(family) or any(is_given(word) for word in given.split())
    return known and _is_name(value) and not is_town(family) and not is_town(given)


def _is_login(value: str) -> bool:
    return any(is_given(part) or is_family(part) for part in re.split(r"[._]", value) if len(part) > 2)  # noqa: PLR2004 - de, al


_NAMED = (
    (_KEY, "PERSON", _is_name),
    (_ELEMENT, "PERSON", _is_name),
    (_FIELD, "PERSON", _is_name),
    (_LINE, "PERSON", _is_name),
    (_CARETS, "PERSON", _is_of_carets),
    (_LINKED, "PERSON", _is_somebody),
    (_ELEMENT_OF_TOWN, "LOCATION", _is_name),
    (_TOWN_CELL, "LOCATION", _ends_in_country),
    (_KEY_OF_TOWN, "LOCATION", _is_name),
    (_KEY_OF_SOMEBODY, "PERSON", _is_somebody),
    (_PASSENGER, "PERSON", _is_name),
    (_REVERSED, "PERSON", _is_reversed),
    (_ACCOUNT, "PERSON", _is_login),
)
