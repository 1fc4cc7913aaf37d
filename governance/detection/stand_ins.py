"""Stand-ins: made-up values of the same form, which pass the check of their type and belong to nobody where the type leaves room. Pure.

A stand-in is drawn from a keyed digest of the value, so that it is the same in every message of an initiative, and drawn anew
until its type's own check accepts it. Only a value that passes that check as it is written gets one: what is encoded, cut or
merely looks alike gets a placeholder.
"""

import hmac
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from .pii import checks
from .pii.national import FORMS
from .spans import normalised

MAIL_DOMAIN = "example.org"  # RFC 2606: nobody can have it
_NO_COUNTRY, _NO_COUNTRY_OF_ACCOUNTS = "999", "ZZ"
_MADE_MAIL = re.compile(rf"p[0-9a-f]{{12}}@{re.escape(MAIL_DOMAIN)}")
MOST_DRAWS = 5000
LEAST_FREE = 6  # signs that are drawn: of fewer, two values would soon have the same stand-in
_MAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"'.]+")
_PHONE = re.compile(r"(?P<plus>\+|00|0)?[0-9(][0-9 .\-/()]{5,24}[0-9]")
_ACCOUNT = re.compile(r"[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]){11,30}")
# Types of pii.national whose letters say nothing of somebody and whose check a draw meets soon enough.
NATIONAL = frozenset(
    {
        "AR_CUIT", "AT_SVNR", "BE_NATIONAL_ID", "BG_EGN", "BR_CNPJ", "BR_CPF", "CH_AHV", "CL_RUT", "CZ_BIRTH_NUMBER",
        "DEVICE_IMEI", "DK_CPR", "FR_NIR", "GR_AMKA", "IL_ID", "JP_MY_NUMBER", "NL_BSN", "NO_FNR", "PL_NIP", "PT_NIF", "RO_CNP",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """How a type is written (`pattern`) and what its letters and digits must pass, `fits` those of a stand-in alone.

    `mark` is the beginning of every stand-in: where the type leaves room, one that nobody is given.
    """

    pattern: re.Pattern[str]
    check: Callable[[str], bool]
    mark: str = ""
    fits: Callable[[str], bool] = lambda _number: True


def _uk_nhs(number: str) -> bool:
    rest = 11 - checks.weighted(number, range(10, 1, -1)) % 11
    return int(number[9]) == (0 if rest == 11 else rest)  # noqa: PLR2004 - eleven is written 0, ten has no digit


def _pl_pesel(number: str) -> bool:
    return (10 - checks.weighted(number, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10) % 10 == int(number[10])


def _is_no_taxpayer(number: str) -> bool:
    """Social security numbers never begin with 9; taxpayers' numbers do, and have 50 or more in the middle."""
    return "00" < number[3:5] < "50" and number[5:] != "0000"


def _always(_number: str) -> bool:
    return True


_SHAPES = {
    "CREDIT_CARD": (Shape(re.compile(r"[0-9](?:[ -]?[0-9]){12,18}"), checks.luhn, "9999"),),
    "US_SSN": (Shape(re.compile(r"[0-9]{3}([- ]?)[0-9]{2}\1[0-9]{4}"), _always, "9", _is_no_taxpayer),),
    "UK_NHS": (Shape(re.compile(r"[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{4}"), _uk_nhs, "999"),),
    "CA_SIN": (Shape(re.compile(r"[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{3}"), checks.luhn, "0"),),
    "PL_PESEL": (
        Shape(re.compile(r"[0-9]{2}[02468][1-9](?:0[1-9]|[12][0-9]|3[01])[0-9]{5}|[0-9]{2}[13579][0-2](?:0[1-9]|[12][0-9]|3[01])[0-9]{5}"), _pl_pesel),
    ),
}  # fmt: skip
# Whose stand-ins can be told from every value that somebody has.
MARKED = {kind for kind, shapes in _SHAPES.items() if all(shape.mark for shape in shapes)} | {
    "IBAN_CODE",
    "PHONE_NUMBER",
    "EMAIL_ADDRESS",
}
_COUNTRY = {"CH_AHV": "756"}  # digits of a country, which are not drawn
HAVE_STAND_INS = NATIONAL | _SHAPES.keys() | {"IBAN_CODE", "PHONE_NUMBER", "EMAIL_ADDRESS"}


def stand_in(kind: str, value: str, *, key: bytes) -> str | None:
    """Return the stand-in of `value`, never the value itself; None where its type has none or the value is not written in its form."""
    match kind:
        case "EMAIL_ADDRESS":
            return _mail(value, key)
        case "PHONE_NUMBER":
            return _phone(value, key)
        case "IBAN_CODE":
            return _account(value, key)
    bare = _bare(value)
    for shape in _shapes(kind):
        if shape.pattern.fullmatch(value) and shape.check(bare):
            return _drawn(kind, value, shape, key)
    return None


def is_nobodys(kind: str, value: str) -> bool:
    """Say whether `value` is one that nobody can have, as every stand-in of a MARKED type is."""
    bare = _bare(value)
    match kind:
        case "EMAIL_ADDRESS":
            return _MADE_MAIL.fullmatch(value) is not None
        case "PHONE_NUMBER":
            return bare.lstrip("0").startswith(_NO_COUNTRY)
        case "IBAN_CODE":
            return bare.startswith(_NO_COUNTRY_OF_ACCOUNTS)
    marked = [shape for shape in _SHAPES.get(kind, ()) if shape.mark]
    return any(
        bare.startswith(shape.mark) and shape.pattern.fullmatch(value) and shape.check(bare) and shape.fits(bare)
        for shape in marked
    )


@cache
def _shapes(kind: str) -> tuple[Shape, ...]:
    if kind in NATIONAL:
        forms = [form for form in FORMS if form.type == kind]
        mark = _COUNTRY.get(kind, "")
        return tuple(Shape(re.compile(form.pattern, re.ASCII), form.check or _always, mark) for form in forms)
    return _SHAPES.get(kind, ())


def _drawn(kind: str, value: str, shape: Shape, key: bytes) -> str | None:
    own = _bare(value)
    if len(own) - len(shape.mark) < LEAST_FREE:
        return None
    for made in _draws(kind, value, shape.mark, key):
        bare = _bare(made)
        if shape.pattern.fullmatch(made) and shape.check(bare) and shape.fits(bare) and bare != own:
            return made
    return None


def _draws(kind: str, value: str, mark: str, key: bytes) -> Iterator[str]:
    """Yield `value` with its digits and letters drawn anew, those of `mark` at their beginning; what separates them stays."""
    seed = f"{kind}\x00{normalised(value)}".encode("utf-8", "surrogatepass")
    for number in range(MOST_DRAWS):
        yield _written(value, mark, hmac.new(key, b"stand-in\x00%d\x00" % number + seed, sha256).digest())


def _written(value: str, mark: str, drawn: bytes) -> str:
    left, signs, marked = int.from_bytes(drawn), [], iter(mark)
    for old in value:
        if not (old.isascii() and old.isalnum()):
            signs.append(old)
        elif (sign := next(marked, "")) != "":
            signs.append(sign)
        else:
            left, part = divmod(left, 26 * 10)
            signs.append(_like(old, part))
    return "".join(signs)


def _like(old: str, part: int) -> str:
    if old.isdigit():
        return str(part % 10)
    letter = chr(ord("A") + part % 26)
    return letter if old.isupper() else letter.lower()


def _bare(value: str) -> str:
    return "".join(filter(str.isalnum, value)).upper()


def _mail(value: str, key: bytes) -> str | None:
    if not _MAIL.fullmatch(value):
        return None
    seed = b"stand-in\x00EMAIL_ADDRESS\x00" + normalised(value).encode("utf-8", "surrogatepass")
    return f"p{hmac.new(key, seed, sha256).hexdigest()[:12]}@{MAIL_DOMAIN}"


def _phone(value: str, key: bytes) -> str | None:
    """999 is the code of no country (ITU-T E.164) and begins no area of North America; a 0 or 00 before it stays."""
    found = _PHONE.fullmatch(value)
    if found is None:
        return None
    before = (found["plus"] or "").strip("+")
    return _drawn("PHONE_NUMBER", value, Shape(_PHONE, _always, before + _NO_COUNTRY), key)


def _account(value: str, key: bytes) -> str | None:
    """ZZ is the code of no country, so that nobody can have the account; its check digits are right (ISO 13616)."""
    if not _ACCOUNT.fullmatch(value) or _remainder(_bare(value)) != 1:
        return None
    made = next(_draws("IBAN_CODE", value, f"{_NO_COUNTRY_OF_ACCOUNTS}00" if value[0].isupper() else "zz00", key))
    proof = f"{98 - _remainder(_bare(made)):02}"
    return made[:2] + proof + made[4:]


def _remainder(account: str) -> int:
    """Return the remainder of ISO 7064 mod 97 of an account number of letters and digits."""
    return int("".join(str(int(sign, 36)) for sign in account[4:] + account[:4])) % 97
