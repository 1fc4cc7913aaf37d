"""Overrides: asked for on the page of a request, confirmed by a second person, reviewed in a queue."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.approvals import selectors, services
from governance.approvals.overriding import LONGEST_OVERRIDE_HOURS, OverrideState, OverrideVerdict
from governance.approvals.selectors import OverrideRow
from governance.core.clock import now
from governance.web.frame import words
from governance.web.frame.access import actor_of, holds, reader, requires, standing
from governance.web.frame.forms import LONGEST_TEXT
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState

MAKE, REVIEW = "approvals:override:make", "approvals:override:review"
SPEC = ListSpec({}, "", (Filter("show", "Show", (("waiting", "Only what waits"),)),), size=25, noun="override")


class OverrideForm(forms.Form):
    reason = forms.CharField(max_length=LONGEST_TEXT)
    hours = forms.IntegerField(min_value=1, max_value=LONGEST_OVERRIDE_HOURS)


class ReviewForm(forms.Form):
    verdict = forms.TypedChoiceField(
        choices=[(each.value, each.value) for each in OverrideVerdict], coerce=OverrideVerdict
    )
    finding = forms.CharField(max_length=LONGEST_TEXT)


@requires(REVIEW)
def overrides(request: HttpRequest) -> HttpResponse:
    """Show the overrides of the reader's units, or only those that wait for a second person or for a review."""
    state = ListState.read(request.GET, SPEC)
    rows, total = selectors.overrides(
        standing(request), at=now(), waiting=state.value("show") == "waiting", limit=state.limit, offset=state.offset
    )
    page = ListPage(state, [override_row(row, request) for row in rows], total)
    return page_or_part(request, "approvals/overrides.html", "rows", {"page": page})


def override_count(request: HttpRequest) -> int:
    return selectors.waiting_overrides(standing(request), at=now())


def override_row(row: OverrideRow, request: HttpRequest) -> dict[str, Any]:
    name = reader(request).name
    took_part = name in {row.asked_by, row.confirmed_by}
    return {
        "id": row.id,
        "url": reverse("request", args=[row.request_id]),
        "title": row.title,
        "number": row.number,
        "unit": row.unit,
        "reason": row.reason,
        "hours": row.hours,
        "asked_by": row.asked_by,
        "asked_at": row.asked_at,
        "confirmed_by": row.confirmed_by,
        "ends_at": row.ends_at,
        "said": words.state(OverrideState, row.state),
        "verdict": words.state(OverrideVerdict, row.verdict) if row.verdict else None,
        "finding": row.finding,
        "reviewed_by": row.reviewed_by,
        "holds": row.state is OverrideState.HOLDS,
        "may_confirm": row.state is OverrideState.ASKED and holds(request, MAKE) and not took_part,
        "may_review": row.state is OverrideState.TO_REVIEW and holds(request, REVIEW) and not took_part,
    }


@require_POST
@requires(MAKE, step_up=True, keeps=("reason", "hours"))
def override_ask(request: HttpRequest, request_id: UUID) -> HttpResponse:
    form = OverrideForm(request.POST)
    if form.is_valid():
        services.ask_override(request_id=request_id, **form.cleaned_data, by=actor_of(request), at=now())
        messages.success(request, "Asked. It holds as soon as a second person confirms it, and not before.")
    else:
        messages.error(request, f"Say why, and for how many hours: 1 to {LONGEST_OVERRIDE_HOURS}.")
    return redirect("request", request_id)


@require_POST
@requires(MAKE, step_up=True)
def override_confirm(request: HttpRequest, override_id: UUID) -> HttpResponse:
    confirmed = services.confirm_override(override_id=override_id, by=actor_of(request), at=now())
    messages.success(request, "It is let through from now on, ends by itself, and is reviewed afterwards.")
    return redirect("request", confirmed.request_id)


@require_POST
@requires(REVIEW, step_up=True)
def override_review(request: HttpRequest, override_id: UUID) -> HttpResponse:
    form = ReviewForm(request.POST)
    if form.is_valid():
        services.review_override(override_id=override_id, **form.cleaned_data, by=actor_of(request), at=now())
        messages.success(request, "Your finding stands beside the override. Both people were told.")
    else:
        messages.error(request, "Say whether it was justified, and why you find so.")
    return redirect("overrides")
