"""What is the name of an organisation, or a part of one: "Johnson Controls", "the Wells Fargo Bank", "The address of Drake is ..."."""

import re
from pathlib import Path

from governance.detection.spans import Span

from .lists import is_family, is_given

_KINDS = (
    "Inc|Incorporated|Ltd|Limited|LLC|LLP|PLC|GmbH|AG|KG|SA|SAS|SARL|SCS|SpA|BV|NV|AB|ASA|Oy|Oyj|Ky|Tmi|Bt|Kft|Zrt|Pty|Pvt|Tbk|Ltda|Şti|Corp|Corporation|Co|Company|Companies|Group|"
    "Holdings?|Partners|Partnership|Associates|Bank|Hospital|Clinic|University|College|School|Academy|Institute|Society|Foundation|Association|Council|Healthcare|Insurance|Airlines|"
    "Airways|Motors|Controls|Systems|Technologies|Technology|Solutions|Services|Industries|Logistics|Consulting|Capital|Ventures|Media|Press|Studios?|Records|Energy|Electric|Foods|"
    "Pharmaceuticals|Labs|Laboratories|Cooperative|Trust|Fund|Ministry|Agency|Authority|Times|Post|Herald|Tribune|United|Rovers|Railway|Railroad|Enterprises|Appraisals|Realty|"
    "Financial|Finance|Software|Networks|Supply|Shipping|Sons|Fils|Bros|Brothers|Hermanos|Figli|Söhne|ApS|HB|KB|Seafoods?|Bakery|Brewery|Travel|Telecom|Steel|Textiles|Mining|Farms|Dairy|Pharma|Biotech|Robotics|Analytics|Interiors|Plumbing|Builders|Construction|Dental|Opticians|Auto|Hotels|Airport|Semiconductors|Aerospace|Chemicals|Plastics|Packaging|Printing|Publishing|Catering|Recruitment|Properties|Investments|Mobility|OHG|GbR|SNC|LLLP|PLLC|Resorts|Stiftung|Osk|Kht|Nyrt|Sàrl|SPA|SLL|SLNE"
)
_POINTED = r"S\.?/?A\.?|A/S|a\.s\.|d\.d\.|d\.o\.o\.|o\.s\.|s\.c\.|s\.r\.o\.|[Ss]\.r\.l\.|(?:[Ss]p\. )?z o\.o\.|A\.C\.|A\.Ş\.|j\.d\.o\.o\.|és társa|- EI|S\.L\.|S\.(?:[A-Z][a-z]{0,4}\.?){1,3}|[Ss]p\. ?[jk]\.|Lda\.?|e [Ff]ilhos|en [Zz]onen|e figli|i syn|et fils|y hijos|& co|[Aa]sociad[oa]s|[Aa]ssocia(?:ti|dos)|& [Aa]sociad[oa]s|y asociad[oa]s"
# A comma may stand before "Inc.", not before a word that also begins something else.
_KIND_BEHIND = re.compile(
    rf"[ ](?:&[ ]|and[ ]|et[ ]|e[ ]|y[ ]|und[ ])?(?:(?:{_KINDS})\b|(?:{_POINTED})(?!\w))|,[ ](?:Inc|Ltd|LLC|LLP|PLC|GmbH|Corp)\b|[ ]\((?:Persero|Pty|Pvt)\)"
)
_ENDS_IN_KIND = re.compile(rf"(?:^|[ ])(?:{_KINDS}|{_POINTED})\.?$")
_BEGINS_IN_KIND = re.compile(
    r"(?:PT|PPUH|FPUH|Grupo|Despacho|Gruppo|Groupe|Gebr\.?|Firma|Grupa|Fundacja|Fundación|Fundação|Fondazione|Fondation|Stichting)[ ]"
)
# Who has an address is no place.
_ADDRESS_OF, _IS_AT = re.compile(r"\baddress of (?:the )?$", re.IGNORECASE), re.compile(r" (?:is|was)\b")
_LOOKS_BACK = 20
# What no person and no town does or is, and where somebody is something.
_IS_FIRM = re.compile(
    r"[ ](?:is the brainchild|is a (?:501\(c\)|charity|firm|start-?up|subsidiary|manufacturer)|invested heavily|shareholders)\b"
)
_THE, _OFFICE = (
    re.compile(r"\b[Tt]he (?:[^\W\d_a-z][\w'’\-]+ )?\Z"),
    re.compile(r" (?:[A-Z]\w+ )?office (?:is|was) at\b"),
)
_WORKS_AT, _AS_ROLE = (
    re.compile(r"\bat (?:[^\W\d_a-z][\w'’\-]+ )?\Z"),
    re.compile(r"(?: [A-Z][\w'’.\-]+){0,2} as (?:the|an?|our|their|its) [a-z]"),
)
_CAP = r"[^\W\d_a-z][\w'’\-]+"
# "Briggs Millennium Ventures Corp", "Polzer & Walser KG": the kind stands further behind.
_KIND_LATER = re.compile(rf"(?:[ ](?:&[ ])?{_CAP}){{1,3}}(?:{_KIND_BEHIND.pattern})")
# "Davis, Reynolds and Williamson": partners make a firm, towns a list.
_PARTNERS = re.compile(
    rf"(?<![\w,\-])(?:{_CAP},[ ]){{1,3}}{_CAP},?[ ](?:and|&|e|y|und|et|og|och|és)[ ]{_CAP}(?![\w\-])"
)
_PAIR = re.compile(rf"(?<![\w,\-&])(?P<one>{_CAP})[ ]&[ ](?P<other>[^\W\d_a-z][\w\-]+)(?P<shop>['’]s)?(?![\w\-])")
# Names of products, makers, letters and services; some are given names too.
_BRANDS = frozenset((Path(__file__).parent / "brands.txt").read_text(encoding="utf-8").split())
# Firms that are called like somebody, or somewhere.
_FIRMS = frozenset({
    "Wells Fargo", "Goldman Sachs", "Morgan Stanley", "Merrill Lynch", "Charles Schwab", "Eli Lilly", "Estée Lauder", "Louis Vuitton", "Jack Daniels", "Credit Suisse", "Kaiser Permanente",
    "Deutsche Telekom", "Ernst Young", "Marks Spencer", "Hugo Boss", "Calvin Klein", "Tommy Hilfiger", "Ralph Lauren", "Lloyds Banking", "Standard Chartered", "Burger King", "Texas Instruments",
})  # fmt: skip
_BESIDE_BEFORE = re.compile(r"([^\W\d_a-z][\w]+)(?:,|,?[ ](?:and|or|vs\.?|versus))[ ]\Z")
_BESIDE_BEHIND = re.compile(r"(?:,|,?[ ](?:and|or|vs\.?|versus))[ ]([^\W\d_a-z][\w]+)")
# What is called after somebody long dead: "the Gini coefficient", "a Turing test".
_EPONYM = re.compile(
    r"(?:['’]s?)?[ ](?:algorithm|test|theorem|law(?! firm)|rule|distribution|score|method|effect|equation|estimator|coefficient|criterion|inequality|transform|matrix|doctrine|syndrome|disease|chains?|scale|curve|interval|statistic|index|principle|modulus|ratio|paradox|conjecture|number)\b"
)
_THING_BEFORE = re.compile(
    r"\b(?:[Pp]roject|[Cc]ode[ ]?name|[Rr]oom|[Cc]luster|[Rr]elease|[Ss]print|[Ff]ont|[Tt]ypeface|[Vv]essel|[Oo]peration|[Cc]odename[ ]is)[ ]\Z"
)
_LONGEST_FIRM = 120  # characters
_OF_FIRM = re.compile(
    rf"(?:['’]s)?[ ](?:office|offices|branch|headquarters|tent|store|account|law firm)\b|{_KIND_BEHIND.pattern}"
)
_AT_FIRM = re.compile(
    r"\b(?:(?:at|by|with|became|joined|choosing|address of)[ ](?:the[ ])?|the[ ]|(?:company|employer|firm)(?: name)?(?::[*_ ]{1,4}|[ ]))\Z",
    re.IGNORECASE,
)
_NAMES = re.compile(rf"{_CAP}")


def is_of_thing(text: str, span: Span) -> bool:
    """Return whether one word is a brand, in a row with brands if it is a given name as well, or what a project or a room is called."""
    value = text[span.start : span.end]
    if " " in value:
        return value in _FIRMS
    if _EPONYM.match(text, span.end):
        return True
    if _THING_BEFORE.search(text, max(0, span.start - _LOOKS_BACK), span.start):
        return True
    beside = (
        _BESIDE_BEFORE.search(text, max(0, span.start - 2 * _LOOKS_BACK), span.start),
        _BESIDE_BEHIND.match(text, span.end),
    )
    in_row = any(each is not None and each[1] in _BRANDS for each in beside)
    return in_row or (value in _BRANDS and not is_given(value) and not is_family(value))


def is_of_organisation(text: str, span: Span) -> bool:
    """Return whether the name at `span` is that of an organisation, or its beginning."""
    if (
        is_of_thing(text, span)
        or is_company(text, span.start, span.end)
        or _is_partner(text, span)
        or _is_one_of_pair(text, span)
        or _is_said_of_firm(text, span)
    ):
        return True
    return span.type == "LOCATION" and bool(
        _KIND_LATER.match(text, span.end)
        or (_ADDRESS_OF.search(text, max(0, span.start - _LOOKS_BACK), span.start) and _IS_AT.match(text, span.end))
    )


def _is_said_of_firm(text: str, span: Span) -> bool:
    """Return whether only of a firm can be said what stands around: "The Vuille office is at ...", "a year at Tabacu as the assistant"."""
    if _IS_FIRM.match(text, span.end):
        return True
    low = max(0, span.start - 2 * _LOOKS_BACK)
    office = _OFFICE.match(text, span.end) and _THE.search(text, low, span.start)
    works = _AS_ROLE.match(text, span.end) and _WORKS_AT.search(text, low, span.start)
    return bool(office or works)


def _is_one_of_pair(text: str, span: Span) -> bool:
    """Return whether two family names, the same name twice, or somebody's shop make a firm: "Procter & Gamble", "Ben & Jerry's"."""
    low = max(0, span.start - 2 * _LOOKS_BACK)
    for pair in _PAIR.finditer(text, low, min(len(text), span.end + 2 * _LOOKS_BACK)):
        if pair.start() <= span.start and span.end <= pair.end():
            one, other = pair["one"], pair["other"]
            return one == other or bool(pair["shop"]) or not (is_given(one) or is_given(other))
    return False


def _is_partner(text: str, span: Span) -> bool:
    """Return whether the name is one of a row of family names that is a firm's: "the Davis, Reynolds and Williamson office"."""
    low = max(0, span.start - _LONGEST_FIRM)
    for row in _PARTNERS.finditer(text, low, min(len(text), span.end + _LONGEST_FIRM)):
        if row.start() <= span.start and span.end <= row.end():
            names = _NAMES.findall(row.group())
            known = sum(all(map(is_family, name.split("-"))) for name in names)
            announced = _AT_FIRM.search(text, max(0, row.start() - _LOOKS_BACK), row.start()) is not None
            return _OF_FIRM.match(text, row.end()) is not None or (announced and known == len(names))
    return False


def _kind_goes_on(text: str, start: int, end: int) -> bool:
    """Return whether the last word begins the kind of a company that goes on behind it: "Gomes Melo S.|A."."""
    kind = _KIND_BEHIND.match(text, max(start, text.rfind(" ", start, end)))
    return kind is not None and kind.end() > end


def is_company(text: str, start: int, end: int) -> bool:
    """Return whether `text[start:end]` says what kind of company it is, or the word behind or before it does."""
    value = text[start:end]
    return bool(
        _KIND_BEHIND.match(text, end)
        or _kind_goes_on(text, start, end)
        or _ENDS_IN_KIND.search(value)
        or _BEGINS_IN_KIND.match(value)
        or _BEGINS_IN_KIND.match(text, text.rfind(" ", 0, max(0, start - 1)) + 1, start)
    )
