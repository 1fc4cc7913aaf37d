"""The data of Alder Mutual, from public to restricted, and the registers of its own sources."""

from typing import Any

from governance.catalogue import services
from governance.catalogue.rules import PersonalData, RegisterKind
from governance.core.vocabulary import Classification
from governance.stack.story.cast import Cast
from governance.stack.story.organisation import ROOT

EUROPE, OWN = ["CH", "DE", "FR"], "Own work"

DATASETS: list[tuple[str, str, str, dict[str, Any]]] = [  # steward, unit, classification, what else
    ("yara", "sales", Classification.PUBLIC, {"title": "Product brochures", "licence": OWN, "jurisdictions": EUROPE}),
    ("yara", "sales", Classification.PUBLIC, {"title": "Tariff tables", "licence": OWN, "jurisdictions": EUROPE}),
    (
        "stefan",
        "claims",
        Classification.INTERNAL,
        {
            "title": "Synthetic claims letters",
            "about": "Letters written by a generator. Nobody in them is real.",
            "personal_data": [PersonalData.NAMES, PersonalData.CONTACT],
            "licence": OWN,
            "synthetic": True,
        },
    ),
    (
        "stefan",
        "claims",
        Classification.INTERNAL,
        {"title": "Claims handling guidelines", "licence": OWN, "jurisdictions": ["CH"]},
    ),
    (
        "dana",
        "it",
        Classification.INTERNAL,
        {
            "title": "Service desk tickets",
            "about": "What staff report to the service desk, with their names.",
            "personal_data": [PersonalData.NAMES, PersonalData.CONTACT, PersonalData.EMPLOYMENT],
            "jurisdictions": EUROPE,
        },
    ),
    (
        "yara",
        "sales",
        Classification.CONFIDENTIAL,
        {
            "title": "Call transcripts",
            "about": "Calls with customers, typed out; callers were told.",
            "personal_data": [PersonalData.NAMES, PersonalData.CONTACT, PersonalData.BEHAVIOUR],
            "jurisdictions": EUROPE,
        },
    ),
    (
        "stefan",
        "claims",
        Classification.CONFIDENTIAL,
        {
            "title": "Claims correspondence",
            "about": "Letters and e-mails about claims since 2015.",
            "personal_data": [PersonalData.NAMES, PersonalData.CONTACT, PersonalData.FINANCIAL, PersonalData.HEALTH],
            "jurisdictions": EUROPE,
        },
    ),
    (
        "dana",
        "digital",
        Classification.CONFIDENTIAL,
        {"title": "Pricing engine source", "about": "The code that makes our prices.", "crown_jewel": True},
    ),
    (
        "stefan",
        "claims",
        Classification.RESTRICTED,
        {
            "title": "Medical assessments",
            "about": "Doctors' reports on injuries. Never to a public API.",
            "personal_data": [PersonalData.NAMES, PersonalData.HEALTH, PersonalData.NATIONAL_IDS],
            "jurisdictions": EUROPE,
        },
    ),
    (
        "stefan",
        "claims",
        Classification.CONFIDENTIAL,
        {
            "title": "Damage photographs",
            "about": "Photographs of damaged cars. Plates and faces are painted over when they come in.",
            "jurisdictions": EUROPE,
            "pictures": True,
        },
    ),
    (
        "dana",
        ROOT,
        Classification.RESTRICTED,
        {"title": "Reinsurance treaties", "about": "What we pay others to carry our risks.", "crown_jewel": True},
    ),
]

REGISTERS = [
    ("dana", "digital", RegisterKind.CODE, "Pricing engine"),
    ("dana", ROOT, RegisterKind.DOCUMENTS, "Underwriting manual"),
    ("dana", ROOT, RegisterKind.PUBLIC, "Published forms"),
    ("dana", "claims", RegisterKind.CODE, "Letter program"),  # new: nobody has indexed it yet
]


def fill_catalogue(cast: Cast) -> None:
    at = cast.calendar.day(1)
    root = cast.units[ROOT]
    services.ensure_built_in(unit_id=root.pk, by=cast.actor("dana"), at=at)
    for steward, unit, classification, facts in DATASETS:
        services.add_dataset(
            steward_unit_id=cast.units[unit].pk, classification=classification, by=cast.actor(steward), at=at, **facts
        )
    for steward, unit, kind, title in REGISTERS:
        services.add_register(title=title, kind=kind, unit_id=cast.units[unit].pk, by=cast.actor(steward), at=at)
