"""Numbers that a label or a key announces: "MRN: 5156419", "passport number P4789023X", `"passportNumber": "P4789023X"`. Their own form proves nothing."""

import re
from collections.abc import Iterator

from governance.detection.likely import Likely
from governance.detection.spans import Span

from .checks import luhn, us_itin

# Presidio's names where it has one. A label, then the least digits its value must have.
_LABELS = (
    ("US_SSN", r"ssn|social[ \t_\-]{0,3}security(?:[ \t_\-]{0,3}(?:number|no\.?|num))?", 4),
    ("US_NPI", r"npi", 10),
    ("MEDICAL_ID", r"mrn|med(?:ical)?\.?[ \t_\-]{0,3}rec(?:ord)?s?|patient[ \t_\-]{0,3}(?:id|identifier)|chart[ \t_\-]{0,3}(?:number|no\.?|\#)", 4),
    ("US_HEALTH_INSURANCE_MEMBER_ID", r"(?:health[ \t_\-]{0,3}plan|insurance|policy(?:holder)?|member|subscriber|beneficiary)[ \t_\-]{0,3}(?:id|identifier|number|no\.?)", 5),
    ("VEHICLE_PLATE", r"(?:licen[sc]e|number)[ \t_\-]{0,3}plate|plate[ \t_\-]{0,3}(?:number|no\.?)|kennzeichen|immatriculation", 2),
    ("US_BANK_NUMBER", r"(?:bank|checking|savings|deposit)[ \t_\-]{0,3}(?:account|acct)|account[ \t_\-]{0,3}(?:number|no\.?)|acct\.?[ \t_\-]{0,3}(?:number|no\.?)", 6),
    ("IBAN_CODE", r"iban", 10),
    ("US_PASSPORT", r"passport", 5),
    ("US_DRIVER_LICENSE", r"driv(?:er|ing)['’]?s?[ \t_\-]{0,3}licen[sc]e", 5),
    ("TAX_ID", r"tax(?:payer)?[ \t_\-]{0,3}(?:id|identification|number)|tin|ein|vat[ \t_\-]{0,3}(?:id|number|no\.?)|steuernummer|steuer-id", 7),
    ("IN_PAN", r"pan(?:[ \t_\-]{0,3}card)?", 4),
    ("BANK_CODE", r"ifsc|sort|bic|swift", 3),
    ("ID_NUMBER", r"(?:student|matriculation|personnel|employee|staff|payroll|badge|membership|service)[ \t_\-]{0,3}(?:id|number|num|no\.?)", 5),
    ("ID_NUMBER", r"(?:national|voter|citizen|identity|identification|id)[ \t_\-]{0,3}(?:card|number|no\.?|id)|aadha{1,2}r|personalausweis|pesel|dni", 5),
)  # fmt: skip
_LINK = r"(?:[ \t_\-]{0,3}(?:card|number|num|no|id|code)(?![a-z])|[ \t]{1,8}(?:of|is|was))*\.?[\"']?[ \t]{0,8}(?:[:#=][ \t#]{0,8}|[ \t]{1,8}|is[ \t]{1,8})[\"'(\[]{0,2}"
_VALUE = r"(?P<value>(?=[A-Za-z]{0,9}[\-./ ]?\d)[A-Za-z0-9](?:[\-./]?[A-Za-z0-9]){3,30}(?:[ ]\d{2,4}){0,4})(?![\w@])"
_PATTERNS = [
    (
        kind,
        re.compile(
            rf"(?<![\w\-])(?<!\bnot a )(?<!\bnot an )(?:{label})(?!(?!number|num|no|id|code)[a-z]){_LINK}{_VALUE}",
            re.IGNORECASE,
        ),
        least,
    )
    for kind, label, least in _LABELS
]
# Their first group says where or when they were issued.
_NEVER_FROM_ZERO, _FROM_ZERO = frozenset({"US_SSN", "TAX_ID"}), re.compile(r"0{3}[\-./ ]")
_LIKE_ITIN = re.compile(r"9\d{2}-\d{2}-\d{4}")

_CARD = re.compile(r"(?<![\w.\-])\d(?:[ \-]?\d){11,18}(?![\w\-])")
# Four groups of four behind the word are a card, mistyped or made up: its check digit may then be wrong.
_CARD_GROUPS = re.compile(r"\d{4}([ \-])\d{4}\1\d{4}\1\d{4}")
_CARD_WORD = re.compile(r"card|visa|amex|maestro|kreditkarte|carte", re.IGNORECASE)
_BEFORE = 40
_LIKELY = Likely((*(pattern for _, pattern, _ in _PATTERNS), _CARD))


def labelled(text: str) -> Iterator[Span]:
    """Yield the identifiers that a label announces, and card numbers of any scheme behind the word "card"."""
    likely = _LIKELY.of(text)
    for kind, pattern, least in _PATTERNS:
        for match in pattern.finditer(text) if pattern in likely else ():
            if (
                _can_be_issued(kind, match["value"])
                and sum(character.isdigit() for character in match["value"]) >= least
            ):
                yield Span(kind, match.start("value"), match.end("value"), 0.85, "identifier")
    if _CARD in likely and _CARD_WORD.search(text):
        for match in _CARD.finditer(text):
            said = _CARD_WORD.search(text, max(0, match.start() - _BEFORE), match.start())
            if said and (luhn(match.group()) or _CARD_GROUPS.fullmatch(match.group())):
                yield Span("CREDIT_CARD", match.start(), match.end(), 0.9, "identifier")


def _can_be_issued(kind: str, value: str) -> bool:
    if kind == "TAX_ID" and _LIKE_ITIN.fullmatch(value) and not us_itin(value.replace("-", "")):
        return False
    return kind not in _NEVER_FROM_ZERO or not _FROM_ZERO.match(value)
