"""Names and addresses that a text announces: "my name is ...", "Patient: ...", "Dr. ...", "lives at ...". No model needed."""

import re
from collections.abc import Iterator

from governance.detection.spans import Span

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĹĻĽŁŃŅŇŌŎŐŔŖŘŚŜŞŠŢŤŨŪŬŮŰŲŴŶŸŹŻŽ]"
_NAME = rf"{_CAPITAL}[\w'’\-]+"
_INITIAL = rf"{_CAPITAL}\."
_FULL = rf"{_NAME}(?:[ \t]+(?:{_INITIAL}|de|da|del|di|van|von|der|den|la|le|bin|al|{_NAME})){{1,4}}"
_ANNOUNCED = (
    re.compile(rf"\b(?i:my|his|her|whose|full|maiden)[ \t]+(?i:name)[ \t]*(?i:is|was|:)[ \t]*({_NAME}(?:[ \t]+{_NAME}){{0,3}})"),
    re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Herrn?|Frau|Mme|Mlle|Monsieur|Madame|Señora?|Signora?|Sra|Pan|Pani)\b\.?[ \t]+({_NAME}(?:[ \t]+(?:{_INITIAL}|{_NAME})){{0,2}})"),
    re.compile(
        r"(?im:^|[|>*\-•,;(][ \t]*)(?i:(?:patient|customer|client|employee|member|applicant|beneficiary|cardholder|card holder|account holder|holder|policyholder|claimant|debtor|guarantor|driver|"
        r"insured|subscriber|recipient|sender|shipper|consignee|physician|doctor|nurse|attending|contact person|contact|attn|attention|full|legal|first|last|given|family|sur|signatory|witness|cc)"
        rf"(?:['’]s)?(?:[ \t_]?name)?)[ \t*]*[:=][ \t*\"']*({_FULL})"
    ),
    re.compile(rf"\b(?i:(?:kind|best|warm)?[ \t]*regards|sincerely(?:[ \t]yours)?|cheers|mit freundlichen grüßen|cordialement)[ \t]*,?[ \t]*\n+[ \t]*({_FULL})[ \t]*(?:\n|$)"),
)  # fmt: skip
_ANNOUNCES = re.compile(
    r"name|\b(?:mr|mrs|ms|miss|dr|prof|herr|frau|mme|monsieur|madame|señor|signor|sra|pan)|[:=]|regards|sincerely|cheers|grüßen|cordialement",
    re.IGNORECASE,
)

_COMPANY = re.compile(r"[ ,]*\b(?:Inc|Ltd|LLC|LLP|GmbH|Corp|PLC|AG|Company|Group|Bank|Logistics|Services|Solutions)\b")
_LIVES_AT = re.compile(
    r"(?<!\bip )(?<!\bmac )(?<!mail )(?<!\bweb )(?<!memory )(?<!server )(?<!\burl )\b(?:(?:postal|home|billing|shipping|mailing|delivery|street|new|current|his|her|my|their|the)[ \t]+)*"
    r"(?:address(?:[ \t]+(?:is|of[ \t][^\n:]{1,40}?[ \t]is))?[ \t]*:?|lives?[ \t]+at|living[ \t]+at|resid(?:es|ing)[ \t]+at|located[ \t]+at|office[ \t]+is[ \t]+at|(?:ship|deliver|send)[ \t]+(?:it[ \t]+)?to:?)[ \t]*\n?[ \t]*"
    r"((?:\d{1,6}[A-Za-z]?,?[ \t]+[^\W\d_]|[^\W\d_][\w'’.\-]*(?:[ \t]+[^\W\d_][\w'’.\-]*){0,3}[ \t]+\d{1,5}\b)[^\n.;?!|]{0,60}(?:\.[ \t]?(?:\d|[a-z])[^\n.;?!|]{0,40}){0,2}(?:\n[ \t>]*[^\n.;?!:|]{1,34}(?=\n|$)){0,4})",
    re.IGNORECASE,
)  # fmt: skip
_LIVES = re.compile(r"address|li(?:ve|ving)|resid|located|office|ship|deliver|send", re.IGNORECASE)


def announced(text: str) -> Iterator[Span]:
    """Yield the names and addresses that the words before them announce."""
    if _ANNOUNCES.search(text):
        for pattern in _ANNOUNCED:
            for match in pattern.finditer(text):
                if not _COMPANY.search(match[1]) and not _COMPANY.match(text, match.end(1)):
                    yield Span("PERSON", match.start(1), match.end(1), 0.8)
    if _LIVES.search(text):
        for match in _LIVES_AT.finditer(text):
            yield Span("LOCATION", match.start(1), match.start(1) + len(match[1].rstrip(" ,\t\n")), 0.6, "address")
