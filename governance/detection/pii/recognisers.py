"""Which of Presidio's recognisers run. A table, because the choice is the product: what is not here is not looked for.

Left out on purpose: US_BANK_NUMBER, URL, NRP, DATE_TIME and UUID: in code, logs and tickets they are nearly always something else (births.py
finds the dates on which somebody was born). Every recogniser runs on every text, whatever language Presidio gave it: identity numbers
travel further than their language.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from . import checks

# What may stand alone in a cell, without a word for it: anything with a check, only forms with letters or separators (one check digit
# in ten proves nothing of bare digits), or nothing.
Alone = Literal["any", "shaped", "never"]


@dataclass(frozen=True, slots=True)
class Choice:
    """`bare`: believed without a word of context near it, for its format alone leaves little doubt (checksum and shape)."""

    recogniser: str
    bare: bool = False
    words: tuple[str, ...] = ()  # context besides Presidio's own
    strongest: int = 9  # so many of its patterns, the surest first
    alone: Alone = "any"
    checked: bool = (
        False  # what its recogniser does not call invalid has passed a checksum, or has a form as telling as one
    )
    check: Callable[[str], bool] | None = None  # of its letters and digits, besides the recogniser's own


CHOICES = (
    Choice("CreditCardRecognizer", bare=True, words=("card", "amex", "mastercard", "payment")),
    Choice("IbanRecognizer", bare=True),
    Choice("UsSsnRecognizer", bare=True, words=("social security", "ssn", "ss#", "taxpayer")),
    Choice("UsItinRecognizer", bare=True, checked=True),
    Choice("UsNpiRecognizer", words=("npi", "provider"), check=checks.us_npi),
    Choice("UsMbiRecognizer", bare=True),
    Choice("UsPassportRecognizer", words=("passport",), alone="never"),
    Choice("AbaRoutingRecognizer", words=("routing", "aba"), alone="shaped"),
    Choice("MedicalLicenseRecognizer", bare=True, words=("dea",)),
    Choice("CryptoRecognizer", bare=True),
    Choice("UkNinoRecognizer", bare=True),
    Choice("NhsRecognizer"),
    Choice("UkPassportRecognizer"),
    Choice("UkDrivingLicenceRecognizer", bare=True),
    Choice("UkVehicleRegistrationRecognizer"),
    Choice("DeTaxIdRecognizer", words=("steuer", "tax id", "idnr", "tin")),
    Choice("DeTaxNumberRecognizer"),
    Choice("DePassportRecognizer"),
    Choice("DeIdCardRecognizer"),
    Choice("DeSocialSecurityRecognizer", bare=True),
    Choice("DeHealthInsuranceRecognizer"),
    Choice("DeLanrRecognizer"),
    Choice("DeBsnrRecognizer"),
    Choice("EsNifRecognizer", bare=True),
    Choice("EsNieRecognizer", bare=True),
    Choice("EsPassportRecognizer"),
    Choice("ItFiscalCodeRecognizer", bare=True),
    Choice("ItVatCodeRecognizer"),
    Choice("ItDriverLicenseRecognizer"),
    Choice("ItPassportRecognizer"),
    Choice("ItIdentityCardRecognizer"),
    Choice("PlPeselRecognizer", words=("pesel",), check=checks.pl_pesel),
    Choice("FiPersonalIdentityCodeRecognizer", bare=True),
    Choice("SePersonnummerRecognizer", bare=True),
    Choice("SeOrganisationsnummerRecognizer", words=("company identity", "organisation number"), alone="shaped"),
    Choice("InAadhaarRecognizer", words=("aadhar",)),
    Choice("InPanRecognizer", strongest=1),  # the others take quadratic time on rows of numbers
    Choice("InGstinRecognizer", bare=True),
    Choice("InPassportRecognizer"),
    Choice("InVoterRecognizer"),
    Choice("InVehicleRegistrationRecognizer"),
    Choice("SgFinRecognizer", bare=True, strongest=1),
    Choice("SgUenRecognizer"),
    Choice("AuTfnRecognizer"),
    Choice("AuMedicareRecognizer"),
    Choice("AuAbnRecognizer", check=checks.au_abn),
    Choice("AuAcnRecognizer", alone="shaped"),
    Choice("CaSinRecognizer", words=("sin", "social insurance"), checked=True),
    Choice("KrRrnRecognizer", bare=True, check=checks.kr_birth),
    Choice("KrFrnRecognizer", bare=True, check=checks.kr_birth),
    Choice("KrPassportRecognizer"),
    Choice("KrDriverLicenseRecognizer", alone="shaped"),
    Choice("KrBrnRecognizer", alone="shaped"),
    Choice("ThTninRecognizer", words=("thai id", "thai national")),
    Choice("TrNationalIdRecognizer"),
    Choice("TrLicensePlateRecognizer"),
    Choice("ZaIdNumberRecognizer"),
    Choice("NgNinRecognizer", alone="shaped"),
    Choice("NgVehicleRegistrationRecognizer"),
    Choice("PhTinRecognizer"),
    Choice("PhUmidRecognizer"),
    Choice("PhPassportRecognizer", alone="never"),
    Choice("UsLicenseRecognizer", words=("driving",), alone="never"),
    Choice("UsHealthInsuranceMemberIdRecognizer", words=("member id", "subscriber id"), alone="never"),
    Choice("UsClaimNumberRecognizer", alone="never"),
    Choice("UsPrescriptionNumberRecognizer", bare=True),
    Choice("UsPriorAuthorizationNumberRecognizer"),
    Choice("UsReferralNumberRecognizer"),
    Choice("DeFuehrerscheinRecognizer"),
    Choice("DeHandelsregisterRecognizer", bare=True),
    Choice("DeVatIdRecognizer", bare=True, strongest=1),
    Choice("DeKfzRecognizer", alone="never"),
    Choice("ZaCompanyRegistrationRecognizer"),
    Choice("ZaPassportRecognizer", alone="never"),
    Choice("ZaVatNumberRecognizer"),
    Choice("ZaLicensePlateRecognizer", alone="never"),
    Choice("ZaIncomeTaxNumberRecognizer", alone="shaped"),
    Choice("ZaTrafficRegisterNumberRecognizer", alone="shaped"),
    Choice("UkPostcodeRecognizer"),
)


def presidio_recognisers() -> list[tuple[Choice, Any]]:
    """Return each choice with an instance of its recogniser. Takes a second or two: Presidio imports spaCy."""
    from presidio_analyzer import predefined_recognizers

    return [(choice, _made(predefined_recognizers, choice)) for choice in CHOICES]


def _made(presidio: Any, choice: Choice) -> Any:
    recogniser = getattr(presidio, choice.recogniser)()
    recogniser.patterns = sorted(recogniser.patterns, key=lambda pattern: -pattern.score)[: choice.strongest]
    return recogniser
