"""A change that an approver writes instead of describing it, and the asker's answer to it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_POST

from governance.approvals import selectors, services
from governance.approvals.rules import DecisionKind
from governance.approvals.selectors import RequestPage
from governance.approvals.suggesting import Suggested
from governance.core.clock import now
from governance.core.errors import Conflict, Invalid, NotFound
from governance.core.verdict import Denied, require
from governance.core.vocabulary import Mode
from governance.detection.ways import DEMANDED, in_words
from governance.remits import services as remits
from governance.remits.fields import MOST_CALLS
from governance.remits.selectors.suggestible import Suggestible, SuggestibleGrant, suggestible
from governance.web.deciding.decision_shapes import HOME
from governance.web.deciding.request_shapes import REDACTABLE
from governance.web.frame import words
from governance.web.frame.access import actor_of, requires, standing
from governance.web.frame.forms import Day, LongText, MostTold, ways_offered
from governance.web.frame.kept import put_back
from governance.web.frame.shapes import Crumb
from governance.web.frame.times import spoken_day

DECIDE, ANSWER = "approvals:request:decide", "remits:remit:submit"
WHOLE = ("comment", "ends", "human_oversight")
RIGHT = ("leave_out", "mode", "destination", "ends", "redact", "way", "calls_per_day", "strict")
ALREADY = frozenset({"already_spoken", "not_in_review"})
MOST_KEPT = 20  # rights whose fields outlive the question who one is
KEEPS = (*WHOLE, *(f"{number}-{name}" for number in range(1, MOST_KEPT + 1) for name in RIGHT))


class SuggestionForm(forms.Form):
    """What is suggested for the whole; `counts` is the button that was pressed."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    comment = LongText(label="Why?", help_text="They read it above your change.")
    ends = Day(label="Ends at the latest", required=False)
    human_oversight = LongText(label="Who looks at the output?", required=False)
    counts = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, typed: Mapping[str, Any] | None, asked: Suggestible) -> None:
        super().__init__(typed, initial={"digest": asked.digest, "human_oversight": asked.human_oversight})
        self.asked = asked
        self.fields["ends"].help_text = f"Asked until {spoken_day(asked.ends)}."

    def change(self) -> dict[str, Any]:
        """Return what a valid form changes of the whole."""
        told, oversight = self.cleaned_data, self.cleaned_data["human_oversight"].strip()
        changed = {"ends": told["ends"].isoformat()} if told["ends"] else {}
        return changed | ({"human_oversight": oversight} if oversight not in {"", self.asked.human_oversight} else {})


class RightForm(forms.Form):
    """What is suggested for one right."""

    leave_out = forms.BooleanField(label="Leave it out", required=False)
    mode = forms.ChoiceField(label="How the data is used")
    destination = forms.ChoiceField(label="Where it goes")
    ends = Day(label="Ends at the latest", required=False)
    calls_per_day = forms.IntegerField(label="Calls a day, at most", min_value=1, max_value=MOST_CALLS, required=False)
    redact = forms.MultipleChoiceField(
        label="Also replace before it leaves", widget=forms.CheckboxSelectMultiple, required=False
    )
    way = MostTold()
    strict = forms.BooleanField(label="Strict rules", required=False)

    def __init__(self, typed: Mapping[str, Any] | None, asked: Suggestible, right: SuggestibleGrant) -> None:
        first = {"mode": right.mode, "destination": right.destination_ref}
        super().__init__(typed, initial=first, prefix=str(right.number))
        self.right, fields = right, self.fields
        choices: dict[str, Any] = {
            "mode": [(str(mode), words.word(Mode, mode)) for mode in asked.modes],
            "destination": list(asked.destinations.items()),
            "redact": [(kind, words.finding(kind)) for kind in REDACTABLE if kind not in right.conditions.redact],
        }
        for name, offered in choices.items():
            field: Any = fields[name]
            field.choices = offered
        fields["ends"].help_text = f"Asked until {spoken_day(right.ends)}."
        if right.conditions.ruleset == "strict":
            del fields["strict"]
        self._offer_stricter_ways()

    def _offer_stricter_ways(self) -> None:
        """Offer what tells less than what was asked with; of nothing that tells less, no field."""
        asked = self.right.conditions.way
        way: Any = self.fields["way"]
        stricter = DEMANDED[: DEMANDED.index(asked)] if asked else DEMANDED
        way.choices = [("", f"Only {in_words(asked)}, as asked" if asked else "As asked"), *ways_offered(stricter)[1:]]
        if not stricter:
            del self.fields["way"]

    @property
    def title(self) -> str:
        return f"{self.right.dataset} to {self.right.destination}"

    @property
    def about(self) -> str:
        return f"Asked for with {self.right.conditions_in_words}."

    def change(self) -> dict[str, Any]:
        """Return what a valid form changes of its right, {} for nothing."""
        told, right = self.cleaned_data, self.right
        if told["leave_out"]:
            return {"number": right.number, "leave_out": True}
        changed: dict[str, Any] = {
            "mode": told["mode"] if told["mode"] != right.mode else None,
            "destination": told["destination"] if told["destination"] != right.destination_ref else None,
            "ends": told["ends"].isoformat() if told["ends"] else None,
            "calls_per_day": told["calls_per_day"],
            "redact": told["redact"],
            "strict": told.get("strict"),
            "way": told.get("way"),
        }
        said = {name: value for name, value in changed.items() if value}
        return {"number": right.number, **said} if said else {}


@requires(DECIDE, step_up=True, keeps=KEEPS)
def suggest(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show what may be narrowed of a request, and send it back with the change."""
    found = selectors.request_page(request_id, reader=standing(request), at=now())
    verdict = found.may_decide
    if isinstance(verdict, Denied) and verdict.code in ALREADY:  # a second click, or a page that was left open
        messages.info(request, verdict.reason)
        return redirect("request", request_id)
    require(verdict)
    asked = suggestible(request_id, at=now())
    typed = request.POST if request.method == "POST" else _kept(request, asked)
    form = SuggestionForm(typed, asked)
    rights = [RightForm(typed, asked, right) for right in asked.grants]
    whole = request.method == "POST" and all([form.is_valid(), *(each.is_valid() for each in rights)])
    if whole and _sent(request, request_id, form, rights):
        messages.success(request, "Sent back with your change. They can take it with one click.")
        return redirect("inbox")
    return _form_page(request, found, form, rights)


def _kept(request: HttpRequest, asked: Suggestible) -> MultiValueDict[str, str] | None:
    """Return what was typed before the reader was asked who they are, None when nothing was."""
    kept = put_back(request)
    return MultiValueDict(kept | {"digest": [asked.digest]}) if kept else None


def _sent(request: HttpRequest, request_id: UUID, form: SuggestionForm, rights: Sequence[RightForm]) -> bool:
    """Send the change; where it is refused, say why in the form."""
    grants = [change for right in rights if (change := right.change())]
    change = form.change() | ({"grants": grants} if grants else {})
    try:
        services.decide(
            request_id=request_id,
            kind=DecisionKind.REQUEST_CHANGES,
            digest=form.cleaned_data["digest"],
            comment=form.cleaned_data["comment"],
            suggestion=Suggested(change, counts=form.cleaned_data["counts"]),
            by=actor_of(request),
            at=now(),
        )
    except (Invalid, Conflict) as refused:
        form.add_error(None, f"{refused.reason} {refused.remedy}".strip())
        return False
    return True


def _form_page(
    request: HttpRequest, found: RequestPage, form: SuggestionForm, rights: Sequence[RightForm]
) -> HttpResponse:
    back = reverse("request", args=[found.id])
    context = {
        "trail": [HOME, Crumb(f"Request {found.number}", back), Crumb("Write the change")],
        "title": found.title,
        "requester": found.requester,
        "form": form,
        "rights": rights,
        "back": back,
    }
    wrong = form.errors or any(right.errors for right in rights)
    return render(request, "approvals/suggest.html", context, status=422 if wrong else 200)


@requires(ANSWER)
@require_POST
def suggestion_take(request: HttpRequest, request_id: UUID, suggestion_id: UUID) -> HttpResponse:
    _require_shown(request, request_id, suggestion_id)
    try:
        remits.take_suggestion(suggestion_id=suggestion_id, by=actor_of(request), at=now())
    except Conflict as refused:  # a second click, or an edit since: the page says where it stands
        messages.info(request, f"{refused.reason} {refused.remedy}".strip())
    else:
        messages.success(request, "Sent again, exactly as it was suggested.")
    return redirect("request", request_id)


@requires(ANSWER)
@require_POST
def suggestion_decline(request: HttpRequest, request_id: UUID, suggestion_id: UUID) -> HttpResponse:
    _require_shown(request, request_id, suggestion_id)
    answer = request.POST.get("answer", "")
    try:
        remits.decline_suggestion(suggestion_id=suggestion_id, answer=answer, by=actor_of(request), at=now())
    except (Conflict, Invalid) as refused:
        messages.error(request, f"{refused.reason} {refused.remedy}".strip())
    else:
        messages.success(request, "Declined. They were told why. Change the request yourself, or send it as it is.")
    return redirect("request", request_id)


def _require_shown(request: HttpRequest, request_id: UUID, suggestion_id: UUID) -> None:
    found = selectors.request_page(request_id, reader=standing(request), at=now())
    if suggestion_id not in {row.suggestion.id for row in found.decisions if row.suggestion}:
        raise NotFound("suggestion_not_found", "There is no such suggestion.")
