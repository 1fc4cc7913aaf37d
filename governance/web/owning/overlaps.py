"""Pages of overlaps: which initiatives seem to do the same, why it looks so, and what was done about it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.core.errors import Invalid
from governance.initiatives.models import Overlap
from governance.initiatives.rules.overlaps import Resolution
from governance.initiatives.selectors import overlaps as selectors
from governance.initiatives.selectors.overlaps import OverlapRow, OverlapSide
from governance.initiatives.services.joins import answer_join, ask_to_join
from governance.initiatives.services.overlaps import resolve_overlap
from governance.remits.selectors.overlaps import uses_of
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.forms import LongText, tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.sayings import Said
from governance.web.frame.shapes import Crumb
from governance.web.owning.overlap_shapes import alike, reasons, shown_side

READ, RESOLVE = "initiatives:initiative:read", "initiatives:overlap:resolve"
EDIT, PROPOSE = "initiatives:initiative:edit", "initiatives:initiative:propose"
HOME = Crumb("Overlaps", "/overlaps/")
MOST_BESIDE = 5
SPEC = ListSpec(
    sorts={"score": "How alike", "found": "Found"},
    default_sort="-score",
    filters=(
        Filter("q", "Search", hint="a word of a title"),
        Filter("state", "Status", (("waiting", "Waiting"), *words.choices(Resolution))),
    ),
    noun="overlap",
)


class ResolutionForm(forms.Form):
    resolution = forms.ChoiceField(
        label="The two initiatives", choices=words.choices(Resolution), widget=forms.RadioSelect
    )
    remains_id = forms.TypedChoiceField(
        label="If merged: which one remains", coerce=UUID, empty_value=None, required=False
    )
    reasons = LongText(label="Why", help_text="Both units read this, and so do auditors.")

    def __init__(self, *args: Any, sides: Sequence[OverlapSide], **options: Any) -> None:
        super().__init__(*args, **options)
        remains: Any = self.fields["remains_id"]
        remains.choices = [("", "Not merged"), *((str(side.id), f"{side.title} ({side.unit})") for side in sides)]


class JoinForm(forms.Form):
    reason = LongText(label="What would you do there?")


@requires(READ)
def overlaps(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    chosen = state.value("state")
    found = selectors.overlaps(
        standing=standing(request),
        search=state.value("q"),
        waiting=True if chosen == "waiting" else None,
        resolution="" if chosen == "waiting" else chosen,
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [_row(row) for row in found.rows], found.total, found.more)
    return page_or_part(request, "initiatives/overlaps.html", "rows", {"page": page})


def _row(row: OverlapRow) -> dict[str, Any]:
    return {
        "url": reverse("overlap", args=[row.id]),
        "title": _title(row),
        "units": words.joined(sorted({side.unit for side in row.sides})),
        "alike": alike(row.score),
        "why": " ".join(reasons(row.signals)),
        "said": _said(row),
        "found_at": row.found_at,
    }


def _title(row: OverlapRow) -> str:
    return f"{row.sides[0].title} and {row.sides[1].title}"


def _said(row: OverlapRow) -> Said:
    return words.state(Resolution, row.resolution) if row.resolution else Said("Waiting", "wait")


@requires(READ)
def overlap(request: HttpRequest, overlap_id: UUID) -> HttpResponse:
    return _page(request, selectors.overlap(overlap_id, standing=standing(request)), None)


def _page(request: HttpRequest, row: OverlapRow, form: ResolutionForm | None) -> HttpResponse:
    uses = uses_of([side.id for side in row.sides if side.visible])
    first, second = row.sides
    open_here = bool(row.may_resolve) and row.resolution is None
    context = {
        "trail": [HOME, Crumb(_title(row))],
        "row": row,
        "title": f"{_title(row)} {'seemed' if row.resolution else 'seem'} to do the same",
        "said": _said(row),
        "alike": alike(row.score),
        "reasons": reasons(row.signals),
        "sides": [
            shown_side(first, uses.get(first.id), uses.get(second.id)),
            shown_side(second, uses.get(second.id), uses.get(first.id)),
        ],
        "remains": next((side.title for side in row.sides if side.id == row.remains), ""),
        "form": (form or ResolutionForm(sides=row.sides)) if open_here else None,
        "talk_to": words.joined(sorted({side.owner for side in row.sides})),
    }
    return render(request, "initiatives/overlap.html", context, status=422 if form else 200)


@requires(RESOLVE)
@require_POST
def overlap_resolve(request: HttpRequest, overlap_id: UUID) -> HttpResponse:
    row = selectors.overlap(overlap_id, standing=standing(request))
    form = ResolutionForm(request.POST, sides=row.sides)
    resolved = tried(form, lambda: _resolve(request, overlap_id, form.cleaned_data)) if form.is_valid() else None
    if resolved:
        messages.success(request, "Noted, with your reasons. Both units see it.")
        return redirect("overlap", overlap_id)
    return _page(request, row, form)


def _resolve(request: HttpRequest, overlap_id: UUID, told: dict[str, Any]) -> Overlap:
    return resolve_overlap(overlap_id=overlap_id, **told, by=actor_of(request), at=now())


@requires(PROPOSE)
@require_POST
def join_ask(request: HttpRequest, initiative_id: UUID) -> HttpResponse:
    form = JoinForm(request.POST)
    if not form.is_valid():
        raise Invalid("no_reasons", "Say what you would do there.", field="reason", remedy="Go back and say it.")
    ask_to_join(initiative_id=initiative_id, **form.cleaned_data, by=actor_of(request), at=now())
    messages.success(request, "Asked. Their unit decides, and you are told what it says.")
    return redirect("initiatives")


@requires(EDIT)
@require_POST
def join_answer(request: HttpRequest, join_id: UUID) -> HttpResponse:
    accept = request.POST.get("answer") == "accept"
    answered = answer_join(join_id=join_id, accept=accept, by=actor_of(request), at=now())
    messages.success(request, "They build along now." if accept else "Declined. They are told.")
    return redirect("initiative", answered.initiative.code)


def overlap_count(request: HttpRequest) -> int:
    return selectors.overlaps_waiting(standing(request))


def beside(request: HttpRequest, initiative_id: UUID) -> dict[str, Any]:
    """Return what the page of an initiative shows of its overlaps, and of who asks to join it."""
    held = standing(request)
    found = selectors.overlaps_beside(initiative_id, standing=held, most=MOST_BESIDE)
    return {
        "overlaps": [(_row(row), next(s for s in row.sides if s.id != initiative_id)) for row in found],
        "joins": selectors.joins_to_answer(held, initiative_id=initiative_id),
    }
