"""Pages of observing: asking that most rules are only observed for a while, what they would have stopped, and ending it early."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.gateway.observing import LONGEST_DAYS, LONGEST_REASON, Because, ObservationState
from governance.gateway.selectors import observations as selectors
from governance.gateway.selectors.observations import ObservationPage, ObservationRow
from governance.gateway.services import observations as services
from governance.initiatives.selectors import InitiativePage, initiative
from governance.insights.observing import ObservedPerson, ObservedRule, WouldBe, would_be
from governance.organisation.selectors import authorize, unit
from governance.remits.selectors import grants_of
from governance.web.frame import words
from governance.web.frame.access import actor_of, holds, requires, standing
from governance.web.frame.forms import form_page, tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import Crumb
from governance.web.watching.exchanges import ACTIONS, initiative_id

READ, ASK, END = "gateway:observation:read", "gateway:observation:ask", "gateway:observation:end"
HOME = Crumb("Only observed", "/observing/")
USUAL_DAYS = 14
ABOUT = (
    f"For a while, {LONGEST_DAYS} days at most, calls are scanned and recorded as always, and most rules only write down what they "
    "would do. Secrets, registered code, texts, data and exams, restricted data and what cannot be read are stopped as always."
)
SPEC = ListSpec(
    sorts={"asked": "Asked"},
    default_sort="-asked",
    filters=(
        Filter("state", "Status", words.choices(ObservationState)),
        Filter("initiative", "Initiative", hint="its code", names="initiatives"),
        Filter("destination", "Sent to", hint="its name in addresses", names="destinations"),
    ),
    noun="period",
)
WOULD = {
    "redact": "Would be replaced",
    "justify": "Would ask for a reason",
    "hold": "Would wait for two people",
    "block": "Would be refused",
}


class WishForm(forms.Form):
    days = forms.IntegerField(label="For how many days?", min_value=1, max_value=LONGEST_DAYS, initial=USUAL_DAYS)
    reason = forms.CharField(
        label="What do you want to find out?",
        help_text="Security decides by it.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ObserveForm(WishForm):
    destination = forms.ChoiceField(label="Sent where?")
    field_order = ("destination", "days", "reason")

    def __init__(self, *args: Any, places: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        destination: Any = self.fields["destination"]
        destination.choices = places


class EndForm(forms.Form):
    reason = forms.CharField(
        label="Why now?",
        help_text="Whoever uses the initiative reads it.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@requires(READ)
def observing(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    found = selectors.observations(
        standing=standing(request),
        state=state.value("state"),
        initiative=initiative_id(state.value("initiative")),
        destination=state.value("destination"),
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [row_of(row) for row in found.rows], found.total)
    return page_or_part(request, "observing/list.html", "rows", {"page": page, "about": ABOUT})


def row_of(row: ObservationRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "url": reverse("observation", args=[row.id]),
        "code": row.initiative,
        "initiative": row.initiative_title,
        "unit": row.unit,
        "ref": row.destination,
        "destination": row.destination_title,
        "said": words.state(ObservationState, row.state),
        "in_force": row.state is ObservationState.IN_FORCE,
        "days": words.several(row.days, "day"),
        "reason": row.reason,
        "asked_by": row.asked_by,
        "asked_at": row.asked_at,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
    }


@requires(READ)
def observation(request: HttpRequest, observation_id: UUID) -> HttpResponse:
    return _shown(request, observation_id)


@requires(ASK)
def observe(request: HttpRequest, code: str) -> HttpResponse:
    """Ask security that most rules are only observed toward one destination of the initiative."""
    found = initiative(code, standing=standing(request))
    authorize(actor_of(request), ASK, unit(found.row.unit_id).path)
    places = _places(found, now())
    form = ObserveForm(request.POST or None, places=places)
    if form.is_valid():
        told, by = form.cleaned_data, actor_of(request)
        asked = tried(form, lambda: services.ask_to_observe(initiative=found.row.id, **told, by=by, at=now()))
        if asked:
            messages.success(request, "Asked. The rules hold until security has said yes.")
            return redirect("observation", asked.pk)
    here = reverse("initiative", args=[code])
    trail = [Crumb("Initiatives", "/initiatives/"), Crumb(found.row.title, here), Crumb("Only observe at first")]
    if not places:
        form.errors.setdefault("__all__", form.error_class(["It may not send prompts anywhere yet."]))
    about = {"title": "Only observe at first", "about": ABOUT, "action": "Ask security", "back": here}
    return form_page(request, form, trail=trail, **about)


def _places(found: InitiativePage, at: datetime) -> list[tuple[str, str]]:
    """Return the destinations that prompts of the initiative may go to, (ref, title)."""
    granted = [grant for grant in grants_of(found.row.id, at=at) if grant.usable and not grant.sandbox]
    return sorted({(grant.destination_ref, grant.destination) for grant in granted}, key=lambda place: place[1])


@requires(ASK)
@require_POST
def observe_again(request: HttpRequest, observation_id: UUID) -> HttpResponse:
    form, by = WishForm(request.POST), actor_of(request)
    if form.is_valid():
        told = form.cleaned_data
        if tried(form, lambda: services.ask_again(observation_id=observation_id, **told, by=by, at=now())):
            messages.success(request, "Sent again.")
            return redirect("observation", observation_id)
    return _shown(request, observation_id, again=form)


@requires(END)
@require_POST
def observe_end(request: HttpRequest, observation_id: UUID) -> HttpResponse:
    form, by = EndForm(request.POST), actor_of(request)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: services.end_observing(observation_id=observation_id, reason=reason, by=by, at=now())):
            messages.success(request, "The rules hold from the next call on.")
            return redirect("observation", observation_id)
    return _shown(request, observation_id, end=form)


def _shown(
    request: HttpRequest, observation_id: UUID, *, again: WishForm | None = None, end: EndForm | None = None
) -> HttpResponse:
    found = selectors.observation(observation_id, standing=standing(request))
    faulty = (again and again.errors) or (end and end.errors)
    page = _page(found, again, end) | {"report": _report(would_be(observation_id)) if found.row.starts_at else None}
    calls = f"{reverse('exchanges')}?initiative={found.row.initiative}&destination={found.row.destination}"
    page["calls_url"] = calls if holds(request, "gateway:exchange:read") else ""
    return render(request, "observing/page.html", {"page": page}, status=422 if faulty else 200)


def _page(found: ObservationPage, again: WishForm | None, end: EndForm | None) -> dict[str, Any]:
    row = found.row
    start = {"days": row.days, "reason": row.reason}
    return row_of(row) | {
        "trail": [HOME, Crumb(row.initiative_title)],
        "heading": f"{row.initiative_title} toward {row.destination_title}",
        "about": _about(found),
        "request_url": reverse("request", args=[row.request]) if row.request else "",
        "again": (again or WishForm(initial=start)) if found.may_ask_again else None,
        "end": (end or EndForm()) if found.may_end else None,
        "end_reason": row.end_reason,
        "ended_by": row.ended_by,
        "days_left": words.several(found.days_left, "day"),
    }


def _about(found: ObservationPage) -> str:
    row = found.row
    match row.state:
        case ObservationState.ASKED:
            waits = words.joined(list(found.waits_for), "security")
            return f"Asked for {words.several(row.days, 'day')}. It waits for {waits}; until then every rule holds."
        case ObservationState.IN_FORCE:
            return "Most rules only write down what they would do. Below is what they would have stopped or changed so far."
        case ObservationState.ENDED:
            return f"Over, {ENDED[row.ended_because or Because.TIME]}. Every rule holds again."
        case ObservationState.REFUSED:
            return "Security said no. Every rule holds."
        case ObservationState.WITHDRAWN:
            return "Taken back before it was decided. Every rule holds."


ENDED = {
    Because.TIME: "because its time was up",
    Because.PERSON: "because somebody ended it early",
    Because.TERMS: "because the destination has new terms",
    Because.CLASSIFICATION: "because data is classified higher",
}


def _report(found: WouldBe) -> dict[str, Any]:
    calls = found.calls
    concerned = calls.refused + calls.held + calls.reasons + calls.changed
    return {
        "sentence": f"{words.several(calls.calls, 'call')} so far; switching the rules on would have concerned {concerned:,} of them.",
        "figures": [
            ("Would be refused", f"{calls.refused:,}"),
            ("Would wait for two people", f"{calls.held:,}"),
            ("Would ask for a reason", f"{calls.reasons:,}"),
            ("Would have parts replaced", f"{calls.changed:,}"),
            ("Answers changed or stopped", f"{calls.answers:,}"),
            ("Stopped even now", f"{calls.stopped_anyway:,}"),
        ],
        "rules": [_rule(rule) for rule in found.rules],
        "people": [_person(person) for person in found.people],
    }


def _rule(rule: ObservedRule) -> dict[str, Any]:
    return {
        "sentence": rule.sentence,
        "kind": words.sentence(words.finding(rule.type)) if rule.type else "Several kinds at once",
        "back": rule.back,
        "would": WOULD.get(rule.would_be, ACTIONS[""].text),
        "tone": "bad" if rule.would_be == "block" else "wait",
        "calls": f"{rule.calls:,}",
        "people": f"{rule.people:,}",
        "newest_at": rule.newest_at,
        "newest_url": reverse("exchange", args=[rule.newest]),
    }


def _person(person: ObservedPerson) -> dict[str, Any]:
    return {
        "name": f"{person.name} (not verified)" if person.told else person.name or "a program",
        "calls": f"{person.calls:,}",
        "concerned": f"{person.concerned:,}",
    }
