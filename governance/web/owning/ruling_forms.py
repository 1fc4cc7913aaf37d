"""The arbiter's form: one choice of outcome, the fields of each, reasons and dates. Works without script."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from governance.core.clock import now
from governance.core.errors import Invalid
from governance.initiatives.rules import Involvement, Outcome, Part, Plan, Share
from governance.web.frame.forms import Day

PARTS = (1, 2, 3)
OTHERS = (1, 2, 3)
USUAL_REVIEW = timedelta(days=180)
Choices = Sequence[tuple[str, str]]
OUTCOMES = (
    (Outcome.AWARD, "Award it to one unit"),
    (Outcome.SPLIT, "Split it: parts become initiatives of their own"),
    (Outcome.MERGE, "Merge it into another initiative"),
    (Outcome.SHARE, "Share it: one unit answers for it, others have a named part"),
)
INVOLVEMENTS = (
    (Involvement.RESPONSIBLE, "is responsible: builds it with the owner, chooses builders of its own"),
    (Involvement.CONSULTED, "is consulted: is asked before it changes, may read it"),
    (Involvement.INFORMED, "is informed: is told when it changed, may read it"),
)


class RulingForm(forms.Form):
    """Cleaned by `plan()`. What belongs to another outcome than the one chosen is ignored.

    `calendar`: the zone of the unit that answers for it, whose day is today; the arbiter's own may be another.
    """

    outcome = forms.ChoiceField(label="What do you decide?", widget=forms.RadioSelect)
    unit = forms.ChoiceField(
        label="Which unit answers for it?", required=False, help_text="In a split: for what remains."
    )
    into = forms.ChoiceField(label="Into which initiative?", required=False)
    reasons = forms.CharField(
        label="Why?", max_length=8000, widget=forms.Textarea(attrs={"rows": 5}), help_text="All sides read this."
    )
    effective = Day(label="From which day?")
    review = Day(label="When will you look again?")

    def __init__(
        self,
        *args: Any,
        sides: Choices,
        units: Choices,
        targets: Choices,
        datasets: Choices,
        of_capability: bool,
        calendar: ZoneInfo,
        **options: Any,
    ) -> None:
        today = now().astimezone(calendar).date()
        first = {"effective": today, "review": today + USUAL_REVIEW}
        super().__init__(*args, **{"initial": first, **options})
        fields: Any = self.fields
        if timezone.localdate(now()) != today:
            there = f"Today is {today.day} {today:%B} where it is answered for ({calendar.key})."
            fields["effective"].help_text = there
        simple = [each for each in OUTCOMES if each[0] in {Outcome.AWARD, Outcome.SHARE}]
        fields["outcome"].choices = simple if of_capability else OUTCOMES
        fields["unit"].choices = [("", "Choose one"), *sides]
        fields["into"].choices = [("", "Choose one"), *targets]
        for number in PARTS:
            self._add_part(number, sides, datasets)
        for number in OTHERS:
            fields[f"other{number}"] = forms.ChoiceField(
                label="Another unit", required=False, choices=[("", "None"), *units]
            )
            fields[f"involvement{number}"] = forms.ChoiceField(label="It", required=False, choices=INVOLVEMENTS)
        for bound in fields.values():  # what is needed depends on the outcome, so that "if you like" would mislead
            bound.depends = True

    def _add_part(self, number: int, sides: Choices, datasets: Choices) -> None:
        self.fields[f"title{number}"] = forms.CharField(label="What is it called?", required=False, max_length=200)
        self.fields[f"purpose{number}"] = forms.CharField(
            label="What is it for?", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
        )
        self.fields[f"owner{number}"] = forms.ChoiceField(
            label="Which unit answers for it?", required=False, choices=[("", "Choose one"), *sides]
        )
        if datasets:
            self.fields[f"data{number}"] = forms.MultipleChoiceField(
                label="Rights that go with it",
                required=False,
                choices=datasets,
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def parts(self) -> list[list[forms.BoundField]]:
        """Return the fields of each part, for the page."""
        names = ("title", "purpose", "owner", "data")
        return [[self[f"{name}{number}"] for name in names if f"{name}{number}" in self.fields] for number in PARTS]

    @property
    def others(self) -> list[list[forms.BoundField]]:
        return [[self[f"other{number}"], self[f"involvement{number}"]] for number in OTHERS]

    def plan(self) -> Plan:
        """Return what the form says, once it is valid.

        Raises:
            Invalid: "part_unfinished", when a part was begun and has no unit.
        """
        said = self.cleaned_data
        outcome = Outcome(said["outcome"])
        return Plan(
            outcome=outcome,
            unit=UUID(said["unit"]) if said["unit"] and outcome is not Outcome.MERGE else None,
            parts=self._parts() if outcome is Outcome.SPLIT else (),
            into=UUID(said["into"]) if said["into"] and outcome is Outcome.MERGE else None,
            shares=self._shares() if outcome is Outcome.SHARE else (),
        )

    def _parts(self) -> tuple[Part, ...]:
        said = self.cleaned_data
        begun = [number for number in PARTS if said[f"title{number}"] or said[f"purpose{number}"]]
        for number in begun:
            if not said[f"owner{number}"]:
                raise Invalid("part_unfinished", "Choose the unit of this part.", field=f"owner{number}")
        return tuple(
            Part(
                said[f"title{number}"],
                said[f"purpose{number}"],
                UUID(said[f"owner{number}"]),
                tuple(said.get(f"data{number}", ())),
            )
            for number in begun
        )

    def _shares(self) -> tuple[Share, ...]:
        said = self.cleaned_data
        return tuple(
            Share(UUID(said[f"other{number}"]), Involvement(said[f"involvement{number}"] or Involvement.INFORMED))
            for number in OTHERS
            if said[f"other{number}"]
        )
