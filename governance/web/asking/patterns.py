"""Pages of patterns: what is decided at once, and a look afterwards at what they decided."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from governance.catalogue.selectors import datasets
from governance.core.clock import now
from governance.core.percent import percent
from governance.core.vocabulary import Classification, Mode, Purpose, Technique
from governance.destinations.selectors import open_destinations
from governance.detection.ways import in_words
from governance.initiatives.rules import AiActClass, Tier
from governance.organisation.selectors import paths_for, units_tree
from governance.remits import selectors, services
from governance.remits.body import RULESETS
from governance.remits.patterns import LONGEST_DAYS
from governance.remits.rules import PatternState, SampleOutcome
from governance.remits.selectors.patterns import PatternRow, samples_to_look_at
from governance.remits.services.patterns import LONGEST_NAME
from governance.web.frame import words
from governance.web.frame.access import actor_of, holds, requires, standing
from governance.web.frame.forms import Day, Lines, LongText, MostTold, end_of, form_page, tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import Crumb

READ, PROPOSE, REVIEW = "remits:pattern:read", "remits:pattern:propose", "remits:pattern:review_sample"
HOME = Crumb("Patterns", "/patterns/")
MOST_OFFERED = 100
SPEC = ListSpec(
    sorts={"name": "Pattern"},
    default_sort="name",
    filters=(Filter("q", "Search", hint="a name"), Filter("state", "Status", words.choices(PatternState))),
    noun="pattern",
)


class BoundsForm(forms.Form):
    purposes = forms.MultipleChoiceField(
        label="It may be used to", choices=words.choices(Purpose), widget=forms.CheckboxSelectMultiple
    )
    techniques = forms.MultipleChoiceField(
        label="In these ways", choices=words.choices(Technique), widget=forms.CheckboxSelectMultiple
    )
    modes = forms.MultipleChoiceField(
        label="Data is used as", choices=words.choices(Mode), widget=forms.CheckboxSelectMultiple
    )
    datasets = forms.MultipleChoiceField(
        label="With this data",
        help_text="None: any data, but only public or synthetic.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    highest_classification = forms.ChoiceField(label="Data up to", choices=words.choices(Classification))
    synthetic = forms.BooleanField(label="Synthetic data counts as public", required=False)
    destinations = forms.MultipleChoiceField(
        label="Toward", help_text="On the terms in force today.", widget=forms.CheckboxSelectMultiple
    )
    units = Lines(label="For these units", help_text="Short names, one a line. None: every unit.", required=False)
    tier = forms.ChoiceField(label="Risk tier up to", choices=words.choices(Tier))
    ai_act_class = forms.ChoiceField(label="AI Act class up to", choices=words.choices(AiActClass)[:2])
    redact = Lines(label="Always replaced", help_text="Types of finding, one a line, such as PERSON.", required=False)
    way = MostTold()
    calls_per_day = forms.IntegerField(label="Calls a day at most", required=False, min_value=1, max_value=1_000_000)
    ruleset = forms.ChoiceField(label="Rules of the scan", choices=[(name, name.title()) for name in RULESETS])
    longest_days = forms.IntegerField(label="Days a right may last", min_value=1, max_value=LONGEST_DAYS)

    def __init__(self, *args: Any, request: HttpRequest, **options: Any) -> None:
        super().__init__(*args, **options)
        held, at = standing(request), now()
        self.terms = {row.ref: row.terms.digest for row in open_destinations(at=at) if row.terms}
        offered: dict[str, Any] = dict(self.fields)
        found = datasets(standing=held, size=MOST_OFFERED).rows
        offered["datasets"].choices = [(row.ref, row.title) for row in found]
        offered["destinations"].choices = [(row.ref, row.title) for row in open_destinations(at=at) if row.terms]

    def body(self) -> dict[str, Any]:
        """Return the bounds as a pattern writes them."""
        told = {name: self.cleaned_data[name] for name in BoundsForm.base_fields}
        told["destinations"] = [{"destination": ref, "terms": self.terms[ref]} for ref in told["destinations"]]
        return told


class PatternForm(BoundsForm):
    name = forms.CharField(label="What is it called?", max_length=LONGEST_NAME)
    owner_unit_id = forms.TypedChoiceField(label="Which unit answers for it?", coerce=UUID)
    ends_on = Day(label="Last day")
    percent = forms.IntegerField(
        label="Looked at afterwards, in percent",
        min_value=0,
        max_value=100,
        initial=10,
        help_text="Of what it decides.",
    )
    field_order = ("name", "owner_unit_id")

    def __init__(self, *args: Any, request: HttpRequest, **options: Any) -> None:
        super().__init__(*args, request=request, **options)
        reach = paths_for(standing(request), PROPOSE)
        unit: Any = self.fields["owner_unit_id"]
        unit.choices = [
            (str(row.id), row.name) for row in units_tree() if any(row.path.startswith(path) for path in reach)
        ]


@requires(READ)
def patterns(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, SPEC)
    search, wanted = state.value("q").casefold(), state.value("state")
    found = [
        row for row in selectors.patterns() if search in row.name.casefold() and (not wanted or row.state == wanted)
    ]
    ordered = found[::-1] if state.descending else found
    page = ListPage(state, [_row(row) for row in ordered[state.offset : state.offset + state.limit]], len(found))
    return page_or_part(request, "patterns/list.html", "rows", {"page": page, "may_propose": holds(request, PROPOSE)})


def _row(row: PatternRow) -> dict[str, Any]:
    looked = f"{row.samples} looked at" + (f", {row.concerns} with a concern" if row.concerns else "")
    return {
        "url": reverse("pattern", args=[row.id]),
        "title": f"{row.name}, version {row.version}",
        "owner": row.owner_unit,
        "said": words.state(PatternState, row.state),
        "up_to": words.state(Classification, row.body.highest_classification).text,
        "sampled": percent(row.sampling_rate),
        "looked": f"{looked}, {row.waiting} waiting" if row.waiting else looked,
        "ends_at": row.ends_at,
    }


@requires(READ)
def pattern(request: HttpRequest, pattern_id: UUID) -> HttpResponse:
    row = selectors.pattern(pattern_id)
    may = holds(request, PROPOSE)
    page = _row(row) | {
        "trail": [HOME, Crumb(row.name)],
        "id": row.id,
        "about": "A request wholly inside it is decided at once; a share is looked at afterwards.",
        "facts": _facts(row),
        "bounds": _bounds(row, _titles(request)),
        "may_edit": may and row.state is PatternState.DRAFT,
        "may_end": may and row.state is PatternState.APPROVED,
    }
    return render(request, "patterns/page.html", {"page": page})


def _facts(row: PatternRow) -> list[tuple[str, str]]:
    return [
        ("Answers for it", row.owner_unit),
        ("Approved by", words.joined(list(row.approved_by), "nobody yet")),
        ("Looked at afterwards", f"{percent(row.sampling_rate)} of what it decides"),
        ("So far", f"{row.samples} looked at, {row.concerns} with a concern, {row.waiting} waiting"),
        ("For sandboxes", words.yes(row.sandbox)),
    ]


def _titles(request: HttpRequest) -> dict[str, str]:
    """Return the titles of what the bounds of a pattern name by its short name."""
    known = datasets(standing=standing(request), retired=True, size=MOST_OFFERED).rows
    return {row.ref: row.title for row in known} | {row.ref: row.title for row in open_destinations(at=now())}


def _bounds(row: PatternRow, titles: Mapping[str, str]) -> list[tuple[str, str]]:
    body = row.body
    return [
        ("Used to", words.joined([words.word(Purpose, each) for each in body.purposes])),
        ("In these ways", words.joined([words.word(Technique, each) for each in body.techniques])),
        ("Data is used as", words.joined([words.word(Mode, each) for each in body.modes])),
        (
            "With this data",
            words.joined([titles.get(ref, ref) for ref in body.datasets], "any data that is public or synthetic"),
        ),
        ("Data up to", words.state(Classification, body.highest_classification).text),
        ("Synthetic data counts as public", words.yes(body.synthetic)),
        ("Toward", words.joined([titles.get(ref, ref) for ref, _ in body.destinations])),
        ("For units", words.joined(list(body.units), "every unit")),
        ("Risk tier up to", words.word(Tier, body.tier)),
        ("AI Act class up to", words.word(AiActClass, body.ai_act_class)),
        (
            "Always replaced",
            words.joined([words.finding(kind) for kind in body.redact], "nothing more than the rules say"),
        ),
        ("What stands for a value", f"only {in_words(body.way)}" if body.way else "as the rules say"),
        ("Calls a day", f"{body.calls_per_day:,} at most" if body.calls_per_day else "no limit"),
        ("Rules of the scan", body.ruleset),
        ("A right lasts", f"{words.several(body.longest_days, 'day')} at most"),
    ]


@requires(PROPOSE)
def pattern_new(request: HttpRequest) -> HttpResponse:
    usual = {"longest_days": 365, "ends_on": (now() + timedelta(days=365)).date(), "modes": [Mode.PROMPT]}
    form = PatternForm(request.POST or None, initial=usual, request=request)
    if form.is_valid():
        told, zone = form.cleaned_data, timezone.get_current_timezone_name()
        made = tried(
            form,
            lambda: services.propose_pattern(
                name=told["name"],
                body=form.body(),
                owner_unit_id=told["owner_unit_id"],
                ends_at=end_of(told["ends_on"], zone),
                sampling_rate=told["percent"] / 100,
                by=actor_of(request),
                at=now(),
            ),
        )
        if made:
            messages.success(request, "People are asked about it now. It decides nothing before they agree.")
            return redirect("pattern", made.pk)
    about = "What lies wholly inside is decided at once, without a person; so people decide about the pattern first."
    trail = [HOME, Crumb("Propose a pattern")]
    return form_page(
        request, form, title="Propose a pattern", about=about, trail=trail, action="Ask for it", back=HOME.url
    )


@requires(PROPOSE)
def pattern_edit(request: HttpRequest, pattern_id: UUID) -> HttpResponse:
    row = selectors.pattern(pattern_id)
    written = row.body.to_json()
    written["destinations"] = [each["destination"] for each in written["destinations"]]
    for lines in ("units", "redact"):
        written[lines] = "\n".join(written[lines])
    form = BoundsForm(request.POST or None, initial=written, request=request)
    if form.is_valid():
        by, at = actor_of(request), now()
        if tried(form, lambda: services.revise_pattern(pattern_id=pattern_id, body=form.body(), by=by, at=at)):
            messages.success(request, "Sent again.")
            return redirect("pattern", pattern_id)
    url = reverse("pattern", args=[pattern_id])
    trail = [HOME, Crumb(row.name, url), Crumb("Change it")]
    return form_page(request, form, title=f"Change {row.name}", trail=trail, action="Send it again", back=url)


@requires(PROPOSE)
@require_POST
def pattern_end(request: HttpRequest, pattern_id: UUID) -> HttpResponse:
    ended = services.retire_pattern(pattern_id=pattern_id, by=actor_of(request), at=now())
    messages.success(request, f"{ended.name} decides nothing more. What it decided stays.")
    return redirect("pattern", pattern_id)


class LookForm(forms.Form):
    comment = LongText(label="What concerns you?", help_text="Needed for a concern.", required=False)


@requires(REVIEW)
def samples(request: HttpRequest) -> HttpResponse:
    rows = selectors.samples_waiting(standing(request))
    shown = [
        {
            "id": row.id,
            "title": f"{row.initiative} was decided by {row.pattern}",
            "picked_at": row.picked_at,
            "url": reverse("initiative", args=[row.code]),
            "form": LookForm(prefix=str(row.id)),
        }
        for row in rows
    ]
    count = len(shown)
    headline = f"{count} decision{'' if count == 1 else 's'} of patterns to look at" if count else "Nothing to look at"
    return render(request, "patterns/samples.html", {"rows": shown, "headline": headline})


def sample_count(request: HttpRequest) -> int:
    return samples_to_look_at(standing(request))


@requires(REVIEW)
@require_POST
def sample_look(request: HttpRequest, sample_id: UUID) -> HttpResponse:
    selectors.sample(sample_id, standing=standing(request))
    form = LookForm(request.POST, prefix=str(sample_id))
    form.is_valid()
    outcome = SampleOutcome.FINE if request.POST.get("outcome") == SampleOutcome.FINE else SampleOutcome.CONCERN
    services.review_sample(
        sample_id=sample_id,
        outcome=outcome,
        comment=form.cleaned_data.get("comment", ""),
        by=actor_of(request),
        at=now(),
    )
    messages.success(request, "Noted.")
    return redirect("samples")
