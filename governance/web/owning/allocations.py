"""Pages of rounds: rival requests for a scarce dataset side by side, the award, and the mark on the dataset."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.catalogue.models import Dataset
from governance.catalogue.selectors import dataset_named
from governance.core.clock import now
from governance.core.errors import Invalid
from governance.remits import selectors, services
from governance.remits.allocations import (
    LONGEST_ROUND_DAYS,
    SHORTEST_ROUND_DAYS,
    USUAL_ROUND_DAYS,
    Division,
    EntryState,
    Lot,
    RoundState,
    Scarcity,
)
from governance.remits.models import Allocation, ScarceDataset
from governance.remits.rules import RemitState
from governance.remits.selectors import AllocationPage, AllocationRow, EntryRow
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.forms import Day, LongText, form_page, tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.sayings import Said
from governance.web.frame.shapes import Crumb
from governance.web.owning.handling import record_cards

READ, AWARD, DRAFT = "remits:allocation:read", "remits:allocation:award", "remits:remit:draft"
HOME = Crumb("Rounds", "/allocations/")
SPEC = ListSpec(
    sorts={"closes": "Closes", "dataset": "Dataset"},
    default_sort="-closes",
    filters=(Filter("q", "Search", hint="a word of the dataset"), Filter("state", "Status", words.choices(RoundState))),
    noun="round",
)


class MarkForm(forms.Form):
    scarcity = forms.ChoiceField(label="How scarce is it?", choices=words.choices(Scarcity), widget=forms.RadioSelect)
    why = LongText(label="Why?", help_text="Everybody who asks for it reads this.")
    until = Day(label="Until when?", help_text="Until you say otherwise, if you leave it.", required=False)
    round_days = forms.IntegerField(
        label="For how many days may others ask, once somebody has?",
        min_value=SHORTEST_ROUND_DAYS,
        max_value=LONGEST_ROUND_DAYS,
        initial=USUAL_ROUND_DAYS,
    )


class CaseForm(forms.Form):
    expected_value = LongText(label="What is it worth?", help_text="Hours, money, errors avoided: what you can show.")
    beneficiaries = LongText(label="Who benefits?")


class LotForm(forms.Form):
    """What one request gets; `prefix` is the id of its entry."""

    awarded = forms.BooleanField(label="Gets it", required=False)
    starts = Day(label="From", required=False)
    ends = Day(label="Until", required=False)
    share = forms.CharField(label="Which fields or rows", max_length=400, required=False)
    reason = LongText(label="Why, or why not", required=False)


class AwardForm(forms.Form):
    division = forms.ChoiceField(label="How is it divided?", choices=words.choices(Division), widget=forms.RadioSelect)
    reasons = LongText(label="Your reasons", help_text="Everybody in the round reads them.")


@requires(READ)
def allocations(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    found = selectors.allocations(
        standing=standing(request),
        state=state.value("state"),
        search=state.value("q"),
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [_row(row) for row in found.rows], found.total, found.more)
    return page_or_part(request, "allocations/list.html", "rows", {"page": page})


def allocation_count(request: HttpRequest) -> int:
    return selectors.allocations_to_decide(standing(request), at=now())


def _row(row: AllocationRow) -> dict[str, Any]:
    over = row.state is RoundState.CLOSED or (row.state is RoundState.OPEN and now() >= row.closes_at)
    return {
        "url": reverse("allocation", args=[row.id]),
        "title": row.dataset,
        "steward": row.steward,
        "said": words.state(RoundState, RoundState.CLOSED if over else row.state),
        "over": over,
        "closes_at": row.closes_at,
        "asked": f"{row.entries} request{'' if row.entries == 1 else 's'}",
        "place": f"yours is number {row.place}" if row.place else "",
    }


@requires(READ)
def allocation(request: HttpRequest, allocation_id: UUID) -> HttpResponse:
    return _page(request, selectors.allocation(allocation_id, standing=standing(request)), None, {})


def _page(
    request: HttpRequest, page: AllocationPage, form: AwardForm | None, lots: dict[UUID, LotForm]
) -> HttpResponse:
    row = page.row
    decided = row.state is RoundState.AWARDED
    may_award = bool(page.may_award) and not decided and now() >= row.closes_at
    waiting = [entry for entry in page.entries if entry.state is EntryState.WAITING]
    records = record_cards(request, {entry.unit_id for entry in page.entries})
    context = {
        "trail": [HOME, Crumb(row.dataset)],
        "page": page,
        "row": _row(row),
        "title": _title(row),
        "scarce": words.state(Scarcity, page.marking.scarcity).text if page.marking else "",
        "dataset_url": reverse("dataset", args=[row.dataset_ref]),
        "decided": decided,
        "division": words.word(Division, row.division) if row.division else "",
        "entries": [_entry(entry, records.get(entry.unit_id, {})) for entry in page.entries],
        "form": (form or AwardForm()) if may_award else None,
        "lots": [(entry, lots.get(entry.id) or LotForm(prefix=str(entry.id))) for entry in waiting],
    }
    return render(request, "allocations/page.html", context, status=422 if form else 200)


def _title(row: AllocationRow) -> str:
    asked = {0: "Nobody asks", 1: "One initiative asks"}.get(row.entries, f"{row.entries} initiatives ask")
    return f"{asked} for {row.dataset}" if row.state is not RoundState.AWARDED else f"{row.dataset} was awarded"


def _entry(entry: EntryRow, record: dict[str, Any]) -> dict[str, Any]:
    return {
        "row": entry,
        "title": entry.title or f"A request of {entry.unit}",
        "url": reverse("initiative", args=[entry.code]) if entry.code else "",
        "record": record,
        "said": words.state(EntryState, entry.state),
        "approval": words.state(RemitState, entry.remit_state) if entry.remit_state else None,
        "form": CaseForm(
            prefix=str(entry.id),
            initial={"expected_value": entry.expected_value, "beneficiaries": entry.beneficiaries},
        )
        if entry.may_state_case
        else None,
    }


@requires(AWARD)
@require_POST
def allocation_award(request: HttpRequest, allocation_id: UUID) -> HttpResponse:
    page = selectors.allocation(allocation_id, standing=standing(request))
    form = AwardForm(request.POST)
    lots = _lots(request, page.entries)
    fits = form.is_valid() and all(lot.is_valid() for lot in lots.values())
    awarded = tried(form, lambda: _award(request, allocation_id, form, lots)) if fits else None
    if awarded:
        messages.success(request, "Awarded. Everybody in the round is told, with your reasons.")
        return redirect("allocation", allocation_id)
    return _page(request, page, form, lots)


def _lots(request: HttpRequest, entries: Sequence[EntryRow]) -> dict[UUID, LotForm]:
    waiting = [entry.id for entry in entries if entry.state is EntryState.WAITING]
    return {each: LotForm(request.POST, prefix=str(each)) for each in waiting}


def _award(request: HttpRequest, allocation_id: UUID, form: AwardForm, lots: dict[UUID, LotForm]) -> Allocation:
    given = {each: Lot(**lot.cleaned_data) for each, lot in lots.items()}
    told = form.cleaned_data
    return services.award(allocation_id=allocation_id, **told, lots=given, by=actor_of(request), at=now())


@requires(DRAFT)
@require_POST
def case_state(request: HttpRequest, allocation_id: UUID, entry_id: UUID) -> HttpResponse:
    form = CaseForm(request.POST, prefix=str(entry_id))
    if not form.is_valid():
        raise Invalid("no_case", "Say what it is worth and who benefits.", remedy="Go back and say both.")
    services.state_case(entry_id=entry_id, **form.cleaned_data, by=actor_of(request), at=now())
    messages.success(request, "Kept. The steward compares what each of you says.")
    return redirect("allocation", allocation_id)


@requires(AWARD)
def dataset_mark(request: HttpRequest, ref: str) -> HttpResponse:
    dataset = dataset_named(ref)
    form = MarkForm(request.POST or None)
    marked = tried(form, lambda: _mark(request, dataset, form)) if form.is_valid() else None
    if marked:
        messages.success(request, "Marked. Requests for it are compared in a round from now on.")
        return redirect("dataset", ref)
    trail = [Crumb("Data", "/datasets/"), Crumb(dataset.title, reverse("dataset", args=[ref])), Crumb("Mark")]
    about = (
        "Requests for it then enter a round, in which you compare them and decide with reasons. Grants there are stay."
    )
    return form_page(
        request,
        form,
        title=f"Say that {dataset.title} is scarce",
        trail=trail,
        action="Mark it",
        back=reverse("dataset", args=[ref]),
        about=about,
    )


def _mark(request: HttpRequest, dataset: Dataset, form: MarkForm) -> ScarceDataset:
    return services.mark_dataset(dataset_id=dataset.pk, **form.cleaned_data, by=actor_of(request), at=now())


@requires(AWARD)
@require_POST
def dataset_unmark(request: HttpRequest, ref: str) -> HttpResponse:
    services.unmark_dataset(dataset_id=dataset_named(ref).pk, by=actor_of(request), at=now())
    messages.success(request, "There is enough of it again. A round that is open still ends in your award.")
    return redirect("dataset", ref)


def use_of(request: HttpRequest, ref: str) -> dict[str, Any]:
    """Return what the page of a dataset shows of who uses it, asks for it and plans to."""
    dataset = dataset_named(ref)
    use = selectors.dataset_use(dataset, standing=standing(request))
    return {
        "ref": ref,
        "marking": use.marking,
        "scarce": words.state(Scarcity, use.marking.scarcity) if use.marking else None,
        "uses": [(each, STAGES[each.stage]) for each in use.uses],
        "round_url": reverse("allocation", args=[use.round_id]) if use.round_id else "",
        "may_mark": bool(use.may_mark) and not dataset.built_in and dataset.retired_at is None,
        "shows": not dataset.built_in,
    }


STAGES = {
    "used": Said("uses it", "good"),
    "asked": Said("asks for it", "wait"),
    "planned": Said("plans to", "quiet"),
}
