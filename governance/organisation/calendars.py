"""When units work, and who stands at the head of them: what time limits are reckoned by, and who is asked when they pass."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from governance.organisation.models import Closure, Membership, Person, RoleGrant, Unit, WorkingHours
from governance.organisation.roles import Role
from governance.organisation.selectors import ancestors, current, time_zone_at, unit
from governance.organisation.working_time import WorkingCalendar


@dataclass(frozen=True, slots=True)
class ClosureRow:
    id: UUID
    unit: str
    first_date: date
    last_date: date
    reason: str
    own: bool  # stated by the unit itself, not by one above it


@dataclass(frozen=True, slots=True)
class HoursRow:
    """The hours that hold for a unit. `stated_by` is the unit whose hours these are, "" for the usual week of Remit."""

    unit_id: UUID
    unit: str
    time_zone: str
    days: tuple[int, ...]
    opens: time
    closes: time
    country: str
    stated_by: str
    closures: tuple[ClosureRow, ...]


class Calendars:
    """The working calendars of units. Each is asked of the database once."""

    def __init__(self) -> None:
        self._known: dict[str, WorkingCalendar] = {}

    def of(self, unit_path: str) -> WorkingCalendar:
        if unit_path not in self._known:
            self._known[unit_path] = calendar_of(unit_path)
        return self._known[unit_path]


def calendar_of(unit_path: str) -> WorkingCalendar:
    """Return the calendar of the unit at `unit_path`: zone and hours from the nearest unit that states them.

    Closures add up: those of the unit and of every unit above it.
    """
    row, usual = _hours(unit_path), WorkingCalendar()
    closed = {day for closure in _closures(unit_path) for day in _days(closure)}
    zone = time_zone_at(unit_path)
    if row is None:
        return WorkingCalendar(zone, usual.days, usual.opens, usual.closes, "", frozenset(closed))
    return WorkingCalendar(zone, frozenset(row.days), row.opens, row.closes, row.country, frozenset(closed))


def hours_row(unit_id: UUID, *, on: date) -> HoursRow:
    """Return the hours of a unit for its page, with the closures that are not over on `on`.

    Raises:
        NotFound: "no_such_unit".
    """
    found = unit(unit_id)
    stated, calendar = _hours(found.path), calendar_of(found.path)
    return HoursRow(
        unit_id=found.pk,
        unit=found.name,
        time_zone=calendar.time_zone,
        days=tuple(sorted(calendar.days)),
        opens=calendar.opens,
        closes=calendar.closes,
        country=calendar.country,
        stated_by=stated.unit.name if stated else "",
        closures=tuple(
            ClosureRow(row.pk, row.unit.name, row.first_date, row.last_date, row.reason, own=row.unit_id == found.pk)
            for row in _closures(found.path)
            if row.last_date >= on
        ),
    )


def heads_above(unit_paths: Iterable[str], *, at: datetime) -> list[tuple[Unit, Person]]:
    """Return who heads the units at `unit_paths` and all above them: the deepest unit first, then by name.

    A unit's head is the person it names; else whoever is unit head on just this unit. A unit without one is passed over.
    """
    paths = {above for path in unit_paths for above in ancestors(path)}
    units = {found.path: found for found in Unit.objects.filter(path__in=paths).select_related("head")}
    holders = RoleGrant.objects.filter(current(at), role=Role.UNIT_HEAD, unit__path__in=paths, person__is_active=True)
    by_path: dict[str, Person] = {}
    for grant in holders.select_related("person", "unit").order_by("person__name", "person_id"):
        by_path.setdefault(grant.unit.path, grant.person)
    named = {path: found.head for path, found in units.items() if found.head and found.head.is_active}
    heads = {**by_path, **named}
    return [(units[path], heads[path]) for path in sorted(heads, key=lambda path: (-path.count("/"), path))]


def homes_of(people: Iterable[UUID], *, at: datetime) -> dict[UUID, set[str]]:
    """Return the paths of the units that each of these people is a member of."""
    homes: dict[UUID, set[str]] = {person: set() for person in people}
    found = Membership.objects.filter(current(at), person_id__in=list(homes))
    for person, path in found.values_list("person_id", "unit__path"):
        homes[person].add(path)
    return homes


def _hours(unit_path: str) -> WorkingHours | None:
    stated = WorkingHours.objects.filter(unit__path__in=ancestors(unit_path)).select_related("unit")
    return max(stated, key=lambda row: len(row.unit.path), default=None)


def _closures(unit_path: str) -> list[Closure]:
    above = Closure.objects.filter(unit__path__in=ancestors(unit_path)).select_related("unit")
    return list(above.order_by("first_date", "id"))


def _days(closure: Closure) -> list[date]:
    length = (closure.last_date - closure.first_date).days
    return [closure.first_date + timedelta(days=day) for day in range(length + 1)]
