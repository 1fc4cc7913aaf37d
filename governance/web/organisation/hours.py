"""When units work: the week, the public holidays, the closures, inherited down the tree."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.organisation import services
from governance.organisation.calendars import HoursRow, hours_row
from governance.organisation.permissions import may
from governance.organisation.selectors import unit, units_tree
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.forms import Day, tried
from governance.web.frame.shapes import Crumb

READ, EDIT = "organisation:unit:read", "organisation:hours:edit"
HOME = Crumb("Working hours", "/hours/")
WEEK = ((1, "Monday"), (2, "Tuesday"), (3, "Wednesday"), (4, "Thursday"), (5, "Friday"), (6, "Saturday"), (7, "Sunday"))
Clock = forms.TimeField


class HoursForm(forms.Form):
    days = forms.TypedMultipleChoiceField(
        label="Working days", coerce=int, choices=WEEK, widget=forms.CheckboxSelectMultiple
    )
    opens = Clock(label="From", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    closes = Clock(
        label="To",
        help_text="00:00 is the end of the day.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    country = forms.CharField(
        label="Public holidays of",
        help_text="A country, or a part of one: CH, CH-ZH, DE-BY. Empty: none.",
        max_length=10,
        required=False,
    )


class ClosureForm(forms.Form):
    first_date = Day(label="First day")
    last_date = Day(label="Last day")
    reason = forms.CharField(label="Why", max_length=services.LONGEST_CLOSURE_REASON)


@requires(READ)
def hours(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = [(each, _shown(hours_row(each.id, on=today))) for each in units_tree()]
    return render(request, "hours/list.html", {"rows": rows})


@requires(READ)
def unit_hours(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    return _page(request, unit_id)


def _page(
    request: HttpRequest, unit_id: UUID, *, form: HoursForm | None = None, closing: ClosureForm | None = None
) -> HttpResponse:
    row = hours_row(unit_id, on=timezone.localdate())
    edits = bool(may(standing(request), EDIT, unit(unit_id).path))
    initial = {"days": list(row.days), "opens": row.opens, "closes": row.closes, "country": row.country}
    context = {
        "row": row,
        "shown": _shown(row),
        "trail": [HOME, Crumb(row.unit)],
        "edits": edits,
        "form": form or HoursForm(initial=initial),
        "closing": closing or ClosureForm(),
        "hours_url": reverse("unit_hours_set", args=[unit_id]),
        "closure_url": reverse("closure_add", args=[unit_id]),
    }
    wrong = bool((form and form.errors) or (closing and closing.errors))
    return render(request, "hours/page.html", context, status=422 if wrong else 200)


def _shown(row: HoursRow) -> dict[str, str]:
    days = words.joined([name[:3] for number, name in WEEK if number in row.days])
    ends = "24:00" if row.closes.hour == row.closes.minute == 0 else f"{row.closes:%H:%M}"
    return {
        "week": f"{days}, {row.opens:%H:%M} to {ends}",
        "holidays": row.country or "none",
        "zone": row.time_zone,
        "from": f"stated by {row.stated_by}" if row.stated_by else "the usual week",
        "closures": str(len(row.closures)) if row.closures else "none",
    }


@requires(EDIT)
@require_POST
def unit_hours_set(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    form = HoursForm(request.POST)
    if form.is_valid():
        told: dict[str, Any] = {"unit_id": unit_id, **form.cleaned_data}
        if tried(form, lambda: services.set_working_hours(**told, by=actor_of(request), at=now())):
            messages.success(request, "Time limits are reckoned by these hours from now on.")
            return redirect("unit_hours", unit_id)
    return _page(request, unit_id, form=form)


@requires(EDIT)
@require_POST
def closure_add(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    form = ClosureForm(request.POST)
    if form.is_valid():
        told: dict[str, Any] = {"unit_id": unit_id, **form.cleaned_data}
        if tried(form, lambda: services.add_closure(**told, by=actor_of(request), at=now())):
            messages.success(request, "Closed. No time limit runs on these days.")
            return redirect("unit_hours", unit_id)
    return _page(request, unit_id, closing=form)


@requires(EDIT)
@require_POST
def closure_remove(request: HttpRequest, unit_id: UUID, closure_id: UUID) -> HttpResponse:
    services.remove_closure(closure_id=closure_id, by=actor_of(request), at=now())
    messages.success(request, "Taken back. The unit works on these days.")
    return redirect("unit_hours", unit_id)
