"""Pages of training sets: what is in them, whether they may leave, and the next step. The bytes go by the upload's own door."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.gateway.rules import PublicationState
from governance.gateway.selectors.publications import SETTLE, publications_of
from governance.gateway.services.publications import settle_publication
from governance.initiatives.selectors import initiative
from governance.organisation.permissions import may
from governance.organisation.selectors import authorize, unit
from governance.training import selectors, services
from governance.training.rules import TrainingSetState
from governance.training.selectors import TrainingSetPage
from governance.training.tickets import ticket_for
from governance.web.data.training_shapes import (
    ReleaseForm,
    SettleForm,
    live_of,
    possibly_sent_sentence,
    row_of,
    sent_row,
    set_page,
)
from governance.web.frame import words
from governance.web.frame.access import actor_of, holds, reader, requires, standing
from governance.web.frame.forms import tried
from governance.web.frame.htmx import go, page_or_part, wants_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import Crumb
from governance.web.owning.initiatives import HOME as INITIATIVES
from governance.web.watching.exchanges import initiative_id

READ, UPLOAD, ASK = "training:set:read", "training:set:upload", "training:set:ask_release"
ARRIVED = "Kept: it is there. Sending it again takes a new release; delete this one there first."
NOT_ARRIVED = "Kept: it is not there. The next job sends it, as long as its release lasts."
PROOF = ("approvals:request:decide", "audit:event:read_own_unit")
SPEC = ListSpec(
    sorts={"title": "Training set", "uploaded": "Uploaded"},
    default_sort="-uploaded",
    filters=(
        Filter("q", "Search", hint="a word of the title"),
        Filter("state", "Status", words.choices(TrainingSetState)),
        Filter("initiative", "Initiative", hint="its code", names="initiatives"),
    ),
    noun="training set",
)


@requires(READ)
def training_sets(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    found = selectors.training_sets(
        standing=standing(request),
        initiative=initiative_id(state.value("initiative")),
        state=state.value("state"),
        search=state.value("q"),
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [row_of(row) for row in found.rows], found.total or 0)
    may_upload = holds(request, UPLOAD)
    return page_or_part(request, "training/list.html", "rows", {"page": page, "may_upload": may_upload})


@requires(READ)
def training_set(request: HttpRequest, set_id: UUID) -> HttpResponse:
    """Show one set. htmx asks for what is under way only, and is told nothing while nothing has changed."""
    found = selectors.training_set(set_id, standing=standing(request), at=now())
    if not wants_part(request):
        return _shown(request, found, ReleaseForm(places=_places(found)))
    live = live_of(found)
    if live is None:
        return go(request, reverse("training_set", args=[set_id]))
    if request.GET.get("seen") == live["seen"]:
        return HttpResponse(status=204)
    return page_or_part(request, "training/page.html", "live", {"live": live})


def _shown(request: HttpRequest, found: TrainingSetPage, form: ReleaseForm, *, status: int = 200) -> HttpResponse:
    held = standing(request)
    page = set_page(
        found,
        form,
        may_upload=bool(may(held, UPLOAD, found.unit_path)),
        may_ask=bool(may(held, ASK, found.unit_path)),
        sees_proof=any(may(held, permission, found.unit_path) for permission in PROOF),
    )
    publications = publications_of(found.row.id, unit_path=found.unit_path, standing=held)
    page["sent"] = [sent_row(each) for each in publications]
    page["possibly_sent"] = [sent_row(each) for each in publications if each.state is PublicationState.UNKNOWN]
    if lost := page["possibly_sent"]:
        page |= {"said": lost[0]["said"], "sentence": possibly_sent_sentence(lost[0]["destination"])}
    page["sees_exams"] = holds(request, "catalogue:exam:read")
    return page_or_part(request, "training/page.html", "live", {"page": page, "live": live_of(found)}, status=status)


def _places(found: TrainingSetPage) -> list[tuple[str, str]]:
    granted = selectors.destinations_granted(found.initiative_id, at=now())
    return [(str(place.pk), place.title) for place in granted]


@requires(UPLOAD)
@require_POST
def training_copy(request: HttpRequest, set_id: UUID) -> HttpResponse:
    services.ask_redacted_copy(training_set_id=set_id, by=actor_of(request), at=now())
    messages.success(request, "The copy is being made. It is a set of its own, and is scanned again.")
    return redirect("training_set", set_id)


@requires(ASK)
@require_POST
def training_release(request: HttpRequest, set_id: UUID) -> HttpResponse:
    found = selectors.training_set(set_id, standing=standing(request), at=now())
    authorize(actor_of(request), ASK, found.unit_path)
    form = ReleaseForm(request.POST, places=_places(found))
    if form.is_valid():
        place, by = form.cleaned_data["destination_id"], actor_of(request)
        asked = tried(form, lambda: services.ask_release(training_set_id=set_id, destination_id=place, by=by, at=now()))
        if asked:
            messages.success(request, "Asked. You see here who decides and what they say.")
            return redirect("training_set", set_id)
    return _shown(request, found, form, status=422)


@requires(SETTLE)
@require_POST
def training_settle(request: HttpRequest, set_id: UUID, publication_id: UUID) -> HttpResponse:
    found = selectors.training_set(set_id, standing=standing(request), at=now())
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, ReleaseForm(places=_places(found)), status=422)
    arrived = form.cleaned_data["arrived"]
    settle_publication(
        publication_id=publication_id, training_set_id=set_id, arrived=arrived, by=actor_of(request), at=now()
    )
    messages.success(request, ARRIVED if arrived else NOT_ARRIVED)
    return redirect("training_set", set_id)


@requires(UPLOAD)
def training_new(request: HttpRequest, code: str) -> HttpResponse:
    """The page that sends a file; the script on it does, straight to the upload's own door."""
    found = initiative(code, standing=standing(request))
    authorize(actor_of(request), UPLOAD, unit(found.row.unit_id).path)
    put_path = f"/api/v1/initiatives/{code}/training-sets"
    here = Crumb("Upload a training set")
    page = {
        "trail": [INITIATIVES, Crumb(found.row.title, reverse("initiative", args=[code])), here],
        "code": code,
        "initiative": found.row.title,
        "put_path": put_path,
        "put_url": request.build_absolute_uri(put_path),
    }
    return render(request, "training/new.html", {"page": page})


@requires(UPLOAD)
@require_POST
@never_cache
def training_ticket(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the script with a ticket. It is asked for when the upload starts: one in the page would age with the page."""
    found = initiative(code, standing=standing(request))
    authorize(actor_of(request), UPLOAD, unit(found.row.unit_id).path)
    person = reader(request)
    return HttpResponse(ticket_for(person.pk, person.name), content_type="text/plain")
