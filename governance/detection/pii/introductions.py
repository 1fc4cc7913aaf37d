"""Names and addresses that a text announces: "my name is ...", "Patient: ...", "Dr. ...", "lives at ...". No model needed."""

import re
from collections.abc import Collection, Iterator

from governance.detection.likely import Likely
from governance.detection.spans import Span

from .lists import is_family, is_given
from .organisations import is_company

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĹĻĽŁŃŅŇŌŎŐŔŖŘŚŜŞŠŢŤŨŪŬŮŰŲŴŶŸŹŻŽ]"
_NAME = rf"{_CAPITAL}[\w'’\-]+"
_INITIAL = rf"{_CAPITAL}\."
_FULL = rf"{_NAME}(?:[ \t]+(?:{_INITIAL}|de|da|del|di|van|von|der|den|la|le|bin|al|{_NAME})){{1,4}}"
# A word that begins a sentence is no name for its capital.
_SOMEBODY = (
    r"(?!(?:I|I'm|My|It|Its|It's|The|This|That|These|We|He|She|They|You|Your|Not|No|Yes|What|Who|When|Where|If|Is|Are|World|All|Everybody|Everyone|Nobody|"
    rf"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b){_NAME}"
)
_PERSON = rf"{_SOMEBODY}(?:[ \t]+(?:{_INITIAL}|{_NAME})){{0,2}}"
_SPOKE = r"(?:says?|said|asks|asked|adds|added|replied|told|explains|explained|notes|noted|recalls|recalled|shouted|yelled|whispered)"
_ROLES = (
    "patient|customer|client|employee|member|applicant|beneficiary|cardholder|card holder|account holder|holder|policyholder|claimant|debtor|guarantor|driver|"
    "insured|subscriber|recipient|sender|shipper|consignee|physician|doctor|nurse|prescriber|provider|attending|contact person|contact|attn|attention|full|legal|first|last|given|family|sur|"
    "signatory|witness|cc|requester|approver|agent|representative|advisor|coordinator|manager|supervisor|tenant|landlord|buyer|seller|payer|payee|student|teacher|passenger|guest|resident|user|owner|"
    "(?:prepared|reported|assigned|approved|submitted|signed|reviewed|issued|requested)[ \t](?:by|to)"
)
_ANNOUNCED = (
    re.compile(rf"\b(?i:my|his|her|whose|full|maiden)[ \t]+(?i:name)[ \t]*(?i:is|was|:)[ \t]*({_NAME}(?:[ \t]+{_NAME}){{0,3}})"),
    re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Herrn?|Frau|Mme|Mlle|Monsieur|Madame|Señora?|Signora?|Sra|Pan|Pani)\b\.?[ \t]+({_NAME}(?:[ \t]+(?:{_INITIAL}|{_NAME})){{0,2}})"),
    re.compile(rf"(?im:^|[|>*\-•,;(][ \t]*)(?i:(?:[a-z]{{2,20}}[ \t])?(?:{_ROLES})(?:['’]s)?(?:[ \t_]?name)?|name)[ \t*]*[:=][ \t*\"']*({_FULL}|{_INITIAL}[ \t]+{_NAME})"),
    re.compile(rf"(?:['’]s|\bthe|\bunder)[ \t]+name[ \t]+(?:of[ \t]+)?((?:{_INITIAL}[ \t]+)?{_PERSON})"),
    re.compile(rf"\b(?i:call(?:s|ed)?[ \t]+me|name\?|i[ \t]am[ \t]called)[ \t]+({_PERSON})"),
    re.compile(rf"[\"”’'!?,][ \t]+{_SPOKE}[ \t]+({_PERSON})"),
    re.compile(rf"\b{_SPOKE}[ \t]+(?:at|to)[ \t]+({_PERSON})"),
    re.compile(rf"\b{_SPOKE}[ \t]+{_PERSON}[ \t]+to[ \t]+({_PERSON})"),
    re.compile(rf"\b(?:the|a|an)[ \t]+((?:{_INITIAL}[ \t]+)?{_PERSON})[ \t]+(?:novel|concert|biography|autobiography|memoir)\b"),
    re.compile(rf"\b(?:wife|husband|widow|daughter|son|brother|sister|mother|father|gender|birthday|murder|arrest)[ \t]+of[ \t]+({_PERSON})"),
    re.compile(rf"\b(?i:thank[ \t]you|thanks|hello|hi|hey|dear|sorry|welcome|good[ \t](?:morning|afternoon|evening)),?[ \t]+(?!(?:Team|Sirs?|Madam|Support|Customers?|Folks|Colleagues?|Friends?|Guys|There|God|Again|Doctor|Both|Members?|Users?|Partners?|Admins?|Mr|Mrs|Ms|Miss|Dr|Prof)\b)({_PERSON})(?=[.,!?\n]|$)"),
    re.compile(rf"\b(?i:(?:first|last|family|given|middle|maiden)[ \t]name|surname|forename)(?:['’]s|[ \t]is|[ \t]was|,)?[ \t]+({_SOMEBODY})"),
    re.compile(rf"\bnamed[ \t]+(?:him|her|them)[ \t]+({_PERSON})"),
    re.compile(rf"\b(?i:address)[ \t]*:[ \t]*({_NAME}(?:[ \t]+(?:{_INITIAL}|{_NAME})){{1,2}})[ \t]*\n[ \t>]*\d"),
    re.compile(rf"\b(?i:(?:kind|best|warm)?[ \t]*regards|sincerely(?:[ \t]yours)?|cheers|mit freundlichen grüßen|cordialement)[ \t]*,?[ \t]*\n+[ \t]*({_FULL})[ \t]*(?:\n|$)"),
)  # fmt: skip
# "Laos was super fun to visit", "In Gdynia they have ..."
_PLACES = (
    re.compile(rf"({_PERSON})[ \t]+(?:was|is|were|are)[ \t]+(?:[a-z]+[ \t]+){{0,4}}to[ \t]visit\b"),
    re.compile(rf"\bIn[ \t]+({_PERSON})[ \t]+(?:they|we|people)\b"),
)
# "founders: Morrison, Rogers and Torres"
_LISTED = re.compile(rf"\b(?i:founders|members|attendees|participants|speakers|authors|witnesses|candidates|employees|colleagues|winners|guests|directors)[ \t]*(?::|are|were)[ \t]+({_PERSON}(?:,[ \t]+{_PERSON}){{0,12}},?(?:[ \t]+(?:and|&)[ \t]+{_PERSON})?)")  # fmt: skip
_IS_PLACE = re.compile(r"to visit\b|\bIn\b")
_PARTS = re.compile(r"(?:,|[ \t]+and|[ \t]+&)[ \t]+(?:and[ \t]+)?")
# A label says who it is also where nobody writes capitals; a list has to know one of the words.
_SMALL_LABELLED = re.compile(
    rf"(?im:^|[.;,|>*•\-(][ \t]+)(?i:(?:{_ROLES}|reporter|assignee|author|caller|requestor)(?:[ \t_]?name)?)[ \t]*[:=][ \t]*(?P<name>[a-z]{{2,}}(?:[ \t][a-z'’\-]{{2,}}){{1,2}})(?=[ \t]*(?:$|[.,;|)\n]))",
    re.MULTILINE,
)
_ADDRESSEE = re.compile(
    rf"(?:^|\n)[ \t>]*(?P<name>(?:{_NAME}|{_INITIAL})(?:[ \t]+(?:{_INITIAL}|{_NAME})){{1,2}})[ \t]*(?:\n[ \t>]*){{1,3}}\Z"
)
_ENVELOPE = 80  # characters above a street
# Who is calling, written down by a machine: "hi this is ewa marchetti calling from ...". A list has to know one of the words.
_CALLER = re.compile(
    r"\b(?:this is|my name is|my names|i am|i'm|you are speaking (?:to|with)|speaking with)[ ](?P<name>[a-z]{2,20}(?:[ ](?!(?:from|here|with|and|who|calling|speaking)\b)[a-z'’\-]{2,24}){1,2})[ ](?:calling|speaking|here|from|phoning|ringing|again)\b"
)
# In a text without capitals.
_SMALL = re.compile(r"(?:^|\b(?:mr|mrs|ms|dr|prof)\.?[ \t]+|\bname[ \t]*:[ \t]*)(?P<name>(?:(?<=\. )|(?<=:)|(?<=: )|(?<=[ \t]))[^\W\d_]{2,}(?:[ \t]+(?:[^\W\d_]\.|[^\W\d_]{2,})){1,2})(?=[ \t]*(?:$|[.,\n]))", re.MULTILINE)  # fmt: skip
_ANNOUNCES = re.compile(
    r"name|this is|i['’]?[ ]?a?m |speaking|call|address|say|said|ask|add|repl|told|expl|note|recall|shout|yell|whisp|novel|concert|biogra|memoir| of |founder|member|attend|partic|speak|author|witness|candid|employ|colleag|winner|guest|direct|"
    r"\b(?:mr|mrs|ms|miss|dr|prof|herr|frau|mme|monsieur|madame|señor|signor|sra|pan)|[:=]|thank|hello|\bhi\b|\bhey|dear|sorry|welcome|morning|evening|afternoon|regards|sincerely|cheers|grüßen|cordialement",
    re.IGNORECASE,
)

_LIVES_AT = re.compile(
    r"(?<!\bip )(?<!\bmac )(?<!mail )(?<!\bweb )(?<!memory )(?<!server )(?<!\burl )\b(?:(?:postal|home|billing|shipping|mailing|delivery|street|new|current|his|her|my|their|the)[ \t]+)*"
    r"(?:address(?:[ \t]+(?:is|of[ \t][^\n:]{1,40}?[ \t]is))?[ \t]*:?|lives?[ \t]+at|living[ \t]+at|resid(?:es|ing)[ \t]+at|located[ \t]+at|office[ \t]+is[ \t]+at|(?:ship|deliver|send)[ \t]+(?:it[ \t]+)?to:?)[ \t]*\n?[ \t]*"
    r"((?:\d{1,6}[A-Za-z]?,?[ \t]+[^\W\d_]|[^\W\d_][\w'’.\-]*(?:[ \t]+[^\W\d_][\w'’.\-]*){0,3},?[ \t]+\d{1,5}\b)[^\n.;?!|]{0,60}(?:\.[ \t]?(?-i:\d|[a-z])[^\n.;?!|]{0,40}){0,2}(?:\n[ \t>]*[^\n.;?!:|]{1,34}(?=\n|$)){0,4})",
    re.IGNORECASE,
)  # fmt: skip
_MEASURE = re.compile(
    r"\d+[ \t]+(?:(?:packed|more|or|and|to|of|in|not)[ \t]+)*(?:bits?|bytes?|octets?|characters?|digits?|words?|colons?|parts?|or|and|to|of|in)\b"
)
_ZIP = re.compile(r"\b(?:zip|postal|post)[ \t-]?code[ \t]*(?:is|was|:)?[ \t]*((?=[A-Z \-]{0,4}\d)[A-Z\d](?:[ \-]?[A-Z\d]){2,8})(?!\w)", re.IGNORECASE)  # fmt: skip
_LIVES = re.compile(r"address|li(?:ve|ving)|resid|located|office|ship|deliver|send", re.IGNORECASE)
_LIKELY_PEOPLE, _LIKELY_PLACES = (
    Likely((*_ANNOUNCED, _LISTED, _SMALL_LABELLED, _CALLER)),
    Likely((*_PLACES, _LIVES_AT, _ZIP)),
)


def announced(text: str) -> Iterator[Span]:
    """Yield the names and addresses that the words before them announce."""
    yield from announced_people(text)
    likely = _LIKELY_PLACES.of(text)
    places = [pattern for pattern in _PLACES if pattern in likely]
    for match in (match for pattern in places for match in pattern.finditer(text)) if _IS_PLACE.search(text) else ():
        yield Span("LOCATION", match.start(1), match.end(1), 0.5)
    if _LIVES_AT in likely and _LIVES.search(text):
        for match in filter(_begins_like_address, _LIVES_AT.finditer(text)):
            yield Span("LOCATION", match.start(1), match.start(1) + len(match[1].rstrip(" ,\t\n")), 0.6, "address")
    for match in _ZIP.finditer(text) if _ZIP in likely else ():
        yield Span("LOCATION", match.start(1), match.end(1), 0.6, "address")


def announced_people(text: str) -> Iterator[Span]:
    """Yield the names of people that the words around them announce."""
    likely = _LIKELY_PEOPLE.of(text)
    if (likely or text.islower()) and _ANNOUNCES.search(text):
        yield from _people(text, likely)


def addressee(text: str, street: int) -> Span | None:
    """Return the name on the line above the street that begins at `street`, as on an envelope; None when there is none."""
    match = _ADDRESSEE.search(text, max(0, street - _ENVELOPE), street)
    if match is None or is_company(text, *match.span("name")):
        return None
    return Span("PERSON", *match.span("name"), 0.5)


def _people(text: str, likely: Collection[re.Pattern[str]]) -> Iterator[Span]:
    for pattern in _ANNOUNCED:
        for match in pattern.finditer(text) if pattern in likely else ():
            if not is_company(text, match.start(1), match.end(1)):
                yield Span("PERSON", match.start(1), match.end(1), 0.8)
    for match in _LISTED.finditer(text) if _LISTED in likely else ():
        at = match.start(1)
        for part in _PARTS.split(match[1]):
            at = text.index(part, at)
            yield Span("PERSON", at, at + len(part), 0.6)
    yield from _in_small_letters(text, likely)
    if text.islower():
        yield from (Span("PERSON", *match.span("name"), 0.6) for match in _SMALL.finditer(text))


def _in_small_letters(text: str, likely: Collection[re.Pattern[str]]) -> Iterator[Span]:
    """Yield the listed names that a label or a greeting announces where nobody writes capitals."""
    for match in _SMALL_LABELLED.finditer(text) if _SMALL_LABELLED in likely else ():
        if any(is_given(word) or is_family(word) for word in match["name"].split()):
            yield Span("PERSON", *match.span("name"), 0.6)
    for match in _CALLER.finditer(text) if _CALLER in likely else ():
        if any(is_given(word) for word in match["name"].split()):
            yield Span("PERSON", *match.span("name"), 0.6)


def _begins_like_address(match: re.Match[str]) -> bool:
    """Return whether what stands behind "address" can be one: "the address is not 4 or 6" and "an address as 4 bytes" are about machines."""
    begin = match[1][0]
    return not _MEASURE.match(match[1]) and (begin.isdigit() or begin.isupper() or match.string.islower())
