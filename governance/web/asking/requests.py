"""A request in three steps, kept as a draft from the first: what for, which data and where, how it is watched."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from governance.approvals.selectors import request_page
from governance.catalogue.rules import BUILT_IN_REF
from governance.catalogue.selectors import DatasetRow, datasets
from governance.core.clock import now
from governance.core.errors import Conflict, NotFound
from governance.core.vocabulary import Technique
from governance.initiatives.selectors import initiative_named
from governance.initiatives.services import propose_initiative
from governance.organisation.permissions import may
from governance.organisation.selectors import units_tree
from governance.remits import selectors, services
from governance.remits.models import Remit
from governance.remits.selectors import OptionRow, RemitPage, SimilarRow
from governance.web.asking.request_forms import (
    CareForm,
    DataForm,
    PurposeForm,
    capped,
    lines_of,
    most_told,
    option_of,
    promised,
    redacted,
    with_care,
    with_datasets,
    with_purpose,
)
from governance.web.deciding.request_shapes import route_of, route_of_option, shown_option
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.forms import tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.samples import first_lines
from governance.web.frame.shapes import Crumb, Step
from governance.web.owning.overlap_shapes import shown_similar

PROPOSE, DRAFT, SUBMIT = "initiatives:initiative:propose", "remits:remit:draft", "remits:remit:submit"
STEPS = {"purpose": "What it is for", "data": "Data and where it goes", "care": "Care, and send"}
OFFERED = 60  # datasets shown to choose from; any other is reached from its own page
NEEDED = {"destination", "terms", "mode"}


@requires(PROPOSE)
def request_new(request: HttpRequest) -> HttpResponse:
    form = PurposeForm(request.POST or None, units=_units(request))
    similar = _similar(request, form.cleaned_data) if form.is_valid() else []
    if form.is_valid() and not similar:
        remit = tried(form, lambda: _begin(request, form.cleaned_data))
        if remit:
            asked = request.GET.get("dataset", "")
            return redirect(reverse("request_data", args=[remit.pk]) + (f"?dataset={asked}" if asked else ""))
    context = {
        "form": form,
        "steps": _steps(None, "purpose"),
        "title": "New request",
        "action": "It is something else, go on" if similar else "Go on",
        "back": "/initiatives/",
        "similar": [shown_similar(row) for row in similar],
    }
    about = "Three short pages. It is kept as a draft from the first on."
    trail = [Crumb("Initiatives", "/initiatives/"), Crumb("New request")]
    status = 422 if form.errors else 200
    return render(request, "remits/purpose.html", context | {"about": about, "trail": trail}, status=status)


def _similar(request: HttpRequest, told: Mapping[str, Any]) -> list[SimilarRow]:
    """Return what already does something like it, once: who has seen it and goes on is not asked again."""
    if request.POST.get("seen"):
        return []
    asked = {name: told[name] for name in ("title", "purpose_text", "purpose")}
    return selectors.similar_initiatives(**asked, standing=standing(request))


def _begin(request: HttpRequest, told: Mapping[str, Any]) -> Remit:
    by, at = actor_of(request), now()
    made = propose_initiative(
        title=told["title"], purpose_text=told["purpose_text"], unit_id=told["unit_id"], by=by, at=at
    )
    remit = services.start_draft(initiative_id=made.pk, by=by, at=at)
    body = with_purpose(remit.body, told)
    return services.save_draft(remit_id=remit.pk, body=body, revision=remit.revision, by=by, at=at)


def _units(request: HttpRequest) -> list[tuple[str, str]]:
    held = standing(request)
    return [(str(unit.id), unit.name) for unit in units_tree() if may(held, PROPOSE, unit.path)]


@requires(DRAFT)
@require_POST
def request_more(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the next version of what an initiative may do; what is in force stays so meanwhile."""
    found = initiative_named(code)
    remit = services.start_draft(initiative_id=found.pk, by=actor_of(request), at=now())
    return redirect("request_data", remit.pk)


@requires(DRAFT)
def request_data(request: HttpRequest, remit_id: UUID) -> HttpResponse:
    page = _open(request, remit_id)
    if request.method == "POST":
        return _data_sent(request, page)
    return _data_page(request, page, None)


def _data_sent(request: HttpRequest, page: RemitPage) -> HttpResponse:
    form = _data_form(request, page, request.POST)
    form.is_valid()
    chosen = form.cleaned_data.get("datasets", [])
    option = form.cleaned_data.get("option", "")
    saved = tried(form, lambda: _save_data(request, page, chosen, option))
    if request.POST.get("then") == "next" and saved and form.is_valid():
        if option:
            return redirect("request_care", page.row.id)
        form.add_error("option", "Choose where it should go.")
    return _data_page(request, _open(request, page.row.id), form)


def _save_data(request: HttpRequest, page: RemitPage, refs: list[str], option: str) -> Remit:
    saved = _save(request, page, with_datasets(page.body, refs))
    if not (option and refs):
        return saved
    destination, technique = option_of(option)
    return services.choose_option(
        remit_id=saved.pk,
        destination=destination,
        technique=technique,
        revision=saved.revision,
        by=actor_of(request),
        at=now(),
    )


def _data_page(request: HttpRequest, page: RemitPage, form: DataForm | None) -> HttpResponse:
    told = request.POST if request.method == "POST" else page.body
    way = told.get("technique", Technique.PROMPT)
    rows = [row for row in _options(request, page) if way in {"", row.technique}]
    wrong = form is not None and bool(form.errors) and request.POST.get("then") == "next"
    context = _step(page, "data") | {
        "form": form if wrong else _data_form(request, page, None),
        "options": [shown_option(row) for row in rows],
        "action": "Go on",
        "may_save": True,
    }
    return page_or_part(request, "remits/data.html", "options", context, status=422 if wrong else 200)


def _data_form(request: HttpRequest, page: RemitPage, told: Any) -> DataForm:
    grants = page.body.get("grants", [])
    # What staff type is ticked by whoever means it: beforehand, its steward would be asked about every request.
    asked = [grant["dataset"] for grant in grants if grant.get("dataset")] or request.GET.getlist("dataset")[:1]
    choices = [(shown.value, shown.destination) for shown in map(shown_option, _options(request, page))]
    return DataForm(
        told,
        offered=_offered(request, [BUILT_IN_REF, *asked]),
        options=choices,
        initial={"datasets": asked, "technique": page.body.get("technique")},
    )


def _offered(request: HttpRequest, asked: list[str]) -> list[DatasetRow]:
    held = standing(request)
    first = datasets(standing=held, size=OFFERED).rows
    missing = [ref for ref in asked if ref not in {row.ref for row in first}]
    more = [row for ref in missing for row in datasets(standing=held, search=ref, size=1).rows if row.ref == ref]
    return [*more, *first]


def _options(request: HttpRequest, page: RemitPage) -> list[OptionRow]:
    return selectors.options(page.row.id, standing(request), at=now())


@never_cache
@requires(DRAFT)
def request_care(request: HttpRequest, remit_id: UUID) -> HttpResponse:
    page = _open(request, remit_id)
    if not all(grant.keys() >= NEEDED for grant in page.body.get("grants", [])) or not page.body.get("grants"):
        return redirect("request_data", remit_id)
    body = page.body
    initial = {
        **{key: body.get(key) for key in CareForm.base_fields},
        "redact": redacted(body),
        "way": most_told(body),
        **promised(body),
        **capped(body),
    }
    initial["tools"] = lines_of(body.get("tools", []))
    form = CareForm(request.POST or None, initial=initial)
    if form.is_valid():
        saved = tried(form, lambda: _save(request, page, with_care(body, form.cleaned_data)))
        if saved and request.POST.get("then") == "stay":
            messages.success(request, "Kept as a draft.")
            return redirect("request_care", remit_id)
        if saved and (outcome := tried(form, lambda: _submit(request, saved))):
            return _sent(request, page, outcome)
    chosen = next((row for row in _options(request, page) if row.chosen), None)
    context = _step(page, "care") | {"form": form, "action": "Send it", "may_save": True} | _foreseen(chosen)
    return render(
        request, "remits/care.html", context | {"summary": _summary(page)}, status=422 if form.errors else 200
    )


def _submit(request: HttpRequest, saved: Remit) -> services.Outcome:
    return services.submit(remit_id=saved.pk, revision=saved.revision, by=actor_of(request), at=now())


def _sent(request: HttpRequest, page: RemitPage, outcome: services.Outcome) -> HttpResponse:
    """Show what became of it, and the sandbox key this one time."""
    sandbox = outcome.sandbox
    at_once = outcome.pattern is not None
    asked = request_page(outcome.request_id, reader=standing(request), at=now()) if outcome.request_id else None
    context = {
        "title": "Approved at once" if at_once else "Sent",
        "about": f"It lies inside {outcome.pattern.name}, which was approved beforehand."
        if outcome.pattern
        else "You are told of each step.",
        "initiative_url": reverse("initiative", args=[page.code]),
        "stages": route_of(asked) if asked else [],
        "secret": sandbox.secret if sandbox else "",
        "secret_until": sandbox.ends_at if sandbox else None,
        "no_sandbox": sandbox.reason if sandbox and not sandbox.secret else "",
        "first": first_lines(page.code, key=sandbox.secret, standing=standing(request), at=now())
        if sandbox and sandbox.secret
        else {},
    }
    return render(request, "remits/sent.html", context)


def _foreseen(chosen: OptionRow | None) -> dict[str, Any]:
    if chosen is None:
        return {}
    outside = chosen.outside_pattern_field
    return {
        "stages": route_of_option(chosen),
        "decided_at_once": f"It lies inside {chosen.pattern}." if chosen.pattern else "",
        "outside": f"Not decided at once, because of: {outside.replace('_', ' ')}." if outside else "",
    }


def _summary(page: RemitPage) -> list[tuple[str, str]]:
    grants = page.body.get("grants", [])
    return [
        ("For", page.body.get("title", "")),
        ("Data", words.joined(sorted({grant["dataset"] for grant in grants}))),
        ("Sent to", words.joined(sorted({grant["destination"] for grant in grants}))),
    ]


def _open(request: HttpRequest, remit_id: UUID) -> RemitPage:
    """Return a draft the reader may change.

    Raises:
        NotFound: there is none, or they may not. Conflict: it was sent already.
    """
    page = selectors.remit_page(remit_id, standing=standing(request))
    if page.row.submitted_at and not page.may_edit:
        raise Conflict("sent_already", "This was sent already.", remedy="Open the initiative to see where it stands.")
    if not page.may_edit:
        raise NotFound("remit_not_found", "There is no such draft, or it is not yours to change.")
    return page


def _save(request: HttpRequest, page: RemitPage, body: dict[str, Any]) -> Remit:
    """Save with the revision the form was opened with, so that nobody's answers are lost unseen."""
    told = request.POST.get("revision", "")
    revision = int(told) if told.isascii() and told.isdigit() else page.revision
    return services.save_draft(remit_id=page.row.id, body=body, revision=revision, by=actor_of(request), at=now())


def _step(page: RemitPage, name: str) -> dict[str, Any]:
    names = list(STEPS)
    before = names[names.index(name) - 1]
    return {
        "title": f"{page.body.get('title') or page.initiative}",
        "about": f"Version {page.row.version} for {page.unit}.",
        "trail": [
            Crumb("Initiatives", "/initiatives/"),
            Crumb(page.initiative, reverse("initiative", args=[page.code])),
            Crumb("Request"),
        ],
        "steps": _steps(page.row.id, name),
        "revision": page.revision,
        "back": reverse(f"request_{before}", args=[page.row.id]) if name != "data" else "",
    }


def _steps(remit_id: UUID | None, now_at: str) -> list[Step]:
    names = list(STEPS)
    here = names.index(now_at)
    return [
        Step(
            title,
            "done" if n < here else "now" if n == here else "ahead",
            _step_url(remit_id, name) if n < here else "",
        )
        for n, (name, title) in enumerate(STEPS.items())
    ]


def _step_url(remit_id: UUID | None, name: str) -> str:
    return reverse(f"request_{name}", args=[remit_id]) if remit_id and name != "purpose" else ""
