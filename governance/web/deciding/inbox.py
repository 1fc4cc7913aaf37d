"""Lists of requests: what waits for the reader, what they decided, what they asked; and several decided after one look."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from governance.approvals import selectors, services
from governance.approvals.likeness import MOST_TOGETHER
from governance.approvals.rules import OPEN_REQUEST, REVISABLE, DecisionKind, RequestState
from governance.approvals.selectors import Due, InboxRow, RequestRow
from governance.core.clock import now
from governance.core.errors import NotFound
from governance.web.deciding.request_shapes import IN_FACTS, diff_rows
from governance.web.frame import words
from governance.web.frame.access import actor_of, handed, reader, requires, signed_in, standing
from governance.web.frame.calls import call_rows
from governance.web.frame.forms import LONGEST_TEXT
from governance.web.frame.htmx import page_or_part
from governance.web.frame.kept import put_back
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.once import Once
from governance.web.frame.shapes import Crumb, Tab
from governance.web.frame.subject_words import SUBJECTS

DECIDE = "approvals:request:decide"
MOST_CALLS = 5
DUE = {"late": "Late", "today": "Due today", "later": "Later"}
STATES = [(each.value, words.state(RequestState, each).text) for each in RequestState if each != RequestState.DRAFT]
SAID = [(each.value, words.state(DecisionKind, each).text) for each in DecisionKind]
SEARCH = Filter("q", "Search", hint="words of the title, a unit")
WAITING = ListSpec(
    sorts={},
    default_sort="",
    filters=(SEARCH, Filter("due", "Due", list(DUE.items())), Filter("kind", "About", list(SUBJECTS.items()))),
    noun="request",
)
DECIDED = ListSpec(
    {}, "", (SEARCH, Filter("said", "You said", SAID), Filter("state", "Request", STATES)), noun="request"
)
ASKED = ListSpec({}, "", (SEARCH, Filter("state", "Status", STATES)), noun="request")


@requires(DECIDE)
def inbox(request: HttpRequest) -> HttpResponse:
    at, state = now(), ListState.read(request.GET, WAITING)
    found = selectors.inbox_page(
        reader(request).pk,
        at=at,
        known=handed(request),
        search=state.value("q"),
        kind=state.value("kind"),
        due=_due(state.value("due"), at),
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, found.rows, found.total)
    if not state.narrowed:
        inbox_count.is_known(request, found.total)
    waiting = inbox_count(request)
    told = f"{waiting} decision{'' if waiting == 1 else 's'} wait{'s' if waiting == 1 else ''} for you"
    context = {
        "headline": told if waiting else "Nothing waits for you",
        "about": "The first due on top." if waiting else "You are told as soon as something does.",
        "page": page,
        "groups": _groups(found.rows, at),
        "together": _together(found.rows),
        "tabs": tabs("waiting", waiting),
        "calls": call_rows(request, limit=MOST_CALLS) if state.page == 1 and not state.narrowed else [],
    }
    return page_or_part(request, "approvals/inbox.html", "rows", context)


def _end_of_today(at: datetime) -> datetime:
    here = timezone.localtime(at)
    return datetime.combine(here.date() + timedelta(days=1), time.min, tzinfo=here.tzinfo)


def _due(wanted: str, at: datetime) -> Due:
    evening = _end_of_today(at)
    return {"late": Due(before=at), "today": Due(at, evening), "later": Due(since=evening)}.get(wanted, Due())


def _groups(rows: Sequence[InboxRow], at: datetime) -> list[dict[str, Any]]:
    """Return the rows under the headings late, today and later, without the empty ones."""
    evening = _end_of_today(at)
    sorted_rows: dict[str, list[dict[str, Any]]] = {name: [] for name in DUE}
    for row in rows:
        when = "later" if row.due_at is None or row.due_at >= evening else "late" if row.due_at < at else "today"
        sorted_rows[when].append(inbox_row(row, late=when == "late"))
    return [{"name": name, "title": DUE[name], "rows": each} for name, each in sorted_rows.items() if each]


def _together(rows: Sequence[InboxRow]) -> list[dict[str, Any]]:
    """Return each shape that several rows share: one look is enough for all of them."""
    shapes = [row.shape for row in rows if row.shape and not row.in_place_of]
    return [{"shape": each, "count": shapes.count(each)} for each in dict.fromkeys(shapes) if shapes.count(each) > 1]


def inbox_rows(request: HttpRequest, *, limit: int) -> list[dict[str, Any]]:
    """Return the first of what waits for the reader, for their home."""
    at = now()
    found = selectors.inbox_page(reader(request).pk, at=at, known=handed(request), size=limit)
    inbox_count.is_known(request, found.total)
    return [inbox_row(row, late=row.due_at is not None and row.due_at < at) for row in found.rows]


@Once
def inbox_count(request: HttpRequest) -> int:
    return selectors.inbox_count(reader(request).pk, now(), handed(request))


def inbox_row(row: InboxRow, *, late: bool) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "requester": row.requester,
        "unit": row.unit,
        "seat": row.role,
        "in_place_of": row.in_place_of,
        "looking": words.has_open(row.looking),
        "opened_at": row.opened_at,
        "due_at": row.due_at,
        "late": late,
    }


def tabs(current: str, waiting: int | None = None) -> list[Tab]:
    return [
        Tab("Waiting", reverse("inbox"), current=current == "waiting", count=waiting),
        Tab("Decided", reverse("decided"), current=current == "decided"),
        Tab("Asked by me", reverse("asked"), current=current == "asked"),
    ]


@requires(DECIDE)
def decided(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, DECIDED)
    found = selectors.decided_page(
        reader(request).pk,
        search=state.value("q"),
        said=state.value("said"),
        state=state.value("state"),
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [_decided_row(row) for row in found.rows], found.total)
    return page_or_part(request, "approvals/decided.html", "rows", {"page": page, "tabs": tabs("decided")})


def _decided_row(row: RequestRow) -> dict[str, Any]:
    return request_row(row) | {"said": words.state(DecisionKind, row.my_decision)}


@signed_in
def asked(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, ASKED)
    found = selectors.asked_page(
        reader(request).pk, search=state.value("q"), state=state.value("state"), page=state.page, size=state.limit
    )
    page = ListPage(state, [request_row(row) for row in found.rows], found.total)
    return page_or_part(request, "approvals/asked.html", "rows", {"page": page, "tabs": tabs("asked")})


def request_row(row: RequestRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "requester": row.requester,
        "unit": row.unit,
        "state": words.state(RequestState, row.state),
        "open": row.state in OPEN_REQUEST | REVISABLE,
        "opened_at": row.opened_at,
        "waits_for": words.joined(list(row.waits_for), "you" if row.state in REVISABLE else "nobody"),
    }


class TogetherForm(forms.Form):
    """`chosen` holds "request id:digest that was read" for each."""

    chosen = forms.MultipleChoiceField()
    comment = forms.CharField(max_length=LONGEST_TEXT, required=False)

    def __init__(self, *args: Any, rows: Sequence[InboxRow], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["chosen"]
        chosen.choices = [(f"{row.id}:{row.digest}", row.title) for row in rows]


@requires(DECIDE)
def together(request: HttpRequest, shape: str) -> HttpResponse:
    """Show the requests of one shape on one sheet: what each asks once, whose they are, and a yes for those chosen."""
    rows = _of_shape(request, shape)
    if not rows:
        raise NotFound("nothing_alike", "Nothing of this kind waits for you any more.", remedy="Open your inbox.")
    first = selectors.request_page(rows[0].id, reader=standing(request), at=now())
    kept = put_back(request)
    chosen = kept.get("chosen", [f"{row.id}:{row.digest}" for row in rows])
    context = {
        "trail": [Crumb("Waiting for you", reverse("inbox")), Crumb("Several that ask the same")],
        "shape": shape,
        "count": len(rows),
        "seat": words.joined(list(first.decides_as), rows[0].role),
        "diff": diff_rows(first.difference, beside=IN_FACTS if first.first_version else frozenset()),
        "before": "" if first.first_version else "In force",
        "rows": [
            inbox_row(row, late=False) | {"value": (value := f"{row.id}:{row.digest}"), "chosen": value in chosen}
            for row in rows
        ],
        "comment": "".join(kept.get("comment", [])),
    }
    return render(request, "approvals/together.html", context)


@require_POST
@requires(DECIDE, step_up=True, keeps=("chosen", "comment"))
def together_approve(request: HttpRequest, shape: str) -> HttpResponse:
    form = TogetherForm(request.POST, rows=_of_shape(request, shape))
    if not form.is_valid():
        messages.error(request, "Choose at least one that still waits. What moved meanwhile is not shown any more.")
        return redirect("inbox")
    pairs = [value.split(":") for value in form.cleaned_data["chosen"]]
    outcomes = services.approve_together(
        chosen={UUID(request_id): digest for request_id, digest in pairs},
        shape=shape,
        comment=form.cleaned_data["comment"],
        by=actor_of(request),
        at=now(),
    )
    done = sum(not outcome.refused for outcome in outcomes)
    if done:
        messages.success(request, f"{done} approved, each by a decision of its own.")
    for outcome in outcomes:
        if outcome.refused:
            messages.error(request, f"Not approved: {outcome.title or 'one request'}. {outcome.refused}")
    return redirect("inbox")


def _of_shape(request: HttpRequest, shape: str) -> list[InboxRow]:
    waiting = selectors.inbox(reader(request).pk, now())
    return [row for row in waiting if row.shape == shape and not row.in_place_of][:MOST_TOGETHER]
