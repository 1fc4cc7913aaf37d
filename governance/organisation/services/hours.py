"""When a unit works: its hours, its country's holidays, the days it closes."""

from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Invalid, NotFound
from governance.core.wording import says_nothing
from governance.organisation.models import Closure, Unit, WorkingHours
from governance.organisation.selectors import authorize, paths_for, standing_of, within
from governance.organisation.working_time import calendar_fault

PERMISSION = "organisation:hours:edit"
LONGEST_CLOSURE_DAYS, LONGEST_CLOSURE_REASON = 60, 120


@transaction.atomic
def set_working_hours(
    *, unit_id: UUID, days: list[int], opens: time, closes: time, country: str = "", by: Actor, at: datetime
) -> WorkingHours:
    """State when a unit works, and whose public holidays are free. Units below inherit it unless they state their own.

    What is due already stays due when it was; what opens from now on is reckoned by these hours.

    Raises:
        NotFound, NotAllowed: the unit, the permission.
        Invalid: "hours_wrong", with the field: no working day, hours that end before they begin, an unknown country.
    """
    where = _locked(unit_id)
    authorize(by, PERMISSION, where.path)
    if fault := calendar_fault(frozenset(days), opens, closes, country):
        raise Invalid("hours_wrong", fault[1], field=fault[0])
    values = {"days": sorted(set(days)), "opens": opens, "closes": closes, "country": country}
    hours, _ = WorkingHours.objects.update_or_create(unit=where, defaults=values)
    said = {"days": hours.days, "opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}", "country": country}
    record(EventKind.WORKING_HOURS_SET, subject=f"unit:{where.pk}", by=by, at=at, unit_path=where.path, **said)
    return hours


@transaction.atomic
def add_closure(*, unit_id: UUID, first_date: date, last_date: date, reason: str, by: Actor, at: datetime) -> Closure:
    """Close a unit, and all below it, from one day to another, both included.

    Raises:
        NotFound, NotAllowed: the unit, the permission.
        Invalid: "closure_wrong", with the field.
    """
    where = _locked(unit_id)
    authorize(by, PERMISSION, where.path)
    if not 0 <= (last_date - first_date).days < LONGEST_CLOSURE_DAYS:
        limit = f"A closure ends on or after its first day and lasts at most {LONGEST_CLOSURE_DAYS} days."
        raise Invalid("closure_wrong", limit, field="last_date", remedy="Choose another last day.")
    if says_nothing(reason) or len(reason) > LONGEST_CLOSURE_REASON:
        raise Invalid("closure_wrong", f"Say why, in at most {LONGEST_CLOSURE_REASON} characters.", field="reason")
    closure = Closure.objects.create(unit=where, first_date=first_date, last_date=last_date, reason=reason.strip())
    _record(EventKind.CLOSURE_ADDED, closure, by=by, at=at)
    return closure


@transaction.atomic
def remove_closure(*, closure_id: UUID, by: Actor, at: datetime) -> None:
    """Take a closure back.

    Raises:
        NotAllowed: the permission, on any unit. NotFound: no such closure, or one of a unit that they do not look after.
    """
    authorize(by, PERMISSION, None)
    locked = Closure.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=closure_id)
    if by.person is not None:
        locked = locked.filter(within(paths_for(standing_of(by.person), PERMISSION), "unit__path"))
    closure = locked.first()
    if closure is None:
        raise NotFound("no_such_closure", "There is no such closure, or it is not yours to take back.")
    _record(EventKind.CLOSURE_REMOVED, closure, by=by, at=at)
    closure.delete()


def _locked(unit_id: UUID) -> Unit:
    found = Unit.objects.select_for_update().filter(pk=unit_id, dissolved_at=None).first()
    if found is None:
        raise NotFound("no_such_unit", "There is no such unit.")
    return found


def _record(kind: EventKind, closure: Closure, *, by: Actor, at: datetime) -> None:
    days = {"first_date": closure.first_date.isoformat(), "last_date": closure.last_date.isoformat()}
    record(kind, subject=f"unit:{closure.unit_id}", by=by, at=at, unit_path=closure.unit.path, **days)
