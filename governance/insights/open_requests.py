"""Requests that are open now: how old they are, and which they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from governance.approvals.models import Decision, Request, Slot
from governance.approvals.rules import OPEN_REQUEST, RequestState, StageState
from governance.core.paging import Page, page_window
from governance.insights.scope import Scope, rows_of

# Days at which an open request falls into the next bucket.
EDGES = (1, 3, 7, 14, 30)
AGES = """
SELECT width_bucket(extract(epoch FROM %(until)s - opened_at)::float8 / 86400, ARRAY[1, 3, 7, 14, 30]::float8[]) AS bucket,
       count(*) FILTER (WHERE state <> 'changes_requested') AS deciders, count(*) FILTER (WHERE state = 'changes_requested') AS asker
FROM approvals_request
WHERE state IN ('submitted', 'in_review', 'changes_requested') AND unit_id = ANY(%(units)s::uuid[])
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Age:
    """Open requests sent at least `from_days` and less than `to_days` (None: no limit) ago, by who owes the next step."""

    from_days: int
    to_days: int | None
    deciders: int
    asker: int

    @property
    def number(self) -> int:
        return self.deciders + self.asker


@dataclass(frozen=True, slots=True)
class OpenRow:
    """`stages` and `roles` have not answered; none when it waits for who asked. A role of "": people asked by name."""

    id: UUID
    number: int
    title: str
    unit: str
    requester: str
    state: RequestState
    opened_at: datetime
    stages: tuple[str, ...]
    roles: tuple[str, ...]


def ages(scope: Scope) -> list[Age]:
    """Return the open requests by age, youngest first, every bucket also when empty. One query."""
    found = {row["bucket"]: row for row in rows_of(AGES, scope.asked)}
    edges = (0, *EDGES, None)
    return [
        Age(edges[i] or 0, edges[i + 1], *((found[i]["deciders"], found[i]["asker"]) if i in found else (0, 0)))
        for i in range(len(EDGES) + 1)
    ]


def open_requests(
    scope: Scope, *, role: str = "", older_than_days: int = 0, page: int = 1, size: int = 50
) -> Page[OpenRow]:
    """Return the open requests of the scope, the longest open first, in a fixed number of queries.

    `role`: somebody holding it has not answered yet. Only those sent at least `older_than_days` ago.
    """
    found = Request.objects.filter(state__in=sorted(OPEN_REQUEST), unit_id__in=scope.units)
    if older_than_days:
        found = found.filter(opened_at__lte=scope.until - timedelta(days=older_than_days))
    if role:
        found = found.filter(pk__in=_open_slots().filter(role=role).values("stage__revision__request_id"))
    start, end = page_window(page, size)
    # All ids at once: what is open is little, and who has not answered is found out only once.
    ids = list(found.order_by("opened_at", "id").values_list("pk", flat=True))
    named = Request.objects.filter(pk__in=ids[start:end]).select_related("unit", "requester")
    listed = list(named.order_by("opened_at", "id"))
    waits: dict[UUID, list[tuple[str, str]]] = {request.pk: [] for request in listed}
    slots = _open_slots().filter(stage__revision__request__in=listed).order_by("stage__position", "stage__name", "role")
    for request_id, stage, held in slots.values_list("stage__revision__request_id", "stage__name", "role"):
        waits[request_id].append((stage, held))
    return Page([_row(each, waits[each.pk]) for each in listed], len(ids), max(page, 1), end - start)


def _open_slots() -> QuerySet[Slot]:
    return Slot.objects.filter(
        ~Exists(Decision.objects.filter(slot=OuterRef("pk"))),
        stage__state__in=[StageState.OPEN, StageState.UNREACHABLE],
        stage__revision__request__state=RequestState.IN_REVIEW,
        carried=None,
    )


def _row(request: Request, waits: list[tuple[str, str]]) -> OpenRow:
    return OpenRow(
        id=request.pk,
        number=request.number,
        title=request.title,
        unit=request.unit.name,
        requester=request.requester.name,
        state=RequestState(request.state),
        opened_at=request.opened_at,
        stages=tuple(dict.fromkeys(stage for stage, _ in waits)),
        roles=tuple(dict.fromkeys(held for _, held in waits)),
    )
