"""The synthetic organisation of the benchmark: units in three zones, approvers with leave, patterns, initiatives, askers."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction

import asking
import builders
import scope
from governance.approvals import services as approvals
from governance.approvals.shipped import shipped_definition
from governance.core.actors import INSTALLER, Actor
from governance.organisation.calendars import calendar_of
from governance.organisation.models import Membership, Person, Unit
from governance.organisation.roles import Role
from governance.organisation.working_time import WorkingCalendar

START, DAYS = datetime(2026, 1, 5, 6, tzinfo=UTC), 365
ENDS, PATTERN_DAYS = date(2027, 9, 30), 300
ZONES = ("Europe/Zurich", "Europe/London", "America/New_York")
POOLS = {Role.DATA_STEWARD: 20, Role.IT_APPROVER: 20, Role.SECURITY_APPROVER: 12, Role.LEGAL_APPROVER: 8}
LEAVE_WEEKS, BUSINESS_UNITS, STEWARD_UNITS = 5, 12, 5


@dataclass
class Approver:
    """Somebody who decides: when they work, when they are away, what lies in front of them."""

    actor: Actor
    calendar: WorkingCalendar
    away: frozenset[date]
    waiting: dict = field(default_factory=dict)  # id of the seat -> (due, id of the request)

    def works(self, day: date) -> bool:
        return self.calendar.works_on(day) and day not in self.away


@dataclass
class Asker:
    """An initiative, and the lead who asks for it."""

    initiative: object
    lead: Actor
    calendar: WorkingCalendar


@dataclass
class World:
    approvers: dict
    askers: list
    data: dict
    tenant: object
    units: list


def build(dice: random.Random, *, scale: float, patterns: bool, serial: bool) -> World:
    """Make the organisation by the real services; the 40,000 people without a part in it come in bulk."""
    root = builders.organisation(at=START)
    document = _serial(shipped_definition()) if serial else shipped_definition()
    approvals.install_workflow(document=document, by=INSTALLER, at=START)
    units = [builders.unit(f"Line {n}", time_zone=ZONES[n % len(ZONES)], at=START) for n in range(BUSINESS_UNITS)]
    offices = [builders.unit(f"Data office {n}", at=START) for n in range(STEWARD_UNITS)]
    for each in [root, *units, *offices]:
        builders.person(Role.UNIT_HEAD, each, name=f"Head of {each.name}", at=START)
    _crowd(units, round(40_000 * scale))
    approvers = _approvers(dice, root, offices)
    data = {
        "internal": [scope.dataset(office, classification="internal", at=START) for office in offices],
        "confidential": [scope.dataset(office, classification="confidential", at=START) for office in offices],
    }
    tenant = scope.destination(title="Our tenant", at=START, **asking.OUR_TENANT)
    if patterns:
        _pattern(data["internal"], tenant, root)
    askers = [_asker(units[n % len(units)]) for n in range(max(BUSINESS_UNITS, round(300 * scale)))]
    return World(approvers, askers, data, tenant, units)


def _serial(document: dict) -> dict:
    stages, before = [], []
    for stage in document["stages"]:
        stages.append({**stage, "after": before} if before else stage)
        before = [stage["name"]]
    return {**document, "stages": stages}


def _crowd(units: list[Unit], count: int) -> None:
    people = [Person(login=f"crowd-{n}", name=f"Colleague {n}", password="!", created_at=START) for n in range(count)]
    places = [Membership(person=each, unit=units[n % len(units)], starts_at=START) for n, each in enumerate(people)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('audit.event_id', 'the benchmark', true)")
        Person.objects.bulk_create(people, batch_size=5000)
        Membership.objects.bulk_create(places, batch_size=5000)


def _approvers(dice: random.Random, root: Unit, offices: list[Unit]) -> dict:
    found = {}
    for role, count in POOLS.items():
        for n in range(count):
            where = offices[n % len(offices)] if role is Role.DATA_STEWARD else root
            person = builders.person(role, where, at=START)
            found[person.pk] = Approver(builders.actor(person), calendar_of(where.path), _leave(dice))
    return found


def _leave(dice: random.Random) -> frozenset[date]:
    weeks = dice.sample(range(52), LEAVE_WEEKS)
    first = START.date()
    return frozenset(first + timedelta(days=7 * week + day) for week in weeks for day in range(7))


def _pattern(data: list, tenant: object, root: Unit) -> None:
    body = asking.bounds(data, [tenant], at=START, redact=[], longest_days=PATTERN_DAYS)
    deciders = [builders.actor_with(role, root, at=START) for role in (Role.DATA_STEWARD, Role.IT_APPROVER)]
    asking.pattern(body, *deciders, owner=root, rate=0.05, at=START)


def _asker(unit: Unit) -> Asker:
    lead = builders.actor(builders.person(Role.REQUESTER, unit, at=START))
    return Asker(scope.initiative(unit, by=lead, at=START), lead, calendar_of(unit.path))
