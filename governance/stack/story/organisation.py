"""Alder Mutual, an insurer that does not exist: its units, its people, their roles."""

import secrets

from governance.core.actors import INSTALLER
from governance.organisation import services
from governance.organisation.roles import Role
from governance.organisation.rules import UnitKind
from governance.stack.story.cast import Cast

ROOT = "alder"
ROOT_NAME = "Alder Mutual (invented)"
ZONE = "Europe/Zurich"

UNITS = [  # ref, name, kind, parent
    ("it", "Information Technology", UnitKind.IT, ROOT),
    ("digital", "Digital Products", UnitKind.PRODUCT_LINE, ROOT),
    ("claims", "Claims", UnitKind.BUSINESS_LINE, ROOT),
    ("motor-claims", "Motor Claims", UnitKind.BUSINESS_LINE, "claims"),
    ("sales", "Sales and Service", UnitKind.BUSINESS_LINE, ROOT),
    ("security", "Security", UnitKind.SECURITY, ROOT),
    ("legal", "Legal and Compliance", UnitKind.LEGAL, ROOT),
]

PEOPLE = [  # login, name, unit, roles, and the unit they are held on
    ("lea", "Lea Brandt", "claims", [Role.REQUESTER], "claims"),
    ("hugo", "Hugo Ferrand", "claims", [Role.UNIT_HEAD], "claims"),
    ("stefan", "Stefan Okoye", "claims", [Role.DATA_STEWARD], "claims"),
    ("bea", "Bea Lindqvist", "claims", [Role.BUILDER], "claims"),
    ("priya", "Priya Raman", "digital", [Role.REQUESTER, Role.UNIT_HEAD], "digital"),
    ("milo", "Milo Sartori", "digital", [Role.BUILDER], "digital"),
    ("tomas", "Tomas Vidal", "it", [Role.REQUESTER, Role.UNIT_HEAD], "it"),
    ("juno", "Juno Park", "it", [Role.BUILDER], "it"),
    ("sofia", "Sofia Marten", "sales", [Role.REQUESTER, Role.UNIT_HEAD], "sales"),
    ("yara", "Yara Benali", "sales", [Role.DATA_STEWARD], "sales"),
    ("dana", "Dana Whitlock", ROOT, [Role.DATA_STEWARD], ROOT),
    ("ines", "Ines Duarte", "it", [Role.IT_APPROVER], ROOT),
    ("samir", "Samir Haddad", "security", [Role.SECURITY_APPROVER], ROOT),
    ("nora", "Nora Eklund", "security", [Role.SECURITY_ANALYST], ROOT),
    ("lukas", "Lukas Weber", "legal", [Role.LEGAL_APPROVER], ROOT),
    ("arya", "Arya Sen", ROOT, [Role.ARBITER], ROOT),
    ("viktor", "Viktor Alder", ROOT, [Role.UNIT_HEAD], ROOT),
    ("elena", "Elena Rossi", ROOT, [Role.EXECUTIVE], ROOT),
    ("aude", "Aude Perrin", ROOT, [Role.AUDITOR], ROOT),
    ("paul", "Paul Mensah", "security", [Role.POLICY_ADMIN], ROOT),
    ("pia", "Pia Holm", "it", [Role.PLATFORM_ADMIN], ROOT),
]


def found_organisation(cast: Cast) -> None:
    """Make the units, then the people with random passwords and their roles."""
    at = cast.calendar.day(0)
    cast.units[ROOT] = services.make_unit(
        name=ROOT_NAME, ref=ROOT, kind=UnitKind.BUSINESS_LINE, parent_id=None, time_zone=ZONE, by=INSTALLER, at=at
    )
    for ref, name, kind, parent in UNITS:
        cast.units[ref] = services.make_unit(
            name=name, ref=ref, kind=kind, parent_id=cast.units[parent].pk, by=INSTALLER, at=at
        )
    for login, name, unit, roles, held_on in PEOPLE:
        _hire(cast, login, name, unit)
        for role in roles:
            services.give_role(
                person_id=cast.people[login].pk, role=role, unit_id=cast.units[held_on].pk, by=INSTALLER, at=at
            )


def _hire(cast: Cast, login: str, name: str, unit: str) -> None:
    at = cast.calendar.day(0)
    cast.passwords[login] = secrets.token_urlsafe(15)
    cast.people[login] = services.make_person(
        login=login,
        name=name,
        email=f"{login}@alder.example",
        password=cast.passwords[login],
        by=INSTALLER,
        at=at,
    )
    services.join_unit(person_id=cast.people[login].pk, unit_id=cast.units[unit].pk, by=INSTALLER, at=at)
