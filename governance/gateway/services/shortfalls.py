"""The clock compares what people looked at with what was promised: it warns, waits, and puts the rights at rest. A person lifts that."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid
from governance.core.verdict import require
from governance.gateway.models import Shortfall
from governance.gateway.oversight import (
    GRACE,
    OPEN_SHORTFALL,
    SETTLES,
    WINDOW,
    Judgement,
    ShortfallState,
    Standing,
    Tally,
    judge,
    may_lift,
    may_move_shortfall,
)
from governance.gateway.selectors.oversight import LIFT, tally_of
from governance.initiatives.locks import lock_initiative
from governance.initiatives.models import Initiative, Member
from governance.initiatives.selectors import initiative_seen
from governance.notices.services import notify
from governance.organisation.selectors import authorize, standing_of, time_zone_of, who_may
from governance.remits.models import Remit
from governance.remits.promise import Promise
from governance.remits.rules import RemitState
from governance.remits.selectors.promises import promise_in, remit_in_force
from governance.remits.services import rest_for_oversight, resume_after_oversight
from governance.scanning.rules import reason_fault
from governance.work.batches import each_row

HEADS = "initiatives:initiative:transfer"


def watch_oversight(*, by: Actor, at: datetime) -> int:
    """Take the step that is due for every initiative that promised figures; return how many. Each is a transaction of its own."""
    promised = Remit.objects.filter(state=RemitState.APPROVED, sandbox=False, body__has_key="oversight")
    concerned = set(promised.order_by().values_list("initiative_id", flat=True))
    concerned |= set(
        Shortfall.objects.filter(state__in=OPEN_SHORTFALL).order_by().values_list("initiative_id", flat=True)
    )
    return each_row("watch_oversight", sorted(concerned), lambda key: _watch(key, by=by, at=at))


@transaction.atomic
def _watch(initiative_id: UUID, *, by: Actor, at: datetime) -> bool:
    initiative, remit = lock_initiative(initiative_id), remit_in_force(initiative_id)
    promise = promise_in(remit.body) if remit else None
    found = Shortfall.objects.select_for_update().filter(initiative=initiative, state__in=OPEN_SHORTFALL).first()
    if found is None:
        return remit is not None and promise is not None and _warned(initiative, remit, promise, by=by, at=at)
    if remit is None or promise is None or remit.pk != found.remit_id:
        _close(found, ShortfallState.OVERTAKEN, EventKind.OVERSIGHT_OVERTAKEN, by=by, at=at)
        return True
    return found.state == ShortfallState.WARNED and at >= found.due_at and _settled(found, promise, by=by, at=at)


def _warned(initiative: Initiative, remit: Remit, promise: Promise, *, by: Actor, at: datetime) -> bool:
    """Warn when a whole window fell short; return whether it did. What lies before a remit or a lifted rest is past."""
    since, until = at - SETTLES - WINDOW, at - SETTLES
    closed = Shortfall.objects.filter(initiative=initiative).order_by("-closed_at").values_list("closed_at", flat=True)
    begun = [moment for moment in (remit.starts_at, *closed[:1]) if moment is not None]
    if not begun or max(begun) > since:
        return False
    tally = tally_of(initiative.pk, promise, since=since, until=until)
    judgement = judge(promise, tally)
    if judgement.standing is not Standing.SHORT:
        return False
    made = Shortfall.objects.create(
        initiative=initiative, remit=remit, figures=_figures(tally, judgement), warned_at=at, due_at=at + GRACE
    )
    _record(EventKind.OVERSIGHT_WARNED, made, by=by, at=at, due_at=made.due_at.isoformat(), **asdict(tally))
    day = made.due_at.astimezone(ZoneInfo(time_zone_of(initiative.accountable_unit)))
    text = (
        f"{initiative.title}: {' '.join(judgement.sentences)} Unless that is made up for by {day:%-d %B %Y}, its rights rest "
        "until somebody lets it go on."
    )
    _tell("gateway.oversight_short", text, made, by=by, at=at)
    return True


def _settled(found: Shortfall, promise: Promise, *, by: Actor, at: datetime) -> bool:
    """Judge the time since the warning once grace is over. Too few answers settle nothing: it is looked at again."""
    tally = tally_of(found.initiative_id, promise, since=found.warned_at, until=at - SETTLES)
    judgement = judge(promise, tally)
    if judgement.standing is Standing.TOO_FEW:
        return False
    if judgement.standing is not Standing.SHORT:
        _close(found, ShortfallState.MET, EventKind.OVERSIGHT_MET, by=by, at=at)
        return True
    require(may_move_shortfall(ShortfallState(found.state), ShortfallState.RESTING), Conflict)
    found.state, found.rested_at, found.rest_figures = ShortfallState.RESTING, at, _figures(tally, judgement)
    found.save(update_fields=["state", "rested_at", "rest_figures"])
    resting = rest_for_oversight(initiative_id=found.initiative_id, by=by, at=at)
    _record(EventKind.OVERSIGHT_RESTS, found, by=by, at=at, grants=resting, **asdict(tally))
    text = f"{found.initiative.title} rests: {' '.join(judgement.sentences)} Somebody who neither promised nor builds it can let it go on."
    _tell("gateway.oversight_rests", text, found, by=by, at=at)
    return True


@transaction.atomic
def let_go_on(*, initiative: str | UUID, reason: str, by: Actor, at: datetime) -> Shortfall:
    """Let the rights go on that rest because oversight fell short.

    Raises:
        NotFound: no such initiative. NotAllowed: the permission; `own_promise`. Invalid: the reason.
        Conflict: `not_resting`.
    """
    seen = initiative_seen(initiative, standing_of(by.person) if by.person else None)
    authorize(by, LIFT, seen.accountable_unit.path)
    if by.person is None:
        raise Invalid("no_person", "A person says why it may go on.")
    lock_initiative(seen.pk)
    found = Shortfall.objects.select_for_update().filter(initiative=seen, state=ShortfallState.RESTING).first()
    if found is None:
        raise Conflict("not_resting", "Nothing of it rests because of oversight.")
    builders = Member.objects.filter(initiative=seen, until=None).order_by().values_list("person_id", flat=True)
    require(may_lift(by.person, frozenset(builders), found.remit.drafted_by_id))
    if fault := reason_fault(reason):
        raise Invalid("reason_too_short", fault, field="reason")
    found.lifted_by_id, found.lift_reason = by.person, " ".join(reason.split())
    resumed = resume_after_oversight(initiative_id=seen.pk, by=by, at=at)
    _close(found, ShortfallState.LIFTED, EventKind.OVERSIGHT_LIFTED, by=by, at=at, grants=resumed)
    _tell("gateway.oversight_goes_on", f"{seen.title} goes on. What it promised is watched anew.", found, by=by, at=at)
    return found


def _close(found: Shortfall, to: ShortfallState, kind: EventKind, *, by: Actor, at: datetime, **detail: Any) -> None:
    require(may_move_shortfall(ShortfallState(found.state), to), Conflict)
    found.state, found.closed_at = to, at
    found.save(update_fields=["state", "closed_at", "lifted_by", "lift_reason"])
    _record(kind, found, by=by, at=at, **detail)


def _figures(tally: Tally, judgement: Judgement) -> dict[str, Any]:
    return {"tally": asdict(tally), "sentences": list(judgement.sentences)}


def _tell(kind: str, text: str, found: Shortfall, *, by: Actor, at: datetime) -> None:
    """Tell whoever promised it, who builds it and who heads the unit."""
    initiative = found.initiative
    builders = Member.objects.filter(initiative=initiative, until=None).order_by()
    heads = {each.id for each in who_may(HEADS, initiative.accountable_unit.path)}
    people: Iterable[UUID] = heads | {found.remit.drafted_by_id} | set(builders.values_list("person_id", flat=True))
    notify(people=people, kind=kind, text=text, link=f"/initiatives/{initiative.code}/oversight/", by=by, at=at)


def _record(kind: EventKind, found: Shortfall, *, by: Actor, at: datetime, **detail: Any) -> None:
    initiative = found.initiative
    told = {"shortfall": str(found.pk), "remit": str(found.remit_id), **detail}
    record(
        kind, subject=f"initiative:{initiative.pk}", by=by, at=at, unit_path=initiative.accountable_unit.path, **told
    )
