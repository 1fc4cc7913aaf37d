"""What the types of findings are called by people, on pages and in conditions."""

from collections.abc import Mapping

FINDINGS: Mapping[str, str] = {
    "PERSON": "name of a person",
    "EMAIL_ADDRESS": "e-mail address",
    "PHONE_NUMBER": "phone number",
    "CREDIT_CARD": "card number",
    "IBAN_CODE": "bank account number",
    "IP_ADDRESS": "IP address",
    "MAC_ADDRESS": "MAC address",
    "LOCATION": "place",
    "ADDRESS": "address",
    "DATE_TIME": "date of birth",
    "NRP": "nationality, religion or politics",
    "URL": "web address",
    "US_SSN": "US social security number",
    "UK_NHS": "UK NHS number",
    "MEDICAL_LICENSE": "medical licence",
    "CRYPTO": "crypto wallet",
    "SECRET": "secret key",
    "SOURCE": "registered source",
    "EVALUATION": "question of an exam",
    "PUBLIC_EVALUATION": "question of a public exam",
    "DATASET": "row of a dataset",
    "MARKING": "marking such as “confidential”",
    "LANGUAGE": "text in another language",
}


def type_name(kind: str) -> str:
    """Return what a type is called: "name of a person"; one without a name of its own says its own in small letters."""
    return FINDINGS.get(kind, kind.replace("_", " ").lower())
