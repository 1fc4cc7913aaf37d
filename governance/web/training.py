"""Pages of training sets: uploaded, read whole, what was found, and asking that one may leave."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from governance.approvals.rules import RequestState
from governance.core.clock import now
from governance.initiatives.selectors import initiative_named, initiatives_of
from governance.training import selectors, services
from governance.training.rules import TrainingSetState, may_ask_release, may_redact
from governance.training.selectors import Place, TrainingSetPage, TrainingSetRow
from governance.training.tickets import ticket_for
from governance.web import words
from governance.web.access import actor_of, holds, reader, requires, standing
from governance.web.forms import form_page, tried
from governance.web.htmx import page_or_part
from governance.web.lists import Filter, ListPage, ListSpec, ListState
from governance.web.shapes import Crumb

READ, UPLOAD, RELEASE = "training:set:read", "training:set:upload", "training:set:ask_release"
HOME = Crumb("Training sets", "/training-sets/")
FIRST_PLACES = 5
RUNNING = {TrainingSetState.RECEIVED, TrainingSetState.SCANNING}
# What an empty table of findings means. Only where everything was read does it mean that there is nothing.
NOTHING = {
    TrainingSetState.RECEIVED: ("Not read yet", "It will be read in a moment."),
    TrainingSetState.SCANNING: ("Nothing so far", "It is still being read."),
    TrainingSetState.UNSCANNABLE: (
        "Not known",
        "Not all of it could be read, so nothing is known of the rest. It cannot leave.",
    ),
}
READ_WHOLE = ("Nothing was found", "No personal data, no secret, no registered source and no marking in any line.")
SPEC = ListSpec(
    sorts={"uploaded": "Uploaded"},
    default_sort="-uploaded",
    filters=(
        Filter("q", "Search", hint="a word of the title"),
        Filter("state", "Status", words.choices(TrainingSetState)),
    ),
    noun="training set",
)
SENTENCES = {
    TrainingSetState.RECEIVED: "{title} is here and will be read",
    TrainingSetState.SCANNING: "{title} is being read",
    TrainingSetState.CLEAN: "{title}: nothing was found",
    TrainingSetState.FINDINGS: "{title}: something was found",
    TrainingSetState.UNSCANNABLE: "{title} could not be read whole",
    TrainingSetState.IN_REVIEW: "{title} waits for people",
    TrainingSetState.RELEASABLE: "{title} may leave",
    TrainingSetState.RELEASED: "{title} has left",
}


class ReleaseForm(forms.Form):
    destination_id = forms.TypedChoiceField(
        label="Where should it go?", help_text="Places this initiative may train at now.", coerce=UUID
    )

    def __init__(self, *args: Any, places: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        place: Any = self.fields["destination_id"]
        place.choices = places


@requires(READ)
def training_sets(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    found = selectors.training_sets(
        standing=standing(request),
        state=state.value("state"),
        search=state.value("q"),
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [_row(row) for row in found.rows], found.total)
    return page_or_part(request, "training/list.html", "rows", {"page": page, "may_upload": holds(request, UPLOAD)})


def _row(row: TrainingSetRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "initiative": row.initiative_title,
        "said": words.state(TrainingSetState, row.state),
        "records": f"{row.records:,}",
        "size": words.sized(row.bytes),
        "found": f"{row.findings:,}"
        if row.findings
        else NOTHING.get(TrainingSetState(row.state), ("nothing", ""))[0].lower(),
        "uploaded_at": row.uploaded_at,
    }


@never_cache
@requires(UPLOAD)
def training_new(request: HttpRequest) -> HttpResponse:
    """Show the upload. A script sends the file itself: it is sealed while it arrives and never lies plain on a disk."""
    person = reader(request)
    context = {
        "trail": [HOME, Crumb("Upload")],
        "initiatives": [(each.code, each.title) for each in initiatives_of(person.pk)],
        "ticket": ticket_for(person.pk, person.name),
        "back": HOME.url,
    }
    return render(request, "training/upload.html", context)


@requires(READ)
def training_set(request: HttpRequest, training_set_id: UUID) -> HttpResponse:
    found = selectors.training_set(training_set_id, standing=standing(request))
    return page_or_part(request, "training/page.html", "progress", {"page": _page(request, found)})


def _page(request: HttpRequest, found: TrainingSetPage) -> dict[str, Any]:
    row, progress = found.row, found.progress
    return _row(row) | {
        "trail": [HOME, Crumb(row.title)],
        "sentence": SENTENCES[TrainingSetState(row.state)].format(title=row.title),
        "about": f"{row.records:,} records, {words.sized(row.bytes)}, for {row.initiative_title}.",
        "running": row.state in RUNNING,
        "done": progress.scanned,
        "whole": progress.chunks,
        "progress": f"{progress.percent} %, {progress.scanned:,} of {progress.chunks:,} parts",
        "may_redact": bool(may_redact(TrainingSetState(row.state))) and holds(request, UPLOAD),
        "release_url": reverse("training_release", args=[row.id]) if _may_ask(request, found) else "",
        "counts": [
            (words.sentence(words.finding(kind)), count, _places(found.places, kind)) for kind, count in _most(found)
        ],
        "nothing": NOTHING.get(TrainingSetState(row.state), READ_WHOLE),
        "broken": found.broken,
        "broken_lines": found.broken_lines,
        "releases": [
            (release, words.state(RequestState, release.request_state))
            for release in found.releases
            if release.request_state
        ],
        "parent": found.parent,
        "children": found.children,
        "facts": [
            ("Initiative", row.initiative_title),
            ("Uploaded by", row.uploaded_by),
            ("Identity of its bytes", f"{row.digest[:16]}…"),
        ],
    }


def _may_ask(request: HttpRequest, found: TrainingSetPage) -> bool:
    verdict = may_ask_release(TrainingSetState(found.row.state), found.counts, granted=True)
    return bool(verdict) and holds(request, RELEASE)


def _most(found: TrainingSetPage) -> list[tuple[str, int]]:
    return sorted(found.counts.items(), key=lambda item: (-item[1], item[0]))


def _places(places: list[Place], kind: str) -> str:
    lines = list(dict.fromkeys(f"line {place.line:,}" for place in places if place.type == kind))
    return words.joined(lines[:FIRST_PLACES], "in lines further on")


@requires(UPLOAD)
@require_POST
def training_redact(request: HttpRequest, training_set_id: UUID) -> HttpResponse:
    selectors.training_set(training_set_id, standing=standing(request))
    services.ask_redacted_copy(training_set_id=training_set_id, by=actor_of(request), at=now())
    messages.success(request, "A copy without what was found is being made. It appears here as a set of its own.")
    return redirect("training_set", training_set_id)


@requires(RELEASE, step_up=True)
def training_release(request: HttpRequest, training_set_id: UUID) -> HttpResponse:
    row = selectors.training_set(training_set_id, standing=standing(request)).row
    granted = selectors.destinations_granted(initiative_named(row.initiative_code).pk, at=now())
    form = ReleaseForm(request.POST or None, places=[(str(place.pk), place.title) for place in granted])
    if form.is_valid():
        place, by = form.cleaned_data["destination_id"], actor_of(request)
        if tried(form, lambda: services.ask_release(training_set_id=row.id, destination_id=place, by=by, at=now())):
            messages.success(request, "Asked. The people who decide see what was found, and exactly these bytes.")
            return redirect("training_set", row.id)
    here = reverse("training_set", args=[row.id])
    trail = [HOME, Crumb(row.title, here), Crumb("Ask that it may leave")]
    about = "" if granted else "This initiative may not train anywhere yet: ask for that first, on its page."
    return form_page(request, form, title="Ask that it may leave", about=about, trail=trail, action="Ask", back=here)
