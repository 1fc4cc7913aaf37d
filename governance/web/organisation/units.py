"""Pages of units: the tree, who heads each, and the end of one."""

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
from governance.core.errors import NotFound
from governance.insights.holdings import Holdings, holdings_of
from governance.organisation import services
from governance.organisation.calendars import heads_above
from governance.organisation.models import Unit
from governance.organisation.permissions import may
from governance.organisation.rules import UnitKind
from governance.organisation.selectors import UnitRow, authorize, may_head, units_tree
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.forms import form_page, tried, zones
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import Crumb

READ, EDIT = "organisation:unit:read", "organisation:unit:edit"
HOME = Crumb("Units", "/units/")
TOP = "nothing: it is the top"
SPEC = ListSpec(
    sorts={"place": "Place in the tree", "name": "Name"},
    default_sort="place",
    filters=(
        Filter("q", "Search", hint="a word of the name"),
        Filter("kind", "Kind", words.choices(UnitKind)),
        Filter("head", "Head", (("none", "Nobody named"), ("named", "Somebody named"))),
    ),
    noun="unit",
)


class HeadForm(forms.Form):
    person_id = forms.TypedChoiceField(
        label="Who heads it?",
        help_text="Whoever is unit head on it or above. What is long overdue comes to them by name.",
        coerce=UUID,
        required=False,
        empty_value=None,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, row: UnitRow, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial = {"person_id": row.head_id, "revision": row.revision}
        person: Any = self.fields["person_id"]
        offered = [(str(each.pk), each.name) for each in may_head(row.path, at=now())]
        person.choices = [("", "Nobody by name"), *offered]


class NewForm(forms.Form):
    name = forms.CharField(label="What is it called?", max_length=200)
    ref = forms.SlugField(
        label="Short name",
        max_length=80,
        help_text="Small letters, digits and hyphens: rules and programs name it so. It stays as it is.",
    )
    kind = forms.TypedChoiceField(label="What kind of unit is it?", choices=words.choices(UnitKind), coerce=UnitKind)
    time_zone = forms.ChoiceField(
        label="Time zone", required=False, help_text="For working hours and deadlines of those who decide there."
    )

    def __init__(self, *args: Any, above: UnitRow, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial = {"kind": above.kind}
        zone: Any = self.fields["time_zone"]
        zone.choices = [("", f"That of {above.name}"), *((name, name) for name in zones())]


class EndForm(forms.Form):
    successor_id = forms.TypedChoiceField(label="Who takes over what it answers for?", coerce=UUID)
    name = forms.CharField(label="Its name", max_length=200)

    def __init__(self, *args: Any, row: UnitRow, **options: Any) -> None:
        super().__init__(*args, **options)
        self._row = row
        others = [each for each in units_tree() if each.id != row.id]
        successor: Any = self.fields["successor_id"]
        successor.choices = [(str(each.id), "\u2003" * each.depth + each.name) for each in others]
        self.initial["successor_id"] = next((each.id for each in others if _is_above(each, row)), None)
        self.fields["name"].help_text = f"Type {row.name}, so that no other unit ends by mistake."

    def clean_name(self) -> str:
        typed: str = self.cleaned_data["name"].strip()
        if typed != self._row.name:
            raise forms.ValidationError(f"This is not its name. Type {self._row.name}.")
        return typed


def _is_above(one: UnitRow, other: UnitRow) -> bool:
    return other.path.startswith(one.path) and one.depth == other.depth - 1


@requires(READ)
def units(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    tree = units_tree()
    found = _sorted([row for row in tree if _matches(row, state)], state.sort)
    start = (state.page - 1) * state.limit
    part = found[start : start + state.limit]
    shown = [row | {"above": _above(each, tree)} for each, row in zip(part, _rows(part), strict=True)]
    page = ListPage(state, shown, len(found))
    return page_or_part(request, "units/list.html", "rows", {"page": page})


def _matches(row: UnitRow, state: ListState) -> bool:
    wanted = state.value("head")
    return (
        state.value("q").casefold() in row.name.casefold()
        and state.value("kind") in {"", row.kind}
        and (not wanted or bool(row.head) == (wanted == "named"))
    )


def _sorted(rows: list[UnitRow], sort: str) -> list[UnitRow]:
    if sort.removeprefix("-") == "name":
        rows = sorted(rows, key=lambda row: (row.name.casefold(), str(row.id)))
    return rows[::-1] if sort.startswith("-") else rows


def _rows(units: Sequence[UnitRow]) -> list[dict[str, Any]]:
    """Show units with who heads them: who is named, else who has the role there."""
    heads = {each.path: person.name for each, person in heads_above([row.path for row in units], at=now())}
    return [
        {
            "id": row.id,
            "name": row.name,
            "kind": words.word(UnitKind, row.kind),
            "head": row.head
            or (f"{heads[row.path]}, by the role" if row.path in heads else "whoever heads the unit above"),
        }
        for row in units
    ]


def _above(row: UnitRow, tree: Sequence[UnitRow]) -> str:
    return next((each.name for each in tree if _is_above(each, row)), TOP)


@requires(READ)
def unit(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    row = _named(unit_id)
    form = HeadForm(row=row) if may(standing(request), EDIT, row.path) else None
    return render(request, "units/page.html", {"page": _page(row), "form": form})


def _named(unit_id: UUID) -> UnitRow:
    found = next((row for row in units_tree() if row.id == unit_id), None)
    if found is None:
        raise NotFound("no_such_unit", "There is no such unit, or it was dissolved.")
    return found


def _page(row: UnitRow) -> dict[str, Any]:
    tree = units_tree()
    above = _above(row, tree)
    below = [{"id": each.id, "name": each.name} for each in tree if _is_above(row, each)]
    (shown,) = _rows([row])
    return shown | {
        "trail": [HOME, Crumb(row.name)],
        "below": below,
        "facts": [
            ("Kind", words.word(UnitKind, row.kind)),
            ("Part of", above),
            ("Headed by", shown["head"]),
            ("Short name", row.ref),
        ],
        "may_end": above != TOP and not below,
    }


@requires(EDIT, step_up=True)
def unit_new(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Make a unit below this one."""
    above = _named(unit_id)
    authorize(actor_of(request), EDIT, above.path)
    form = NewForm(request.POST or None, above=above)
    if form.is_valid():
        told, by, at = form.cleaned_data, actor_of(request), now()
        if made := tried(form, lambda: services.make_unit(**told, parent_id=unit_id, by=by, at=at)):
            messages.success(request, f"{made.name} is part of {above.name} now. Name who heads it.")
            return redirect("unit", made.pk)
    return form_page(
        request,
        form,
        title=f"A unit below {above.name}",
        trail=[HOME, Crumb(above.name, reverse("unit", args=[unit_id])), Crumb("New")],
        action="Make it",
        back=reverse("unit", args=[unit_id]),
        about=f"Who holds a role on {above.name} holds it on the new unit as well.",
    )


@require_POST
@requires(EDIT, step_up=True)
def unit_head(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    row = _named(unit_id)
    authorize(actor_of(request), EDIT, row.path)
    form = HeadForm(request.POST, row=row)
    named = tried(form, lambda: _name_head(request, unit_id, form.cleaned_data)) if form.is_valid() else None
    if named:
        messages.success(request, "Noted. What is long overdue there comes to them from now on.")
        return redirect("unit", unit_id)
    return render(request, "units/page.html", {"page": _page(row), "form": form}, status=422)


def _name_head(request: HttpRequest, unit_id: UUID, told: dict[str, Any]) -> Unit:
    return services.name_head(unit_id=unit_id, **told, by=actor_of(request), at=now())


@requires(EDIT, step_up=True)
def unit_dissolve(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Show what the unit holds and who would take it over; end it once its name is typed."""
    row = _named(unit_id)
    authorize(actor_of(request), EDIT, row.path)
    form = EndForm(request.POST or None, row=row)
    if form.is_valid():
        successor = form.cleaned_data["successor_id"]
        by, at = actor_of(request), now()
        if tried(form, lambda: services.dissolve_unit(unit_id=unit_id, successor_id=successor, by=by, at=at)):
            messages.success(request, f"{row.name} is dissolved. Nothing of it is without an owner.")
            return redirect("units")
    return form_page(
        request,
        form,
        title=f"Dissolve {row.name}",
        trail=[HOME, Crumb(row.name, reverse("unit", args=[unit_id])), Crumb("Dissolve")],
        action="Dissolve it",
        back=reverse("unit", args=[unit_id]),
        about=_holds(row.name, holdings_of(unit_id)),
    )


def _holds(name: str, held: Holdings) -> str:
    """Return what happens to what the unit holds, in two sentences."""
    goes = _counted([(held.initiatives, "initiative"), (held.datasets, "dataset"), (held.patterns, "pattern")])
    goes += ["1 capability" if held.capabilities == 1 else f"{held.capabilities} capabilities"] * bool(
        held.capabilities
    )
    ends = _counted([(held.claims, "open claim"), (held.members, "membership"), (held.roles, "role")])
    moved = f"{words.joined(goes)} of {name} go to the unit you choose." if goes else f"{name} answers for nothing."
    return f"{moved} {words.sentence(words.joined(ends))} end with it." if ends else moved


def _counted(found: Sequence[tuple[int, str]]) -> list[str]:
    return [f"{count:,} {noun}{'' if count == 1 else 's'}" for count, noun in found if count]
