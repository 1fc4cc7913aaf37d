"""Pages of the catalogue: what data there is, who looks after it, where it may go."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.catalogue import selectors, services
from governance.catalogue.rules import PersonalData
from governance.catalogue.selectors import DatasetPage, DatasetRow
from governance.core.clock import now
from governance.core.vocabulary import Classification
from governance.destinations.selectors import destinations
from governance.organisation.permissions import may
from governance.organisation.selectors import units_tree
from governance.web.frame import words
from governance.web.frame.access import actor_of, holds, requires, standing
from governance.web.frame.forms import LongText, form_page, tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import Crumb
from governance.web.owning.allocations import use_of

READ, EDIT = "catalogue:dataset:read", "catalogue:dataset:edit"
PROPOSE = "initiatives:initiative:propose"
HOME = Crumb("Data", "/datasets/")
PERSONAL = {kind.value: kind.value.replace("_", " ") for kind in PersonalData} | {
    PersonalData.NATIONAL_IDS.value: "national IDs"
}
SPEC = ListSpec(
    sorts={"title": "Dataset", "steward": "Looked after by"},
    default_sort="title",
    filters=(
        Filter("q", "Search", hint="a word of the title"),
        Filter("classification", "Classification", words.choices(Classification)),
        Filter("personal", "Personal data", list(PERSONAL.items())),
    ),
    noun="dataset",
)


class DatasetForm(forms.Form):
    title = forms.CharField(label="What is it called?", max_length=200)
    about = LongText(label="What is in it?", required=False)
    steward_unit_id = forms.TypedChoiceField(label="Which unit looks after it?", coerce=UUID)
    classification = forms.ChoiceField(
        label="How bad would a leak be?", choices=words.choices(Classification), widget=forms.RadioSelect
    )
    personal_data = forms.MultipleChoiceField(
        label="Personal data in it", choices=list(PERSONAL.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    jurisdictions = forms.CharField(
        label="Countries whose law it is under", help_text="Two-letter codes, such as SE, DE.", required=False
    )
    licence = forms.CharField(label="Licence", required=False, max_length=200)
    crown_jewel = forms.BooleanField(label="A crown jewel: losing it would hurt the whole organisation", required=False)
    synthetic = forms.BooleanField(label="Synthetic: made up, about nobody", required=False)
    pictures = forms.BooleanField(label="Made of pictures: nothing in it can be scanned", required=False)

    def __init__(self, *args: Any, units: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        steward: Any = self.fields["steward_unit_id"]
        steward.choices = units

    def clean_jurisdictions(self) -> list[str]:
        return [code.strip().upper() for code in self.cleaned_data["jurisdictions"].replace(",", " ").split()]


@requires(READ)
def datasets(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    found = selectors.datasets(
        standing=standing(request),
        search=state.value("q"),
        classification=state.value("classification"),
        personal_data=state.value("personal"),
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [_row(row) for row in found.rows], found.total)
    return page_or_part(request, "catalogue/list.html", "rows", {"page": page, "may_edit": holds(request, EDIT)})


def _row(row: DatasetRow) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "title": row.title,
        "about": row.about,
        "crown_jewel": row.crown_jewel,
        "said": words.state(Classification, row.classification),
        "personal_data": _personal(row),
        "steward": row.steward,
    }


def _personal(row: DatasetRow) -> str:
    if row.synthetic:
        return "none: synthetic"
    return words.joined([PERSONAL[kind] for kind in row.personal_data])


@requires(READ)
def dataset(request: HttpRequest, ref: str) -> HttpResponse:
    found = selectors.dataset(ref, standing=standing(request), at=now())
    return render(request, "catalogue/page.html", {"page": _page(request, found)})


def _page(request: HttpRequest, found: DatasetPage) -> dict[str, Any]:
    row = found.row
    places = destinations(standing=standing(request), at=now(), cleared_for=row.classification, state="open")
    return {
        "trail": [HOME, Crumb(row.title)],
        "title": row.title,
        "about": row.about,
        "said": words.state(Classification, row.classification),
        "edit_url": reverse("dataset_edit", args=[row.ref]) if found.may_edit else "",
        "ask_url": f"{reverse('request_new')}?dataset={row.ref}" if holds(request, PROPOSE) else "",
        "use": use_of(request, row.ref),
        "places": [
            {
                "url": reverse("destination", args=[place.ref]),
                "title": place.title,
                "hosting": words.word(type(place.hosting), place.hosting),
                "region": place.region,
                "kept": words.kept(place.terms.retention_days) if place.terms else "",
                "trains": words.yes(place.terms.trains_on_inputs) if place.terms else "",
            }
            for place in places.rows
        ],
        "facts": [
            ("Looked after by", row.steward),
            ("Decide about it", words.joined(list(found.stewards), "nobody yet")),
            ("Personal data", _personal(row)),
            ("Countries", words.joined(list(row.jurisdictions), "not said")),
            ("Licence", row.licence or "not said"),
            ("Crown jewel", words.yes(row.crown_jewel)),
            ("Made of pictures", words.yes(row.pictures)),
        ],
    }


@requires(EDIT)
def dataset_new(request: HttpRequest) -> HttpResponse:
    form = DatasetForm(request.POST or None, units=_units(request))
    if form.is_valid():
        made = tried(form, lambda: services.add_dataset(**form.cleaned_data, by=actor_of(request), at=now()))
        if made:
            messages.success(request, f"{made.title} is in the catalogue.")
            return redirect("dataset", made.ref)
    trail = [HOME, Crumb("Add a dataset")]
    return form_page(request, form, title="Add a dataset", trail=trail, action="Add it", back=HOME.url)


@requires(EDIT)
def dataset_edit(request: HttpRequest, ref: str) -> HttpResponse:
    row = selectors.dataset(ref, standing=standing(request), at=now()).row
    form = DatasetForm(request.POST or None, units=_units(request), initial=_initial(row))
    form.fields["revision"] = forms.IntegerField(widget=forms.HiddenInput, initial=row.revision)
    if form.is_valid():
        changed = tried(
            form, lambda: services.edit_dataset(dataset_id=row.id, **form.cleaned_data, by=actor_of(request), at=now())
        )
        if changed:
            messages.success(request, "Changed. Rights that depend on the classification were checked again.")
            return redirect("dataset", changed.ref)
    trail = [HOME, Crumb(row.title, reverse("dataset", args=[ref])), Crumb("Change")]
    return form_page(request, form, title=f"Change {row.title}", trail=trail, action="Save", back=trail[1].url)


def _initial(row: DatasetRow) -> dict[str, Any]:
    return {
        "title": row.title,
        "about": row.about,
        "steward_unit_id": str(row.steward_unit_id),
        "classification": row.classification,
        "personal_data": list(row.personal_data),
        "jurisdictions": ", ".join(row.jurisdictions),
        "licence": row.licence,
        "crown_jewel": row.crown_jewel,
        "synthetic": row.synthetic,
        "pictures": row.pictures,
    }


def _units(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the units the reader may act for as a steward."""
    held = standing(request)
    return [(str(unit.id), unit.name) for unit in units_tree() if may(held, EDIT, unit.path)]


@requires(EDIT)
@require_POST
def dataset_retire(request: HttpRequest, ref: str) -> HttpResponse:
    row = selectors.dataset(ref, standing=standing(request), at=now()).row
    services.retire_dataset(dataset_id=row.id, revision=row.revision, by=actor_of(request), at=now())
    messages.success(request, f"{row.title} is retired. The rights to use it ended.")
    return redirect("datasets")
