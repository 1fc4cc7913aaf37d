"""Which of Presidio's recognisers run. A table, because the choice is the product: what is not here is not looked for.

Left out on purpose: US_DRIVER_LICENSE, US_BANK_NUMBER, URL, NRP, DATE_TIME, UUID and postcodes: in code, logs and tickets they are
nearly always something else. Every recogniser runs on every text, whatever language Presidio gave it: identity numbers
travel further than their language.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Choice:
    """`bare`: believed without a word of context near it, for its format alone leaves little doubt (checksum and shape)."""

    recogniser: str
    bare: bool = False
    words: tuple[str, ...] = ()  # context besides Presidio's own
    strongest: int = 9  # so many of its patterns, the surest first


CHOICES = (
    Choice("CreditCardRecognizer", bare=True, words=("card", "amex", "mastercard", "payment")),
    Choice("IbanRecognizer", bare=True),
    Choice("UsSsnRecognizer", bare=True, words=("social security", "ssn", "ss#", "taxpayer")),
    Choice("UsItinRecognizer", bare=True),
    Choice("UsNpiRecognizer", words=("npi", "provider")),
    Choice("UsMbiRecognizer", bare=True),
    Choice("UsPassportRecognizer", words=("passport",)),
    Choice("AbaRoutingRecognizer", words=("routing", "aba")),
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
    Choice("PlPeselRecognizer", words=("pesel",)),
    Choice("FiPersonalIdentityCodeRecognizer", bare=True),
    Choice("SePersonnummerRecognizer", bare=True),
    Choice("SeOrganisationsnummerRecognizer"),
    Choice("InAadhaarRecognizer", words=("aadhar",)),
    Choice("InPanRecognizer", strongest=1),  # the others take quadratic time on rows of numbers
    Choice("InGstinRecognizer", bare=True),
    Choice("InPassportRecognizer"),
    Choice("InVoterRecognizer"),
    Choice("InVehicleRegistrationRecognizer"),
    Choice("SgFinRecognizer", bare=True),
    Choice("SgUenRecognizer"),
    Choice("AuTfnRecognizer"),
    Choice("AuMedicareRecognizer"),
    Choice("AuAbnRecognizer"),
    Choice("AuAcnRecognizer"),
    Choice("CaSinRecognizer", words=("sin", "social insurance")),
    Choice("KrRrnRecognizer", bare=True),
    Choice("KrFrnRecognizer", bare=True),
    Choice("KrPassportRecognizer"),
    Choice("KrDriverLicenseRecognizer"),
    Choice("KrBrnRecognizer"),
    Choice("ThTninRecognizer"),
    Choice("TrNationalIdRecognizer"),
    Choice("TrLicensePlateRecognizer"),
    Choice("ZaIdNumberRecognizer"),
    Choice("NgNinRecognizer"),
    Choice("NgVehicleRegistrationRecognizer"),
    Choice("PhTinRecognizer"),
    Choice("PhUmidRecognizer"),
)


def presidio_recognisers() -> list[tuple[Choice, Any]]:
    """Return each choice with an instance of its recogniser. Takes a second or two: Presidio imports spaCy."""
    from presidio_analyzer import predefined_recognizers

    return [(choice, _made(predefined_recognizers, choice)) for choice in CHOICES]


def _made(presidio: Any, choice: Choice) -> Any:
    recogniser = getattr(presidio, choice.recogniser)()
    recogniser.patterns = sorted(recogniser.patterns, key=lambda pattern: -pattern.score)[: choice.strongest]
    return recogniser
