"""Limits as people see them: whose, how much, and how much of it is used."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from governance.core.errors import NotFound
from governance.core.paging import Page, page_window
from governance.gateway.limits import SPENT_AT, LimitKind, LimitScope, Period, period_end, period_start
from governance.gateway.models import Limit, Spending
from governance.initiatives.models import Member
from governance.organisation.permissions import Standing, may
from governance.organisation.selectors import ancestors, paths_for, who_may, within

READ, EDIT = "gateway:limit:read", "gateway:limit:edit"
NAMED = ("key", "initiative__accountable_unit", "unit", "set_by")
SORTS = {"set": ("set_at", "id"), "-set": ("-set_at", "-id")}


@dataclass(frozen=True, slots=True)
class LimitRow:
    """`amount`, `spent` and `reserved` are calls, tokens or micro-euro. Calls a minute are counted elsewhere: nothing is used of them.

    `reserved` is set aside for calls under way. `ref` is the id of a key or unit, the code of an initiative.
    """

    id: UUID
    scope: LimitScope
    title: str
    ref: str
    kind: LimitKind
    period: Period
    amount: int
    spent: int
    reserved: int
    until: datetime | None
    set_by: str
    set_at: datetime
    revision: int
    may_edit: bool

    @property
    def share(self) -> int:
        """How much is used or set aside, in per cent."""
        return (self.spent + self.reserved) * SPENT_AT // self.amount


def limits(
    *,
    standing: Standing,
    at: datetime,
    scope: str = "",
    kind: str = "",
    sort: str = "-set",
    page: int = 1,
    size: int = 50,
) -> Page[LimitRow]:
    """Return the limits in force that the reader may see, in a fixed number of queries."""
    found = visible_limits(standing).filter(ended_at=None)
    if scope in list(LimitScope):
        found = found.filter(scope=scope)
    if kind in list(LimitKind):
        found = found.filter(kind=kind)
    start, end = page_window(page, size)
    rows = found.select_related(*NAMED).order_by(*SORTS.get(sort, SORTS["-set"]))[start:end]
    return Page(_rows(list(rows), standing, at), found.order_by().count(), max(page, 1), end - start)


def limit(limit_id: UUID, *, standing: Standing, at: datetime) -> LimitRow:
    """Return one limit in force.

    Raises:
        NotFound: `no_such_limit`, also when the reader may not see it.
    """
    found = visible_limits(standing).select_related(*NAMED).filter(pk=limit_id, ended_at=None).first()
    if found is None:
        raise NotFound("no_such_limit", "There is no such limit.")
    return _rows([found], standing, at)[0]


def limits_on(initiative: UUID, unit_path: str, *, standing: Standing, at: datetime) -> list[LimitRow]:
    """Return the limits in force under which all calls of an initiative stand: its own, then its units', the nearest first."""
    found = Limit.objects.filter(ended_at=None, key=None).select_related(*NAMED)
    found = found.filter(Q(initiative=initiative) | Q(unit__path__in=ancestors(unit_path)))
    nearest = sorted(
        found, key=lambda each: (each.unit is not None, -len(each.unit.path if each.unit else ""), each.set_at)
    )
    return _rows(nearest, standing, at)


def visible_limits(standing: Standing) -> QuerySet[Limit]:
    """Return the limits of the units and initiatives that the reader watches."""
    paths = paths_for(standing, READ)
    of_initiatives = within(paths, "initiative__accountable_unit__path")
    return Limit.objects.filter(of_initiatives, initiative__isnull=False) | Limit.objects.filter(
        within(paths, "unit__path"), unit__isnull=False
    )


def path_of(limit: Limit) -> str:
    """Return the path of the unit whose calls it counts, or whose initiative's."""
    unit = limit.initiative.accountable_unit if limit.initiative else limit.unit
    return unit.path if unit else ""


def asked_on(limit: Limit) -> str:
    """Return the unit on which somebody must be allowed to set it: of a unit's, the one above, for nobody raises their own."""
    path = path_of(limit)
    if limit.scope != LimitScope.UNIT:
        return path
    above = ancestors(path)[:-1]
    return above[-1] if above else path


def title_of(limit: Limit) -> str:
    """Return whose calls it counts, as people call it."""
    if limit.unit is not None:
        return limit.unit.name
    title = limit.initiative.title if limit.initiative else ""
    return f"key {limit.key.prefix} of {title}" if limit.key else title


def told_of(limit: Limit) -> set[UUID]:
    """Return whom it concerns: the builders of an initiative, and who may raise it."""
    people = {each.id for each in who_may(EDIT, asked_on(limit))}
    if limit.initiative is not None:
        members = Member.objects.filter(initiative=limit.initiative, until=None).order_by()
        people |= set(members.values_list("person_id", flat=True))
    return people


def _rows(found: list[Limit], standing: Standing, at: datetime) -> list[LimitRow]:
    starts = {period_start(period, at) for period in (Period.DAY, Period.MONTH)}
    used = {
        (row.limit_id, row.since): row for row in Spending.objects.filter(limit__in=found, since__in=starts).order_by()
    }
    return [_row(each, used, standing, at) for each in found]


def _row(each: Limit, used: dict[tuple[UUID, datetime], Spending], standing: Standing, at: datetime) -> LimitRow:
    period = Period(each.period)
    since = period_start(period, at)
    spending = used.get((each.pk, since)) if period is not Period.MINUTE else None
    return LimitRow(
        id=each.pk,
        scope=LimitScope(each.scope),
        title=title_of(each),
        ref=str(each.key_id or (each.initiative.code if each.initiative else each.unit_id)),
        kind=LimitKind(each.kind),
        period=period,
        amount=each.amount,
        spent=spending.spent if spending else 0,
        reserved=spending.reserved if spending else 0,
        until=period_end(period, since) if period is not Period.MINUTE else None,
        set_by=each.set_by.name if each.set_by else "Remit",
        set_at=each.set_at,
        revision=each.revision,
        may_edit=bool(may(standing, EDIT, asked_on(each))),
    )
