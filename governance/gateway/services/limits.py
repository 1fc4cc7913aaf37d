"""Set, change and end limits, and tell people when a budget runs low. Called by the web process and the clock."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotFound
from governance.core.percent import percent
from governance.core.revisions import require_fresh
from governance.core.verdict import require
from governance.gateway.limits import (
    SPENT_AT,
    WARN_AT,
    LimitKind,
    LimitScope,
    Period,
    may_limit,
    period_start,
)
from governance.gateway.models import Exchange, Limit, Spending
from governance.gateway.selectors.limits import NAMED, asked_on, path_of, title_of, told_of, visible_limits
from governance.initiatives.selectors import initiative_named
from governance.notices.services import notify
from governance.organisation.models import Key, Unit
from governance.organisation.selectors import authorize, standing_of
from governance.work.batches import each_row

EDIT = "gateway:limit:edit"
MOST_TOLD = 200


def set_limit(
    *, scope: LimitScope, target: str | UUID, kind: LimitKind, period: Period, amount: int, by: Actor, at: datetime
) -> Limit:
    """Limit what one key, one initiative or a unit uses. What was used of the period so far counts.

    `target` is the id or beginning of a key, the code or id of an initiative, the id or reference of a unit. Cost is in micro-euro.

    Raises:
        Invalid: `wrong_period`, `wrong_amount`. NotFound: no such target. NotAllowed: the permission; of a unit, on the one above.
        Conflict: `limited_already`.
    """
    require(may_limit(kind, period, amount), Invalid)
    limit = Limit(scope=scope, kind=kind, period=period, amount=amount, set_by_id=by.person, set_at=at)
    _name(limit, target)
    authorize(by, EDIT, asked_on(limit))
    try:
        with transaction.atomic():
            limit.save(force_insert=True)
            _record(EventKind.LIMIT_SET, limit, by=by, at=at, before=None, after=amount)
            if kind is not LimitKind.CALLS:
                since = period_start(period, at)
                Spending.objects.create(limit=limit, since=since, reserved=0, spent=_used(limit, since))
    except IntegrityError as twice:
        remedy = "Change the one that is there."
        raise Conflict("limited_already", "There is such a limit already.", remedy=remedy) from twice
    return limit


@transaction.atomic
def change_limit(*, limit_id: UUID, amount: int, revision: int, by: Actor, at: datetime) -> Limit:
    """Raise or lower a limit: from the next call on it counts.

    Raises:
        NotFound, NotAllowed, Invalid: as set_limit. Conflict: `stale_revision`, `limit_ended`.
    """
    limit = _locked(limit_id, by)
    require_fresh(held=limit.revision, seen=revision)
    require(may_limit(LimitKind(limit.kind), Period(limit.period), amount), Invalid)
    before, limit.amount = limit.amount, amount
    limit.set_by_id, limit.set_at, limit.revision = by.person, at, limit.revision + 1
    limit.save(update_fields=["amount", "set_by", "set_at", "revision"])
    # Whoever was told that the old budget is spent is told of the new one as well.
    Spending.objects.filter(limit=limit, since=period_start(Period(limit.period), at)).update(told=0)
    _record(EventKind.LIMIT_SET, limit, by=by, at=at, before=before, after=amount)
    return limit


@transaction.atomic
def end_limit(*, limit_id: UUID, by: Actor, at: datetime) -> Limit:
    """End a limit. Raises NotFound, NotAllowed; Conflict: `limit_ended`."""
    limit = _locked(limit_id, by)
    limit.ended_at, limit.revision = at, limit.revision + 1
    limit.save(update_fields=["ended_at", "revision"])
    _record(EventKind.LIMIT_ENDED, limit, by=by, at=at, before=limit.amount, after=None)
    return limit


def tell_of_budgets(*, by: Actor, at: datetime) -> int:
    """Tell those concerned when a budget is used to 80 and to 100 per cent, each once a period. Return how many were told of."""
    starts = [period_start(period, at) for period in (Period.DAY, Period.MONTH)]
    used = F("spent") + F("reserved")
    low = Spending.objects.filter(since__in=starts, limit__ended_at=None).annotate(used=used)
    due = low.filter(used__gte=F("limit__amount") * WARN_AT / SPENT_AT, told__lt=WARN_AT)
    due |= low.filter(used__gte=F("limit__amount"), told__lt=SPENT_AT)
    rows = [(key,) for key in due.order_by("pk").values_list("pk", flat=True)[:MOST_TOLD]]
    return each_row("tell_of_budgets", rows, lambda row: _tell(row[0], by=by, at=at))


@transaction.atomic
def _tell(spending_id: UUID, *, by: Actor, at: datetime) -> bool:
    row = Spending.objects.select_for_update().get(pk=spending_id)
    limit = Limit.objects.select_related(*NAMED).get(pk=row.limit_id)
    share = (row.spent + row.reserved) * SPENT_AT // limit.amount
    reached = SPENT_AT if share >= SPENT_AT else WARN_AT
    if share < WARN_AT or row.told >= reached or row.since != period_start(Period(limit.period), at):
        return False
    row.told = reached
    row.save(update_fields=["told"])
    _record(EventKind.BUDGET_TOLD, limit, by=by, at=at, share=share)
    spent = reached == SPENT_AT
    said = "is spent: calls are refused" if spent else f"is used to {percent(share, SPENT_AT)}"
    text = f"The {limit.period}'s budget of {title_of(limit)} {said}."
    kind = "gateway.budget_spent" if spent else "gateway.budget_low"
    notify(people=told_of(limit), kind=kind, text=text, link="/limits/", by=by, at=at)
    return True


def _name(limit: Limit, target: str | UUID) -> None:
    match LimitScope(limit.scope):
        case LimitScope.INITIATIVE:
            limit.initiative = initiative_named(target)
        case LimitScope.UNIT:
            named = {"pk" if _is_id(target) else "ref": target}
            limit.unit = Unit.objects.filter(dissolved_at=None, **named).first()
            if limit.unit is None:
                raise NotFound("no_such_unit", "There is no such unit.", field="target")
        case LimitScope.KEY:
            named = {"pk" if _is_id(target) else "prefix": target}
            limit.key = Key.objects.filter(revoked_at=None, **named).first()
            if limit.key is None or not limit.key.scope.startswith("initiative:"):
                raise NotFound("no_such_key", "There is no such key for the gateway.", field="target")
            limit.initiative = initiative_named(UUID(limit.key.scope.removeprefix("initiative:")))


def _is_id(text: str | UUID) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True


def _used(limit: Limit, since: datetime) -> int:
    """Return what was used of a new budget in its period so far."""
    calls = Exchange.objects.filter(at__gte=since)
    match LimitScope(limit.scope):
        case LimitScope.KEY:
            calls = calls.filter(key=limit.key)
        case LimitScope.INITIATIVE:
            calls = calls.filter(initiative=limit.initiative)
        case LimitScope.UNIT:
            calls = calls.filter(unit__path__startswith=limit.unit.path if limit.unit else "")
    sums = calls.order_by().aggregate(
        tokens=Coalesce(Sum("tokens_in"), 0) + Coalesce(Sum("tokens_out"), 0), cost=Coalesce(Sum("cost"), 0)
    )
    return int(sums["tokens" if limit.kind == LimitKind.TOKENS else "cost"])


def _locked(limit_id: UUID, by: Actor) -> Limit:
    seen = visible_limits(standing_of(by.person)) if by.person else Limit.objects.all()
    if not seen.filter(pk=limit_id).exists():
        raise NotFound("no_such_limit", "There is no such limit.")
    limit = Limit.objects.select_related(*NAMED).select_for_update(of=("self",)).get(pk=limit_id)
    authorize(by, EDIT, asked_on(limit))
    if limit.ended_at is not None:
        raise Conflict("limit_ended", "This limit was ended.")
    return limit


def _record(kind: EventKind, limit: Limit, *, by: Actor, at: datetime, **detail: Any) -> None:
    target = limit.key_id or limit.initiative_id or limit.unit_id
    named = {"scope": str(limit.scope), "target": str(target), "of": str(limit.kind), "period": str(limit.period)}
    record(kind, subject=f"limit:{limit.pk}", by=by, at=at, unit_path=path_of(limit), **named, **detail)
