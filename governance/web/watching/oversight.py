"""The page Oversight of an initiative: what people did with its answers against what was promised, and letting it go on."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.core.percent import percent
from governance.gateway.models import Shortfall
from governance.gateway.observing import LONGEST_REASON
from governance.gateway.oversight import Habit, ShortfallState, Stamping, Standing, Tally
from governance.gateway.selectors.oversight import (
    LIFT,
    PERIODS,
    READ,
    USUAL_DAYS,
    FlagRow,
    OversightPage,
    ShortfallRow,
    oversight,
)
from governance.gateway.services.shortfalls import let_go_on
from governance.remits.promise import promise_in_words
from governance.web.frame import charts, words
from governance.web.frame.access import actor_of, holds, requires, standing
from governance.web.frame.forms import tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import Crumb
from governance.web.frame.tables import Table, wanted_table

STAMPING = {
    Stamping.ALL_ACCEPTED: "Everything is accepted",
    Stamping.UNREAD: "Faster than reading",
    Stamping.BURST: "Many within a minute",
}
SORTS = {
    "looks": "Answers looked at",
    "half": "Half within",
    "rejected": "Rejected",
}
SPEC = ListSpec(
    sorts=SORTS,
    default_sort="-looks",
    filters=(
        Filter(
            "days",
            "Period",
            [(str(days), f"{days} days") for days in PERIODS if days != USUAL_DAYS],
            otherwise="30 days",
        ),
    ),
    noun="reviewer",
)
OUTCOMES = ("accepted", "edited", "rejected")
COUNTED = ("answers", "looked", *OUTCOMES, "half", "most")


class LiftForm(forms.Form):
    reason = forms.CharField(
        label="Why may it go on?",
        help_text="It stands in the record. Say what has changed, so that what was promised is done.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@requires(READ)
def oversight_page(request: HttpRequest, code: str) -> HttpResponse:
    return _shown(request, code, LiftForm())


@requires(LIFT)
@require_POST
def oversight_lift(request: HttpRequest, code: str) -> HttpResponse:
    form = LiftForm(request.POST)
    lifted = tried(form, lambda: _lift(request, code, form.cleaned_data["reason"])) if form.is_valid() else None
    if lifted:
        messages.success(request, "It goes on. What was promised is watched anew.")
        return redirect("oversight", code)
    return _shown(request, code, form)


def _lift(request: HttpRequest, code: str, reason: str) -> Shortfall:
    return let_go_on(initiative=code, reason=reason, by=actor_of(request), at=now())


def _shown(request: HttpRequest, code: str, form: LiftForm) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    days = int(state.value("days") or USUAL_DAYS)
    found = oversight(code, standing=standing(request), at=now(), days=days, zone=timezone.get_current_timezone_name())
    taken = wanted_table(request, _tables(found))
    if taken:
        return taken
    page = ListPage(state, [], 0)
    context = {"page": _page(found, form, state, sees=bool(holds(request, "gateway:exchange:read"))), "list": page}
    context["csv"] = f"{state.url()}&csv="
    return page_or_part(request, "oversight/page.html", "figures", context, status=422 if form.errors else 200)


def _page(found: OversightPage, form: LiftForm, state: ListState, *, sees: bool) -> dict[str, Any]:
    tally, rest = found.tally, found.open
    return {
        "trail": [
            Crumb("Initiatives", "/initiatives/"),
            Crumb(found.title, reverse("initiative", args=[found.code])),
            Crumb("Oversight"),
        ],
        "code": found.code,
        "title": _sentence(tally),
        "promised": f"Promised: {promise_in_words(found.promise)}." if found.promise else "No figures are promised.",
        "standing": words.state(Standing, found.judgement.standing),
        "short": found.judgement.sentences,
        "open": _shortfall(rest) if rest else None,
        "form": form if rest and rest.state == ShortfallState.RESTING and found.may_lift else None,
        "refused": form.non_field_errors(),
        "figures": _figures(tally),
        "any": bool(tally.answers),
        "weeks": _weeks(found),
        "flags": [_flag(row, sees=sees) for row in found.flags],
        "reviewers": _reviewers(found.reviewers, state),
        "past": [_shortfall(each) for each in found.shortfalls if each is not rest],
        "initiative_url": reverse("initiative", args=[found.code]),
    }


def _sentence(tally: Tally) -> str:
    if not tally.answers:
        return "No answers yet"
    return f"People looked at {tally.looked} of {words.several(tally.answers, 'answer')} ({percent(tally.looked, tally.answers)})"


def _figures(tally: Tally) -> list[tuple[str, str]]:
    return [
        ("Half decided within", seconds(tally.half)),
        ("Nine in ten within", seconds(tally.most)),
        *[
            (outcome.capitalize(), f"{(n := getattr(tally, outcome))} ({percent(n, tally.looked)})")
            for outcome in OUTCOMES
        ],
        ("By verified people", f"{tally.verified} ({percent(tally.verified, tally.looked)})"),
    ]


def seconds(value: float | None) -> str:
    """Return a time of looking as people say it."""
    if value is None:
        return "nothing to go by"
    return f"{value:.0f} s" if value < 100 else f"{value / 60:.0f} min"  # noqa: PLR2004 - where people change to minutes


def _weeks(found: OversightPage) -> dict[str, Any]:
    rows = [
        {"week": each.week, "tally": each.tally, "rate": percent(each.tally.looked, each.tally.answers)}
        | {"half": seconds(each.tally.half), "most": seconds(each.tally.most)}
        for each in found.weeks
    ]
    columns = charts.columns([(each.tally.answers, each.tally.looked) for each in found.weeks])
    return {"rows": rows, "columns": columns, "few": len(rows) < charts.LEAST_COLUMNS}


def _flag(row: FlagRow, *, sees: bool) -> dict[str, Any]:
    calls = [reverse("exchange", args=[each]) for each in row.flag.exchanges] if sees else []
    return {
        "rule": STAMPING[row.flag.rule],
        "who": row.reviewer or "A reviewer",
        "sentence": row.flag.sentence,
        "calls": list(enumerate(calls, 1)),
    }


def _reviewers(found: Sequence[Habit] | None, state: ListState) -> list[dict[str, Any]] | None:
    if found is None:
        return None
    name = state.sort.removeprefix("-")
    ordered = sorted(found, key=lambda habit: getattr(habit, name), reverse=state.sort.startswith("-"))
    return [
        {
            "name": each.reviewer,
            "verified": each.verified,
            "looks": each.looks,
            "accepted": each.accepted,
            "edited": each.edited,
            "rejected": each.rejected,
            "half": seconds(each.half),
        }
        for each in ordered
    ]


def _shortfall(row: ShortfallRow) -> dict[str, Any]:
    return {
        "said": words.state(ShortfallState, row.state),
        "resting": row.state == ShortfallState.RESTING,
        "sentences": " ".join(row.sentences),
        "warned_at": row.warned_at,
        "due_at": row.due_at,
        "rested_at": row.rested_at,
        "closed_at": row.closed_at,
        "lifted_by": row.lifted_by,
        "reason": row.lift_reason,
    }


def _tables(found: OversightPage) -> dict[str, Table]:
    weeks = [(each.week, *[getattr(each.tally, name) for name in COUNTED]) for each in found.weeks]
    tables = {"oversight_weeks": Table(("week", *COUNTED), weeks)}
    if found.reviewers is not None:
        columns = ("reviewer", "verified", "looks", *OUTCOMES, "half")
        rows = [tuple(getattr(each, name) for name in columns) for each in found.reviewers]
        tables["oversight_reviewers"] = Table(columns, rows)
    return tables
