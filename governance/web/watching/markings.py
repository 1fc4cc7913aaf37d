"""Pages of the organisation's own markings and of the tokens it planted: which words mean what, and where they were seen."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.core.errors import NotFound
from governance.detection.recognisers import LONGEST_WORD, MARKING, MOST_WORDS, Recogniser
from governance.scanning import selectors, services
from governance.scanning.selectors import RecogniserRow, Seen, seen_markings
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.forms import Lines, tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.sayings import Said
from governance.web.frame.shapes import Crumb

READ, EDIT = "scanning:recogniser:read", "scanning:recogniser:edit"
HOME = Crumb("Markings", "/markings/")
LEVELS: Mapping[str, Said] = {
    "internal": Said("Internal", "quiet"),
    "confidential": Said("Confidential", "wait"),
    "restricted": Said("Restricted", "bad"),
    "canary": Said("Planted token", "bad"),
}
SPEC = ListSpec(
    sorts={"title": "Marking", "changed": "Changed"},
    default_sort="title",
    filters=(Filter("q", "Search", hint="a word of the title"),),
    noun="marking",
)


class MarkingForm(forms.Form):
    title = forms.CharField(label="What is it?", max_length=120, help_text="Such as: Board papers.")
    ref = forms.CharField(
        label="Its short name",
        max_length=64,
        help_text="Lower-case letters, digits and hyphens. Findings carry it, and it stays.",
    )
    level = forms.ChoiceField(
        label="What does it mean?",
        choices=[
            ("internal", "Internal: it is noted"),
            ("confidential", "Confidential: toward a public API it takes a reason"),
            ("restricted", "Restricted: it goes to no model"),
            ("canary", "A planted token: it goes to no model, and whoever sends it has read what it was planted in"),
        ],
        help_text="What follows is said by the rules for markings; this is how they stand at first.",
    )
    deny = Lines(
        label="The words, or the tokens",
        longest=MOST_WORDS * (LONGEST_WORD + 2),
        help_text=f"One a line, at most {MOST_WORDS:,}. Found whole, in capitals or not, wherever they stand.",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def definition(self, ref: str) -> Recogniser:
        return Recogniser.marking(ref, self.cleaned_data["level"], self.cleaned_data["deny"])


@requires(READ)
def markings(request: HttpRequest) -> HttpResponse:
    held, state = standing(request), ListState.read(request.GET, SPEC)
    found = selectors.recognisers(
        standing=held,
        search=state.value("q"),
        markings=True,
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    seen = seen_markings([_subtype(row) for row in found.rows], standing=held)
    page = ListPage(state, [_row(row, seen.get(_subtype(row), Seen())) for row in found.rows], found.total)
    new_url = reverse("marking_new") if selectors.sees_words(held) else ""
    return page_or_part(request, "markings/list.html", "rows", {"page": page, "new_url": new_url})


def _subtype(row: RecogniserRow) -> str:
    return f"{row.definition['level']}:{row.ref}"


def _row(row: RecogniserRow, seen: Seen) -> dict[str, Any]:
    calls = [(subject.removeprefix("exchange:"), at) for subject, at in seen.newest.items()]
    return {
        "ref": row.ref,
        "title": row.title,
        "level": LEVELS[row.definition["level"]],
        "looks": words.several(row.word_count, "word"),
        "said": Said("On", "good") if row.is_on else Said("Off", "quiet"),
        "is_on": row.is_on,
        "version": row.version,
        "owner": row.owner,
        "at": row.changed_at,
        "seen": seen.findings,
        "seen_said": "once" if seen.findings == 1 else f"{seen.findings:,} times",
        "last": calls[0][1] if calls else None,
        "calls": [(call, at) for (call, at), subject in zip(calls, seen.newest, strict=True) if subject != call],
    }


@requires(EDIT)
def marking_new(request: HttpRequest) -> HttpResponse:
    form = MarkingForm(request.POST or None)
    if form.is_valid():
        given, title, by = form.definition(form.cleaned_data["ref"]), form.cleaned_data["title"], actor_of(request)
        if tried(form, lambda: services.add_recogniser(definition=given, title=title, by=by, at=now())):
            messages.success(request, "Saved. Workers look for it within ten seconds.")
            return redirect("markings")
    return _shown(request, form, None)


@requires(READ)
def marking(request: HttpRequest, ref: str) -> HttpResponse:
    row = _found(request, ref)
    said = row.definition
    told = {"title": row.title, "ref": ref, "level": said["level"], "deny": "\n".join(said["deny"])}
    return _shown(request, MarkingForm(initial=told | {"revision": row.version}), row)


@requires(EDIT)
@require_POST
def marking_save(request: HttpRequest, ref: str) -> HttpResponse:
    row = _found(request, ref)
    form = MarkingForm({**request.POST.dict(), "ref": ref})
    if form.is_valid():
        said, by = form.cleaned_data, actor_of(request)
        told = {"revision": said["revision"] or 0, "definition": form.definition(ref), "title": said["title"]}
        if tried(form, lambda: services.edit_recogniser(recogniser_id=row.id, **told, by=by, at=now())):
            messages.success(request, "Saved. Workers look for it within ten seconds.")
            return redirect("marking", ref)
    return _shown(request, form, row)


@requires(EDIT)
@require_POST
def marking_switch(request: HttpRequest, ref: str) -> HttpResponse:
    row, on = _found(request, ref), request.POST.get("on") == "yes"
    services.switch_recogniser(recogniser_id=row.id, on=on, by=actor_of(request), at=now())
    messages.success(request, "Switched on." if on else "Switched off. Where it was seen stays on record.")
    return redirect("marking", ref)


def _found(request: HttpRequest, ref: str) -> RecogniserRow:
    row = selectors.recogniser(ref, standing=standing(request))
    if row.definition["type"] != MARKING:
        raise NotFound("no_such_marking", "There is no such marking.")
    return row


def _shown(request: HttpRequest, form: MarkingForm, found: RecogniserRow | None) -> HttpResponse:
    held, row = standing(request), None
    if found is not None:
        form.fields["ref"].widget = forms.HiddenInput()
        form.fields["ref"].required = False
        seen = seen_markings([_subtype(found)], standing=held).get(_subtype(found), Seen())
        row = _row(found, seen)
    title = row["title"] if row else "Add a marking"
    context = {
        "form": form,
        "row": row,
        "title": title,
        "trail": [HOME, Crumb(title)],
        "post_to": reverse("marking_save", args=[row["ref"]]) if row else reverse("marking_new"),
        "may_edit": selectors.sees_words(held),
    }
    return render(request, "markings/page.html", context, status=422 if form.errors else 200)
