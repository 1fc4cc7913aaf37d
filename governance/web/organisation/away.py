"""The page "Away": who decides in the reader's place, from when to when, for what; and whom the reader sits in for."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.organisation import away, services
from governance.organisation.away import DelegationRow, DelegationState
from governance.organisation.delegation import LONGEST_REASON
from governance.organisation.models import Delegation
from governance.organisation.roles import DECIDERS, Role
from governance.organisation.selectors import units_tree
from governance.web.frame import words
from governance.web.frame.access import actor_of, reader, requires, signed_in, standing
from governance.web.frame.forms import Day, end_of, start_of, tried
from governance.web.frame.kept import put_back
from governance.web.frame.subject_words import SUBJECTS

MAKE = "organisation:delegation:make"
FIELDS = ("deputy_id", "first_day", "last_day", "reason", "role", "unit_id", "subject_kind")


class AwayForm(forms.Form):
    deputy_id = forms.TypedChoiceField(label="Who decides in your place?", coerce=UUID)
    first_day = Day(label="First day away")
    last_day = Day(label="Last day away", help_text="They decide until the end of that day.")
    reason = forms.CharField(label="Why?", max_length=LONGEST_REASON, help_text="They see it. For example: on leave.")
    role = forms.TypedChoiceField(label="In which role?", coerce=Role, required=False, empty_value=None)
    unit_id = forms.TypedChoiceField(label="For which unit?", coerce=UUID, required=False, empty_value=None)
    subject_kind = forms.ChoiceField(
        label="For which requests?", required=False, choices=[("", "All"), *SUBJECTS.items()]
    )

    def __init__(self, *args: Any, request: HttpRequest, **options: Any) -> None:
        super().__init__(*args, **options)
        held = sorted({role for role, _ in standing(request).roles if role in DECIDERS})
        paths = [path for role, path in standing(request).roles if role in DECIDERS]
        units = [unit for unit in units_tree() if any(unit.path.startswith(path) for path in paths)]
        people: Any = self.fields["deputy_id"]
        people.choices = [("", "Choose somebody")] + [
            (str(pk), name) for pk, name in away.possible_deputies(reader(request).pk, at=now())
        ]
        role: Any = self.fields["role"]
        role.choices = [("", "Every role of mine"), *((each.value, words.role(each)) for each in held)]
        unit: Any = self.fields["unit_id"]
        unit.choices = [("", "All of mine"), *((str(each.id), "\u2003" * each.depth + each.name) for each in units)]


@signed_in
def away_page(request: HttpRequest) -> HttpResponse:
    """Show what the reader handed on and what was handed to them; who decides nothing sees that they need nobody."""
    return _page(request, None)


@require_POST
@requires(MAKE, step_up=True, keeps=FIELDS)
def away_make(request: HttpRequest) -> HttpResponse:
    form = AwayForm(request.POST, request=request)
    if form.is_valid() and (made := tried(form, lambda: _make(request, dict(form.cleaned_data)))):
        messages.success(request, f"{made.deputy.name} was told. Each decision says that it was made for you.")
        return redirect("away")
    return _page(request, form)


def _make(request: HttpRequest, told: dict[str, Any]) -> Delegation:
    zone = timezone.get_current_timezone_name()
    told["starts_at"] = max(start_of(told.pop("first_day"), zone), now())
    told["ends_at"] = end_of(told.pop("last_day"), zone)
    return services.delegate(**told, by=actor_of(request), at=now())


@signed_in
@require_POST
def away_end(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    services.end_delegation(delegation_id=delegation_id, by=actor_of(request), at=now())
    messages.success(request, "It ended now. What was decided stays decided.")
    return redirect("away")


def _page(request: HttpRequest, form: AwayForm | None) -> HttpResponse:
    may_make = any(role in DECIDERS for role, _ in standing(request).roles)
    if may_make and form is None:
        kept = {name: values[0] for name, values in put_back(request).items() if values}
        today = timezone.localdate()
        form = AwayForm(request=request, initial={"first_day": today, "last_day": today} | kept)
    rows = [_row(row) for row in away.delegations(reader(request).pk, at=now())]
    context = {
        "form": form,
        "given": [row for row in rows if row["mine"]],
        "received": [row for row in rows if not row["mine"]],
        "sentence": _sentence(rows),
    }
    return render(request, "people/away.html", context, status=422 if form and form.errors else 200)


def _sentence(rows: list[dict[str, Any]]) -> str:
    held = [row["deputy"] for row in rows if row["mine"] and row["holds"]]
    return f"{words.joined(list(dict.fromkeys(held)))} decides in your place now." if held else "You decide yourself."


def _row(row: DelegationRow) -> dict[str, Any]:
    scope = [
        words.role(Role(row.role)) if row.role else "every role",
        f"for {row.unit}" if row.unit else "",
        f"only: {words.subject(row.subject_kind).lower()}" if row.subject_kind else "",
    ]
    return {
        "id": row.id,
        "mine": row.given_by_me,
        "giver": row.giver,
        "deputy": row.deputy,
        "scope": ", ".join(part for part in scope if part),
        "reason": row.reason,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "said": words.state(DelegationState, row.state),
        "holds": row.state is DelegationState.HOLDS,
        "open": row.state is not DelegationState.OVER,
    }
