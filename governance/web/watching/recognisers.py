"""Pages of the organisation's own recognisers: words and patterns, tried before they are saved."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.core.errors import Invalid
from governance.core.percent import percent
from governance.detection.detector import Budget, OutOfTime
from governance.detection.recognisers import (
    LONGEST_PATTERN,
    LONGEST_WORD,
    MARKING,
    MOST_PATTERNS,
    MOST_WORDS,
    Recogniser,
    checked,
)
from governance.detection.spans import Span
from governance.scanning import selectors, services
from governance.scanning.selectors import RecogniserRow
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.forms import Lines, LongText, put_error, tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.sayings import Said
from governance.web.frame.shapes import Crumb, Segment

READ, EDIT = "scanning:recogniser:read", "scanning:recogniser:edit"
HOME = Crumb("Recognisers", "/recognisers/")
# Room for the most that may be looked for, each with the end of its line; fewer and longer ones are told which is too long.
ALL_WORDS, ALL_PATTERNS = MOST_WORDS * (LONGEST_WORD + 2), MOST_PATTERNS * (LONGEST_PATTERN + 2)
TRY_S = 2.0  # RE2 needs milliseconds for what this box takes; what needs longer is told so
SPEC = ListSpec(
    sorts={"title": "Recogniser", "changed": "Changed"},
    default_sort="title",
    filters=(Filter("q", "Search", hint="a word of the title"),),
    noun="recogniser",
)


class RecogniserForm(forms.Form):
    title = forms.CharField(label="What does it look for?", max_length=120)
    ref = forms.CharField(
        label="Its short name",
        max_length=64,
        help_text="Lower-case letters, digits and hyphens. Findings carry it, and it stays.",
    )
    type = forms.CharField(
        label="What is such a finding?",
        max_length=40,
        help_text="In capitals: CASE_NUMBER. Rules name findings by it; what no rule names is replaced.",
    )
    deny = Lines(
        label="Words and names",
        required=False,
        longest=ALL_WORDS,
        help_text=f"One a line, at most {MOST_WORDS:,}. Found whole, in capitals or not.",
    )
    patterns = Lines(
        longest=ALL_PATTERNS,
        label="Patterns",
        required=False,
        help_text="One a line, in the syntax of RE2: CL-\\d{6}. No look-around and no back references, which could make a prompt wait.",
    )
    score = forms.IntegerField(
        label="How sure is it, in percent?",
        min_value=1,
        max_value=100,
        initial=80,
        help_text="From 40 on it is said. A word of context beside it adds 35.",
    )
    context = Lines(label="Words that make it surer", required=False, help_text="One a line, such as: case, claim.")
    example = forms.CharField(
        label="A made-up text in which it must find something",
        max_length=500,
        help_text="Workers look for it every ten seconds: a recogniser that misses it is broken.",
    )
    sample = LongText(label="Try it on", required=False, help_text="Neither kept nor logged.")
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def definition(self, ref: str) -> Recogniser:
        said = self.cleaned_data
        deny, patterns, context = (tuple(said[name]) for name in ("deny", "patterns", "context"))
        return Recogniser(ref, said["type"], said["score"] / 100, deny, patterns, context, said["example"])


@requires(READ)
def recognisers(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    found = selectors.recognisers(
        standing=standing(request),
        search=state.value("q"),
        markings=False,
        sort=state.sort,
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [_row(row) for row in found.rows], found.total)
    new_url = reverse("recogniser_new") if selectors.sees_words(standing(request)) else ""
    return page_or_part(request, "recognisers/list.html", "rows", {"page": page, "new_url": new_url})


def _row(row: RecogniserRow) -> dict[str, Any]:
    said = row.definition
    looks = [words.several(row.word_count, "word"), words.several(row.pattern_count, "pattern")]
    return {
        "ref": row.ref,
        "title": row.title,
        "type": said["type"],
        "looks": words.joined([each for each in looks if not each.startswith("0 ")]),
        "sure": percent(said["score"], 100) + (", more beside its context" if said["context"] else ""),
        "said": Said("On", "good") if row.is_on else Said("Off", "quiet"),
        "is_on": row.is_on,
        "version": row.version,
        "owner": row.owner,
        "at": row.changed_at,
    }


@requires(EDIT)
def recogniser_new(request: HttpRequest) -> HttpResponse:
    form = RecogniserForm(request.POST or None)
    if form.is_valid():
        given, by = form.definition(form.cleaned_data["ref"]), actor_of(request)
        if _wants_try(request):
            return _shown(request, form, None, tried_on=_tried(form, given))
        title = form.cleaned_data["title"]
        if tried(form, lambda: services.add_recogniser(definition=given, title=title, by=by, at=now())):
            messages.success(request, "Saved. Workers look for it within ten seconds.")
            return redirect("recognisers")
    return _shown(request, form, None)


@requires(READ)
def recogniser(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one, and to who may change it its form. A marking has a page of its own."""
    row = selectors.recogniser(ref, standing=standing(request))
    if row.definition["type"] == MARKING:
        return redirect("marking", ref)
    return _shown(request, _form_of(row), ref)


@requires(EDIT)
@require_POST
def recogniser_save(request: HttpRequest, ref: str) -> HttpResponse:
    row = selectors.recogniser(ref, standing=standing(request))
    form = RecogniserForm({**request.POST.dict(), "ref": ref})
    if form.is_valid():
        given, by, said = form.definition(ref), actor_of(request), form.cleaned_data
        if _wants_try(request):
            return _shown(request, form, ref, tried_on=_tried(form, given))
        told = {"revision": said["revision"] or 0, "definition": given, "title": said["title"]}
        if tried(form, lambda: services.edit_recogniser(recogniser_id=row.id, **told, by=by, at=now())):
            messages.success(request, "Saved. Workers look for it within ten seconds.")
            return redirect("recogniser", ref)
    return _shown(request, form, ref)


@requires(EDIT)
@require_POST
def recogniser_switch(request: HttpRequest, ref: str) -> HttpResponse:
    row = selectors.recogniser(ref, standing=standing(request))
    on = request.POST.get("on") == "yes"
    services.switch_recogniser(recogniser_id=row.id, on=on, by=actor_of(request), at=now())
    messages.success(request, "Switched on." if on else "Switched off. What it found stays on record.")
    return redirect("recogniser", ref)


def _wants_try(request: HttpRequest) -> bool:
    return request.POST.get("act") == "try"


def _form_of(row: RecogniserRow) -> RecogniserForm:
    said = row.definition
    lists = {name: "\n".join(said[name]) for name in ("deny", "patterns", "context")}
    told = {"title": row.title, "ref": row.ref, "revision": row.version, "sample": said["example"]}
    return RecogniserForm(initial={**said, **lists, **told})


def _tried(form: RecogniserForm, given: Recogniser) -> list[Segment] | None:
    """Return the sample in pieces, what would be found marked; None, and the form says why, when it cannot be used."""
    sample = form.cleaned_data["sample"] or given.example
    try:
        return _pieces(sample, checked(given).find(sample, Budget.of(TRY_S)))
    except Invalid as refused:
        put_error(form, refused)
    except OutOfTime:
        form.add_error("patterns", "It takes too long even for this little text.")
    return None


def _pieces(text: str, spans: list[Span]) -> list[Segment]:
    pieces, at = [], 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.start < at:
            continue
        pieces += [
            Segment(text[at : span.start]),
            Segment(text[span.start : span.end], f"{percent(span.score)} sure", "wait"),
        ]
        at = span.end
    return [piece for piece in [*pieces, Segment(text[at:])] if piece.text]


def _shown(
    request: HttpRequest, form: RecogniserForm, ref: str | None, *, tried_on: list[Segment] | None = None
) -> HttpResponse:
    row = _row(selectors.recogniser(ref, standing=standing(request))) if ref else None
    if ref:
        form.fields["ref"].widget = forms.HiddenInput()
        form.fields["ref"].required = False
    marked = sum(1 for piece in tried_on or () if piece.kind)
    context = {
        "form": form,
        "row": row,
        "title": row["title"] if row else "Add a recogniser",
        "trail": [HOME, Crumb(row["title"] if row else "Add one")],
        "post_to": reverse("recogniser_save", args=[ref]) if ref else reverse("recogniser_new"),
        "may_edit": selectors.sees_words(standing(request)),
        "tried": tried_on,
        "tried_said": f"It would find {words.several(marked, 'place')}." if marked else "It would find nothing here.",
    }
    return render(request, "recognisers/page.html", context, status=422 if form.errors else 200)
