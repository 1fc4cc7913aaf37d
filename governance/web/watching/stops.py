"""Pages of stops: what is stopped and why, after how long every process had stopped, and how two people lift it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.core.actors import Actor
from governance.core.clock import now
from governance.gateway.selectors import stops as selectors
from governance.gateway.selectors.stops import StopPage, StopRow
from governance.gateway.services import stops as services
from governance.gateway.stopping import LONGEST_REASON, StopScope, StopState
from governance.web.frame import words
from governance.web.frame.access import actor_of, holds, requires, standing
from governance.web.frame.forms import tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.kept import first_of, put_back
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import Crumb
from governance.web.frame.stopped import MAKE, MAKE_WIDE

READ, LIFT = "gateway:stop:read", "gateway:stop:lift"
HOME = Crumb("Stops", "/stops/")
SPEC = ListSpec(
    sorts={"made": "Since"},
    default_sort="-made",
    filters=(
        Filter("state", "Status", words.choices(StopState)),
        Filter("scope", "What is stopped", words.choices(StopScope)),
    ),
    size=25,
    noun="stop or drill",
    nouns="stops and drills",
)
SECOND_MS = 1000


class WhyForm(forms.Form):
    reason = forms.CharField(
        label="What has changed?",
        help_text="The second person decides by it.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Target(forms.CharField):
    """Which one: empty for everything, which the service judges together with the scope."""

    def validate(self, value: Any) -> None:
        """Leave it to the service."""


class StopForm(forms.Form):
    use_required_attribute = False
    scope = forms.TypedChoiceField(label="What is to be stopped?", coerce=StopScope, widget=forms.RadioSelect)
    target = Target(
        label="Which one?",
        help_text="The code of the initiative, the short name of the destination, or the login of the person. Empty for everything.",
        max_length=200,
    )
    reason = forms.CharField(
        label="Why?",
        help_text="Whoever is refused from now on reads it.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, wide: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        scope: Any = self.fields["scope"]
        offered = words.choices(StopScope)
        scope.choices = offered if wide else [each for each in offered if each[0] == StopScope.INITIATIVE]


@requires(READ)
def stops(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    found = selectors.stops(
        standing=standing(request),
        at=now(),
        state=state.value("state"),
        scope=state.value("scope"),
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [row_of(row) for row in found.rows], found.total)
    return page_or_part(request, "stops/list.html", "rows", {"page": page, "may_stop": holds(request, MAKE)})


def row_of(row: StopRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "url": reverse("stop", args=[row.id]),
        "title": words.sentence(row.title),
        "scope": words.word(StopScope, row.scope),
        "said": words.state(StopState, row.state),
        "reason": row.reason,
        "made_by": row.made_by,
        "made_at": row.made_at,
        "measured": _measured(row),
    }


def _measured(row: StopRow) -> str:
    """Return after how long it held everywhere, as far as that is known."""
    if row.slowest_ms is None:
        return "no process has answered yet" if row.missing else "no process of the gateway was running"
    told = f"after {row.slowest_ms / SECOND_MS:.2f} s"
    return f"{told}; {len(row.missing)} not heard of" if row.missing else told


@requires(READ)
def stop(request: HttpRequest, stop_id: UUID) -> HttpResponse:
    return _shown(request, stop_id, WhyForm(initial={"reason": first_of(put_back(request), "reason")}))


@requires(MAKE)
def stop_new(request: HttpRequest) -> HttpResponse:
    """Ask what to stop; one person is enough, and at once. A drill is the second button of the same form."""
    start = {"scope": request.GET.get("scope", ""), "target": request.GET.get("target", "")}
    form = StopForm(request.POST or None, initial=start, wide=holds(request, MAKE_WIDE))
    drill = request.POST.get("then") == "drill"
    if form.is_valid():
        told = dict(form.cleaned_data)
        placed = tried(form, lambda: _placed(told, drill=drill, request=request))
        if placed:
            said = (
                "The drill runs: each process answers within a second." if drill else "Stopped. Nothing more is sent."
            )
            messages.success(request, said)
            return redirect("stop", placed.pk)
    context = {"form": form, "trail": [HOME, Crumb("Stop")], "back": HOME.url}
    return render(request, "stops/new.html", context, status=422 if form.errors else 200)


def _placed(told: dict[str, Any], *, drill: bool, request: HttpRequest) -> Any:
    target = told["target"].strip() or None
    named = {"scope": told["scope"], "target": target, "reason": told["reason"], "drill": drill}
    return services.place_stop(**named, by=actor_of(request), at=now())


@require_POST
@requires(MAKE, step_up=True, keeps=("reason",))
def stop_lift(request: HttpRequest, stop_id: UUID) -> HttpResponse:
    form, by = WhyForm(request.POST), actor_of(request)
    asked = tried(form, lambda: _asked(stop_id, form, by)) if form.is_valid() else None
    if asked is None:
        return _shown(request, stop_id, form)
    messages.success(request, "Asked. It holds until a second person confirms.")
    return redirect("stop", stop_id)


def _asked(stop_id: UUID, form: WhyForm, by: Actor) -> Any:
    return services.ask_lift(stop_id=stop_id, reason=form.cleaned_data["reason"], by=by, at=now())


@require_POST
@requires(LIFT, step_up=True)
def stop_confirm(request: HttpRequest, stop_id: UUID) -> HttpResponse:
    services.confirm_lift(stop_id=stop_id, by=actor_of(request), at=now())
    messages.success(request, "Lifted. What was stopped is sent again.")
    return redirect("stop", stop_id)


@requires(MAKE)
@require_POST
def stop_keep(request: HttpRequest, stop_id: UUID) -> HttpResponse:
    services.keep_stop(stop_id=stop_id, by=actor_of(request), at=now())
    messages.success(request, "It holds on.")
    return redirect("stop", stop_id)


def _shown(request: HttpRequest, stop_id: UUID, form: WhyForm) -> HttpResponse:
    found = selectors.stop(stop_id, standing=standing(request), at=now())
    page = _page(found, form)
    return render(request, "stops/page.html", {"page": page}, status=422 if form.errors else 200)


def _page(found: StopPage, form: WhyForm) -> dict[str, Any]:
    row = found.row
    return row_of(row) | {
        "trail": [HOME, Crumb("Drill" if row.drill else "Stop")],
        "heading": f"{'Drill' if row.drill else 'Stopped'}: {row.title}",
        "about": _about(row),
        "target_url": _target_url(row),
        "ref": row.ref,
        "drill": row.drill,
        "effects": [
            {"process": each.process, "took": f"{each.milliseconds / SECOND_MS:.2f} s", "calls": each.calls}
            for each in row.effects
        ],
        "missing": row.missing,
        "ask": form if found.may_ask else None,
        "asked": row.state is StopState.LIFT_ASKED,
        "lift_asked_by": row.lift_asked_by,
        "lift_asked_at": row.lift_asked_at,
        "lift_reason": row.lift_reason,
        "lifted_by": row.lifted_by,
        "lifted_at": row.lifted_at,
        "may_confirm": found.may_confirm,
        "may_keep": found.may_confirm or found.may_take_back,
    }


def _about(row: StopRow) -> str:
    every = "every process of the gateway" if len(row.effects) != 1 else "the process of the gateway"
    if row.slowest_ms is None:
        return f"{words.sentence(_measured(row))}."
    if row.missing:
        return f"{len(row.effects)} of {len(row.effects) + len(row.missing)} processes have answered."
    verb = "would have stopped" if row.drill else "had stopped"
    return f"{words.sentence(every)} {verb} {_measured(row)}."


def _target_url(row: StopRow) -> str:
    match row.scope:
        case StopScope.INITIATIVE:
            return reverse("initiative", args=[row.ref])
        case StopScope.DESTINATION:
            return reverse("destination", args=[row.ref])
        case StopScope.PERSON | StopScope.EVERYTHING:
            return ""
