"""Lists of requests: what I decided, what I asked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from governance.approvals.models import Decision, Request, Slot
from governance.approvals.rules import DecisionKind, RequestState, StageState
from governance.core.paging import Page, page_window


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


def decided_by(person: UUID, *, limit: int = 50) -> list[RequestRow]:
    """Return the requests `person` last decided, newest decision first."""
    return decided_page(person, size=limit).rows


def decided_page(
    person: UUID, *, search: str = "", said: str = "", state: str = "", page: int = 1, size: int = 50
) -> Page[RequestRow]:
    """Return one page of the requests `person` decided, newest decision first. `my_decision` is the last they gave."""
    # By the index on who decided when: whether it was their last word is asked only of the rows that are shown.
    own = Decision.objects.filter(actor_id=person)
    later = own.filter(Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")))
    last = own.filter(~Exists(later.filter(request=OuterRef("request"))))
    wanted = _narrowing(search, state, "request__")
    found = last.filter(wanted, kind=said) if said else last.filter(wanted)
    total = found.count() if said else own.filter(wanted).order_by().values("request").distinct().count()
    start, end = page_window(page, size)
    shown = found.select_related("request__unit", "request__requester").order_by("-at", "-id")[start:end]
    rows = [_row(each.request, my_decision=each.kind) for each in shown]
    return Page(rows, total, max(page, 1), end - start)


def asked_by(person: UUID, *, limit: int = 50) -> list[RequestRow]:
    """Return what `person` asked, newest first, with the stages each request waits for."""
    return asked_page(person, size=limit).rows


def asked_page(person: UUID, *, search: str = "", state: str = "", page: int = 1, size: int = 50) -> Page[RequestRow]:
    """Return one page of what `person` asked, newest first, with the stages each request waits for."""
    found = Request.objects.filter(_narrowing(search, state), requester_id=person)
    start, end = page_window(page, size)
    rows = _with_waits(found.select_related("unit", "requester").order_by("-opened_at", "id")[start:end])
    return Page(rows, found.count(), max(page, 1), end - start)


def _narrowing(search: str, state: str, of: str = "") -> Q:
    wanted = Q(**{f"{of}state": state}) if state else Q()
    if search:
        wanted &= Q(**{f"{of}title__icontains": search}) | Q(**{f"{of}unit__name__icontains": search})
    return wanted


def request_of(subject_kind: str, subject_id: UUID) -> RequestRow | None:
    """Return the newest request about a subject, or None when it was never asked."""
    return requests_of(subject_kind, [subject_id]).get(subject_id)


def requests_of(subject_kind: str, subject_ids: Collection[UUID]) -> dict[UUID, RequestRow]:
    """Return the newest request about each of the subjects; one that was never asked is not in it."""
    requests = Request.objects.filter(subject_kind=subject_kind, subject_id__in=subject_ids)
    newest = list(requests.select_related("unit", "requester").order_by("subject_id", "-number").distinct("subject_id"))
    return {request.subject_id: row for request, row in zip(newest, _with_waits(newest), strict=True)}


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


def _with_waits(requests: Iterable[Request]) -> list[RequestRow]:
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
