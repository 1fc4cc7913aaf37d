"""Pages of limits and of what is used: how many calls, tokens and how much money, by whom, and who can raise it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.core.errors import NotAllowed
from governance.gateway.limits import MICRO, LimitKind, LimitScope, Period, period_end, period_start
from governance.gateway.selectors import limits as selectors
from governance.gateway.selectors.limits import LimitRow
from governance.gateway.services import limits as services
from governance.insights import usage as used
from governance.insights.usage import UsageRow
from governance.web.frame import words
from governance.web.frame.access import actor_of, holds, requires, standing
from governance.web.frame.forms import form_page, tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.limit_shapes import WHAT, limit_shape
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import Crumb
from governance.web.frame.tables import Table, wanted_table

READ, EDIT, USAGE = "gateway:limit:read", "gateway:limit:edit", "insights:usage:read"
HOME = Crumb("Limits", "/limits/")
SPEC = ListSpec(
    sorts={"set": "Set"},
    default_sort="-set",
    filters=(
        Filter("scope", "Whose", words.choices(LimitScope)),
        Filter("kind", "Of what", words.choices(LimitKind)),
    ),
    noun="limit",
)
MONTHS_BACK = 12
IN_EURO = ["cost_euro" if column == "cost" else column for column in used.COLUMNS]  # micro-euro is for programs


class AmountForm(forms.Form):
    amount = forms.DecimalField(
        label="How much at most?", min_value=Decimal("0.000001"), max_digits=16, decimal_places=6
    )


class ChangeForm(AmountForm):
    revision = forms.IntegerField(widget=forms.HiddenInput)


class LimitForm(AmountForm):
    scope = forms.TypedChoiceField(
        label="Whose calls?", coerce=LimitScope, choices=words.choices(LimitScope), widget=forms.RadioSelect
    )
    target = forms.CharField(
        label="Which one?",
        help_text="The code of the initiative, the short name of the unit, or the beginning of the key.",
        max_length=200,
    )
    what = forms.ChoiceField(label="Of what?", choices=list(WHAT.items()))
    field_order = ("scope", "target", "what", "amount")


@requires(READ)
def limits(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    found = selectors.limits(
        standing=standing(request),
        at=now(),
        scope=state.value("scope"),
        kind=state.value("kind"),
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [_row(row) for row in found.rows], found.total)
    return page_or_part(request, "limits/list.html", "rows", {"page": page, "may_edit": holds(request, EDIT)})


def _row(row: LimitRow) -> dict[str, Any]:
    return limit_shape(row) | {"url": reverse("limit", args=[row.id]) if row.may_edit else ""}


def _units(kind: LimitKind, amount: Decimal) -> int:
    return int(amount * MICRO) if kind is LimitKind.COST else int(amount)


@requires(EDIT)
def limit_new(request: HttpRequest) -> HttpResponse:
    form = LimitForm(
        request.POST or None, initial={"scope": LimitScope.INITIATIVE, "target": request.GET.get("target")}
    )
    if form.is_valid() and tried(form, lambda: _set(request, form.cleaned_data)):
        messages.success(request, "It counts from the next call on.")
        return redirect("limits")
    about = "Who is refused by it reads your name: you can raise it. A unit's own is set by the head of the unit above."
    trail = [HOME, Crumb("Set a limit")]
    return form_page(request, form, title="Set a limit", about=about, trail=trail, action="Set it", back=HOME.url)


def _set(request: HttpRequest, told: dict[str, Any]) -> Any:
    kind, period = told["what"].split(":")
    named = {"scope": told["scope"], "target": told["target"], "kind": LimitKind(kind), "period": Period(period)}
    amount = _units(LimitKind(kind), told["amount"])
    return services.set_limit(**named, amount=amount, by=actor_of(request), at=now())


@requires(EDIT)
def limit(request: HttpRequest, limit_id: UUID) -> HttpResponse:
    """Change a limit; ending it is the other button."""
    row, by = selectors.limit(limit_id, standing=standing(request), at=now()), actor_of(request)
    if not row.may_edit:
        raise NotAllowed("not_permitted", "You do not have the permission for this.", remedy=f"Ask {row.set_by}.")
    shown = Decimal(row.amount) / MICRO if row.kind is LimitKind.COST else row.amount
    form = ChangeForm(request.POST or None, initial={"amount": shown, "revision": row.revision})
    if form.is_valid():
        amount, revision = _units(row.kind, form.cleaned_data["amount"]), form.cleaned_data["revision"]
        if tried(
            form,
            lambda: services.change_limit(limit_id=limit_id, amount=amount, revision=revision, by=by, at=now()),
        ):
            messages.success(request, "It counts from the next call on.")
            return redirect("limits")
    page = _row(row) | {"id": row.id, "trail": [HOME, Crumb(row.title)], "heading": f"{row.title}: {_row(row)['what']}"}
    return render(request, "limits/page.html", {"page": page, "form": form}, status=422 if form.errors else 200)


@requires(EDIT)
@require_POST
def limit_end(request: HttpRequest, limit_id: UUID) -> HttpResponse:
    services.end_limit(limit_id=limit_id, by=actor_of(request), at=now())
    messages.success(request, "Ended. What was used stays in the figures.")
    return redirect("limits")


@requires(USAGE)
def usage(request: HttpRequest) -> HttpResponse:
    """Show what was used in a month, the dearest first; also as a table to take along."""
    at = now()
    spec = _usage_spec(at)
    state = ListState.read(request.GET, spec)
    since = _month(state.value("month"), at)
    until = period_end(Period.MONTH, since)
    code = state.value("initiative")
    rows = used.all_usage(standing=standing(request), since=since, until=until, initiative=code)
    if answer := wanted_table(request, {"usage": Table(IN_EURO, [_plain(row) for row in rows])}):
        return answer
    shown = rows[state.offset : state.offset + state.limit]
    page = ListPage(state, [_usage_row(row) for row in shown], len(rows))
    total = used.total_of(rows)
    told = {
        "sentence": f"{total.calls:,} call{'' if total.calls == 1 else 's'} used {total.tokens:,} tokens, for € {words.euros(total.cost)}.",
        "unpriced": total.unpriced,
        "csv_url": f"{state.url()}&csv=usage",
        "month": f"{since:%B %Y}",
    }
    return page_or_part(request, "limits/usage.html", "rows", {"page": page, "told": told})


def _usage_spec(at: datetime) -> ListSpec:
    months, since = [], period_start(Period.MONTH, at)
    for _ in range(MONTHS_BACK):
        months.append((f"{since:%Y-%m}", f"{since:%B %Y}"))
        since = period_start(Period.MONTH, since - timedelta(days=1))
    filters = (
        Filter("month", "Month", months, otherwise="This month"),
        Filter("initiative", "Initiative", hint="its code", names="initiatives"),
    )
    return ListSpec({}, "", filters, noun="line")


def _month(text: str, at: datetime) -> datetime:
    return datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC) if text else period_start(Period.MONTH, at)


def _plain(row: UsageRow) -> list[object]:
    told = [getattr(row, column) for column in used.COLUMNS]
    told[used.COLUMNS.index("cost")] = f"{row.cost / MICRO:.6f}"
    return told


def _usage_row(row: UsageRow) -> dict[str, Any]:
    return {
        "code": row.initiative,
        "title": row.title,
        "unit": row.unit,
        "where": f"{row.destination or 'nowhere'}: {row.model or 'not named'}",
        "calls": f"{row.calls:,}",
        "refused": f"{row.refused:,}",
        "tokens_in": f"{row.tokens_in:,}",
        "tokens_out": f"{row.tokens_out:,}",
        "cost": words.euros(row.cost) if row.calls > row.unpriced else "not known",
    }
