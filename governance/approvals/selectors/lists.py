"""Lists of requests: what waits for me, what I decided, what I asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from governance.approvals.models import Decision, Request, Slot
from governance.approvals.rules import DecisionKind, RequestState, StageState


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One request that waits for the reader. `role` is what they decide as; `waiting_hours` since the stage opened."""

    id: UUID
    number: int
    title: str
    unit: str
    requester: str
    stage: str
    role: str
    opened_at: datetime
    due_at: datetime | None
    waiting_hours: float


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request as its requester or a decider sees it afterwards. `waits_for` names the open stages."""

    id: UUID
    number: int
    title: str
    unit: str
    requester: str
    state: RequestState
    opened_at: datetime
    decided_at: datetime | None
    my_decision: str
    waits_for: tuple[str, ...]


def inbox(person: UUID, at: datetime) -> list[InboxRow]:
    """Return the requests that wait for `person`, longest waiting first. A person asked twice sees one row."""
    spoken = Decision.objects.filter(revision=OuterRef("stage__revision"), actor_id=person)
    slots = (
        Slot.objects.filter(
            stage__state=StageState.OPEN,
            stage__revision__request__state=RequestState.IN_REVIEW,
            candidates__person_id=person,
            decisions=None,
            carried=None,
        )
        .exclude(Exists(spoken))
        .select_related("stage__revision__request__unit", "stage__revision__request__requester")
        .order_by("stage__opened_at", "stage__revision__request_id", "label", "id")
    )
    rows: dict[UUID, InboxRow] = {}
    for slot in slots:
        rows.setdefault(slot.stage.revision.request_id, _inbox_row(slot, at))
    return list(rows.values())


def _inbox_row(slot: Slot, at: datetime) -> InboxRow:
    request, opened_at = slot.stage.revision.request, slot.stage.opened_at or at
    return InboxRow(
        id=request.pk,
        number=request.number,
        title=request.title,
        unit=request.unit.name,
        requester=request.requester.name,
        stage=slot.stage.name,
        role=slot.label,
        opened_at=opened_at,
        due_at=slot.stage.due_at,
        waiting_hours=(at - opened_at).total_seconds() / 3600,
    )


def decided_by(person: UUID, *, limit: int = 50) -> list[RequestRow]:
    """Return the requests `person` last decided, newest decision first."""
    decisions = Decision.objects.filter(actor_id=person).select_related("request__unit", "request__requester")
    rows: dict[UUID, RequestRow] = {}
    for decision in decisions.order_by("-at", "-id")[: limit * 2]:
        rows.setdefault(decision.request_id, _row(decision.request, my_decision=decision.kind))
    return list(rows.values())[:limit]


def asked_by(person: UUID, *, limit: int = 50) -> list[RequestRow]:
    """Return what `person` asked, newest first, with the stages each request waits for."""
    asked = Request.objects.filter(requester_id=person).select_related("unit", "requester")
    return _with_waits(asked.order_by("-opened_at", "id")[:limit])


def request_of(subject_kind: str, subject_id: UUID) -> RequestRow | None:
    """Return the newest request about a subject, or None when it was never asked."""
    requests = Request.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    rows = _with_waits(requests.select_related("unit", "requester").order_by("-number")[:1])
    return rows[0] if rows else None


def approvers_of(subject_kind: str, subject_id: UUID) -> dict[UUID, str]:
    """Return who ever approved a subject, id to name."""
    made = Decision.objects.filter(request__subject_kind=subject_kind, request__subject_id=subject_id)
    return dict(made.filter(kind=DecisionKind.APPROVE).order_by("at").values_list("actor_id", "actor__name"))


def approvers_of_each(subject_kind: str, subject_ids: Iterable[UUID]) -> dict[UUID, dict[UUID, str]]:
    """Return for each subject who ever approved it, id to name, in one query. Nobody is an empty entry."""
    approvers: dict[UUID, dict[UUID, str]] = {subject: {} for subject in subject_ids}
    made = Decision.objects.filter(request__subject_kind=subject_kind, request__subject_id__in=list(approvers))
    named = made.filter(kind=DecisionKind.APPROVE).order_by("at")
    for subject, actor, name in named.values_list("request__subject_id", "actor_id", "actor__name"):
        approvers[subject][actor] = name
    return approvers


def _with_waits(requests: QuerySet[Request]) -> list[RequestRow]:
    listed = list(requests)
    waits: dict[UUID, list[str]] = {request.pk: [] for request in listed}
    open_stages = (
        Slot.objects.filter(
            stage__revision__request__in=listed,
            stage__revision__request__state=RequestState.IN_REVIEW,
            stage__state__in=[StageState.OPEN, StageState.UNREACHABLE],
        )
        .order_by("stage__position", "stage__name")
        .values_list("stage__revision__request_id", "stage__name")
        .distinct()
    )
    for request_id, name in open_stages:
        waits[request_id].append(name)
    return [_row(request, waits_for=tuple(dict.fromkeys(waits[request.pk]))) for request in listed]


def _row(request: Request, *, my_decision: str = "", waits_for: tuple[str, ...] = ()) -> RequestRow:
    return RequestRow(
        id=request.pk,
        number=request.number,
        title=request.title,
        unit=request.unit.name,
        requester=request.requester.name,
        state=RequestState(request.state),
        opened_at=request.opened_at,
        decided_at=request.decided_at,
        my_decision=my_decision,
        waits_for=waits_for,
    )
