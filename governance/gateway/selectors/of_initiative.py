"""What lists of an initiative's doings share: who may see them, begun from when to when, in which order, which page of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from governance.core.errors import NotFound
from governance.core.paging import Page, count_up_to, page_window
from governance.gateway.selectors.pages import READ
from governance.initiatives.models import Initiative
from governance.initiatives.selectors import initiative_seen, is_member
from governance.organisation.permissions import Standing, may

Row = TypeVar("Row", bound=Model)
Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Between:
    """[since, until) of the time in `field`; None leaves that end open."""

    field: str
    since: datetime | None
    until: datetime | None


def sees_calls(owned: Initiative, standing: Standing) -> bool:
    """Say whether somebody may see the calls of an initiative: by a role there, or as one of its builders."""
    path = owned.accountable_unit.path
    return bool(may(standing, READ, path)) or (standing.active and is_member(owned.pk, standing.person))


def initiative_with_calls(code_or_id: str | UUID, standing: Standing) -> Initiative:
    """Return an initiative whose calls somebody may see.

    Raises:
        NotFound: `no_such_initiative`, also for who may not see its calls.
    """
    owned = initiative_seen(code_or_id, standing)
    if not sees_calls(owned, standing):
        raise NotFound("no_such_initiative", "There is no such initiative.")
    return owned


def order_of(sorts: Mapping[str, tuple[str, ...]], sort: str, *, usual: str) -> list[str]:
    """Return the fields to order by; `sort` is a name of `sorts`, with "-" before it the other way round."""
    fields = sorts.get(sort.removeprefix("-"), sorts[usual])
    return [f"-{each}" if sort.startswith("-") else each for each in fields]


def page_begun(
    found: QuerySet[Row], shown: Callable[[Row], Shown], between: Between, *, order: list[str], page: int, size: int
) -> Page[Shown]:
    """Return a page of what began between two moments, each row as `shown` makes it. Two queries."""
    if between.since is not None:
        found = found.filter(**{f"{between.field}__gte": between.since})
    if between.until is not None:
        found = found.filter(**{f"{between.field}__lt": between.until})
    start, end = page_window(page, size)
    total = count_up_to(found.select_related(None).order_by())
    rows = [shown(each) for each in found.order_by(*order)[start:end]]
    return Page(rows, total.number, max(page, 1), end - start, total.more)
