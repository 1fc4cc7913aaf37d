"""Every component on one page, with invented rows: to look at, and for the tests of contrast and width. Demo only."""

from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from governance.core.clock import now
from governance.web.frame.access import public
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import (
    Crumb,
    DiffRow,
    Entry,
    Hat,
    Part,
    Reader,
    RouteStage,
    Segment,
    Step,
    Tab,
    changed_parts,
)

SPEC = ListSpec(
    sorts={"title": "Initiative", "status": "Status", "calls": "Calls, 7 days"},
    default_sort="title",
    filters=(
        Filter("q", "Search", hint="a word of the title"),
        Filter("status", "Status", (("active", "Active"), ("review", "In review"))),
        Filter("unit", "Unit", (("claims", "Claims Operations"), ("retail", "Retail Banking"))),
    ),
    size=4,
    noun="initiative",
)
ROWS = [
    (
        "Claims letters assistant",
        "Claims Operations",
        "Version 3 in review",
        "wait",
        "Northwind GPT",
        11902,
        "IT decides, about 5 hours",
    ),
    (
        "Complaints summariser",
        "Claims Operations, contested",
        "Contested",
        "bad",
        "Open model, own servers",
        578,
        "State your case by Friday",
    ),
    (
        "Hail damage from pictures",
        "Claims Operations",
        "Sandbox, 9 days left",
        "accent",
        "Own adapter",
        0,
        "Ask for the real pictures",
    ),
    ("Tariff questions", "Retail Banking", "Active", "good", "Northwind Large, EU", 0, "Unused for 60 days: keep?"),
]


class SampleForm(forms.Form):
    title = forms.CharField(label="What is it called?", help_text="People will know it by this name.")
    about = forms.CharField(label="What is it for?", widget=forms.Textarea)
    unit = forms.ChoiceField(
        label="Which unit answers for it?", choices=[("claims", "Claims Operations"), ("it", "IT Platforms")]
    )
    oversight = forms.ChoiceField(
        label="Who looks at the output?",
        help_text="The more it matters, the closer a person looks.",
        choices=[
            ("all", "A person reads everything"),
            ("some", "A person reads a sample"),
            ("none", "Nobody before it is used"),
        ],
        widget=forms.RadioSelect,
    )
    ends = forms.DateField(label="Until when?", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    personal = forms.BooleanField(
        label="There is personal data in it", help_text="Names, addresses, anything about a person.", required=False
    )


def _diff() -> list[DiffRow]:
    data = changed_parts(
        [("Product handbook", "public")],
        [("Product handbook", "public"), ("Claims letters 2024", "confidential, personal data")],
    )
    place = changed_parts([("Northwind GPT, public API", "")], [("Northwind GPT, our tenant, EU", "")])
    return [
        DiffRow("Data", *data),
        DiffRow("Destination", *place),
        DiffRow("Conditions", (), (Part("names, addresses, policy numbers replaced", change="now"),)),
        DiffRow("Ends", (Part("31 Mar 2027"),), (Part("31 Mar 2027"),)),
    ]


STAGES = [
    RouteStage(
        "Steward of Claims letters 2024",
        "The data is confidential and belongs to Claims.",
        "good",
        "Approved",
        said="Replace policy numbers too.",
    ),
    RouteStage(
        "IT, one person",
        "A new destination needs an owner in IT. Anyone in IT Platforms can decide: you and two others.",
        "accent",
        "Yours",
        current=True,
    ),
    RouteStage(
        "Security, one person",
        "Opens after IT, because the data is confidential. Usually 6 working hours.",
        "wait",
        "Next",
    ),
]
HATS = [
    Hat(
        "Request",
        (
            Entry("Home", "#", current=True),
            Entry("Initiatives", "#", count=4),
            Entry("New request", "#"),
            Entry("Try a prompt", "#"),
        ),
    ),
    Hat("Decide", (Entry("Waiting for me", "#", count=3), Entry("Decided", "#"))),
    Hat("Watch", (Entry("What left", "#"), Entry("Holds", "#", count=1))),
    Hat("Prove", (Entry("Audit", "#"), Entry("People", "#"))),
]
SEGMENTS = [
    Segment("Write a reply to "),
    Segment("<PERSON_7f3a91c2>", "Person, replaced", "wait"),
    Segment(", "),
    Segment("<ADDRESS_1c09be44>", "Address, replaced", "wait"),
    Segment(". The portal key is "),
    Segment("removed", "Secret key, refused", "bad"),
    Segment(". The roof was damaged by the storm of 3 February."),
]
STEPS = [
    Step("Purpose", "done", "#"),
    Step("Data", "done", "#"),
    Step("Destination", "now"),
    Step("Care", "wrong", "#"),
    Step("Check and send", "ahead"),
]


@public("Invented rows only, and only where REMIT_DEMO is on.")
def gallery(request: HttpRequest) -> HttpResponse:
    page = ListPage(ListState.read(request.GET, SPEC), ROWS, total=10_000)
    if "message" in request.GET:
        messages.success(request, "Your request is on its way. IT decides first, usually within 5 hours.")
    at = now()
    context = {
        "at": at, "page": page, "diff": _diff(), "stages": STAGES, "segments": SEGMENTS, "steps": STEPS,
        "hats": HATS, "person": Reader("Ines Example", "Claims Operations, unit head"),
        "form": SampleForm(), "wrong": SampleForm({"title": "", "about": "Letters"}),
        "crumbs": [Crumb("Waiting for me", "#"), Crumb("Claims letters assistant")],
        "tabs": [Tab("Scope", "#", current=True), Tab("What left", "#", count=12480), Tab("Keys", "#", count=2), Tab("History", "#")],
        "moments": [at - timedelta(seconds=5), at - timedelta(minutes=12), at - timedelta(hours=9), at + timedelta(days=1), at + timedelta(days=4), at + timedelta(days=90)],
        "day": date(2027, 3, 31), "waited": timedelta(hours=33.6),
    }  # fmt: skip
    return page_or_part(request, "gallery/page.html", "rows", context)
