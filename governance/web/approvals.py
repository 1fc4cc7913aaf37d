"""Pages of approvals: what waits for the reader, one request on one screen, what was said."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.approvals import selectors, services
from governance.approvals.rules import OPEN_REQUEST, DecisionKind, RequestState
from governance.approvals.selectors import InboxRow, RequestPage, RequestRow
from governance.approvals.selectors.stages import StageRow
from governance.core.clock import now
from governance.core.errors import Invalid
from governance.core.verdict import Denied
from governance.web import words
from governance.web.access import actor_of, reader, requires, signed_in, standing
from governance.web.forms import LONGEST_TEXT
from governance.web.request_shapes import IN_FACTS, diff_rows, route_of
from governance.web.shapes import Crumb, Tab

DECIDE, COMMENT = "approvals:request:decide", "approvals:request:comment"
HOME = Crumb("Waiting for you", "/inbox/")
# Why somebody who opened a page may not decide is said only where they could have expected to.
NOT_WORTH_SAYING = frozenset({"not_permitted", "not_asked"})
BACK_TO_YOU = frozenset({RequestState.CHANGES_REQUESTED, RequestState.STALE})  # the asker owes the next step
DONE = {
    DecisionKind.APPROVE: "Approved. Whoever comes next was told.",
    DecisionKind.REQUEST_CHANGES: "Sent back. They were told what to change.",
    DecisionKind.REJECT: "Rejected. They were told why.",
}


class DecisionForm(forms.Form):
    kind = forms.TypedChoiceField(choices=[(kind.value, kind.value) for kind in DecisionKind], coerce=DecisionKind)
    digest = forms.CharField(max_length=64)
    comment = forms.CharField(max_length=LONGEST_TEXT, required=False)


class CommentForm(forms.Form):
    text = forms.CharField(max_length=LONGEST_TEXT)


@requires(DECIDE)
def inbox(request: HttpRequest) -> HttpResponse:
    rows = inbox_rows(request)
    late = sum(row["late"] for row in rows)
    waiting = f"{len(rows)} decision{'' if len(rows) == 1 else 's'} wait{'s' if len(rows) == 1 else ''} for you"
    context = {
        "headline": waiting if rows else "Nothing waits for you",
        "about": _order(len(rows), late),
        "rows": rows,
        "tabs": _tabs("waiting", len(rows)),
    }
    return render(request, "approvals/inbox.html", context)


def _order(waiting: int, late: int) -> str:
    if late:
        return f"{late} late. The longest waiting first."
    return "The longest waiting first." if waiting else "You are told as soon as something does."


def inbox_rows(request: HttpRequest) -> list[dict[str, Any]]:
    at = now()
    return [
        _inbox_row(row, late=row.due_at is not None and row.due_at < at)
        for row in selectors.inbox(reader(request).pk, at)
    ]


def inbox_count(request: HttpRequest) -> int:
    return selectors.inbox_count(reader(request).pk, now())


def _inbox_row(row: InboxRow, *, late: bool) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "requester": row.requester,
        "unit": row.unit,
        "seat": row.role,
        "opened_at": row.opened_at,
        "due_at": row.due_at,
        "late": late,
    }


def _tabs(current: str, waiting: int | None = None) -> list[Tab]:
    return [
        Tab("Waiting", reverse("inbox"), current=current == "waiting", count=waiting),
        Tab("Decided", reverse("decided"), current=current == "decided"),
        Tab("Asked by me", reverse("asked"), current=current == "asked"),
    ]


@requires(DECIDE)
def decided(request: HttpRequest) -> HttpResponse:
    rows = [_decided_row(row) for row in selectors.decided_by(reader(request).pk)]
    return render(request, "approvals/decided.html", {"rows": rows, "tabs": _tabs("decided")})


def _decided_row(row: RequestRow) -> dict[str, Any]:
    return request_row(row) | {"said": words.state(DecisionKind, row.my_decision)}


@signed_in
def asked(request: HttpRequest) -> HttpResponse:
    rows = [request_row(row) for row in selectors.asked_by(reader(request).pk)]
    return render(request, "approvals/asked.html", {"rows": rows, "tabs": _tabs("asked")})


def request_row(row: RequestRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "requester": row.requester,
        "unit": row.unit,
        "state": words.state(RequestState, row.state),
        "open": row.state in OPEN_REQUEST,
        "opened_at": row.opened_at,
        "waits_for": words.joined(list(row.waits_for), "you" if row.state in BACK_TO_YOU else "nobody"),
    }


@signed_in
def request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show one request. Whoever asked it, decides it or may read its unit sees it; for others it does not exist."""
    found = selectors.request_page(request_id, reader=standing(request), at=now())
    return render(request, "approvals/request.html", {"page": _page(request, found)})


def _page(request: HttpRequest, found: RequestPage) -> dict[str, Any]:
    mine = found.requester == reader(request).name and found.may_withdraw
    trail = [Crumb("Asked by me", reverse("asked")) if mine else HOME, Crumb(f"Request {found.number}")]
    current = [stage for stage in found.stages if stage.mine]
    return {
        "id": found.id,
        "trail": trail,
        "title": found.title,
        "said": words.state(RequestState, found.state),
        "requester": found.requester,
        "unit": found.unit,
        "opened_at": found.opened_at,
        "deciding": f"You decide as {words.joined([_seat(stage, request) for stage in current])}." if current else "",
        "due_at": current[0].due_at if current else None,
        "digest": found.digest,
        "diff": diff_rows(found.difference, beside=IN_FACTS if found.first_version else frozenset()),
        "diff_title": "What is asked for" if found.first_version else "What changes against what is in force",
        "before": "" if found.first_version else "In force",
        "stages": route_of(found),
        "route_title": "Why you are asked" if current else "Who decides",
        "facts": found.facts,
        "evidence": found.evidence,
        "comments": found.comments,
        "may_comment": found.may_comment,
        "may_decide": bool(found.may_decide),
        "why_not": _why_not(found),
        "may_withdraw": found.may_withdraw,
        "link": found.link,
    }


def _seat(stage: StageRow, request: HttpRequest) -> str:
    name = reader(request).name
    return next((slot.label for slot in stage.slots if name in slot.candidates), stage.name)


def _why_not(found: RequestPage) -> str:
    verdict = found.may_decide
    if not isinstance(verdict, Denied) or verdict.code in NOT_WORTH_SAYING:
        return ""
    return f"{verdict.reason} {verdict.remedy}".strip()


@requires(DECIDE, step_up=True)
@require_POST
def request_decide(request: HttpRequest, request_id: UUID) -> HttpResponse:
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Invalid("not_a_decision", "This is not a decision that can be taken.", remedy="Open the request again.")
    said = form.cleaned_data
    try:
        services.decide(request_id=request_id, **said, by=actor_of(request), at=now())
    except Invalid as refused:
        return _said_too_little(request, request_id, refused, said["comment"])
    messages.success(request, DONE[said["kind"]])
    return redirect("inbox")


def _said_too_little(request: HttpRequest, request_id: UUID, refused: Invalid, comment: str) -> HttpResponse:
    found = selectors.request_page(request_id, reader=standing(request), at=now())
    context = {"page": _page(request, found), "comment_error": refused.reason, "comment_given": comment}
    return render(request, "approvals/request.html", context, status=422)


@requires(COMMENT)
@require_POST
def request_comment(request: HttpRequest, request_id: UUID) -> HttpResponse:
    form = CommentForm(request.POST)
    if form.is_valid():
        services.comment(request_id=request_id, text=form.cleaned_data["text"], by=actor_of(request), at=now())
    else:
        messages.error(request, "Write something first.")
    return redirect("request", request_id)


@signed_in
@require_POST
def request_withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    services.withdraw(request_id=request_id, by=actor_of(request), at=now())
    messages.success(request, "Withdrawn. Nothing that is in force changed.")
    return redirect("request", request_id)
