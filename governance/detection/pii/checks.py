"""Check digits of numbers that name people: each function takes the bare letters and digits, in capitals, and says whether they can be real.

Sources: ISO/IEC 7812-1 (Luhn), ISO 7064 (mod 97, mod 11-2), and the public description of each country's number.
"""

from collections.abc import Sequence
from datetime import date

# Nobody alive is born later. Fixed, so that what is found does not depend on the day.
_LAST_BIRTH = 2040


def luhn(number: str) -> bool:
    """Return whether the digits of `number` pass the check of ISO/IEC 7812-1, annex B."""
    digits = [int(character) for character in number if character.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return bool(digits) and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def weighted(digits: str, weights: Sequence[int]) -> int:
    """Return the sum of each digit times its weight; further digits do not count."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def is_birth(year: int, month: int, day: int) -> bool:
    """Return whether the date exists, and somebody may have been born on it."""
    try:
        return date(year, month, day).year <= _LAST_BIRTH
    except ValueError:
        return False


def us_npi(number: str) -> bool:
    """Return whether it can have been issued: all begin with 1, though the standard knows 2 (45 CFR 162.406)."""
    return number.startswith("1")


def pl_pesel(number: str) -> bool:
    """Polish number of a person: the month says the century, 80 more for 18.., 20 more for 20.. and so on."""
    century, month = divmod(int(number[2:4]), 20)
    return is_birth({4: 1800, 0: 1900, 1: 2000}.get(century, 2100) + int(number[:2]), month, int(number[4:6]))


def kr_birth(number: str) -> bool:
    """Korean resident and foreigner numbers: date of birth, then a digit that says the century."""
    century = 1900 if number[6] in "1256" else 2000
    return is_birth(century + int(number[:2]), int(number[2:4]), int(number[4:6]))


def us_itin(number: str) -> bool:
    """American tax number of a person: the middle digits are 50 to 99, but for 89 and 93 (IRS, Publication 1915)."""
    return "50" <= number[3:5] <= "99" and number[3:5] not in ("89", "93")


def au_abn(number: str) -> bool:
    """Australian business number: the two check digits in front are 10 and a remainder of 1 to 89."""
    return number[:2] > "10"


def fr_nir(number: str) -> bool:
    """French social security number: 13 digits (2A and 2B for Corsica) and 97 minus their remainder."""
    body = number[:13].replace("2A", "19").replace("2B", "18")
    return body.isdigit() and number[13:].isdigit() and 97 - int(body) % 97 == int(number[13:])


def be_rrn(number: str) -> bool:
    """Belgian national number; who is born since 2000 counts with a 2 in front."""
    rest = int(number[9:])
    return rest in (97 - int(number[:9]) % 97, 97 - int("2" + number[:9]) % 97)


def nl_bsn(number: str) -> bool:
    return len(set(number)) > 1 and weighted(number, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def pt_nif(number: str) -> bool:
    rest = weighted(number, range(9, 1, -1)) % 11
    return int(number[8]) == (0 if rest < 2 else 11 - rest)  # noqa: PLR2004 - remainders 0 and 1 both give 0


def br_cpf(number: str) -> bool:
    first = weighted(number, range(10, 1, -1)) * 10 % 11 % 10
    second = weighted(number, range(11, 1, -1)) * 10 % 11 % 10
    return len(set(number)) > 1 and number[9:] == f"{first}{second}"


def br_cnpj(number: str) -> bool:
    weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    first = weighted(number, weights[1:]) % 11
    second = weighted(number, weights) % 11
    return number[12:] == "".join(str(0 if rest < 2 else 11 - rest) for rest in (first, second))  # noqa: PLR2004 - as above


def ch_ahv(number: str) -> bool:
    """Swiss insurance number: an EAN-13."""
    return (weighted(number, (1, 3) * 6) + int(number[12])) % 10 == 0


def at_svnr(number: str) -> bool:
    return weighted(number, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11 == int(number[3])


def no_fnr(number: str) -> bool:
    first = weighted(number, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11
    second = weighted(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11
    return first == second == 0


def cz_rc(number: str) -> bool:
    """Czech and Slovak birth number since 1954: divisible by 11."""
    return int(number) % 11 == 0 or (int(number[:9]) % 11 == 10 and number[9] == "0")  # noqa: PLR2004 - ten has no digit


def ro_cnp(number: str) -> bool:
    rest = weighted(number, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return int(number[12]) == (1 if rest == 10 else rest)  # noqa: PLR2004 - ten has no digit


def bg_egn(number: str) -> bool:
    return weighted(number, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10 == int(number[9])


def pl_nip(number: str) -> bool:
    return weighted(number, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(number[9])


def ie_pps(number: str) -> bool:
    extra = "WABCDEFGHI".find(number[8:9]) if number[8:9] else 0
    rest = (weighted(number[:7], range(8, 1, -1)) + 9 * max(0, extra)) % 23
    return number[7] == "WABCDEFGHIJKLMNOPQRSTUV"[rest]


def cn_rid(number: str) -> bool:
    """Chinese resident identity number, ISO 7064 mod 11-2."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return number[17] == "10X98765432"[weighted(number[:17], weights) % 11]


def tw_id(number: str) -> bool:
    code = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(number[0]) + 10
    return (code // 10 + code % 10 * 9 + weighted(number[1:], (8, 7, 6, 5, 4, 3, 2, 1, 1))) % 10 == 0


def hk_id(number: str) -> bool:
    letters = number.rstrip("0123456789A") or number[:1]
    values = [36, *(ord(letter) - 55 for letter in letters)][-2:]
    last = 10 if number[-1] == "A" else int(number[-1])
    body = [*values, *(int(digit) for digit in number[len(letters) : -1])]
    return (sum(value * weight for value, weight in zip(body, range(9, 1, -1), strict=False)) + last) % 11 == 0


def jp_my_number(number: str) -> bool:
    rest = weighted(number[:11], (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return int(number[11]) == (0 if rest <= 1 else 11 - rest)


def cl_rut(number: str) -> bool:
    factors = (2, 3, 4, 5, 6, 7, 2, 3, 4)
    rest = 11 - weighted(number[-2::-1], factors) % 11
    return number[-1] == {11: "0", 10: "K"}.get(rest, str(rest))


def ar_cuit(number: str) -> bool:
    rest = 11 - weighted(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return int(number[10]) == {11: 0, 10: 9}.get(rest, rest)


def mx_curp(number: str) -> bool:
    letters = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    total = sum(letters.index(sign) * (18 - place) for place, sign in enumerate(number[:17]))
    return number[17] == str((10 - total % 10) % 10)


def vin(number: str) -> bool:
    """Vehicle identification number with the check digit of North America (49 CFR 565) in place 9."""
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))  # fmt: skip
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(values.get(sign, 0) * w if sign.isalpha() else int(sign) * w for sign, w in zip(number, weights, strict=True))  # fmt: skip
    return number[8] == "0123456789X"[total % 11]
