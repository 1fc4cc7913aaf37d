"""Units: the tree that every scope hangs on."""

from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from django.db import transaction
from django.db.models import Q

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotFound
from governance.core.ids import uuid7
from governance.core.revisions import require_fresh
from governance.core.verdict import require
from governance.core.wording import says_nothing
from governance.organisation.models import Membership, RoleGrant, Unit
from governance.organisation.rules import UnitKind, may_dissolve
from governance.organisation.selectors import authorize, may_head, root_unit
from governance.work.consequences import follow

PERMISSION = "organisation:unit:edit"


@transaction.atomic
def make_unit(
    *, name: str, ref: str, kind: UnitKind, parent_id: UUID | None, time_zone: str = "", by: Actor, at: datetime
) -> Unit:
    """Make a unit below `parent_id`; None makes the root, of which there is one.

    Raises:
        Invalid: no name, no ref, or a time zone that IANA does not list ("" inherits the parent's).
        Conflict: "ref_taken", or "root_exists".
        NotFound: "no_such_unit" for the parent.
    """
    parent = _parent(parent_id)
    authorize(by, PERMISSION, parent.path if parent else None)
    _require_shape(name=name, ref=ref, time_zone=time_zone)
    if Unit.objects.filter(ref=ref).exists():
        raise Conflict("ref_taken", f"Another unit is already called {ref}.", field="ref")
    unit_id = uuid7()
    path = f"{parent.path if parent else '/'}{unit_id}/"
    unit = Unit.objects.create(
        id=unit_id, parent=parent, path=path, kind=UnitKind(kind), name=name.strip(), ref=ref, time_zone=time_zone
    )
    record(EventKind.UNIT_MADE, subject=f"unit:{unit.pk}", by=by, at=at, unit_path=path, ref=ref, unit_kind=unit.kind)
    return unit


@transaction.atomic
def dissolve_unit(*, unit_id: UUID, successor_id: UUID | None = None, by: Actor, at: datetime) -> Unit:
    """End a unit. What it answered for goes to `successor_id`, its parent when not given; roles and memberships on it end.

    Raises:
        NotFound: "no_such_unit". NotAllowed: the actor may not.
        Conflict: "top_unit", "has_units", "no_successor": see may_dissolve.
    """
    dissolved = Unit.objects.select_for_update(of=("self",)).filter(pk=unit_id, dissolved_at=None).first()
    if dissolved is None:
        raise NotFound("no_such_unit", "There is no such unit.", field="unit")
    authorize(by, PERMISSION, dissolved.path)
    successor = Unit.objects.filter(Q(pk=successor_id or dissolved.parent_id), dissolved_at=None).first()
    has_units = dissolved.children.filter(dissolved_at=None).exists()
    heir = successor.pk if successor else None
    require(may_dissolve(unit_id, is_top=dissolved.parent_id is None, has_units=has_units, successor=heir), Conflict)
    # Before its roles end: who follows may have to tell its head.
    follow("organisation.unit_dissolved", unit_id=unit_id, successor_id=heir, by=by, at=at)
    dissolved.dissolved_at = at
    dissolved.revision += 1
    dissolved.save(update_fields=["dissolved_at", "revision"])
    roles = RoleGrant.objects.filter(unit=dissolved, ends_at=None).update(ends_at=at)
    members = Membership.objects.filter(unit=dissolved, ends_at=None).update(ends_at=at)
    path, ended = dissolved.path, {"roles": roles, "members": members, "successor": str(heir)}
    record(EventKind.UNIT_DISSOLVED, subject=f"unit:{unit_id}", by=by, at=at, unit_path=path, **ended)
    return dissolved


@transaction.atomic
def name_head(*, unit_id: UUID, person_id: UUID | None, revision: int, by: Actor, at: datetime) -> Unit:
    """Name the person who heads a unit, None for nobody by name: then whoever holds the role on just this unit does.

    Raises:
        NotFound: "no_such_unit". NotAllowed: the permission on the unit.
        Conflict: "stale_revision". Invalid: "not_a_head", for somebody who is not unit head on the unit or above it.
    """
    unit = Unit.objects.select_for_update(of=("self",)).filter(pk=unit_id, dissolved_at=None).first()
    if unit is None:
        raise NotFound("no_such_unit", "There is no such unit.", field="unit")
    authorize(by, PERMISSION, unit.path)
    require_fresh(held=unit.revision, seen=revision)
    if person_id is not None and person_id not in {each.pk for each in may_head(unit.path, at=at)}:
        remedy = "Give them the role unit head on it first."
        raise Invalid("not_a_head", "Only a unit head can be named.", field="person_id", remedy=remedy)
    unit.head_id, unit.revision = person_id, unit.revision + 1
    unit.save(update_fields=["head", "revision"])
    named = {"person": str(person_id or "")}
    record(EventKind.UNIT_HEAD_NAMED, subject=f"unit:{unit.pk}", by=by, at=at, unit_path=unit.path, **named)
    return unit


def _parent(parent_id: UUID | None) -> Unit | None:
    if parent_id is None:
        if root_unit() is not None:
            raise Conflict("root_exists", "The organisation has its top unit already.", field="parent")
        return None
    parent = Unit.objects.select_for_update().filter(pk=parent_id, dissolved_at=None).first()
    if parent is None:
        raise NotFound("no_such_unit", "There is no such unit.", field="parent")
    return parent


def _require_shape(*, name: str, ref: str, time_zone: str) -> None:
    if says_nothing(name):
        raise Invalid("no_name", "A unit needs a name.", field="name")
    if says_nothing(ref):
        raise Invalid("no_ref", "A unit needs a short reference.", field="ref")
    if time_zone and time_zone not in available_timezones():
        raise Invalid("unknown_time_zone", "This is not the name of a time zone.", field="time_zone")
