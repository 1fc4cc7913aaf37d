"""Making a version of the ruleset: what its rules lead to and how values are replaced; running it in shadow; putting it in force."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.detection.policy import Verdict
from governance.detection.ways import Way
from governance.scanning import selectors, services
from governance.scanning.changing import (
    HIGHEST_SURE,
    LOWEST_SURE,
    Changes,
    RuleChange,
    actions_open,
    change_of,
    is_strict,
    sure_of,
)
from governance.scanning.selectors import RulesetRow
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires
from governance.web.frame.forms import tried
from governance.web.frame.shapes import Crumb
from governance.web.watching import ruleset_words
from governance.web.watching.rulesets import HOME

EDIT, ENFORCE = "scanning:ruleset:edit", "scanning:ruleset:enforce"
ACTION_WORDS = {
    Verdict.ALLOW: "Left as it was",
    Verdict.REDACT: "Replaced",
    Verdict.JUSTIFY: "Needs a reason",
    Verdict.HOLD: "Held for two people",
    Verdict.BLOCK: "Refused",
}
WAY_WORDS = (
    (Way.PLACEHOLDER, "a placeholder"),
    (Way.STAND_IN, "a stand-in of the same form"),
    (Way.MASK, "a mask"),
    (Way.HASH, "a hash"),
)


class VersionForm(forms.Form):
    """For each rule of the version in force what it leads to, and how it replaces where it may."""

    basis = forms.IntegerField(widget=forms.HiddenInput)
    sure = forms.IntegerField(
        label="How sure must it be of a number or an address, in percent?",
        min_value=LOWEST_SURE,
        max_value=HIGHEST_SURE,
        help_text="Lower finds more, and more that is none.",
    )
    strict = forms.BooleanField(label="Have a second model look for names, which takes longer", required=False)

    def __init__(self, row: RulesetRow, *args: Any, **options: Any) -> None:
        self.rules = row.body["policy"]["rules"]
        options["initial"] = {
            "basis": row.version,
            "sure": sure_of(row.body),
            "strict": is_strict(row.body),
            **{name: value for rule in self.rules for name, value in _initial(rule).items()},
        }
        super().__init__(*args, **options)
        for rule in self.rules:
            code, open_to = rule["code"], {change_of(rule).action, *actions_open(rule)}
            said = [(action, ACTION_WORDS[action]) for action in ACTION_WORDS if action in open_to]
            finds = words.sentence(ruleset_words.types(rule))
            self.fields[f"then_{code}"] = forms.ChoiceField(label=f"{finds}: then it is", choices=said)
            if Verdict.REDACT in open_to:
                self.fields[f"way_{code}"] = forms.ChoiceField(label=f"{finds}: replaced by", choices=WAY_WORDS)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The rules with their fields, as the page shows them."""
        return [self._part(rule) for rule in self.rules]

    def _part(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        code = rule["code"]
        return {
            "title": words.sentence(ruleset_words.types(rule)),
            "when": words.sentence(ruleset_words.conditions(rule)),
            "then": self[f"then_{code}"],
            "way": self[f"way_{code}"] if f"way_{code}" in self.fields else None,
        }

    def changes(self) -> Changes:
        said = self.cleaned_data
        rules = {
            code: RuleChange(Verdict(said[f"then_{code}"]), Way(said.get(f"way_{code}", Way.PLACEHOLDER)))
            for code in (rule["code"] for rule in self.rules)
        }
        return Changes(rules, said["sure"], said["strict"])


def _initial(rule: Mapping[str, Any]) -> dict[str, str]:
    change = change_of(rule)
    return {f"then_{rule['code']}": change.action, f"way_{rule['code']}": change.way}


@requires(EDIT)
def ruleset_new(request: HttpRequest) -> HttpResponse:
    row = selectors.ruleset_in_force()
    form = VersionForm(row, request.POST or None)
    if form.is_valid():
        told = {"basis": form.cleaned_data["basis"], "changes": form.changes()}
        made = tried(form, lambda: services.make_version(**told, by=actor_of(request), at=now()))
        if made:
            messages.success(request, "Made. It decides nothing yet: run it in shadow, and see what it would change.")
            return redirect("ruleset", made.version)
    context = {"form": form, "trail": [HOME, Crumb("Make a version")], "in_force": row.version}
    return render(request, "rulesets/new.html", context, status=422 if form.errors else 200)


@requires(EDIT)
@require_POST
def ruleset_shadow(request: HttpRequest, version: int) -> HttpResponse:
    on = request.POST.get("on") == "yes"
    services.run_in_shadow(version=version, on=on, by=actor_of(request), at=now())
    said = "It runs in shadow: each call is decided by it a second time, with no effect." if on else "It runs no more."
    messages.success(request, said)
    return redirect("ruleset", version)


@requires(EDIT)
@require_POST
def ruleset_renew(request: HttpRequest, version: int) -> HttpResponse:
    made = services.renew_version(version=version, by=actor_of(request), at=now())
    messages.success(request, "This version decides the same, with all that is registered now.")
    return redirect("ruleset", made.version)


@require_POST
@requires(ENFORCE, step_up=True)
def ruleset_enforce(request: HttpRequest, version: int) -> HttpResponse:
    services.put_in_force(version=version, by=actor_of(request), at=now())
    messages.success(request, "In force: calls are decided by it from now on.")
    return redirect("ruleset", version)
