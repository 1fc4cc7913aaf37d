"""What is the name of an organisation, or a part of one: "Johnson Controls", "the Wells Fargo Bank", "The address of Drake is ..."."""

import re

from governance.detection.spans import Span

_KINDS = (
    "Inc|Incorporated|Ltd|Limited|LLC|LLP|PLC|GmbH|AG|KG|SA|SAS|SARL|SCS|SpA|BV|NV|AB|ASA|Oy|Oyj|Ky|Tmi|Bt|Kft|Zrt|Pty|Pvt|Tbk|Ltda|Şti|Corp|Corporation|Co|Company|Companies|Group|"
    "Holdings?|Partners|Partnership|Associates|Bank|Hospital|Clinic|University|College|School|Academy|Institute|Society|Foundation|Association|Council|Healthcare|Insurance|Airlines|"
    "Airways|Motors|Controls|Systems|Technologies|Technology|Solutions|Services|Industries|Logistics|Consulting|Capital|Ventures|Media|Press|Studios?|Records|Energy|Electric|Foods|"
    "Pharmaceuticals|Labs|Laboratories|Cooperative|Trust|Fund|Ministry|Agency|Authority|Times|Post|Herald|Tribune|United|Rovers|Railway|Railroad|Enterprises|Appraisals|Realty|"
    "Financial|Finance|Software|Networks|Supply|Shipping|Sons|Fils|Bros|Brothers|Hermanos|Figli|Söhne"
)
_POINTED = r"S\.?/?A\.?|A/S|a\.s\.|d\.d\.|d\.o\.o\.|s\.r\.o\.|S\.r\.l\.|z o\.o\.|A\.C\.|S\.L\."
# A comma may stand before "Inc.", not before a word that also begins something else.
_KIND_BEHIND = re.compile(
    rf"[ ](?:&[ ]|and[ ]|et[ ]|e[ ]|y[ ]|und[ ])?(?:(?:{_KINDS})\b|(?:{_POINTED})(?!\w))|,[ ](?:Inc|Ltd|LLC|LLP|PLC|GmbH|Corp)\b|[ ]\((?:Persero|Pty|Pvt)\)"
)
_ENDS_IN_KIND = re.compile(rf"(?:^|[ ])(?:{_KINDS}|{_POINTED})\.?$")
_BEGINS_IN_KIND = re.compile(r"(?:PT|Grupo|Despacho|Gruppo|Groupe|Gebr\.?|Firma)[ ]")
# Who has an address is no place.
_ADDRESS_OF, _IS_AT = re.compile(r"\baddress of (?:the )?$", re.IGNORECASE), re.compile(r" (?:is|was)\b")
_LOOKS_BACK = 20


def is_of_organisation(text: str, span: Span) -> bool:
    """Return whether the name at `span` is that of an organisation, or its beginning."""
    if is_company(text, span.start, span.end):
        return True
    return bool(
        span.type == "LOCATION"
        and _ADDRESS_OF.search(text, max(0, span.start - _LOOKS_BACK), span.start)
        and _IS_AT.match(text, span.end)
    )


def is_company(text: str, start: int, end: int) -> bool:
    """Return whether `text[start:end]` says what kind of company it is, or the word behind or before it does."""
    value = text[start:end]
    return bool(
        _KIND_BEHIND.match(text, end)
        or _ENDS_IN_KIND.search(value)
        or _BEGINS_IN_KIND.match(value)
        or _BEGINS_IN_KIND.match(text, text.rfind(" ", 0, max(0, start - 1)) + 1, start)
    )
