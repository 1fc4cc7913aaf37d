"""What of ours is recognised in prompts and training sets: source registers."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.catalogue import selectors, services
from governance.catalogue.rules import RegisterKind
from governance.catalogue.selectors import RegisterRow
from governance.core.clock import now
from governance.core.percent import percent
from governance.detection.fingerprints.left_out import Left
from governance.organisation.permissions import may
from governance.organisation.selectors import units_tree
from governance.web.frame import words
from governance.web.frame.access import actor_of, holds, requires, standing
from governance.web.frame.forms import form_page, tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import Crumb

READ, EDIT = "catalogue:register:read", "catalogue:register:edit"
HOME = Crumb("Registers", "/registers/")
FRESH_FOR = timedelta(days=30)
SPEC = ListSpec(
    sorts={"title": "Register", "indexed": "Indexed"},
    default_sort="title",
    filters=(
        Filter("q", "Search", hint="a word of the title"),
        Filter("retired", "Status", [("too", "Retired ones too")], otherwise="In use"),
    ),
    noun="register",
)
MISSED = (Left.TOO_LARGE, Left.NO_TEXT)  # what one may have believed to be recognised
LEFT = {
    Left.TOO_LARGE: "left out: over the limit of 4 MB, documents 32 MB",
    Left.NO_TEXT: "left out: no text and no document that can be read",
    Left.LINK: "left out: links and submodules",
    Left.FOREIGN: "left out on purpose: hidden, other people's, licences",
}
COMMAND = './dev manage fingerprint register "TITLE" FOLDER-OR-REPOSITORY'


class RegisterForm(forms.Form):
    title = forms.CharField(label="What is it called?", max_length=200)
    kind = forms.ChoiceField(label="What does it hold?", choices=words.choices(RegisterKind), widget=forms.RadioSelect)
    unit_id = forms.TypedChoiceField(label="Which unit looks after it?", coerce=UUID)

    def __init__(self, *args: Any, units: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        unit: Any = self.fields["unit_id"]
        unit.choices = units


@requires(READ)
def registers(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    reader = standing(request)
    found = selectors.registers(
        standing=reader,
        search=state.value("q"),
        retired=bool(state.value("retired")),
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [_row(row, now()) for row in found.rows], found.total)
    context = {
        "page": page,
        "new_url": reverse("register_new") if holds(request, EDIT) else "",
        "command": COMMAND,
    }
    return page_or_part(request, "registers/list.html", "rows", context)


def _row(row: RegisterRow, at: datetime) -> dict[str, Any]:
    return {
        "title": row.title,
        "kind": words.word(RegisterKind, row.kind),
        "unit": row.unit,
        "files": f"{row.files:,}",
        "lines": f"{row.lines:,}",
        "covered": _covered(row),
        "passed": _passed(row),
        "indexed_at": row.indexed_at,
        "said": _freshness(row, at),
        "next": "Whoever runs Remit has to index it" if row.indexed_at is None and row.retired_at is None else "",
        "retired_at": row.retired_at,
        "retire_url": reverse("register_retire", args=[row.id]) if row.may_retire else "",
        "asks": f"Retire {row.title} for good? {'It is passed over' if _is_public(row) else 'What it holds is recognised'} no more.",
    }


def _passed(row: RegisterRow) -> str:
    """Return why nothing of a register is recognised, "" where something may be."""
    if row.retired_at is not None:
        return "No more"
    return "Anybody may have it" if _is_public(row) and row.indexed_at else ""


def _is_public(row: RegisterRow) -> bool:
    return row.kind == RegisterKind.PUBLIC


def _covered(row: RegisterRow) -> dict[str, Any] | None:
    """Return how much of what was there is recognised, None before an indexing has counted; what is left out on purpose is told beside."""
    if row.indexed_at is None or row.left_out is None or _is_public(row):
        return None
    missed = sum(row.left_out.get(why, 0) for why in MISSED)
    whole = row.files + missed
    left = [f"{number:,} {LEFT[why]}" for why in Left if (number := row.left_out.get(why, 0))]
    # Rounded down: what is not all is never said to be 100 %.
    note = f"{percent(100 * row.files // whole, 100) if whole else percent(0)} of {words.several(whole, 'file')}"
    return {"done": row.files, "whole": whole, "note": note, "tone": "wait" if missed else "good", "left": left}


def _freshness(row: RegisterRow, at: datetime) -> tuple[str, str]:
    if row.retired_at is not None:
        return ("Retired", "quiet")
    if row.indexed_at is None:
        return ("Nothing is passed over yet", "wait") if _is_public(row) else ("Nothing is recognised yet", "bad")
    return ("Fresh", "good") if at - row.indexed_at < FRESH_FOR else ("More than 30 days old", "wait")


@requires(EDIT)
def register_new(request: HttpRequest) -> HttpResponse:
    reader = standing(request)
    units = [(str(unit.id), unit.name) for unit in units_tree() if may(reader, EDIT, unit.path)]
    form = RegisterForm(request.POST or None, units=units)
    if form.is_valid():
        by = actor_of(request)
        if tried(form, lambda: services.add_register(**form.cleaned_data, by=by, at=now())):
            public = form.cleaned_data["kind"] == RegisterKind.PUBLIC
            messages.success(
                request, f"Added. Its files are {'passed over' if public else 'recognised'} once they are indexed."
            )
            return redirect("registers")
    return form_page(
        request,
        form,
        title="Add a register",
        about="Code or documents of the organisation that should be recognised when somebody sends them to a model. "
        "What it has published is no leak: public text is passed over, also where a register holds it.",
        trail=[HOME, Crumb("Add a register")],
        action="Add it",
        back=HOME.url,
    )


@requires(EDIT)
@require_POST
def register_retire(request: HttpRequest, register_id: UUID) -> HttpResponse:
    row = services.retire_register(register_id=register_id, by=actor_of(request), at=now())
    messages.success(request, f"{row.title} is retired. What was found of it stays on record.")
    return redirect("registers")
