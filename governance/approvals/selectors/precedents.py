"""How requests like this one ended: the same data, the same way, to the same place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from governance.approvals.binding import Binding, in_words, strictest
from governance.approvals.models import Request, Revision
from governance.approvals.rules import RequestState
from governance.approvals.selectors.bound import bound_in

MOST = 3
SETTLED = [RequestState.APPROVED, RequestState.REJECTED]


@dataclass(frozen=True, slots=True)
class PrecedentRow:
    """An earlier request of the same likeness. `conditions` are sentences, those its approval was tied to."""

    id: UUID
    number: int
    title: str
    unit: str
    state: RequestState
    decided_at: datetime | None
    conditions: tuple[str, ...]


def precedents(revision: Revision, *, shown: Q) -> tuple[PrecedentRow, ...]:
    """Return the last requests like `revision` that came to an end, of those that the condition `shown` shows; at most three."""
    if not revision.likeness:
        return ()
    alike = Revision.objects.filter(likeness=revision.likeness).exclude(request_id=revision.request_id)
    settled = Request.objects.filter(shown, pk__in=alike.values("request_id"), state__in=SETTLED)
    newest = settled.select_related("unit").order_by("-decided_at", "-id")[:MOST]
    tied = bound_in([request.pk for request in newest if request.state == RequestState.APPROVED])
    return tuple(_row(request, tied.get(request.pk, [])) for request in newest)


def _row(request: Request, tied: Sequence[Binding]) -> PrecedentRow:
    return PrecedentRow(
        id=request.pk,
        number=request.number,
        title=request.title,
        unit=request.unit.name,
        state=RequestState(request.state),
        decided_at=request.decided_at,
        conditions=tuple(in_words(strictest(tied))),
    )
