"""Stop what is sent, drill that, and lift a stop with a second person. Called by the web process."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import GATEWAY, Actor
from governance.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from governance.core.verdict import Denied, Verdict, require
from governance.core.wording import says_nothing
from governance.destinations.selectors import authorize_for_all, destination_row
from governance.gateway.models import Stop, StopEffect
from governance.gateway.selectors.stops import IN_FORCE, path_of, title_of, told_of, visible_stops
from governance.gateway.stopping import (
    ALIVE_S,
    LONGEST_REASON,
    InForce,
    Sending,
    StopScope,
    may_ask_lift,
    may_confirm_lift,
    may_keep,
    require_unstopped,
    state_of,
)
from governance.initiatives.selectors import initiative_named
from governance.notices.services import notify
from governance.organisation.models import Person
from governance.organisation.selectors import authorize, standing_of, who_may
from governance.work.selectors import alive

MAKE, MAKE_WIDE, LIFT = "gateway:stop:make", "gateway:stop:make_wide", "gateway:stop:lift"
# The stop moved under the reader's hands: not a question of permission.
MOVED = frozenset({"lift_asked_already", "lift_not_asked", "lifted_already", "only_a_drill"})


def place_stop(
    *, scope: StopScope, target: str | UUID | None, reason: str, drill: bool = False, by: Actor, at: datetime
) -> Stop:
    """Stop what is sent, at once and by one person; or drill it, which holds nothing up and measures.

    `target` is the code or id of an initiative, the reference or id of a destination, the login or id of a person, None for
    everything.

    Raises:
        Invalid: no reason, or one that is too long; a target where there is none. NotFound: no such target.
        NotAllowed: the permission. Conflict: `stopped_already`.
    """
    named = _named(scope, target, by=by, at=at)
    reason = _reason(reason, "Say why: whoever is refused from now on reads it.")
    try:
        with transaction.atomic():
            stop = Stop(scope=scope, drill=drill, reason=reason, made_by_id=by.person, made_at=at, **named)
            stop.awaited = alive(GATEWAY.ref, at, ALIVE_S)
            stop.save(force_insert=True)
            kind = EventKind.STOP_DRILLED if drill else EventKind.STOP_PLACED
            _record(kind, stop, by=by, at=at, awaited=len(stop.awaited), reason_characters=len(reason))
            if not drill:
                text = f"Sending is stopped: {title_of(stop)}."
                notify(people=told_of(stop, at=at), kind="gateway.stopped", text=text, link=_link(stop), by=by, at=at)
    except IntegrityError as twice:
        remedy = "Its page shows how it stands."
        raise Conflict("stopped_already", "This is stopped already.", remedy=remedy) from twice
    return stop


@transaction.atomic
def ask_lift(*, stop_id: UUID, reason: str, by: Actor, at: datetime) -> Stop:
    """Ask to lift a stop. It holds until a second person confirms.

    Raises:
        NotFound: no such stop, or one the person may not see. NotAllowed: the permission; the stopped person.
        Conflict: asked or lifted already, or only a drill. Invalid: the reason.
    """
    stop = _locked(stop_id, by)
    _authorize_making(stop, by)
    _demand(may_ask_lift(_state(stop, at), stopped=stop.person_id, person=by.person))
    stop.lift_reason = _reason(reason, "Say what has changed: the second person decides by it.")
    stop.lift_asked_by_id, stop.lift_asked_at = by.person, at
    stop.save(update_fields=["lift_asked_by", "lift_asked_at", "lift_reason"])
    _record(EventKind.STOP_LIFT_ASKED, stop, by=by, at=at, reason_characters=len(stop.lift_reason))
    seconds = {each.id for each in who_may(LIFT, path_of(stop))} - {stop.person_id}
    text = f"A stop waits for a second person to lift it: {title_of(stop)}."
    notify(people=seconds, kind="gateway.stop_lift_asked", text=text, link=_link(stop), by=by, at=at)
    return stop


@transaction.atomic
def confirm_lift(*, stop_id: UUID, by: Actor, at: datetime) -> Stop:
    """Be the second of the two: from now on it is sent again.

    Raises:
        NotFound, NotAllowed, Conflict: as ask_lift; nobody asked, or the one who asked.
    """
    stop = _locked(stop_id, by)
    authorize(by, LIFT, path_of(stop))
    asked_by = stop.lift_asked_by_id
    _demand(may_confirm_lift(_state(stop, at), asked_by=asked_by, stopped=stop.person_id, person=by.person))
    stop.lifted_by_id, stop.lifted_at = by.person, at
    stop.save(update_fields=["lifted_by", "lifted_at"])
    _record(EventKind.STOP_LIFTED, stop, by=by, at=at, asked_by=str(asked_by))
    people, text = told_of(stop, at=at), f"Sending goes on: {title_of(stop)}."
    notify(people=people, kind="gateway.stop_lifted", text=text, link=_link(stop), by=by, at=at)
    return stop


@transaction.atomic
def keep_stop(*, stop_id: UUID, by: Actor, at: datetime) -> Stop:
    """Set aside the wish to lift a stop, or take back one's own: it holds on.

    Raises:
        NotFound, NotAllowed, Conflict: as confirm_lift.
    """
    stop = _locked(stop_id, by)
    if by.person != stop.lift_asked_by_id:
        authorize(by, LIFT, path_of(stop))
    _demand(may_keep(_state(stop, at), stopped=stop.person_id, person=by.person))
    asked_by = stop.lift_asked_by_id
    stop.lift_asked_by, stop.lift_asked_at, stop.lift_reason = None, None, ""
    stop.save(update_fields=["lift_asked_by", "lift_asked_at", "lift_reason"])
    _record(EventKind.STOP_KEPT, stop, by=by, at=at, asked_by=str(asked_by))
    return stop


@transaction.atomic
def note_effect(*, stop_id: UUID, process: str, milliseconds: int, calls: int, by: Actor, at: datetime) -> StopEffect:
    """Write down what a process of the gateway is known to have said of a stop: a running one writes it itself (signs.py)."""
    told: dict[str, Any] = {"process": process, "milliseconds": milliseconds, "calls": calls}
    effect = StopEffect.objects.create(stop_id=stop_id, at=at, **told)
    record(EventKind.STOP_TOOK_EFFECT, subject=f"stop:{stop_id}", by=by, at=at, **told)
    return effect


def _named(scope: StopScope, target: str | UUID | None, *, by: Actor, at: datetime) -> Mapping[str, Any]:
    """Return the columns that name what is to be stopped, once the actor was found to be one who may."""
    if (scope is StopScope.EVERYTHING) != (target in {None, ""}):
        told = "Everything needs no name." if target else "Say which one is to be stopped."
        raise Invalid("wrong_target", told, field="target", remedy="Name exactly what is to be stopped.")
    if scope is StopScope.INITIATIVE:
        initiative = initiative_named(target or "")
        authorize(by, MAKE, initiative.accountable_unit.path)
        return {"initiative_id": initiative.pk}
    authorize_for_all(by, MAKE_WIDE)
    match scope:
        case StopScope.DESTINATION:
            return {"destination_id": destination_row(target or "", at=at).id}
        case StopScope.PERSON:
            return {"person_id": _person(target or "").pk}
        case StopScope.EVERYTHING:
            return {}


def _person(login_or_id: str | UUID) -> Person:
    by_id = isinstance(login_or_id, UUID)
    found = Person.objects.filter(**{"pk" if by_id else "login": login_or_id}).first()
    if found is None:
        raise NotFound("no_such_person", "There is no such person.", field="target")
    return found


def _locked(stop_id: UUID, by: Actor) -> Stop:
    seen = visible_stops(standing_of(by.person)) if by.person else Stop.objects.all()
    if not seen.filter(pk=stop_id).exists():
        raise NotFound("no_such_stop", "There is no such stop.")
    related = Stop.objects.select_related("initiative__accountable_unit", "destination", "person")
    return related.select_for_update(of=("self",)).get(pk=stop_id)


def refuse_release(
    *,
    initiative_id: UUID,
    destination_id: UUID,
    by: Actor,  # noqa: ARG001 - it asks and writes nothing
    at: datetime,  # noqa: ARG001
) -> None:
    """Do nothing when no stop is in force on everything, this initiative or this destination; those on a person are on keys.

    Raises:
        NotAllowed: `stopped`, with the reason of the widest.
    """
    named = Q(scope=StopScope.EVERYTHING) | Q(initiative=initiative_id) | Q(destination=destination_id)
    stops = [
        InForce(stop.pk, StopScope(stop.scope), stop.initiative_id or stop.destination_id, stop.reason)
        for stop in Stop.objects.filter(IN_FORCE & named)
    ]
    require_unstopped(stops, Sending(None, initiative_id, destination_id))


def _state(stop: Stop, at: datetime) -> Any:
    return state_of(drill=stop.drill, lifted_at=stop.lifted_at, lift_asked_at=stop.lift_asked_at, at=at)


def _authorize_making(stop: Stop, by: Actor) -> None:
    authorize(by, MAKE if stop.initiative else MAKE_WIDE, path_of(stop))


def _demand(verdict: Verdict) -> None:
    error: type[DomainError] = Conflict if isinstance(verdict, Denied) and verdict.code in MOVED else NotAllowed
    require(verdict, error)


def _reason(reason: str, remedy: str) -> str:
    if says_nothing(reason):
        raise Invalid("no_reason", "A reason is missing.", field="reason", remedy=remedy)
    if len(reason.strip()) > LONGEST_REASON:
        raise Invalid("reason_too_long", f"A reason has at most {LONGEST_REASON} characters.", field="reason")
    return " ".join(reason.split())


def _link(stop: Stop) -> str:
    return f"/stops/{stop.pk}/"


def _record(kind: EventKind, stop: Stop, *, by: Actor, at: datetime, **detail: Any) -> None:
    target = stop.initiative_id or stop.destination_id or stop.person_id
    named = {"scope": str(stop.scope), "target": str(target or ""), **detail}
    path = stop.initiative.accountable_unit.path if stop.initiative else ""
    record(kind, subject=f"stop:{stop.pk}", by=by, at=at, unit_path=path, **named)
