"""Read the log by number. Only integrated events are read: a number once seen never gains a lower neighbour later."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from governance.audit.models import Leaf
from governance.core.paging import Page, count_up_to, page_window

BATCH = 500
EVERYWHERE = "/"  # every unit's path begins with it


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One entry of the log. `canonical` is the exact text that `leaf_hash` (hex) is over; `detail` is read from it."""

    idx: int
    event_id: UUID
    occurred_at: datetime
    kind: str
    subject: str
    actor: str
    unit_path: str
    canonical: bytes
    leaf_hash: str

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.canonical)
        return body

    @property
    def detail(self) -> dict[str, Any]:
        detail: dict[str, Any] = self.body["detail"]
        return detail

    @classmethod
    def of(cls, leaf: Leaf) -> "LoggedEvent":
        return cls(
            idx=leaf.idx,
            event_id=leaf.event_id,
            occurred_at=leaf.occurred_at,
            kind=leaf.kind,
            subject=leaf.subject,
            actor=leaf.actor,
            unit_path=leaf.unit_path,
            canonical=bytes(leaf.canonical),
            leaf_hash=bytes(leaf.leaf_hash).hex(),
        )


def events(
    *,
    paths: Sequence[str],
    kinds: Sequence[str] = (),
    subject: str = "",
    actor: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    newest_first: bool = True,
    page: int = 1,
    size: int = 50,
) -> Page[LoggedEvent]:
    """Return a page of the events that happened in the units `paths` (prefixes; "/" is everywhere).

    `subject` and `actor` are whole ("unit:<id>", "person:<id>") or end in ":" for all of a kind; [since, until).
    """
    found = _within(paths)
    if kinds:
        found = found.filter(kind__in=list(kinds))
    found = _named(_named(found, "subject", subject), "actor", actor)
    if since is not None:
        found = found.filter(occurred_at__gte=since)
    if until is not None:
        found = found.filter(occurred_at__lt=until)
    start, end = page_window(page, size)
    rows = found.order_by("-idx" if newest_first else "idx")[start:end]
    total = count_up_to(found.order_by())
    return Page([LoggedEvent.of(leaf) for leaf in rows], total.number, max(page, 1), end - start, total.more)


def events_after(after: int, limit: int, *, paths: Sequence[str] = (EVERYWHERE,)) -> Iterator[LoggedEvent]:
    """Yield up to `limit` events numbered above `after` (-1: from the first), in order, in constant memory.

    Nothing is missed: numbers are given in the order of becoming visible, so whoever continues from the last number has
    seen everything below it. Numbers are without gaps unless `paths` leaves some out.
    """
    while limit > 0:
        batch = list(_within(paths).filter(idx__gt=after).order_by("idx")[: min(limit, BATCH)])
        yield from map(LoggedEvent.of, batch)
        if len(batch) < min(limit, BATCH):
            return
        after, limit = batch[-1].idx, limit - len(batch)


def size() -> int:
    """Return how many events the log holds."""
    newest = Leaf.objects.order_by("-idx").values_list("idx", flat=True).first()
    return 0 if newest is None else newest + 1


def _within(paths: Sequence[str]) -> QuerySet[Leaf]:
    """Return the leaves a reader of `paths` may see. Without a path: none. Events of no unit are for readers of a root."""
    if EVERYWHERE in paths:
        return Leaf.objects.all()
    seen = Q(pk__in=[])
    for path in paths:
        seen |= Q(unit_path__startswith=path)
        if path.strip("/").count("/") == 0:
            seen |= Q(unit_path="")
    return Leaf.objects.filter(seen)


def _named(found: QuerySet[Leaf], field: str, name: str) -> QuerySet[Leaf]:
    if not name:
        return found
    return found.filter(**{f"{field}__startswith" if name.endswith(":") else field: name})
