"""Identifiers that Presidio does not know, as recognisers of its kind: people's numbers of further countries, vehicles, devices, wallets, places."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import checks
from .recognisers import Alone

_NOT_VALUE = re.compile(r"[^0-9A-ZÑ]")


@dataclass(frozen=True, slots=True)
class Form:
    """`bare`: believed for its form and check alone; else it takes one of `words` near it. `check` gets letters and digits only."""

    type: str
    pattern: str
    words: str = ""
    check: Callable[[str], bool] | None = None
    bare: bool = False
    score: float = 0.5
    alone: Alone | None = None  # None: "any" where it is bare, else "shaped"


_DATE = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
FORMS = (
    Form("FR_NIR", r"\b[1278][ .]?\d{2}[ .]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .]?\d[\dAB][ .]?\d{3}[ .]?\d{3}[ .]?\d{2}\b", "nir|sécurité sociale|numéro de sécu|insee", checks.fr_nir, bare=True),
    Form("BE_NATIONAL_ID", r"\b\d{2}[.]\d{2}[.]\d{2}-\d{3}[.]\d{2}\b", "rijksregisternummer|numéro national|niss|insz", checks.be_rrn, bare=True),
    Form("BE_NATIONAL_ID", r"\b\d{11}\b", "rijksregisternummer|numéro national|registre national|niss|insz", checks.be_rrn),
    Form("NL_BSN", r"\b\d{9}\b|\b\d{4}[.]\d{2}[.]\d{3}\b", "bsn|burgerservicenummer|sofinummer", checks.nl_bsn),
    Form("PT_NIF", r"\b[1-35689]\d{2} ?\d{3} ?\d{3}\b", "nif|contribuinte|número fiscal", checks.pt_nif),
    Form("BR_CPF", r"\b\d{3}[.]\d{3}[.]\d{3}-\d{2}\b", "cpf", checks.br_cpf, bare=True),
    Form("BR_CPF", r"\b\d{11}\b", "cpf", checks.br_cpf),
    Form("BR_CNPJ", r"\b\d{2}[.]\d{3}[.]\d{3}/\d{4}-\d{2}\b", "cnpj", checks.br_cnpj, bare=True),
    Form("CH_AHV", r"\b756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}\b", "ahv|avs|sozialversicherung", checks.ch_ahv, bare=True),
    Form("AT_SVNR", r"\b[1-9]\d{3} ?(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}\b", "svnr|sv-nummer|sozialversicherungsnummer|versicherungsnummer", checks.at_svnr),
    Form("DK_CPR", r"\b(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[- ]?\d{4}\b", "cpr|personnummer|cpr-nummer"),
    Form("NO_FNR", r"\b[0-7]\d(?:[04][1-9]|[15][0-2])\d{2} ?\d{5}\b", "fødselsnummer|personnummer|fnr|d-nummer", checks.no_fnr, bare=True),
    Form("CZ_BIRTH_NUMBER", r"\b\d{2}(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12]\d|3[01])/\d{4}\b", "rodné číslo|rč", checks.cz_rc, bare=True),
    Form("RO_CNP", rf"\b[1-9]{_DATE}\d{{6}}\b", "cnp|cod numeric", checks.ro_cnp, bare=True),
    Form("BG_EGN", r"\b\d{2}(?:[024][1-9]|[135][0-2])(?:0[1-9]|[12]\d|3[01])\d{4}\b", "egn|егн", checks.bg_egn),
    Form("PL_NIP", r"\b\d{3}-?\d{3}-?\d{2}-?\d{2}\b", "nip", checks.pl_nip),
    Form("PL_IDENTITY_CARD", r"\b[A-Z]{3} ?\d{6}\b", "dowód|dowodu|dowód osobisty"),
    Form("IE_PPS", r"\b\d{7}[A-W][A-IW]?\b", "pps|ppsn|personal public service", checks.ie_pps),
    Form("GR_AMKA", r"\b(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{7}\b", "amka|αμκα", checks.luhn),
    Form("CN_RESIDENT_ID", r"\b[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]\b", "身份证|resident identity", checks.cn_rid, bare=True),
    Form("TW_NATIONAL_ID", r"\b[A-Z][1289]\d{8}\b", "身分證|national id", checks.tw_id, alone="never"),
    Form("HK_ID", r"\b[A-Z]{1,2}\d{6}\([0-9A]\)", "hkid|hong kong", checks.hk_id, bare=True),
    Form("IN_PAN", r"\b[A-Z]{5}\d{4}[A-Z]\b", "pan|permanent account|income tax"),
    Form("JP_MY_NUMBER", r"\b\d{4}[- ]?\d{4}[- ]?\d{4}\b", "マイナンバー|個人番号|my number", checks.jp_my_number),
    Form("IL_ID", r"\b\d{9}\b", "teudat zehut|israeli id|תעודת זהות", checks.luhn),
    Form("AE_EMIRATES_ID", r"\b784-(?:19|20)\d{2}-\d{7}-\d\b", "emirates id", bare=True),
    Form("MY_NRIC", rf"\b{_DATE}-(?:0[1-9]|[1-7]\d|8[0-9]|9[89])-\d{{4}}\b", "nric|mykad|kad pengenalan", bare=True),
    Form("ID_NIK", r"\b[1-9]\d{5}(?:[0-6]\d|7[01])(?:0[1-9]|1[0-2])\d{6}\b", "nik|ktp"),
    Form("CL_RUT", r"\b\d{1,2}[.]\d{3}[.]\d{3}-[\dkK]\b", "rut|run", checks.cl_rut, bare=True),
    Form("AR_CUIT", r"\b(?:20|23|24|27|30|33|34)-\d{8}-\d\b", "cuit|cuil", checks.ar_cuit, bare=True),
    Form("MX_CURP", rf"\b[A-Z][AEIOUX][A-Z]{{2}}{_DATE}[HMX][A-Z]{{2}}[B-DF-HJ-NP-TV-Z]{{3}}[0-9A-Z]\d\b", "curp", checks.mx_curp, bare=True),
    Form("MX_RFC", rf"\b[A-ZÑ&]{{4}}{_DATE}[0-9A-Z]{{3}}\b", "rfc"),
    Form("EU_VAT_ID", r"\b(?:ATU\d{8}|BE[01]\d{9}|DK\d{8}|ESX?\d{7,8}[A-Z0-9]|FR[0-9A-Z]{2}\d{9}|IT\d{11}|NL\d{9}B\d{2}|PL\d{10}|PT\d{9}|SE\d{12}|CHE[- .]?\d{3}[. ]?\d{3}[. ]?\d{3})\b", "vat|mwst|ust|tva|iva|btw|partita|nif|nip|uid"),
    Form("VEHICLE_VIN", r"\b(?=[A-Z]*\d)[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{2}[A-HJ-NPR-Z0-9]{3}\d{3}\b", "vin|chassis|vehicle identification|fahrgestell", checks.vin),
    Form("DEVICE_IMEI", r"\b\d{2}[- ]?\d{6}[- ]?\d{6}[- ]?\d\b", "imei", checks.luhn),
    Form("SWIFT_BIC", r"\b[A-Z]{4}(?:AD|AE|AT|AU|BE|BG|BR|CA|CH|CN|CZ|DE|DK|EE|ES|FI|FR|GB|GR|HK|HR|HU|IE|IL|IN|IT|JP|KR|LT|LU|LV|MT|MX|NL|NO|NZ|PL|PT|RO|SE|SG|SI|SK|TR|US|ZA)[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b", "swift|bic"),
    Form("CRYPTO", r"\b0x[0-9a-fA-F]{40}\b", "ethereum|eth|wallet|address|erc20|metamask"),
    Form("CRYPTO", r"\b[LM][a-km-zA-HJ-NP-Z1-9]{26,33}\b|\bltc1[a-z0-9]{39,59}\b", "litecoin|ltc|wallet"),
    Form("CRYPTO", r"\br[1-9A-HJ-NP-Za-km-z]{24,34}\b|\b4[0-9AB][1-9A-HJ-NP-Za-km-z]{93}\b|\bT[A-Za-z1-9]{33}\b", "ripple|xrp|monero|xmr|tron|trx|wallet"),
    Form("COORDINATES", r"(?<![\d.])[-+]?(?:[0-8]?\d|90)[.]\d{4,8},? {1,2}?[-+]?(?:1[0-7]\d|[0-9]?\d|180)[.]\d{4,8}(?![\d.])", "location|gps|coordinates|position|lat|latitude|lon|lng|longitude|geo|home|located"),
    Form("COORDINATES", r"\d{1,2}°\s?\d{1,2}['′]\s?(?:\d{1,2}(?:[.]\d+)?[\"″]\s?)?[NS],?\s{1,2}\d{1,3}°\s?\d{1,2}['′]\s?(?:\d{1,2}(?:[.]\d+)?[\"″]\s?)?[EW]", "", bare=True),
)  # fmt: skip


def national_recognisers() -> list[tuple[Form, Any]]:
    """Return each form with a recogniser of Presidio's kind."""
    from presidio_analyzer import Pattern, PatternRecognizer

    class Numbered(PatternRecognizer):
        """A pattern with a check of ours; True and False as Presidio means them, None where there is nothing to check."""

        form: Form

        def validate_result(self, pattern_text: str) -> bool | None:
            if self.form.check is None:
                return None
            return self.form.check(_NOT_VALUE.sub("", pattern_text.upper()))

    made = []
    for form in FORMS:
        recogniser = Numbered(
            form.type,
            patterns=[Pattern(form.type, form.pattern, form.score)],
            context=[word for word in form.words.split("|") if word],
            global_regex_flags=re.ASCII,
        )
        recogniser.form = form
        made.append((form, recogniser))
    return made
