"""Stops and drills as people see them: what is stopped, since when, why, and after how long every process had stopped."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from governance.core.errors import NotFound
from governance.core.paging import Page, page_window
from governance.core.vocabulary import Mode
from governance.gateway.models import Stop
from governance.gateway.stopping import (
    LIFT_ASK_LIFE,
    StopScope,
    StopState,
    may_confirm_lift,
    state_of,
)
from governance.initiatives.models import Member
from governance.initiatives.rules import InitiativeState
from governance.organisation.permissions import Standing, may
from governance.organisation.selectors import ancestors, paths_for, root_unit, who_may, within
from governance.remits.models import Grant
from governance.remits.rules import USABLE_GRANT

READ, MAKE, MAKE_WIDE, LIFT = "gateway:stop:read", "gateway:stop:make", "gateway:stop:make_wide", "gateway:stop:lift"
SORTS = {"made": ("made_at", "id"), "-made": ("-made_at", "-id")}
IN_FORCE = Q(lifted_at=None, drill=False)
SEE_PEOPLE = (MAKE_WIDE, "audit:event:read")  # that somebody is stopped is not for everybody on top
FOR_ALL = (StopScope.EVERYTHING, StopScope.DESTINATION)
NAMED = ("initiative__accountable_unit", "destination", "person", "made_by", "lift_asked_by", "lifted_by")


@dataclass(frozen=True, slots=True)
class EffectRow:
    """`calls` of the process were ended, or in a drill would have been."""

    process: str
    milliseconds: int
    calls: int
    at: datetime


@dataclass(frozen=True, slots=True)
class StopRow:
    """`title` says what is stopped; `ref` is its code, reference or login, "" for everything. `missing`: processes not heard of.

    `unit_path` is that of the initiative's unit, "" for what is stopped for the whole organisation.
    """

    id: UUID
    scope: StopScope
    title: str
    ref: str
    target_id: UUID | None
    unit_path: str
    drill: bool
    reason: str
    state: StopState
    made_by: str
    made_at: datetime
    lift_asked_by: str
    lift_asked_by_id: UUID | None
    lift_asked_at: datetime | None
    lift_reason: str
    lifted_by: str
    lifted_at: datetime | None
    effects: list[EffectRow]
    missing: list[str]

    @property
    def slowest_ms(self) -> int | None:
        """After how long the last process that answered had stopped."""
        return max((effect.milliseconds for effect in self.effects), default=None)

    @property
    def calls(self) -> int:
        return sum(effect.calls for effect in self.effects)


@dataclass(frozen=True, slots=True)
class StopPage:
    """`may_take_back`: the wish to lift it is the reader's own."""

    row: StopRow
    may_ask: bool
    may_confirm: bool
    may_take_back: bool


def stops(
    *,
    standing: Standing,
    at: datetime,
    state: str = "",
    scope: str = "",
    initiative: UUID | None = None,
    destination: UUID | None = None,
    sort: str = "-made",
    page: int = 1,
    size: int = 50,
) -> Page[StopRow]:
    """Return the stops and drills the reader may see, in a fixed number of queries. An unknown state or scope matches all."""
    found = visible_stops(standing).filter(_in_state(state, at))
    if scope in list(StopScope):
        found = found.filter(scope=scope)
    if initiative is not None:
        found = found.filter(initiative=initiative)
    if destination is not None:
        found = found.filter(destination=destination)
    start, end = page_window(page, size)
    ordered = found.select_related(*NAMED).prefetch_related("effects").order_by(*SORTS.get(sort, SORTS["-made"]))
    return Page([_row(each, at) for each in ordered[start:end]], found.order_by().count(), max(page, 1), end - start)


def stop(stop_id: UUID, *, standing: Standing, at: datetime) -> StopPage:
    """Return one stop.

    Raises:
        NotFound: `no_such_stop`, also when the reader may not see it.
    """
    found = visible_stops(standing).select_related(*NAMED).prefetch_related("effects").filter(pk=stop_id).first()
    if found is None:
        raise NotFound("no_such_stop", "There is no such stop.")
    row = _row(found, at)
    path, me = path_of(found), standing.person
    confirms = may_confirm_lift(row.state, asked_by=found.lift_asked_by_id, stopped=found.person_id, person=me)
    return StopPage(
        row=row,
        may_ask=row.state is StopState.IN_FORCE
        and found.person_id != me
        and bool(may(standing, MAKE if found.initiative else MAKE_WIDE, path)),
        may_confirm=bool(confirms) and bool(may(standing, LIFT, path)),
        may_take_back=row.state is StopState.LIFT_ASKED and found.lift_asked_by_id == me,
    )


def anything_stopped() -> bool:
    """Say whether any stop is in force, anywhere."""
    return Stop.objects.filter(IN_FORCE).exists()


def stops_in_force(standing: Standing, at: datetime) -> list[StopRow]:
    """Return the stops in force that concern the reader, the widest first: those they send under, and those they may lift."""
    found = visible_stops(standing).filter(IN_FORCE).select_related(*NAMED)
    if not _for_all(standing, LIFT):
        liftable = Q(scope=StopScope.INITIATIVE) & within(
            paths_for(standing, LIFT), "initiative__accountable_unit__path"
        )
        own = Q(scope=StopScope.EVERYTHING) | Q(person=standing.person) | _built_by(standing.person)
        found = found.filter(own | liftable)
    order = list(StopScope)
    rows = [_row(each, at, measured=False) for each in found]
    return sorted(rows, key=lambda row: (order.index(row.scope), row.title, str(row.id)))


def stops_of(*, initiative: UUID | None = None, destinations: Collection[UUID] = (), at: datetime) -> list[StopRow]:
    """Return the stops in force on an initiative or on any of these destinations; not those on everything, told everywhere."""
    named = Q(destination__in=list(destinations))
    if initiative is not None:
        named |= Q(initiative=initiative)
    found = Stop.objects.filter(IN_FORCE & named).select_related(*NAMED).order_by("made_at", "id")
    return [_row(each, at, measured=False) for each in found]


def waits_for(row: StopRow, standing: Standing) -> bool:
    """Say whether a stop waits for the reader to be the second who lifts it."""
    if row.state is not StopState.LIFT_ASKED or standing.person in {row.lift_asked_by_id, row.target_id}:
        return False
    return bool(may(standing, LIFT, row.unit_path)) if row.unit_path else _for_all(standing, LIFT)


def visible_stops(standing: Standing) -> QuerySet[Stop]:
    """Return the stops the reader may see: those of their units and initiatives, their own, and what is stopped for all."""
    if not standing.active:
        return Stop.objects.none()
    if any(_for_all(standing, permission) for permission in SEE_PEOPLE):
        return Stop.objects.all()
    units = within(paths_for(standing, READ), "initiative__accountable_unit__path")
    mine = Q(person=standing.person) | _built_by(standing.person)
    return Stop.objects.filter(Q(scope=StopScope.INITIATIVE) & units | Q(scope__in=FOR_ALL) | mine)


def told_of(stop: Stop, *, at: datetime) -> set[UUID]:
    """Return whom a stop concerns: those who send what it holds up, who heads them, and who may lift it."""
    people = {each.id for each in who_may(LIFT, path_of(stop))}
    match StopScope(stop.scope):
        case StopScope.PERSON:
            return people | {stop.person_id} if stop.person_id else people
        case StopScope.INITIATIVE:
            senders = Member.objects.filter(initiative=stop.initiative, until=None)
            heads = who_may("initiatives:initiative:transfer", path_of(stop))
            people |= {each.id for each in heads}
        case StopScope.DESTINATION:
            usable = Grant.objects.filter(
                destination=stop.destination, mode=Mode.PROMPT, state__in=USABLE_GRANT, ends_at__gt=at
            )
            senders = Member.objects.filter(initiative__in=usable.values("initiative_id"), until=None)
        case StopScope.EVERYTHING:
            running = (InitiativeState.PROPOSED, InitiativeState.ACTIVE)
            senders = Member.objects.filter(initiative__state__in=running, until=None)
    return people | set(senders.order_by().values_list("person_id", flat=True))


def title_of(stop: Stop) -> str:
    """Return what is stopped, as people call it; a person's name is not said to others than those who see the page."""
    match StopScope(stop.scope):
        case StopScope.EVERYTHING:
            return "everything"
        case StopScope.DESTINATION:
            return stop.destination.title if stop.destination else ""
        case StopScope.INITIATIVE:
            return stop.initiative.title if stop.initiative else ""
        case StopScope.PERSON:
            return "the keys of one person"


def _built_by(person: UUID) -> Q:
    return Q(Exists(Member.objects.filter(initiative=OuterRef("initiative"), person=person, until=None)))


def _for_all(standing: Standing, permission: str) -> bool:
    """Say whether the reader holds it for the whole organisation: on the top unit, above which there is none."""
    return any(len(ancestors(path)) == 1 for path in paths_for(standing, permission))


def path_of(stop: Stop) -> str | None:
    """Return the unit whose people may touch the stop: the initiative's, or the whole organisation."""
    if stop.initiative is not None:
        return stop.initiative.accountable_unit.path
    root = root_unit()
    return root.path if root else None


def _in_state(state: str, at: datetime) -> Q:
    asked = Q(lift_asked_at__gt=at - LIFT_ASK_LIFE)
    match state:
        case StopState.IN_FORCE:
            return IN_FORCE
        case StopState.LIFT_ASKED:
            return IN_FORCE & asked
        case StopState.LIFTED:
            return Q(lifted_at__isnull=False)
        case StopState.DRILL:
            return Q(drill=True)
        case _:
            return Q()


def _row(stop: Stop, at: datetime, *, measured: bool = True) -> StopRow:
    effects = list(stop.effects.all()) if measured else []
    answered = {effect.process for effect in effects}
    person = stop.person
    return StopRow(
        id=stop.pk,
        scope=StopScope(stop.scope),
        title=f"keys of {person.name}" if person else title_of(stop),
        ref=_ref(stop),
        target_id=stop.initiative_id or stop.destination_id or stop.person_id,
        unit_path=stop.initiative.accountable_unit.path if stop.initiative else "",
        drill=stop.drill,
        reason=stop.reason,
        state=state_of(drill=stop.drill, lifted_at=stop.lifted_at, lift_asked_at=stop.lift_asked_at, at=at),
        made_by=stop.made_by.name if stop.made_by else "Remit",
        made_at=stop.made_at,
        lift_asked_by=stop.lift_asked_by.name if stop.lift_asked_by else "",
        lift_asked_by_id=stop.lift_asked_by_id,
        lift_asked_at=stop.lift_asked_at,
        lift_reason=stop.lift_reason,
        lifted_by=stop.lifted_by.name if stop.lifted_by else "",
        lifted_at=stop.lifted_at,
        effects=[EffectRow(each.process, each.milliseconds, each.calls, each.at) for each in effects],
        missing=[name for name in stop.awaited if name not in answered] if measured else [],
    )


def _ref(stop: Stop) -> str:
    if stop.initiative:
        return stop.initiative.code
    if stop.destination:
        return stop.destination.ref
    return stop.person.login if stop.person else ""
