"""Forms of who owns and builds an initiative: claim it, hand it over, describe it, choose its builders, stop it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.core.clock import now
from governance.core.errors import Invalid
from governance.core.paging import Page
from governance.core.verdict import require
from governance.initiatives import selectors, services
from governance.initiatives.rules import AiActClass, Basis, ClaimState, Tier
from governance.initiatives.selectors import CapabilityRow, InitiativePage
from governance.organisation.permissions import may
from governance.organisation.rules import normal_login
from governance.organisation.selectors import authorize, heads_of, people_named, unit, units_tree
from governance.web.frame import words
from governance.web.frame.access import actor_of, holds, requires, standing
from governance.web.frame.forms import LongText, form_page, tried
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import Crumb

READ, EDIT, CLAIM = "initiatives:initiative:read", "initiatives:initiative:edit", "initiatives:claim:assert"
TRANSFER, ADD_CAPABILITY = "initiatives:initiative:transfer", "initiatives:capability:edit"
CAPABILITIES = Crumb("Capabilities", "/capabilities/")
STEPS = {
    "suspend": (services.suspend_initiative, "It is suspended. Its keys open nothing until it is resumed."),
    "resume": (services.resume_initiative, "It goes on."),
    "retire": (services.retire_initiative, "It is retired. Its record stays."),
}
CAPABILITY_SPEC = ListSpec(
    sorts={"title": "Capability"},
    default_sort="title",
    filters=(Filter("q", "Search", hint="a word of the title"),),
    noun="capability",
    nouns="capabilities",
)


class ClaimForm(forms.Form):
    """`speaker` is "unit id:head id": a unit, and the head who stands for its claim."""

    speaker = forms.ChoiceField(label="For which unit, in whose name?")
    basis = forms.ChoiceField(label="Because it", choices=words.choices(Basis))
    evidence = LongText(label="How can others see that?", help_text="A budget line, a contract, a system it runs.")
    new_evidence = LongText(
        label="What is new since your unit lost?", required=False, help_text="Only if it lost in the last 90 days."
    )
    part_only = forms.BooleanField(label="It only has a part in it, and another unit answers for it", required=False)

    def __init__(self, *args: Any, speakers: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        speaker: Any = self.fields["speaker"]
        speaker.choices = speakers

    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        unit_id, head_id = given["speaker"].split(":")
        named = {name: given[name] for name in ("basis", "evidence", "new_evidence")}
        return {**named, "unit_id": UUID(unit_id), "head_id": UUID(head_id), "accountable": not given["part_only"]}


class TransferForm(forms.Form):
    unit_id = forms.TypedChoiceField(label="To which unit?", coerce=UUID)
    reason = LongText(
        label="Why?", help_text="The other unit's head reads this and accepts or declines within 14 days."
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        unit: Any = self.fields["unit_id"]
        unit.choices = [("", "Choose a unit"), *units]


class DescriptionForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label="What is it called?", max_length=200)
    purpose_text = LongText(label="What is it for?")
    tier = forms.ChoiceField(label="How much harm could a mistake do?", choices=words.choices(Tier))
    ai_act_class = forms.ChoiceField(label="Which class under the AI Act?", choices=words.choices(AiActClass))
    human_oversight = LongText(label="Who looks at what it does?", required=False)
    accuracy_need = LongText(label="What must be right?", required=False)


class BuilderForm(forms.Form):
    login = forms.CharField(label="Login of the person", max_length=200)


class CapabilityForm(forms.Form):
    title = forms.CharField(label="What is it called?", max_length=200)
    purpose_text = LongText(label="What belongs to it?")


def speakers(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the units the reader may speak for, each with the heads who may stand for a claim of it."""
    held, at = standing(request), now()
    return [
        (f"{each.id}:{head.person}", f"{each.name}, headed by {head.name}")
        for each in units_tree()
        if may(held, CLAIM, each.path)
        for head in heads_of(each.path, at=at)
    ]


def _crumbs(found: InitiativePage, last: str) -> list[Crumb]:
    home = Crumb("Initiatives", reverse("initiatives"))
    return [home, Crumb(found.row.title, reverse("initiative", args=[found.row.code])), Crumb(last)]


@requires(CLAIM)
def initiative_claim(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.initiative(code, standing=standing(request))
    require(found.may_claim)
    form = ClaimForm(request.POST or None, speakers=speakers(request))
    if form.is_valid():
        said, by = form.said(), actor_of(request)
        if tried(form, lambda: services.assert_claim(initiative_id=found.row.id, **said, by=by, at=now())):
            text = "Your claim stands. It pauses nothing; if another unit owns or claims it too, an arbiter rules."
            messages.success(request, text)
            return redirect("initiative", code)
    return form_page(
        request,
        form,
        title="Claim it for a unit",
        about=f"{found.row.title}: {found.row.unit} answers for it now. A claim pauses nothing.",
        trail=_crumbs(found, "Claim"),
        action="Claim it",
        back=reverse("initiative", args=[code]),
    )


@requires(CLAIM)
@require_POST
def claim_withdraw(request: HttpRequest, code: str, claim_id: UUID) -> HttpResponse:
    services.withdraw_claim(claim_id=claim_id, by=actor_of(request), at=now())
    messages.success(request, "The claim is withdrawn.")
    return redirect("initiative", code)


@requires(TRANSFER)
def transfer_new(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.initiative(code, standing=standing(request))
    authorize(actor_of(request), TRANSFER, unit(found.row.unit_id).path)
    units = [(str(each.id), each.name) for each in units_tree() if each.id != found.row.unit_id]
    form = TransferForm(request.POST or None, units=units)
    if form.is_valid():
        said, by = form.cleaned_data, actor_of(request)
        if tried(form, lambda: services.offer_transfer(initiative_id=found.row.id, **said, by=by, at=now())):
            messages.success(request, f"Offered. {found.row.unit} answers for it until the other head accepts.")
            return redirect("initiative", code)
    return form_page(
        request,
        form,
        title="Hand it over",
        about=f"{found.row.title}: its rights, keys and open requests go on under the other unit.",
        trail=_crumbs(found, "Hand over"),
        action="Offer it",
        back=reverse("initiative", args=[code]),
    )


@requires(TRANSFER)
@require_POST
def transfer_answer(request: HttpRequest, code: str, transfer_id: UUID) -> HttpResponse:
    answer = request.POST.get("answer", "")
    if answer not in {"accept", "decline", "withdraw"}:
        raise Invalid("not_an_answer", "Accept, decline or withdraw the offer.", remedy="Open the page again.")
    by, at = actor_of(request), now()
    if answer == "withdraw":
        services.withdraw_transfer(transfer_id=transfer_id, by=by, at=at)
        messages.success(request, "The offer is withdrawn.")
    else:
        services.answer_transfer(transfer_id=transfer_id, accept=answer == "accept", by=by, at=at)
        messages.success(request, "Your unit answers for it now." if answer == "accept" else "Declined.")
    if answer == "decline":  # with the offer, the initiative may be gone from what they see
        return redirect("initiatives")
    return redirect("initiative", code)


@requires(EDIT)
def initiative_edit(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.initiative(code, standing=standing(request))
    require(found.may_edit)
    row = found.row
    first = {name: getattr(row, name) for name in ("revision", "title", "tier", "ai_act_class")}
    first |= {name: getattr(found, name) for name in ("purpose_text", "human_oversight", "accuracy_need")}
    form = DescriptionForm(request.POST or None, initial=first)
    if form.is_valid():
        said, by = form.cleaned_data, actor_of(request)
        if tried(form, lambda: services.edit_initiative(initiative_id=row.id, **said, by=by, at=now())):
            messages.success(request, "Changed. What was approved stays as it was decided.")
            return redirect("initiative", code)
    return form_page(
        request,
        form,
        title="Describe it anew",
        about="What was approved stays as it was decided; this changes what the initiative says of itself.",
        trail=_crumbs(found, "Describe"),
        action="Change it",
        back=reverse("initiative", args=[code]),
    )


@requires(EDIT)
@require_POST
def initiative_move(request: HttpRequest, code: str, step: str) -> HttpResponse:
    found = selectors.initiative(code, standing=standing(request))
    if step not in STEPS:
        raise Invalid("no_such_step", f"Choose one of: {', '.join(STEPS)}.")
    act, said = STEPS[step]
    act(initiative_id=found.row.id, by=actor_of(request), at=now())
    messages.success(request, said)
    return redirect("initiative", code)


@requires(EDIT)
def initiative_builders(request: HttpRequest, code: str) -> HttpResponse:
    """Show who builds it, add somebody by login, and let somebody go."""
    found = selectors.initiative(code, standing=standing(request))
    form = BuilderForm(request.POST or None)
    if form.is_valid() and tried(form, lambda: _add_builder(request, found, form.cleaned_data["login"])):
        messages.success(request, "They build it too now.")
        return redirect("initiative_builders", code)
    context = {
        "code": code,
        "title": "Who builds it",
        "trail": _crumbs(found, "Builders"),
        "about": found.row.title,
        "members": found.members,
        "form": form,
        "back": reverse("initiative", args=[code]),
    }
    return render(request, "initiatives/builders.html", context, status=422 if form.errors else 200)


def _add_builder(request: HttpRequest, found: InitiativePage, login: str) -> Any:
    person = next(iter(people_named([normal_login(login)], READ)), None)
    if person is None:
        raise Invalid("no_such_person", "Nobody here has this login.", field="login", remedy="Ask them what it is.")
    return services.add_member(initiative_id=found.row.id, person_id=person.pk, by=actor_of(request), at=now())


@requires(EDIT)
@require_POST
def builder_remove(request: HttpRequest, code: str, person_id: UUID) -> HttpResponse:
    found = selectors.initiative(code, standing=standing(request))
    services.remove_member(initiative_id=found.row.id, person_id=person_id, by=actor_of(request), at=now())
    messages.success(request, "They do not build it any more.")
    return redirect("initiative_builders", code)


@requires("initiatives:capability:read")
def capabilities(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, CAPABILITY_SPEC)
    found: Page[CapabilityRow] = selectors.capabilities(
        standing=standing(request), search=state.value("q"), page=state.page, size=state.limit
    )
    page = ListPage(state, [_capability(row) for row in found.rows], found.total)
    context = {
        "page": page,
        "new_url": reverse("capability_new") if holds(request, ADD_CAPABILITY) else "",
        "may_claim": holds(request, CLAIM),
    }
    return page_or_part(request, "capabilities/list.html", "rows", context)


def _capability(row: CapabilityRow) -> dict[str, Any]:
    claims = [f"{each.unit} ({words.word(Basis, each.basis).lower()})" for each in row.claims]
    return {
        "code": row.code,
        "title": row.title,
        "purpose": row.purpose_text,
        "owner": row.owner or "nobody yet",
        "claims": words.joined(claims, "nobody"),
        "contest_id": row.contest.id if row.contest else None,
        "contested": any(each.state in {ClaimState.CONTESTED, ClaimState.APPEALED} for each in row.claims),
    }


@requires(ADD_CAPABILITY)
def capability_new(request: HttpRequest) -> HttpResponse:
    form = CapabilityForm(request.POST or None)
    if form.is_valid():
        by = actor_of(request)
        if tried(form, lambda: services.add_capability(**form.cleaned_data, by=by, at=now())):
            messages.success(request, "Units may claim it now.")
            return redirect("capabilities")
    return form_page(
        request,
        form,
        title="Name a capability",
        about="An area that a unit may claim as a whole, such as “document drafting”.",
        trail=[CAPABILITIES, Crumb("New")],
        action="Add it",
        back=reverse("capabilities"),
    )


@requires(CLAIM)
def capability_claim(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.capability(code, standing=standing(request))
    form = ClaimForm(request.POST or None, speakers=speakers(request))
    if form.is_valid():
        said, by = form.said(), actor_of(request)
        if tried(form, lambda: services.assert_claim(capability_id=found.id, **said, by=by, at=now())):
            text = "Your claim stands. If nobody else claims it within ten days, it is your unit's."
            messages.success(request, text)
            return redirect("capabilities")
    return form_page(
        request,
        form,
        title=f"Claim {found.title}",
        about=found.purpose_text,
        trail=[CAPABILITIES, Crumb(found.title)],
        action="Claim it",
        back=reverse("capabilities"),
    )
