"""The forms of a request's three steps, and what each writes into the draft."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from governance.catalogue.selectors import DatasetRow
from governance.core.errors import Invalid
from governance.core.vocabulary import Classification, Purpose, Technique
from governance.detection.ways import Way, strictest_demand
from governance.initiatives.rules import AiActClass, Tier
from governance.remits.body import LONGEST_TITLE
from governance.remits.promise import EVERY_ANSWER, LONGEST_REVIEWERS, MOST_SECONDS
from governance.remits.runs import DEEPEST, MICRO, MOST_CALLS, MOST_SPEND, USUAL_CAPS, WIDEST
from governance.remits.tools import ToolClass, tool_rules
from governance.web.deciding.request_shapes import REDACTABLE
from governance.web.frame import words
from governance.web.frame.forms import Day, Lines, LongText, MostTold

OVERSIGHT = {
    "A person reads every output before it is used.": "A person reads everything before it is used",
    "A person reads a sample and every doubtful output.": "A person reads a sample",
    "Nobody reads it before it is used; complaints are looked at.": "Nobody before it is used",
}
FIGURES = ("share", "least_seconds", "reviewers", "verified_only")
RUNS = ("calls", "spend", "depth", "fan_out", "must_be_named")


class PurposeForm(forms.Form):
    title = forms.CharField(label="What is it called?", max_length=LONGEST_TITLE)
    purpose_text = LongText(
        label="What is it for?", help_text="Two or three sentences, for people who decide about it."
    )
    unit_id = forms.TypedChoiceField(label="Which unit answers for it?", coerce=UUID)
    purpose = forms.ChoiceField(label="It will mostly", choices=words.choices(Purpose))

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        unit: Any = self.fields["unit_id"]
        unit.choices = units


class DataForm(forms.Form):
    datasets = forms.MultipleChoiceField(
        label="Which data does it need?",
        help_text=(
            "Take the least that does the job: what is not in it needs nobody's approval. "
            "“What staff type” is for prompts in people's own words, without data of ours."
        ),
        error_messages={"required": "Choose at least one. “What staff type” is for prompts in people's own words."},
        widget=forms.CheckboxSelectMultiple,
    )
    technique = forms.ChoiceField(
        label="How should the model do it?", choices=[("", "Show every way"), *words.choices(Technique)], required=False
    )
    option = forms.ChoiceField(label="Where and how", required=False)

    def __init__(
        self, *args: Any, offered: Sequence[DatasetRow], options: Sequence[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        datasets: Any = self.fields["datasets"]
        datasets.choices = [
            (row.ref, f"{row.title} ({words.state(Classification, row.classification).text})") for row in offered
        ]
        option: Any = self.fields["option"]
        option.choices = options


class ToolLines(Lines):
    """A list of tools, one a line, with `confirm` behind those that wait for a person. Cleaned to what a draft holds."""

    def clean(self, value: Any) -> Any:  # entries of a draft, where Lines gives texts
        written = [re.split(r"[\s,]+", line, maxsplit=1) for line in super().clean(value)]
        tools = [{"name": name, "class": " ".join(said) or ToolClass.FREE} for name, *said in written]
        try:
            tool_rules(tools, "tools")
        except Invalid as wrong:
            raise forms.ValidationError(f"{wrong.reason} {wrong.remedy}") from wrong
        return tools


def lines_of(tools: Sequence[Mapping[str, str]]) -> str:
    """Return the lines that ToolLines reads the same list from."""
    return "\n".join(
        f"{each['name']} {each['class'] if each.get('class') == ToolClass.CONFIRM else ''}".strip() for each in tools
    )


class CareForm(forms.Form):
    human_oversight = forms.ChoiceField(
        label="Who looks at the output?", choices=list(OVERSIGHT.items()), widget=forms.RadioSelect
    )
    share = forms.IntegerField(
        label="Of 100 answers, how many does a person look at?",
        help_text="Your program then tells Remit of each look, and Remit compares. Leave it empty to promise no figures.",
        min_value=1,
        max_value=EVERY_ANSWER,
        required=False,
    )
    least_seconds = forms.IntegerField(
        label="At least how many seconds on each?", min_value=0, max_value=MOST_SECONDS, required=False
    )
    reviewers = forms.CharField(label="Who looks?", max_length=LONGEST_REVIEWERS, required=False)
    verified_only = forms.TypedChoiceField(
        label="Whose looks count?",
        choices=[("", "Anybody's whom the program names"), (True, "Only people whose sign-in is verified")],
        coerce=bool,
        empty_value=None,
        required=False,
    )
    tier = forms.ChoiceField(label="How much harm could a mistake do?", choices=words.choices(Tier))
    ai_act_class = forms.ChoiceField(label="AI Act class", choices=words.choices(AiActClass))
    accuracy_need = LongText(label="What must it get right, and how would you notice if not?", required=False)
    redact = forms.MultipleChoiceField(
        label="Always replace before it leaves",
        choices=[(kind, words.finding(kind)) for kind in REDACTABLE],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    way = MostTold(help_text="However the rules would replace it, and for every type.")
    tools = ToolLines(
        label="Which tools may the model call?",
        help_text=(
            "One a line, as in look_up_claim or delete_* confirm: behind confirm, each call waits for one of you. "
            "Left empty, the application uses its own tools freely and the provider runs none."
        ),
        required=False,
    )
    calls = forms.IntegerField(
        label="How many calls may a run make?",
        help_text=f"With all it began. {USUAL_CAPS.calls}, if you leave it.",
        min_value=1,
        max_value=MOST_CALLS,
        required=False,
    )
    spend = forms.DecimalField(
        label="How many euro may it cost?",
        help_text=f"With all it began. {USUAL_CAPS.spend // MICRO}, if you leave it.",
        min_value=Decimal("0.01"),
        max_value=MOST_SPEND // MICRO,
        decimal_places=2,
        required=False,
    )
    depth = forms.IntegerField(
        label="How deep may runs begin one another?",
        help_text=f"The first counts as one. {USUAL_CAPS.depth}, if you leave it.",
        min_value=1,
        max_value=DEEPEST,
        required=False,
    )
    fan_out = forms.IntegerField(
        label="How many runs may one begin?",
        help_text=f"{USUAL_CAPS.fan_out}, if you leave it.",
        min_value=0,
        max_value=WIDEST,
        required=False,
    )
    must_be_named = forms.TypedChoiceField(
        label="Must each call name its run?",
        choices=[("", "No: a call may belong to none"), (True, "Yes: others are refused")],
        coerce=bool,
        empty_value=None,
        required=False,
    )
    ends = Day(label="Until when?", help_text="A year, if you leave it.", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        told = (options.get("initial") or {}).get("human_oversight")
        oversight: Any = self.fields["human_oversight"]
        if told and told not in OVERSIGHT:  # written elsewhere, in other words: it stays as it is
            oversight.choices = [*OVERSIGHT.items(), (told, told)]

    @property
    def shows_figures(self) -> bool:
        """Say whether the figures of oversight stand open: when one is promised, or wrong."""
        return self._holds(*FIGURES)

    @property
    def shows_limits(self) -> bool:
        return self._holds("redact", "way", "tools") or "ends" in self.errors

    @property
    def shows_runs(self) -> bool:
        return self._holds(*RUNS)

    def _holds(self, *names: str) -> bool:
        return any(self[name].value() or name in self.errors for name in names)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not told.get("share") and any(told.get(name) for name in FIGURES):
            self.add_error("share", "Say of how many answers, or leave the rest of the figures empty.")
        return told


def with_purpose(body: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    purpose = told["purpose"]
    grants = [{**grant, "purpose": purpose} for grant in body.get("grants", [])]
    return {**body, "title": told["title"], "purpose_text": told["purpose_text"], "purpose": purpose, "grants": grants}


def with_datasets(body: Mapping[str, Any], refs: Sequence[str]) -> dict[str, Any]:
    """Return the draft asking for exactly these datasets; what was said of one that stays is kept."""
    grants = body.get("grants", [])
    kept = [grant for grant in grants if grant.get("dataset") in refs]
    known = {grant["dataset"] for grant in kept}
    like = (
        {key: grants[0][key] for key in ("destination", "terms", "mode", "conditions") if key in grants[0]}
        if grants
        else {}
    )
    asked = {"purpose": body.get("purpose", Purpose.ASSIST_STAFF), "conditions": {}, "ends": body["ends"]}
    return {**body, "grants": [*kept, *({**asked, **like, "dataset": ref} for ref in refs if ref not in known)]}


def with_care(body: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    ends: date | None = told["ends"]
    until = ends.isoformat() if ends else body["ends"]
    grants = [{**grant, "ends": until, "conditions": _conditions(grant, told)} for grant in body["grants"]]
    said = {key: told[key] for key in ("human_oversight", "tier", "ai_act_class", "accuracy_need")}
    rest = {key: value for key, value in body.items() if key not in {"oversight", "tools", "runs"}}
    return {**rest, **said, **_promised(told), **_listed(told), **_capped(told), "ends": until, "grants": grants}


def _conditions(grant: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in grant.get("conditions", {}).items() if key != "way"}
    return {**kept, "redact": list(told["redact"])} | ({"way": str(told["way"])} if told["way"] else {})


def _listed(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"tools": told["tools"]} if told["tools"] else {}


def _promised(told: Mapping[str, Any]) -> dict[str, Any]:
    if not told.get("share"):
        return {}
    figures = {"share": told["share"], "least_seconds": told["least_seconds"] or 0}
    return {"oversight": {**figures, "reviewers": told["reviewers"], "verified_only": bool(told["verified_only"])}}


def _capped(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the caps of runs that differ from the usual ones; what was left empty is as usual."""
    given = {key: told[key] for key in ("depth", "fan_out", "calls") if told[key] is not None}
    money = {} if told["spend"] is None else {"spend": int(told["spend"] * MICRO)}
    caps = replace(USUAL_CAPS, **given, **money, must_be_named=bool(told["must_be_named"]))
    return {} if caps == USUAL_CAPS else {"runs": caps.to_json()}


def capped(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the caps of runs in the draft, as the form asks for them: those that differ from the usual ones."""
    usual = USUAL_CAPS.to_json()
    caps = {key: value for key, value in (body.get("runs") or {}).items() if value != usual[key]}
    return caps | ({"spend": Decimal(caps["spend"]) / MICRO} if "spend" in caps else {})


def promised(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures of oversight in the draft, as the form asks for them."""
    return dict(body.get("oversight") or {})


def redacted(body: Mapping[str, Any]) -> list[str]:
    """Return the types that any right of the draft asks to replace."""
    return sorted({kind for grant in body.get("grants", []) for kind in grant.get("conditions", {}).get("redact", [])})


def most_told(body: Mapping[str, Any]) -> Way | None:
    """Return the strictest that any right of the draft demands of how values are replaced."""
    asked = [grant.get("conditions", {}).get("way") for grant in body.get("grants", [])]
    return strictest_demand(Way(way) for way in asked if way)


def option_of(value: str) -> tuple[str, Technique]:
    """Return the destination and technique of a row of the table of options."""
    destination, _, technique = value.partition("|")
    return destination, Technique(technique)
